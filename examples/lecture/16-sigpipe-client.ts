// Lecture, section 16: SIGPIPE. Writes to a connection that its peer has closed, with the signal ignored or not.
import {
  AF_INET,
  abort,
  array,
  char,
  close,
  connect,
  EPIPE,
  errno,
  exit,
  fprintf,
  htons,
  inet_addr,
  memset,
  perror,
  poll,
  pollfd,
  printf,
  recv,
  SIG_DFL,
  SIG_IGN,
  SIGPIPE,
  SOCK_STREAM,
  signal,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  strcmp,
  write,
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
  fprintf(stderr, 'which port does the server listen on, and is SIGPIPE on default or ignore?\n');
  exit(2);
}
if (strcmp(argv[2]!, 'ignore') === 0) {
  signal(SIGPIPE, SIG_IGN);
  printf('SIGPIPE is ignored\n');
} else {
  signal(SIGPIPE, SIG_DFL);
  printf('SIGPIPE has its default disposition\n');
}
const sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(Number(argv[1]));
check(connect(sock, sin, sizeof(sin)), 'connection failed');

// The peer closes.
const buffer = new (array(char, 16))();
const read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), 'recv failed');
printf('the peer has closed: recv() gives %d\n', read_bytes);

// The first write is taken, for the peer might still read; the peer's kernel answers that nobody does.
let sent_bytes = check(write(sock, 'hello, world', 12), 'write failed');
printf('the first write() took %d bytes\n', sent_bytes);
const fds = new pollfd();
memset(fds, 0, sizeof(fds));
fds.fd = sock;
check(poll(fds, 1, 10000), 'poll failed');
printf('the answer is here: %s\n', fds.revents !== 0 ? 'yes' : 'no');

// The next one raises SIGPIPE.
sent_bytes = write(sock, 'hello, world', 12);
if (sent_bytes < 0) {
  printf('alive: the next write() gave %d and EPIPE: %s\n', sent_bytes, errno === EPIPE ? 'yes' : 'no');
  perror('write failed');
}
check(close(sock), 'close failed');
