// Program: broker-client, says a word to the broker, and something to whoever else said that word.
import {
  AF_UNIX,
  array,
  type CharArray,
  CMSG_DATA,
  CMSG_FIRSTHDR,
  CMSG_LEN,
  CMSG_SPACE,
  char,
  close,
  connect,
  exit,
  flags,
  fprintf,
  int,
  iovec,
  MSG_CMSG_CLOEXEC,
  MSG_NOSIGNAL,
  memcpy,
  memset,
  msghdr,
  NULL,
  perror,
  printf,
  read,
  recvmsg,
  SCM_RIGHTS,
  SHUT_WR,
  SOCK_CLOEXEC,
  SOCK_SEQPACKET,
  SOL_SOCKET,
  SUN_LEN,
  send,
  shutdown,
  sizeof,
  sockaddr_un,
  socket,
  stderr,
  strlen,
  strncpy,
  write,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

function receive_descriptor(sock: number, role: CharArray): number {
  const iov = new iovec({ iov_base: role, iov_len: 1 });
  const control = new (array(char, CMSG_SPACE(sizeof(int))))();
  const msg = new msghdr();
  memset(msg, 0, sizeof(msg));
  msg.msg_iov = iov;
  msg.msg_iovlen = 1;
  msg.msg_control = control;
  msg.msg_controllen = sizeof(control);
  const received = recvmsg(sock, msg, MSG_CMSG_CLOEXEC!);
  if (received < 0) die('recvmsg');
  const cmsg = CMSG_FIRSTHDR(msg);
  if (
    received === 0 ||
    cmsg === NULL ||
    cmsg.cmsg_level !== SOL_SOCKET ||
    cmsg.cmsg_type !== SCM_RIGHTS ||
    cmsg.cmsg_len !== CMSG_LEN(sizeof(int))
  ) {
    fprintf(stderr, 'the broker gave no descriptor\n');
    exit(1);
  }
  const fd = new int();
  memcpy(fd, CMSG_DATA(cmsg), sizeof(fd));
  return fd.value;
}

const argv = process.argv.slice(1);
if (argv.length !== 4) {
  fprintf(stderr, 'usage: broker-client path word message\n');
  exit(2);
}
const addr = new sockaddr_un();
memset(addr, 0, sizeof(addr));
addr.sun_family = AF_UNIX;
strncpy(addr.sun_path, argv[1]!, sizeof(addr.sun_path) - 1);
const sock = socket(AF_UNIX, flags(SOCK_SEQPACKET, SOCK_CLOEXEC), 0);
if (sock < 0) die('socket');
if (connect(sock, addr, SUN_LEN(addr)) < 0) die('connect');
if (send(sock, argv[2]!, strlen(argv[2]!), MSG_NOSIGNAL) < 0) die('send');
const role = new (array(char, 1))();
const fd = receive_descriptor(sock, role);
close(sock);
printf('two know "%s"; this one is number %c\n', argv[2]!, role[0]);

// From here on the broker is not needed.
if (write(fd, argv[3]!, strlen(argv[3]!)) < 0) die('write');
if (shutdown(fd, SHUT_WR) < 0) die('shutdown');
const buf = new (array(char, 256))();
let n: number;
printf('the other one says: ');
while ((n = read(fd, buf, sizeof(buf))) > 0) printf('%.*s', n, buf);
if (n < 0) die('read');
printf('\n');
close(fd);
