// Lecture, section 11: close().
import {
  AF_INET,
  abort,
  array,
  close,
  EMFILE,
  errno,
  getrlimit,
  int,
  perror,
  printf,
  RLIMIT_NOFILE,
  rlimit,
  SOCK_STREAM,
  setrlimit,
  socket,
} from 'bsd-sockets/c';

const MANY = 16;

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const lim = new rlimit();
check(getrlimit(RLIMIT_NOFILE, lim), 'getrlimit failed');
printf('~ files and sockets that can be open: %llu\n', lim.rlim_cur);

// Some sockets; then a limit at the number of descriptors that are open now.
const socks = new (array(int, MANY))();
for (let i = 0; i < MANY; i++) {
  socks[i] = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
}
printf('%d sockets are open\n', MANY);
lim.rlim_cur = socks[MANY - 1]! + 1;
check(setrlimit(RLIMIT_NOFILE, lim), 'setrlimit failed');
printf('~ lowered the limit to %d\n', socks[MANY - 1]! + 1);

// One more is one too many.
let sock = socket(AF_INET, SOCK_STREAM, 0);
if (sock < 0) {
  printf('one more gave EMFILE: %s\n', errno === EMFILE ? 'yes' : 'no');
  perror('socket() failed');
}

// Released, a descriptor can be had again.
close(socks[MANY - 1]!);
printf('closed one\n');
sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
printf('one more got the number of the closed one: %s\n', sock === socks[MANY - 1]! ? 'yes' : 'no');
for (let i = 0; i < MANY; i++) {
  check(close(socks[i]!), 'close failed');
}
printf('closed all\n');
