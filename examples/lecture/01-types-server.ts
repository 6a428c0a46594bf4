// Lecture, section 1: types of sockets. The receiver: a stream, datagrams, and messages in a stream.
import {
  AF_INET,
  abort,
  accept,
  array,
  bind,
  char,
  close,
  fprintf,
  getsockname,
  htons,
  inet_addr,
  int,
  listen,
  MSG_WAITALL,
  memset,
  NULL,
  ntohl,
  ntohs,
  perror,
  printf,
  recv,
  SOCK_DGRAM,
  SOCK_STREAM,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  stderr,
  struct,
  unsigned_char,
} from 'bsd-sockets/c';

// The header that goes before each message: its length, in network byte order.
const my_app_hdr = struct('my_app_hdr', {
  length: int,
});

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

// A stream socket (TCP) and a datagram socket (UDP).
const listening_sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const datagram_sock = check(socket(AF_INET, SOCK_DGRAM, 0), 'socket() failed');

const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(0);
check(bind(listening_sock, sin, sizeof(sin)), 'bind failed');
check(bind(datagram_sock, sin, sizeof(sin)), 'bind failed');
check(listen(listening_sock, 5), 'listen failed');

const addr_len = new socklen_t(sizeof(sin));
check(getsockname(listening_sock, sin, addr_len), 'getsockname failed');
printf('streams: listening on port %d\n', ntohs(sin.sin_port));
check(getsockname(datagram_sock, sin, addr_len), 'getsockname failed');
printf('datagrams: bound to port %d\n', ntohs(sin.sin_port));

const buffer = new (array(char, 4096))();

// The stream: recv() waits here until the buffer is full or the sender has closed.
let sock = check(accept(listening_sock, NULL, NULL), 'accept failed');
let read_bytes = check(recv(sock, buffer, sizeof(buffer), MSG_WAITALL), 'recv failed');
printf('stream: one run of %d bytes: "%.*s"\n', read_bytes, read_bytes, buffer);
check(close(sock), 'close failed');

// Datagrams: each recv() gets one message, however large the buffer.
for (let i = 1; i <= 2; i++) {
  read_bytes = check(recv(datagram_sock, buffer, sizeof(buffer), 0), 'recv failed');
  printf('datagram %d: %d bytes: "%.*s"\n', i, read_bytes, read_bytes, buffer);
}

// Messages in a stream: the header says how many bytes belong to the message.
sock = check(accept(listening_sock, NULL, NULL), 'accept failed');
const hdr = new my_app_hdr();
while (check(recv(sock, hdr, sizeof(hdr), MSG_WAITALL), 'recv failed') > 0) {
  const wire = array(unsigned_char, 4).at(hdr);
  printf('header on the wire: %02x %02x %02x %02x\n', wire[0], wire[1], wire[2], wire[3]);
  const length = ntohl(hdr.length);
  if (length < 0 || length > sizeof(buffer)) {
    fprintf(stderr, 'a message of %d bytes is too long\n', length);
    abort();
  }
  read_bytes = check(recv(sock, buffer, length, MSG_WAITALL), 'recv failed');
  printf('message: %d "%.*s"\n', length, read_bytes, buffer);
}
check(close(sock), 'close failed');
check(close(datagram_sock), 'close failed');
check(close(listening_sock), 'close failed');
