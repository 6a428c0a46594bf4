// Program: chat-poll, a chat server on poll(). What one client says, all others hear; nobody makes the others wait.
import {
  AF_INET,
  accept4,
  array,
  bind,
  char,
  close,
  EAGAIN,
  EWOULDBLOCK,
  errno,
  exit,
  flags,
  fprintf,
  getsockname,
  htonl,
  htons,
  INADDR_LOOPBACK,
  INET_ADDRSTRLEN,
  inet_ntop,
  int,
  listen,
  MSG_NOSIGNAL,
  memcpy,
  memset,
  ntohs,
  POLLIN,
  perror,
  poll,
  pollfd,
  printf,
  recv,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  send,
  setsockopt,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  stderr,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

let fd_count = 0;
let fd_size = 2;
let pfds = new (array(pollfd, fd_size))();

function add_to_pfds(fd: number): void {
  if (fd_count === fd_size) {
    const larger = new (array(pollfd, 2 * fd_size))();
    memcpy(larger, pfds, fd_count * sizeof(pollfd));
    pfds = larger;
    fd_size *= 2;
  }
  pfds[fd_count]!.fd = fd;
  pfds[fd_count]!.events = POLLIN;
  pfds[fd_count]!.revents = 0;
  fd_count++;
}

function del_from_pfds(i: number): void {
  pfds[i] = pfds[fd_count - 1]!; // the last one takes its place
  fd_count--;
}

function get_listener(port: number): number {
  const listener = socket(AF_INET, flags(SOCK_STREAM, SOCK_NONBLOCK, SOCK_CLOEXEC), 0);
  if (listener < 0) die('socket');
  const yes = new int(1);
  if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, yes, sizeof(yes)) < 0) die('setsockopt');
  const addr = new sockaddr_in();
  memset(addr, 0, sizeof(addr));
  addr.sin_family = AF_INET;
  addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  addr.sin_port = htons(port);
  if (bind(listener, addr, sizeof(addr)) < 0) die('bind');
  if (listen(listener, 10) < 0) die('listen');
  const addrlen = new socklen_t(sizeof(addr));
  if (getsockname(listener, addr, addrlen) < 0) die('getsockname');
  printf('listening on port %d\n', ntohs(addr.sin_port));
  return listener;
}

function take_new_clients(listener: number): void {
  for (;;) {
    const remote = new sockaddr_in();
    const addrlen = new socklen_t(sizeof(remote));
    const newfd = accept4(listener, remote, addrlen, flags(SOCK_NONBLOCK, SOCK_CLOEXEC));
    if (newfd < 0) {
      if (errno !== EAGAIN && errno !== EWOULDBLOCK) perror('accept4');
      return;
    }
    const text = new (array(char, INET_ADDRSTRLEN))();
    inet_ntop(AF_INET, remote.sin_addr, text, sizeof(text));
    add_to_pfds(newfd);
    printf('new connection from %s on socket %d\n', text, newfd);
  }
}

const argv = process.argv.slice(1);
if (argv.length > 3) {
  fprintf(stderr, 'usage: chat-poll [port [clients]]\n');
  exit(2);
}
const port = argv.length > 1 ? Number(argv[1]) : 0;
const clients = argv.length > 2 ? Number(argv[2]) : 0; // the server ends when so many have left; 0: never

const listener = get_listener(port);
add_to_pfds(listener);
let left = 0;
const buf = new (array(char, 256))();

while (clients === 0 || left < clients) {
  if (poll(pfds, fd_count, -1) < 0) die('poll');

  // From the end: whoever takes the place of one that left has been looked at.
  for (let i = fd_count - 1; i >= 0; i--) {
    const fd = pfds[i]!.fd;
    if (pfds[i]!.revents === 0) continue;
    if (fd === listener) {
      take_new_clients(listener);
      continue;
    }

    const nbytes = recv(fd, buf, sizeof(buf), 0);
    if (nbytes <= 0) {
      if (nbytes < 0) perror('recv');
      printf('socket %d hung up\n', fd);
      close(fd);
      del_from_pfds(i);
      left++;
      continue;
    }
    for (let j = 0; j < fd_count; j++) {
      const dest = pfds[j]!.fd;
      if (dest !== listener && dest !== fd && send(dest, buf, nbytes, MSG_NOSIGNAL) < 0) perror('send');
    }
  }
}
close(listener);
printf('all have left, and there was room for %d\n', fd_size);
