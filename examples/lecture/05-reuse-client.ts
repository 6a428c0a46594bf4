// Lecture, section 5: reusing the same port. Connects, and closes once the server has.
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
  memset,
  perror,
  printf,
  recv,
  SOCK_STREAM,
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
printf('connected\n');

const buffer = new (array(char, 16))();
const read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), 'recv failed');
printf('the server has closed: recv() gives %d\n', read_bytes);
check(close(sock), 'close failed');
