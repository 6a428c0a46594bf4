// Lecture, section 15: host names. Waits for a client that knows this machine by its name.
import {
  AF_INET,
  abort,
  accept,
  bind,
  close,
  getsockname,
  htons,
  inet_addr,
  inet_ntoa,
  listen,
  memset,
  ntohs,
  perror,
  printf,
  SOCK_STREAM,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const listening_sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(0);
check(bind(listening_sock, sin, sizeof(sin)), 'bind failed');
check(listen(listening_sock, 5), 'listen failed');
const sin_len = new socklen_t(sizeof(sin));
check(getsockname(listening_sock, sin, sin_len), 'getsockname failed');
printf('listening on port %d\n', ntohs(sin.sin_port));

const client_sin = new sockaddr_in();
const addr_len = new socklen_t(sizeof(client_sin));
const client_sock = check(accept(listening_sock, client_sin, addr_len), 'accept failed');
printf('a client came from %s\n', inet_ntoa(client_sin.sin_addr));
check(close(client_sock), 'close failed');
check(close(listening_sock), 'close failed');
