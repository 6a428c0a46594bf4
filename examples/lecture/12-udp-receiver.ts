// Lecture, section 12: UDP. Receives two messages, and answers to where they came from.
import {
  AF_INET,
  abort,
  array,
  bind,
  char,
  close,
  getsockname,
  htons,
  inet_addr,
  inet_ntoa,
  memset,
  ntohs,
  perror,
  printf,
  recvfrom,
  SOCK_DGRAM,
  sendto,
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

const sock = socket(AF_INET, SOCK_DGRAM, 0);
if (sock < 0) {
  perror('socket() failed');
  abort();
}
const own_sin = new sockaddr_in();
memset(own_sin, 0, sizeof(own_sin));
own_sin.sin_family = AF_INET;
own_sin.sin_addr.s_addr = inet_addr('127.0.0.1');
own_sin.sin_port = htons(0);
check(bind(sock, own_sin, sizeof(own_sin)), 'bind failed');
const own_len = new socklen_t(sizeof(own_sin));
check(getsockname(sock, own_sin, own_len), 'getsockname failed');
printf('bound to port %d\n', ntohs(own_sin.sin_port));

for (let i = 1; i <= 2; i++) {
  const sin = new sockaddr_in();
  const sin_len = new socklen_t(sizeof(sin));
  const buffer = new (array(char, 4096))();
  const read_bytes = recvfrom(sock, buffer, sizeof(buffer), 0, sin, sin_len);
  if (read_bytes < 0) {
    perror('recvfrom failed');
    abort();
  }
  printf('message %d: %d bytes: %.*s\n', i, read_bytes, read_bytes, buffer);
  printf('from %s, port %d\n', inet_ntoa(sin.sin_addr), ntohs(sin.sin_port));
  check(sendto(sock, buffer, read_bytes, 0, sin, sin_len.value), 'sendto failed');
}
check(close(sock), 'close failed');
