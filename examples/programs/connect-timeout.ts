// Program: connect-timeout, connects without waiting longer than it is told to: O_NONBLOCK, poll() and SO_ERROR.
import {
  AF_INET,
  array,
  type ConstPointer,
  char,
  close,
  connect,
  EINPROGRESS,
  ETIMEDOUT,
  errno,
  exit,
  F_GETFL,
  F_SETFL,
  fcntl,
  fprintf,
  getpeername,
  getsockopt,
  htons,
  inet_ntoa,
  inet_pton,
  int,
  memset,
  ntohs,
  O_NONBLOCK,
  POLLOUT,
  perror,
  poll,
  pollfd,
  printf,
  read,
  SO_ERROR,
  SOCK_STREAM,
  SOL_SOCKET,
  set_errno,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  stderr,
  strerror,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

// As connect(), but gives up after so many milliseconds, with ETIMEDOUT.
function connect_timeout(sock: number, addr: ConstPointer, addrlen: number, timeout: number): number {
  const fl = fcntl(sock, F_GETFL);
  if (fl < 0 || fcntl(sock, F_SETFL, fl | O_NONBLOCK) < 0) die('fcntl');

  let result = connect(sock, addr, addrlen);
  if (result < 0 && errno === EINPROGRESS) {
    printf('in progress\n');
    const pfd = new pollfd({ fd: sock, events: POLLOUT });
    const ready = poll(pfd, 1, timeout);
    if (ready < 0) die('poll');
    const error = new int(ETIMEDOUT);
    const len = new socklen_t(sizeof(error));
    if (ready > 0 && getsockopt(sock, SOL_SOCKET, SO_ERROR, error, len) < 0) die('SO_ERROR');
    set_errno(error.value);
    result = error.value === 0 ? 0 : -1;
  }

  const saved = errno;
  if (fcntl(sock, F_SETFL, fl) < 0) die('fcntl');
  set_errno(saved);
  return result;
}

const argv = process.argv.slice(1);
if (argv.length < 3 || argv.length > 4) {
  fprintf(stderr, 'usage: connect-timeout address port [milliseconds]\n');
  exit(2);
}
const timeout = argv.length > 3 ? Number(argv[3]) : 5000;
const addr = new sockaddr_in();
memset(addr, 0, sizeof(addr));
addr.sin_family = AF_INET;
addr.sin_port = htons(Number(argv[2]));
if (inet_pton(AF_INET, argv[1]!, addr.sin_addr) !== 1) {
  fprintf(stderr, '%s is no IPv4 address\n', argv[1]!);
  exit(2);
}

const sock = socket(AF_INET, SOCK_STREAM, 0);
if (sock < 0) die('socket');
if (connect_timeout(sock, addr, sizeof(addr), timeout) < 0) {
  printf('not connected: %s\n', strerror(errno));
  close(sock);
  exit(1);
}
const peer = new sockaddr_in();
const peerlen = new socklen_t(sizeof(peer));
if (getpeername(sock, peer, peerlen) < 0) die('getpeername');
printf(
  'connected to %s, port %d; blocking again: %s\n',
  inet_ntoa(peer.sin_addr),
  ntohs(peer.sin_port),
  fcntl(sock, F_GETFL) & O_NONBLOCK ? 'no' : 'yes',
);

const buf = new (array(char, 256))();
let n: number;
while ((n = read(sock, buf, sizeof(buf))) > 0) printf('%.*s', n, buf);
if (n < 0) die('read');
close(sock);
