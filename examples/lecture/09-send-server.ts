// Lecture, section 9: send(). The receiver: three messages, then very many bytes.
import {
  AF_INET,
  abort,
  accept,
  array,
  bind,
  char,
  close,
  getsockname,
  htons,
  inet_addr,
  listen,
  MSG_WAITALL,
  memset,
  NULL,
  ntohs,
  perror,
  printf,
  recv,
  SOCK_STREAM,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
} from 'bsd-sockets/c';

const MANY_BYTES = 8 * 1024 * 1024;

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const buffer = new (array(char, 65536))();

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
for (let i = 1; i <= 3; i++) {
  const read_bytes = check(recv(sock, buffer, 12, MSG_WAITALL), 'recv failed');
  printf('message %d: %.*s\n', i, read_bytes, buffer);
}

let total_bytes = 0;
while (true) {
  const read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), 'recv failed');
  if (read_bytes === 0) {
    break;
  }
  total_bytes += read_bytes;
}
printf('then %d bytes: %s\n', total_bytes, total_bytes === MANY_BYTES ? 'all' : 'not all');
check(close(sock), 'close failed');
check(close(listening_sock), 'close failed');
