// Program: sd-supervisor, hears what a service tells its manager, and from the kernel who it is. Linux.
import { unlinkSync as unlink } from 'node:fs';
import {
  AF_UNIX,
  array,
  bind,
  CMSG_DATA,
  CMSG_FIRSTHDR,
  CMSG_NXTHDR,
  CMSG_SPACE,
  char,
  close,
  exit,
  flags,
  fprintf,
  int,
  iovec,
  MSG_CMSG_CLOEXEC,
  memcpy,
  memset,
  msghdr,
  NULL,
  offsetof,
  perror,
  printf,
  recvmsg,
  SCM_CREDENTIALS,
  SO_PASSCRED,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
  setsockopt,
  sizeof,
  sockaddr_un,
  socket,
  stderr,
  strcmp,
  strlen,
  ucred,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

function get_socket(path: string): number {
  const addr = new sockaddr_un();
  memset(addr, 0, sizeof(addr));
  addr.sun_family = AF_UNIX;
  const path_length = strlen(path);
  if (path_length >= sizeof(addr.sun_path)) {
    fprintf(stderr, 'the path is too long\n');
    exit(2);
  }
  memcpy(addr.sun_path, path, path_length);
  if (path[0] === '@') addr.sun_path[0] = 0; // an abstract name
  const sock = socket(AF_UNIX, flags(SOCK_DGRAM, SOCK_CLOEXEC), 0);
  if (sock < 0) die('socket');
  const on = new int(1);
  if (setsockopt(sock, SOL_SOCKET, SO_PASSCRED!, on, sizeof(on)) < 0) die('SO_PASSCRED');
  if (bind(sock, addr, offsetof(sockaddr_un, 'sun_path') + path_length) < 0) die('bind');
  return sock;
}

const argv = process.argv.slice(1);
if (argv.length !== 2) {
  fprintf(stderr, 'usage: sd-supervisor path\n');
  exit(2);
}
const sock = get_socket(argv[1]!);
printf('NOTIFY_SOCKET=%s\n', argv[1]!);

const buf = new (array(char, 4096))();
const control = new (array(char, CMSG_SPACE(sizeof(ucred))))();
let stopping = false;
while (!stopping) {
  const iov = new iovec({ iov_base: buf, iov_len: sizeof(buf) - 1 });
  const msg = new msghdr({
    msg_iov: iov,
    msg_iovlen: 1,
    msg_control: control,
    msg_controllen: sizeof(control),
  });
  const received = recvmsg(sock, msg, MSG_CMSG_CLOEXEC!);
  if (received < 0) die('recvmsg');
  buf[received] = 0;
  for (let cmsg = CMSG_FIRSTHDR(msg); cmsg !== NULL; cmsg = CMSG_NXTHDR(msg, cmsg)) {
    if (cmsg.cmsg_level === SOL_SOCKET && cmsg.cmsg_type === SCM_CREDENTIALS) {
      const cred = new ucred();
      memcpy(cred, CMSG_DATA(cmsg), sizeof(cred));
      printf('process %d of user %d and group %d: ', cred.pid, cred.uid, cred.gid);
    }
  }
  printf('%s\n', buf);
  stopping = strcmp(buf, 'STOPPING=1') === 0;
}
close(sock);
if (argv[1]![0] !== '@') unlink(argv[1]!);
