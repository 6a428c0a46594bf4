// Program: chat-client, says what its standard input says, and writes what it hears; both at once, with select().
import {
  AF_INET,
  array,
  type CharArray,
  char,
  close,
  connect,
  exit,
  FD_CLR,
  FD_ISSET,
  FD_SET,
  FD_ZERO,
  fd_set,
  fprintf,
  htons,
  inet_pton,
  MAX,
  memset,
  NULL,
  perror,
  read,
  SHUT_WR,
  SOCK_STREAM,
  select,
  shutdown,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  write,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

// write() may take less than all of it.
function write_all(fd: number, buf: CharArray, count: number): void {
  while (count > 0) {
    const written = write(fd, buf, count);
    if (written < 0) die('write');
    buf = buf.subarray(written);
    count -= written;
  }
}

const argv = process.argv.slice(1);
if (argv.length !== 3) {
  fprintf(stderr, 'usage: chat-client address port\n');
  exit(2);
}
const addr = new sockaddr_in();
memset(addr, 0, sizeof(addr));
addr.sin_family = AF_INET;
addr.sin_port = htons(Number(argv[2]));
if (inet_pton(AF_INET, argv[1]!, addr.sin_addr) !== 1) {
  fprintf(stderr, '%s is no IPv4 address\n', argv[1]!);
  exit(2);
}

const sock = socket(AF_INET, SOCK_STREAM, 0);
if (sock < 0) die('socket');
if (connect(sock, addr, sizeof(addr)) < 0) die('connect');
fprintf(stderr, 'connected\n');

const stdin_fd = 0;
const stdout_fd = 1;
let stdin_eof = 0;
const buf = new (array(char, 4096))();
const read_fds = new fd_set();
FD_ZERO(read_fds);
for (;;) {
  if (!stdin_eof) FD_SET(stdin_fd, read_fds);
  FD_SET(sock, read_fds);
  if (select(MAX(stdin_fd, sock) + 1, read_fds, NULL, NULL, NULL) < 0) die('select');

  if (FD_ISSET(sock, read_fds)) {
    const n = read(sock, buf, sizeof(buf));
    if (n < 0) die('read');
    if (n === 0) break;
    write_all(stdout_fd, buf, n);
  }
  if (FD_ISSET(stdin_fd, read_fds)) {
    const n = read(stdin_fd, buf, sizeof(buf));
    if (n < 0) die('read');
    if (n === 0) {
      // Nothing more to say; but there may be more to hear.
      stdin_eof = 1;
      if (shutdown(sock, SHUT_WR) < 0) die('shutdown');
      FD_CLR(stdin_fd, read_fds);
    } else {
      write_all(sock, buf, n);
    }
  }
}
close(sock);
if (!stdin_eof) {
  fprintf(stderr, 'the server has gone\n');
  exit(1);
}
