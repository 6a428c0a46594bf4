// Lecture, section 9: send(). Sends by send(), write() and writev(), blocking and non-blocking.
import {
  AF_INET,
  AF_UNIX,
  abort,
  array,
  char,
  close,
  connect,
  EWOULDBLOCK,
  errno,
  exit,
  F_GETFL,
  F_SETFL,
  fcntl,
  fprintf,
  htons,
  inet_addr,
  int,
  iovec,
  memset,
  O_NONBLOCK,
  perror,
  printf,
  recv,
  SOCK_STREAM,
  send,
  sizeof,
  sockaddr_in,
  socket,
  socketpair,
  stderr,
  write,
  writev,
} from 'bsd-sockets/c';

const MANY_BYTES = 8 * 1024 * 1024;

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const many = new (array(char, MANY_BYTES))();
const taken = new (array(char, MANY_BYTES))();

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

const data_addr = 'hello, world';
const data_len = 12;
let sent_bytes = send(sock, data_addr, data_len, 0);
if (sent_bytes < 0) {
  perror('send failed');
}
printf('send() took %d bytes\n', sent_bytes);

// write() and writev() work too.
sent_bytes = check(write(sock, data_addr, data_len), 'write failed');
printf('write() took %d bytes\n', sent_bytes);
const iov = [new iovec(), new iovec()] as const;
iov[0].iov_base = 'hello, ';
iov[0].iov_len = 7;
iov[1].iov_base = 'world';
iov[1].iov_len = 5;
sent_bytes = check(writev(sock, iov, 2), 'writev failed');
printf('writev() took 7 + 5 = %d bytes\n', sent_bytes);

// A blocking socket blocks until all is sent, also when it is more than all buffers hold.
sent_bytes = check(send(sock, many, MANY_BYTES, 0), 'send failed');
printf('a blocking send() of %d bytes took %d\n', MANY_BYTES, sent_bytes);
check(close(sock), 'close failed');

// A non-blocking socket may take part of it; once its buffer is full it takes nothing.
const pair = new (array(int, 2))();
check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 'socketpair failed');
const opt = check(fcntl(pair[0], F_GETFL), 'fcntl failed');
check(fcntl(pair[0], F_SETFL, opt | O_NONBLOCK), 'fcntl failed');
sent_bytes = check(send(pair[0], many, MANY_BYTES, 0), 'send failed');
printf('~ a non-blocking send() of %d bytes took %d\n', MANY_BYTES, sent_bytes);
printf('a non-blocking send() took part: %s\n', sent_bytes > 0 && sent_bytes < MANY_BYTES ? 'yes' : 'no');
let total_bytes = sent_bytes;
if (send(pair[0], many.subarray(total_bytes), MANY_BYTES - total_bytes, 0) < 0) {
  printf('the next send() gave EWOULDBLOCK: %s\n', errno === EWOULDBLOCK ? 'yes' : 'no');
}

// The rest is retried, each time that the other side has made room.
while (total_bytes < MANY_BYTES) {
  check(recv(pair[1], taken, sizeof(taken), 0), 'recv failed');
  sent_bytes = send(pair[0], many.subarray(total_bytes), MANY_BYTES - total_bytes, 0);
  if (sent_bytes < 0) {
    if (errno === EWOULDBLOCK) {
      continue;
    }
    perror('send failed');
    abort();
  }
  total_bytes += sent_bytes;
}
printf('with retries it took %d\n', total_bytes);
check(close(pair[0]), 'close failed');
check(close(pair[1]), 'close failed');
