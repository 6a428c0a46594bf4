// Lecture, section 3: bind(). Holds a port on every address of this machine.
import {
  AF_INET,
  abort,
  accept,
  bind,
  close,
  exit,
  fprintf,
  getsockname,
  htons,
  INADDR_ANY,
  inet_ntoa,
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
if (argv.length < 3) {
  fprintf(stderr, 'which port (0: any), and how many clients come?\n');
  exit(2);
}
const server_port = Number(argv[1]);
const clients = Number(argv[2]);
const sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');

const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = INADDR_ANY;
sin.sin_port = htons(server_port);
if (bind(sock, sin, sizeof(sin)) < 0) {
  perror('bind failed');
  abort();
}

check(listen(sock, 5), 'listen failed');
const addr_len = new socklen_t(sizeof(sin));
check(getsockname(sock, sin, addr_len), 'getsockname failed');
printf('bound to address %s, port %d\n', inet_ntoa(sin.sin_addr), ntohs(sin.sin_port));

// INADDR_ANY: clients come by any address of this machine.
for (let i = 0; i < clients; i++) {
  const client_sock = check(accept(sock, NULL, NULL), 'accept failed');
  check(getsockname(client_sock, sin, addr_len), 'getsockname failed');
  printf('a client came by address %s\n', inet_ntoa(sin.sin_addr));
  check(close(client_sock), 'close failed');
}
check(close(sock), 'close failed');
