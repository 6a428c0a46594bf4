// Lecture, section 3: bind(). Tries to bind the server's port as well, then connects to it by each address.
import {
  AF_INET,
  abort,
  bind,
  close,
  connect,
  EADDRINUSE,
  errno,
  exit,
  fprintf,
  htons,
  INADDR_ANY,
  inet_addr,
  inet_ntoa,
  memset,
  perror,
  printf,
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
  fprintf(stderr, 'which port has the server, and by which addresses?\n');
  exit(2);
}
const server_port = Number(argv[1]);
let sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');

// Another process has this port: bind() fails.
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = INADDR_ANY;
sin.sin_port = htons(server_port);
if (bind(sock, sin, sizeof(sin)) < 0) {
  printf('a second bind to port %d gave EADDRINUSE: %s\n', server_port, errno === EADDRINUSE ? 'yes' : 'no');
  perror('bind failed');
}
check(close(sock), 'close failed');

for (let i = 2; i < argv.length; i++) {
  sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
  sin.sin_addr.s_addr = inet_addr(argv[i]!);
  check(connect(sock, sin, sizeof(sin)), 'connection failed');
  printf('connected to address %s\n', inet_ntoa(sin.sin_addr));
  check(close(sock), 'close failed');
}
