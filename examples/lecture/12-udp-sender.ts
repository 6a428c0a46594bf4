// Lecture, section 12: UDP. Sends two messages without a connection, and one to nobody.
import {
  AF_INET,
  abort,
  array,
  char,
  close,
  exit,
  fprintf,
  htons,
  inet_addr,
  memset,
  NULL,
  perror,
  printf,
  recvfrom,
  SOCK_DGRAM,
  sendto,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const argv = process.argv.slice(1);
if (argv.length < 2) {
  fprintf(stderr, 'which port is the receiver bound to?\n');
  exit(2);
}
const sock = socket(AF_INET, SOCK_DGRAM, 0);
if (sock < 0) {
  perror('socket() failed');
  abort();
}

const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(Number(argv[1]));
const data = 'hello, world';
const data_len = 12;
let sent_bytes = sendto(sock, data, data_len, 0, sin, sizeof(sin));
if (sent_bytes < 0) {
  perror('sendto failed');
  abort();
}
printf('sendto() took %d bytes\n', sent_bytes);
sent_bytes = check(sendto(sock, 'Hi!', 3, 0, sin, sizeof(sin)), 'sendto failed');
printf('sendto() took %d bytes\n', sent_bytes);

// The answers come back to the port that the first sendto() has given this socket.
const buffer = new (array(char, 4096))();
for (let i = 1; i <= 2; i++) {
  const read_bytes = check(recvfrom(sock, buffer, sizeof(buffer), 0, NULL, NULL), 'recvfrom failed');
  printf('answer %d: %d bytes: %.*s\n', i, read_bytes, read_bytes, buffer);
}

// Best effort: nobody is at that port, and sendto() does not say so.
sin.sin_port = htons(9);
sent_bytes = check(sendto(sock, data, data_len, 0, sin, sizeof(sin)), 'sendto failed');
printf('sendto() to nobody took %d bytes\n', sent_bytes);
check(close(sock), 'close failed');
