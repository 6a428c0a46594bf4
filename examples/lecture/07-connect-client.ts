// Lecture, section 7: connect(). Connects to the server, and to a port where nobody listens.
import {
  AF_INET,
  abort,
  array,
  bind,
  close,
  connect,
  ECONNREFUSED,
  errno,
  exit,
  fprintf,
  getpeername,
  getsockname,
  htons,
  inet_addr,
  inet_ntoa,
  memset,
  ntohs,
  perror,
  printf,
  SOCK_STREAM,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  stderr,
  unsigned_char,
  unsigned_int,
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
const server_port = Number(argv[1]);

// inet_addr() gives a number that lies in memory in network byte order.
const addr = new unsigned_int(inet_addr('1.2.3.4'));
const bytes = array(unsigned_char, 4).at(addr);
printf('inet_addr("1.2.3.4") is 0x%08x, in memory %d %d %d %d\n', addr.value, bytes[0], bytes[1], bytes[2], bytes[3]);

let sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(server_port);
if (connect(sock, sin, sizeof(sin)) < 0) {
  perror('connection failed');
  abort();
}

// connect() has returned: the connection is established, and has two ends.
const peer = new sockaddr_in();
const addr_len = new socklen_t(sizeof(peer));
check(getpeername(sock, peer, addr_len), 'getpeername failed');
printf('connected to %s, port %d\n', inet_ntoa(peer.sin_addr), ntohs(peer.sin_port));
printf('the peer is the server: %s\n', ntohs(peer.sin_port) === server_port ? 'yes' : 'no');
check(close(sock), 'close failed');

// Or it fails: this port is bound, but its socket does not listen.
const bound_sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
sin.sin_port = htons(0);
check(bind(bound_sock, sin, sizeof(sin)), 'bind failed');
check(getsockname(bound_sock, sin, addr_len), 'getsockname failed');
sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
if (connect(sock, sin, sizeof(sin)) < 0) {
  printf('where nobody listens connect() gave ECONNREFUSED: %s\n', errno === ECONNREFUSED ? 'yes' : 'no');
  perror('connection failed');
}
check(close(sock), 'close failed');
check(close(bound_sock), 'close failed');
