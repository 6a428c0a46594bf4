// Lecture, section 8: accept(). Prints which port it has, and what the server has to say to it.
import {
  AF_INET,
  abort,
  array,
  char,
  close,
  connect,
  exit,
  fprintf,
  getsockname,
  htons,
  inet_addr,
  inet_ntoa,
  memset,
  ntohs,
  perror,
  printf,
  recv,
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

const own_sin = new sockaddr_in();
const addr_len = new socklen_t(sizeof(own_sin));
check(getsockname(sock, own_sin, addr_len), 'getsockname failed');
printf('connected from %s, port %d\n', inet_ntoa(own_sin.sin_addr), ntohs(own_sin.sin_port));

const buffer = new (array(char, 4096))();
const read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), 'recv failed');
printf('the server says: %.*s\n', read_bytes, buffer);
check(close(sock), 'close failed');
