// Lecture, section 13: polling with non-blocking sockets. Told to go, sends 300 ms later; twice.
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
  usleep,
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
  fprintf(stderr, 'which port does the server listen on?\n');
  exit(2);
}
const sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(Number(argv[1]));
check(connect(sock, sin, sizeof(sin)), 'connection failed');

const go = new (array(char, 2))();
for (let i = 1; i <= 2; i++) {
  check(recv(sock, go, sizeof(go), MSG_WAITALL), 'recv failed');
  usleep(300 * 1000);
  check(send(sock, 'Hi!', 3, 0), 'send failed');
  printf('sent 3 bytes after 300 ms\n');
}
check(close(sock), 'close failed');
