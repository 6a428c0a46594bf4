// Lecture, section 14: select(). Sends its name each time that the server says "go".
import {
  AF_INET,
  abort,
  array,
  char,
  close,
  connect,
  exit,
  fprintf,
  htons,
  inet_addr,
  MSG_WAITALL,
  memset,
  perror,
  printf,
  recv,
  SOCK_STREAM,
  send,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  strlen,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const argv = process.argv.slice(1);
if (argv.length < 3) {
  fprintf(stderr, 'which port does the server listen on, and who is this?\n');
  exit(2);
}
const name = argv[2]!;
const sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(Number(argv[1]));
check(connect(sock, sin, sizeof(sin)), 'connection failed');

const go = new (array(char, 2))();
while (check(recv(sock, go, sizeof(go), MSG_WAITALL), 'recv failed') > 0) {
  check(send(sock, name, strlen(name), 0), 'send failed');
  printf('sent: %s\n', name);
}
printf('the server has closed\n');
check(close(sock), 'close failed');
