// Program: chat-select, a chat server on select(). What one client says, all others hear.
import {
  AF_INET,
  accept,
  array,
  bind,
  char,
  close,
  exit,
  FD_CLR,
  FD_ISSET,
  FD_SET,
  FD_SETSIZE,
  FD_ZERO,
  fd_set,
  fprintf,
  getsockname,
  htonl,
  htons,
  INADDR_LOOPBACK,
  inet_ntoa,
  int,
  listen,
  MSG_NOSIGNAL,
  memcpy,
  memset,
  NULL,
  ntohs,
  perror,
  printf,
  recv,
  SO_REUSEADDR,
  SOCK_STREAM,
  SOL_SOCKET,
  select,
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

const argv = process.argv.slice(1);
if (argv.length > 3) {
  fprintf(stderr, 'usage: chat-select [port [clients]]\n');
  exit(2);
}
const port = argv.length > 1 ? Number(argv[1]) : 0;
const clients = argv.length > 2 ? Number(argv[2]) : 0; // the server ends when so many have left; 0: never

const listener = socket(AF_INET, SOCK_STREAM, 0);
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

const master = new fd_set(); // everyone
const read_fds = new fd_set(); // who has something to say
FD_ZERO(master);
FD_SET(listener, master);
let fdmax = listener;
let left = 0;
const buf = new (array(char, 256))();

while (clients === 0 || left < clients) {
  memcpy(read_fds, master, sizeof(master));
  if (select(fdmax + 1, read_fds, NULL, NULL, NULL) < 0) die('select');

  for (let i = 0; i <= fdmax; i++) {
    if (!FD_ISSET(i, read_fds)) continue;

    // A new client.
    if (i === listener) {
      const remote = new sockaddr_in();
      addrlen.value = sizeof(remote);
      const newfd = accept(listener, remote, addrlen);
      if (newfd < 0) {
        perror('accept');
      } else if (newfd >= FD_SETSIZE) {
        fprintf(stderr, 'too many clients\n');
        close(newfd);
      } else {
        FD_SET(newfd, master);
        if (newfd > fdmax) fdmax = newfd;
        printf('new connection from %s on socket %d\n', inet_ntoa(remote.sin_addr), newfd);
      }
      continue;
    }

    // A client says something, or is gone.
    const nbytes = recv(i, buf, sizeof(buf), 0);
    if (nbytes <= 0) {
      if (nbytes < 0) perror('recv');
      printf('socket %d hung up\n', i);
      close(i);
      FD_CLR(i, master);
      left++;
      continue;
    }
    for (let j = 0; j <= fdmax; j++) {
      if (FD_ISSET(j, master) && j !== listener && j !== i) {
        if (send(j, buf, nbytes, MSG_NOSIGNAL) < 0) perror('send');
      }
    }
  }
}
close(listener);
printf('all have left\n');
