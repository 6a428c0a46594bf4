// Program: broker, brings two together who know the same word: each is handed one end of a socket pair.
import { unlinkSync as unlink } from 'node:fs';
import {
  AF_UNIX,
  accept4,
  array,
  bind,
  CMSG_DATA,
  CMSG_FIRSTHDR,
  CMSG_LEN,
  CMSG_SPACE,
  type ConstPointer,
  char,
  close,
  exit,
  flags,
  fprintf,
  getsockopt,
  int,
  iovec,
  listen,
  MSG_NOSIGNAL,
  memcpy,
  memset,
  msghdr,
  NULL,
  POLLIN,
  perror,
  poll,
  pollfd,
  printf,
  recv,
  SCM_RIGHTS,
  SO_PEERCRED,
  SOCK_CLOEXEC,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
  SUN_LEN,
  sendmsg,
  sizeof,
  sockaddr_un,
  socket,
  socketpair,
  socklen_t,
  stderr,
  strcmp,
  strcpy,
  strlen,
  struct,
  ucred,
} from 'bsd-sockets/c';

const MAX_WAITING = 16;
const MAX_WORD = 64;

const waiting_type = struct('waiting', {
  sock: int,
  word: array(char, MAX_WORD),
});

const waiting = new (array(waiting_type, MAX_WAITING))();
let waiting_count = 0;

function die(what: string): never {
  perror(what);
  exit(1);
}

function get_listener(path: string): number {
  const addr = new sockaddr_un();
  memset(addr, 0, sizeof(addr));
  addr.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof(addr.sun_path)) {
    fprintf(stderr, 'the path is too long\n');
    exit(2);
  }
  strcpy(addr.sun_path, path);
  const listener = socket(AF_UNIX, flags(SOCK_SEQPACKET, SOCK_CLOEXEC), 0);
  if (listener < 0) die('socket');
  if (bind(listener, addr, SUN_LEN(addr)) < 0) die('bind');
  if (listen(listener, 5) < 0) die('listen');
  return listener;
}

// The descriptor goes along with a byte that says who began.
function send_descriptor(sock: number, fd: number, role: string): void {
  const data = new (array(char, 1))(role);
  const iov = new iovec({ iov_base: data, iov_len: sizeof(data) });
  const control = new (array(char, CMSG_SPACE(sizeof(int))))();
  memset(control, 0, sizeof(control));
  const msg = new msghdr();
  memset(msg, 0, sizeof(msg));
  msg.msg_iov = iov;
  msg.msg_iovlen = 1;
  msg.msg_control = control;
  msg.msg_controllen = sizeof(control);
  const cmsg = CMSG_FIRSTHDR(msg)!;
  cmsg.cmsg_level = SOL_SOCKET;
  cmsg.cmsg_type = SCM_RIGHTS;
  cmsg.cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(cmsg), new int(fd), sizeof(int));
  if (sendmsg(sock, msg, MSG_NOSIGNAL) < 0) perror('sendmsg');
}

// Gives 1 if the word has brought two together.
function serve(sock: number, word: ConstPointer): number {
  const cred = new ucred();
  const credlen = new socklen_t(sizeof(cred));
  if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED!, cred, credlen) < 0) die('SO_PEERCRED');
  printf('process %d of user %d says "%s"\n', cred.pid, cred.uid, word);

  for (let i = 0; i < waiting_count; i++) {
    if (strcmp(waiting[i]!.word, word) !== 0) continue;
    const sv = new (array(int, 2))();
    if (socketpair(AF_UNIX, flags(SOCK_STREAM, SOCK_CLOEXEC), 0, sv) < 0) die('socketpair');
    send_descriptor(waiting[i]!.sock, sv[0], '1');
    send_descriptor(sock, sv[1], '2');
    close(sv[0]); // they have copies
    close(sv[1]);
    close(waiting[i]!.sock);
    close(sock);
    waiting[i] = waiting[--waiting_count]!;
    printf('that makes two\n');
    return 1;
  }

  if (waiting_count === MAX_WAITING) {
    fprintf(stderr, 'too many wait\n');
    close(sock);
    return 0;
  }
  waiting[waiting_count]!.sock = sock;
  strcpy(waiting[waiting_count]!.word, word);
  waiting_count++;
  printf('that makes one, who waits\n');
  return 0;
}

const argv = process.argv.slice(1);
if (argv.length < 2 || argv.length > 3) {
  fprintf(stderr, 'usage: broker path [pairs]\n');
  exit(2);
}
const pairs = argv.length > 2 ? Number(argv[2]) : 0; // it ends after so many; 0: never
const listener = get_listener(argv[1]!);
printf('listening on %s\n', argv[1]!);

let made = 0;
while (pairs === 0 || made < pairs) {
  const sock = accept4(listener, NULL, NULL, SOCK_CLOEXEC!);
  if (sock < 0) die('accept4');
  const pfd = new pollfd({ fd: sock, events: POLLIN });
  if (poll(pfd, 1, 1000) !== 1) {
    // nobody is to keep the others waiting
    close(sock);
    continue;
  }
  const word = new (array(char, MAX_WORD))();
  const received = recv(sock, word, sizeof(word) - 1, 0);
  if (received <= 0) {
    close(sock);
    continue;
  }
  word[received] = 0;
  made += serve(sock, word);
}
close(listener);
unlink(argv[1]!);
