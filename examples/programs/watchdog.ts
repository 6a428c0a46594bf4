// Program: watchdog, expects a datagram now and then, and says when none has come in time; with pselect().
import {
  AF_INET,
  array,
  bind,
  char,
  close,
  exit,
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
  MAX,
  memset,
  NULL,
  ntohs,
  perror,
  printf,
  pselect,
  recv,
  recvfrom,
  SOCK_DGRAM,
  sendto,
  sigset_t,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  stderr,
  strlen,
  timespec,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

function get_socket(text: string): number {
  const addr = new sockaddr_in();
  memset(addr, 0, sizeof(addr));
  addr.sin_family = AF_INET;
  addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  addr.sin_port = htons(0);
  const sock = socket(AF_INET, SOCK_DGRAM, 0);
  if (sock < 0) die('socket');
  if (sock >= FD_SETSIZE) {
    fprintf(stderr, 'the descriptor is too large\n');
    exit(1);
  }
  if (bind(sock, addr, sizeof(addr)) < 0) die('bind');
  const addrlen = new socklen_t(sizeof(addr));
  if (getsockname(sock, addr, addrlen) < 0) die('getsockname');
  printf('%s on port %d\n', text, ntohs(addr.sin_port));
  return sock;
}

const argv = process.argv.slice(1);
if (argv.length !== 3) {
  fprintf(stderr, 'usage: watchdog milliseconds misses\n');
  exit(2);
}
const milliseconds = Number(argv[1]);
const misses = Number(argv[2]); // it ends after so many in a row

const heartbeat = get_socket('heartbeat');
const control = get_socket('control');
const read_fds = new fd_set();
const mask = new sigset_t();
memset(mask, 0, sizeof(mask)); // no signal is blocked while it waits
const timeout = new timespec();
timeout.tv_sec = Math.trunc(milliseconds / 1000);
timeout.tv_nsec = (milliseconds % 1000) * 1000000; // pselect() leaves it alone: it is set once
const buf = new (array(char, 64))();

for (let missed = 0; missed < misses; ) {
  FD_ZERO(read_fds);
  FD_SET(heartbeat, read_fds);
  FD_SET(control, read_fds);
  const ready = pselect(MAX(heartbeat, control) + 1, read_fds, NULL, NULL, timeout, mask);
  if (ready < 0) die('pselect');
  if (ready === 0) {
    missed++;
    printf('nothing for %ld ms: %d of %d\n', timeout.tv_sec * 1000 + timeout.tv_nsec / 1000000, missed, misses);
  }
  if (FD_ISSET(heartbeat, read_fds)) {
    const received = recv(heartbeat, buf, sizeof(buf), 0);
    if (received < 0) die('recv');
    printf('alive: %.*s\n', received, buf);
    missed = 0;
  }
  if (FD_ISSET(control, read_fds)) {
    const from = new sockaddr_in();
    const fromlen = new socklen_t(sizeof(from));
    const received = recvfrom(control, buf, sizeof(buf), 0, from, fromlen);
    if (received < 0) die('recvfrom');
    printf('asked: %.*s\n', received, buf);
    const answer = missed === 0 ? 'alive' : 'late';
    if (sendto(control, answer, strlen(answer), 0, from, fromlen.value) < 0) die('sendto');
  }
}
close(heartbeat);
close(control);
printf('given up\n');
