// Lecture, section 17: packet headers. Sends a packet: its header, packed, and its data.
import {
  AF_INET,
  abort,
  close,
  connect,
  exit,
  fprintf,
  htons,
  inet_addr,
  memset,
  offsetof,
  perror,
  printf,
  SOCK_STREAM,
  send,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  struct,
  unsigned_char,
  unsigned_int,
  unsigned_short,
} from 'bsd-sockets/c';

// A packet's header as the compiler lays it out: with padding.
const my_padded_hdr = struct('my_padded_hdr', {
  length: unsigned_short,
  type: unsigned_char,
  source_addr: unsigned_int,
  dest_addr: unsigned_int,
});

// A packet's header as it goes over the wire: packed.
const my_pkt_hdr = struct(
  'my_pkt_hdr',
  {
    length: unsigned_short,
    type: unsigned_char,
    source_addr: unsigned_int,
    dest_addr: unsigned_int,
  },
  { packed: true },
);

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const argv = process.argv.slice(1);
if (argv.length < 2) {
  fprintf(stderr, 'which port does the server listen on?\n');
  exit(2);
}
printf('padded: %d bytes, ', sizeof(my_padded_hdr));
printf('source_addr at %d, ', offsetof(my_padded_hdr, 'source_addr'));
printf('dest_addr at %d\n', offsetof(my_padded_hdr, 'dest_addr'));
printf('packed: %d bytes, ', sizeof(my_pkt_hdr));
printf('source_addr at %d, ', offsetof(my_pkt_hdr, 'source_addr'));
printf('dest_addr at %d\n', offsetof(my_pkt_hdr, 'dest_addr'));

const sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(Number(argv[1]));
check(connect(sock, sin, sizeof(sin)), 'connection failed');

const hdr = new my_pkt_hdr();
const data = 'hello, world';
const data_len = 12;
hdr.length = htons(sizeof(hdr) + data_len);
hdr.type = 7;
hdr.source_addr = inet_addr('1.2.3.4');
hdr.dest_addr = inet_addr('128.32.132.214');
let sent_bytes = check(send(sock, hdr, sizeof(hdr), 0), 'send failed');
printf('sent a header of %d bytes\n', sent_bytes);
sent_bytes = check(send(sock, data, data_len, 0), 'send failed');
printf('sent %d bytes of data\n', sent_bytes);
check(close(sock), 'close failed');
