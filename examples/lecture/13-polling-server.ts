// Lecture, section 13: polling with non-blocking sockets. Waits for the same message twice: by polling, by select().
import {
  AF_INET,
  abort,
  accept,
  array,
  bind,
  char,
  close,
  EWOULDBLOCK,
  errno,
  F_GETFL,
  F_SETFL,
  FD_SET,
  FD_ZERO,
  fcntl,
  fd_set,
  getsockname,
  htons,
  inet_addr,
  listen,
  memset,
  NULL,
  ntohs,
  O_NONBLOCK,
  perror,
  printf,
  recv,
  SOCK_STREAM,
  select,
  send,
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

// The processor time that this process has used.
function cpu_milliseconds(): number {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1e3;
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

const opt = fcntl(sock, F_GETFL);
if (opt < 0) {
  perror('fcntl failed');
  abort();
}
if (fcntl(sock, F_SETFL, opt | O_NONBLOCK) < 0) {
  perror('fcntl failed');
  abort();
}

// Polling: the sender is told to go, and sends 300 ms later.
const buffer = new (array(char, 4096))();
let calls = 0;
check(send(sock, 'go', 2, 0), 'send failed');
let start = cpu_milliseconds();
while (true) {
  const read_bytes = recv(sock, buffer, sizeof(buffer), 0);
  calls++;
  if (read_bytes < 0) {
    if (errno === EWOULDBLOCK) {
      // OK. Simply no data
    } else {
      perror('recv failed');
      abort();
    }
  } else {
    printf('polling received: %.*s\n', read_bytes, buffer);
    break;
  }
}
const polling = cpu_milliseconds() - start;
printf('~ polling called recv() %d times and used %.1f ms of CPU\n', calls, polling);
printf('polling called recv() more than 100 times: %s\n', calls > 100 ? 'yes' : 'no');

// select(): the same again.
calls = 0;
check(send(sock, 'go', 2, 0), 'send failed');
start = cpu_milliseconds();
const read_set = new fd_set();
FD_ZERO(read_set);
FD_SET(sock, read_set);
check(select(sock + 1, read_set, NULL, NULL, NULL), 'select failed');
const read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), 'recv failed');
calls++;
const selecting = cpu_milliseconds() - start;
printf('select received: %.*s\n', read_bytes, buffer);
printf('~ select called recv() once and used %.1f ms of CPU\n', selecting);
printf('select called recv(): %d\n', calls);
printf('polling used more CPU than select: %s\n', polling > selecting ? 'yes' : 'no');
check(close(sock), 'close failed');
check(close(listening_sock), 'close failed');
