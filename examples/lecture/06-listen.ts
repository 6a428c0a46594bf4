// Lecture, section 6: listen().
import {
  AF_INET,
  abort,
  accept,
  array,
  bind,
  close,
  connect,
  ECONNREFUSED,
  EINPROGRESS,
  EINVAL,
  errno,
  F_SETFL,
  FD_SET,
  FD_ZERO,
  fcntl,
  fd_set,
  getpeername,
  getsockname,
  htons,
  inet_addr,
  int,
  listen,
  memset,
  NULL,
  ntohs,
  O_NONBLOCK,
  perror,
  printf,
  SOCK_DGRAM,
  SOCK_STREAM,
  select,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  timeval,
} from 'bsd-sockets/c';

const MAX_CLIENTS = 8;

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

// Does the connection stand within that time?
function connected_within(sock: number, sec: number, usec: number): boolean {
  const write_set = new fd_set();
  const timeout = new timeval();
  FD_ZERO(write_set);
  FD_SET(sock, write_set);
  timeout.tv_sec = sec;
  timeout.tv_usec = usec;
  return check(select(sock + 1, NULL, write_set, NULL, timeout), 'select failed') === 1;
}

const sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(0);

// The order of the calls matters: no accept() before listen(),
check(bind(sock, sin, sizeof(sin)), 'bind failed');
const addr_len = new socklen_t(sizeof(sin));
check(getsockname(sock, sin, addr_len), 'getsockname failed');
printf('bound to port %d\n', ntohs(sin.sin_port));
if (accept(sock, NULL, NULL) < 0) {
  printf('accept() before listen() gave EINVAL: %s\n', errno === EINVAL ? 'yes' : 'no');
}

// no connection before listen(): the socket is bound, and still an active one,
const active_sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
if (connect(active_sock, sin, sizeof(sin)) < 0) {
  printf('connect() before listen() gave ECONNREFUSED: %s\n', errno === ECONNREFUSED ? 'yes' : 'no');
}
check(close(active_sock), 'close failed');

// and no bind() after it.
const back_log = 1;
if (listen(sock, back_log) < 0) {
  perror('listen failed');
  abort();
}
printf('listen() has made the socket a passive one\n');
if (bind(sock, sin, sizeof(sin)) < 0) {
  printf('bind() after listen() gave EINVAL: %s\n', errno === EINVAL ? 'yes' : 'no');
}

// The queue of waiting connections: clients connect, and nobody accepts.
const clients = new (array(int, MAX_CLIENTS))();
let count = 0;
let connected = true;
while (connected && count < MAX_CLIENTS) {
  clients[count] = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
  check(fcntl(clients[count]!, F_SETFL, O_NONBLOCK), 'fcntl failed');
  if (connect(clients[count]!, sin, sizeof(sin)) < 0 && errno !== EINPROGRESS) {
    perror('connection failed');
    abort();
  }
  connected = connected_within(clients[count]!, 0, 200000);
  count++;
  printf('connection %d: %s\n', count, connected ? 'in the queue' : 'the queue is full, it has to wait');
}

// accept() takes one out of the queue: now there is room for the one that waits.
const client_sock = check(accept(sock, NULL, NULL), 'accept failed');
printf('accept() has taken one\n');
connected = connected_within(clients[count - 1]!, 10, 0);
printf('connection %d: %s\n', count, connected ? 'in the queue' : 'still waiting');
check(close(client_sock), 'close failed');
for (let i = 0; i < count; i++) {
  check(close(clients[i]!), 'close failed');
}
check(close(sock), 'close failed');

// Forgetting htons() gives the wrong port: 8080 was meant here.
const udp_sock = check(socket(AF_INET, SOCK_DGRAM, 0), 'socket() failed');
sin.sin_port = 8080;
check(connect(udp_sock, sin, sizeof(sin)), 'connection failed');
check(getpeername(udp_sock, sin, addr_len), 'getpeername failed');
printf('8080 without htons() is %d to the kernel\n', ntohs(sin.sin_port));
sin.sin_port = htons(8080);
check(connect(udp_sock, sin, sizeof(sin)), 'connection failed');
check(getpeername(udp_sock, sin, addr_len), 'getpeername failed');
printf('8080 with htons() is %d\n', ntohs(sin.sin_port));
check(close(udp_sock), 'close failed');
