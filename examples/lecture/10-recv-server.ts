// Lecture, section 10: recv(). The receiver; it tells the sender when to go on, and sees what recv() does then.
import {
  AF_INET,
  abort,
  accept,
  array,
  bind,
  char,
  close,
  ENOTCONN,
  errno,
  getsockname,
  htons,
  inet_addr,
  iovec,
  listen,
  memset,
  NULL,
  ntohs,
  perror,
  printf,
  read,
  readv,
  recv,
  SOCK_STREAM,
  send,
  set_errno,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

function milliseconds(): number {
  return performance.now();
}

const listening_sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(0);
check(bind(listening_sock, sin, sizeof(sin)), 'bind failed');
check(listen(listening_sock, 5), 'listen failed');
const sin_len = new socklen_t(sizeof(sin));
check(getsockname(listening_sock, sin, sin_len), 'getsockname failed');
printf('listening on port %d\n', ntohs(sin.sin_port));
const sock = check(accept(listening_sock, NULL, NULL), 'accept failed');

// Nothing has been sent yet: recv() blocks until there is something, and returns what there is.
const start = milliseconds();
check(send(sock, 'go', 2, 0), 'send failed');
const buffer = new (array(char, 4096))();
let expected_data_len = sizeof(buffer);
let read_bytes = recv(sock, buffer, expected_data_len, 0);
if (read_bytes === 0) {
  printf('connection is closed\n');
} else if (read_bytes < 0) {
  perror('recv failed');
} else {
  printf('recv() of %d bytes gave %d: %.*s\n', expected_data_len, read_bytes, read_bytes, buffer);
}
const waited = milliseconds() - start;
printf('~ recv() waited %.0f ms\n', waited);
printf('recv() waited until the sender sent: %s\n', waited >= 90 ? 'yes' : 'no');

// No guarantee that read_bytes == expected_data_len: the rest is retried.
expected_data_len = 12;
let total_bytes = 0;
while (total_bytes < expected_data_len) {
  check(send(sock, 'go', 2, 0), 'send failed');
  read_bytes = recv(sock, buffer.subarray(total_bytes), expected_data_len - total_bytes, 0);
  if (read_bytes <= 0) {
    perror('recv failed');
    abort();
  }
  printf('recv() of %d bytes gave %d\n', expected_data_len - total_bytes, read_bytes);
  total_bytes += read_bytes;
}
printf('together: %.*s\n', total_bytes, buffer);

// read() and readv() work too.
check(send(sock, 'go', 2, 0), 'send failed');
read_bytes = check(read(sock, buffer, sizeof(buffer)), 'read failed');
printf('read() gave %d: %.*s\n', read_bytes, read_bytes, buffer);
check(send(sock, 'go', 2, 0), 'send failed');
const first = new (array(char, 7))();
const second = new (array(char, 5))();
const iov = [new iovec(), new iovec()] as const;
iov[0].iov_base = first;
iov[0].iov_len = sizeof(first);
iov[1].iov_base = second;
iov[1].iov_len = sizeof(second);
read_bytes = check(readv(sock, iov, 2), 'readv failed');
printf('readv() gave %d: "%.*s" and "%.*s"\n', read_bytes, 7, first, 5, second);

// The sender closes: recv() returns 0, which is no error.
check(send(sock, 'go', 2, 0), 'send failed');
set_errno(0);
read_bytes = recv(sock, buffer, sizeof(buffer), 0);
printf('the connection is closed: recv() gave %d, errno is %d\n', read_bytes, errno);
check(close(sock), 'close failed');

// An error: this socket is not a connection.
read_bytes = recv(listening_sock, buffer, sizeof(buffer), 0);
printf('an error: recv() gave %d, errno is ENOTCONN: %s\n', read_bytes, errno === ENOTCONN ? 'yes' : 'no');
if (read_bytes < 0) {
  perror('recv failed');
}
check(close(listening_sock), 'close failed');
