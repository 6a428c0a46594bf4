// Lecture, section 10: recv(). The sender; each piece goes off when the receiver says "go".
import {
  AF_INET,
  abort,
  array,
  char,
  close,
  connect,
  exit,
  fprintf,
  htons,
  inet_addr,
  MSG_WAITALL,
  memset,
  perror,
  printf,
  recv,
  SOCK_STREAM,
  send,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  usleep,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

// Waits for "go", then sends.
function send_on_go(sock: number, data: string, data_len: number): void {
  const go = new (array(char, 2))();
  check(recv(sock, go, sizeof(go), MSG_WAITALL), 'recv failed');
  check(send(sock, data, data_len, 0), 'send failed');
  printf('sent %d bytes\n', data_len);
}

const argv = process.argv.slice(1);
if (argv.length < 2) {
  fprintf(stderr, 'which port does the server listen on?\n');
  exit(2);
}
const sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(Number(argv[1]));
check(connect(sock, sin, sizeof(sin)), 'connection failed');

// The first one is late.
const go = new (array(char, 2))();
check(recv(sock, go, sizeof(go), MSG_WAITALL), 'recv failed');
usleep(100 * 1000);
check(send(sock, 'hello, world', 12, 0), 'send failed');
printf('sent 12 bytes, 100 ms late\n');

send_on_go(sock, 'hello, ', 7);
send_on_go(sock, 'world', 5);
send_on_go(sock, 'hello, world', 12);
send_on_go(sock, 'hello, world', 12);
check(recv(sock, go, sizeof(go), MSG_WAITALL), 'recv failed');
check(close(sock), 'close failed');
printf('closed\n');
