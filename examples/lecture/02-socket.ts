// Lecture, section 2: socket(), errno.
import {
  AF_INET,
  AF_INET6,
  abort,
  accept,
  array,
  char,
  close,
  EINTR,
  EINVAL,
  EWOULDBLOCK,
  errno,
  getsockname,
  getsockopt,
  int,
  MSG_DONTWAIT,
  NULL,
  PF_INET,
  perror,
  printf,
  recv,
  SO_TYPE,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  set_errno,
  sizeof,
  sockaddr_storage,
  socket,
  socklen_t,
  strerror,
} from 'bsd-sockets/c';

// Asks the kernel what kind of socket this is.
function show(call: string, sock: number): void {
  if (sock < 0) {
    perror('socket() failed');
    abort();
  }
  const name = new sockaddr_storage();
  const name_len = new socklen_t(sizeof(name));
  const type = new int();
  const type_len = new socklen_t(sizeof(type));
  if (getsockname(sock, name, name_len) < 0) {
    perror('getsockname failed');
    abort();
  }
  if (getsockopt(sock, SOL_SOCKET, SO_TYPE, type, type_len) < 0) {
    perror('getsockopt failed');
    abort();
  }
  const family = name.ss_family === AF_INET6 ? 'IPv6' : 'IPv4';
  const kind = type.value === SOCK_DGRAM ? 'datagrams' : 'a stream';
  printf('%s: descriptor %d, %s, %s\n', call, sock, family, kind);
}

const sock = socket(AF_INET, SOCK_STREAM, 0);
if (sock < 0) {
  perror('socket() failed');
  abort();
}
show('socket(AF_INET, SOCK_STREAM, 0)', sock);
const pf_sock = socket(PF_INET, SOCK_STREAM, 0);
show('socket(PF_INET, SOCK_STREAM, 0)', pf_sock);
const sock6 = socket(AF_INET6, SOCK_STREAM, 0);
show('socket(AF_INET6, SOCK_STREAM, 0)', sock6);
const udp_sock = socket(AF_INET, SOCK_DGRAM, 0);
show('socket(AF_INET, SOCK_DGRAM, 0)', udp_sock);

// Calls return -1 and set errno on error. EINVAL: this socket does not listen.
if (accept(sock, NULL, NULL) < 0 && errno === EINVAL) {
  printf('accept() gave -1 and EINVAL: %s\n', strerror(errno));
}

// EWOULDBLOCK: there is nothing to receive, and the caller does not want to wait.
const buffer = new (array(char, 16))();
if (recv(udp_sock, buffer, sizeof(buffer), MSG_DONTWAIT) < 0 && errno === EWOULDBLOCK) {
  printf('recv() gave -1 and EWOULDBLOCK: %s\n', strerror(errno));
}

// perror() prints its text and the message of errno; strerror() returns the message.
set_errno(EINVAL);
perror('perror() says');
printf('strerror(EINVAL) returns: %s\n', strerror(EINVAL));
printf('strerror(EWOULDBLOCK) returns: %s\n', strerror(EWOULDBLOCK));
printf('strerror(EINTR) returns: %s\n', strerror(EINTR));

close(udp_sock);
close(sock6);
close(pf_sock);
close(sock);
