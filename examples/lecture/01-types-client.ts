// Lecture, section 1: types of sockets. The sender: "Hi!" and "Hope you're well", three times.
import {
  AF_INET,
  abort,
  close,
  connect,
  exit,
  fprintf,
  htonl,
  htons,
  inet_addr,
  int,
  memset,
  perror,
  printf,
  SOCK_DGRAM,
  SOCK_STREAM,
  send,
  sendto,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  struct,
} from 'bsd-sockets/c';

// The header that goes before each message: its length, in network byte order.
const my_app_hdr = struct('my_app_hdr', {
  length: int,
});

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const argv = process.argv.slice(1);
if (argv.length < 3) {
  fprintf(stderr, "which ports? first the stream's, then the datagrams'\n");
  exit(2);
}
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');

// As a stream: two sends, one after the other.
let sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
sin.sin_port = htons(Number(argv[1]));
check(connect(sock, sin, sizeof(sin)), 'connection failed');
let sent_bytes = check(send(sock, 'Hi!', 3, 0), 'send failed');
printf('stream: sent %d bytes\n', sent_bytes);
sent_bytes = check(send(sock, "Hope you're well", 16, 0), 'send failed');
printf('stream: sent %d bytes\n', sent_bytes);
check(close(sock), 'close failed');

// As datagrams: no connection; each send is one message.
sock = check(socket(AF_INET, SOCK_DGRAM, 0), 'socket() failed');
sin.sin_port = htons(Number(argv[2]));
sent_bytes = check(sendto(sock, 'Hi!', 3, 0, sin, sizeof(sin)), 'sendto failed');
printf('datagram: sent %d bytes\n', sent_bytes);
sent_bytes = check(sendto(sock, "Hope you're well", 16, 0, sin, sizeof(sin)), 'sendto failed');
printf('datagram: sent %d bytes\n', sent_bytes);
check(close(sock), 'close failed');

// As messages in a stream: the length goes first.
sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
sin.sin_port = htons(Number(argv[1]));
check(connect(sock, sin, sizeof(sin)), 'connection failed');
const hdr = new my_app_hdr();
hdr.length = htonl(3);
sent_bytes = check(send(sock, hdr, sizeof(hdr), 0), 'send failed');
sent_bytes += check(send(sock, 'Hi!', 3, 0), 'send failed');
printf('message: sent %d bytes\n', sent_bytes);
hdr.length = htonl(16);
sent_bytes = check(send(sock, hdr, sizeof(hdr), 0), 'send failed');
sent_bytes += check(send(sock, "Hope you're well", 16, 0), 'send failed');
printf('message: sent %d bytes\n', sent_bytes);
check(close(sock), 'close failed');
