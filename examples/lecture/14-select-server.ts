// Lecture, section 14: select(). One process, two clients: which of them has data?
import {
  AF_INET,
  abort,
  accept,
  array,
  bind,
  char,
  close,
  FD_ISSET,
  FD_SET,
  FD_ZERO,
  fd_set,
  getsockname,
  htons,
  inet_addr,
  listen,
  MAX,
  MSG_PEEK,
  memset,
  NULL,
  ntohs,
  perror,
  printf,
  recv,
  SOCK_STREAM,
  select,
  send,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  timeval,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

function look(sock1: number, sock2: number): void {
  const read_set = new fd_set();
  const timeout = new timeval();
  FD_ZERO(read_set);
  FD_SET(sock1, read_set);
  FD_SET(sock2, read_set);
  timeout.tv_sec = 0;
  timeout.tv_usec = 5000;
  const ready = select(MAX(sock1, sock2) + 1, read_set, NULL, NULL, timeout);
  if (ready < 0) {
    perror('select failed');
    abort();
  }
  printf('select() gives %d\n', ready);
  const buffer = new (array(char, 4096))();
  if (FD_ISSET(sock1, read_set)) {
    const read_bytes = check(recv(sock1, buffer, sizeof(buffer), 0), 'recv failed');
    printf('sock1 has data: %.*s\n', read_bytes, buffer);
  }
  if (FD_ISSET(sock2, read_set)) {
    const read_bytes = check(recv(sock2, buffer, sizeof(buffer), 0), 'recv failed');
    printf('sock2 has data: %.*s\n', read_bytes, buffer);
  }
}

// Tells a client to send, and waits until its data is here (and leaves it here).
function let_send(sock: number): void {
  const peeked = new (array(char, 1))();
  check(send(sock, 'go', 2, 0), 'send failed');
  check(recv(sock, peeked, sizeof(peeked), MSG_PEEK), 'recv failed');
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
const sock1 = check(accept(listening_sock, NULL, NULL), 'accept failed');
printf('client 1 is here\n');
const sock2 = check(accept(listening_sock, NULL, NULL), 'accept failed');
printf('client 2 is here\n');

printf('nobody has sent: ');
look(sock1, sock2);
let_send(sock1);
printf('client 1 has sent: ');
look(sock1, sock2);
let_send(sock2);
printf('client 2 has sent: ');
look(sock1, sock2);
let_send(sock1);
let_send(sock2);
printf('both have sent: ');
look(sock1, sock2);

check(close(sock1), 'close failed');
check(close(sock2), 'close failed');
check(close(listening_sock), 'close failed');
