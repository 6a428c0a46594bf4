// Lecture, section 16: SIGPIPE. The peer that closes its connection.
import {
  AF_INET,
  abort,
  accept,
  bind,
  close,
  getsockname,
  htons,
  inet_addr,
  listen,
  memset,
  NULL,
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
const sock = check(accept(listening_sock, NULL, NULL), 'accept failed');
check(close(sock), 'close failed');
printf('closed the connection\n');
check(close(listening_sock), 'close failed');
