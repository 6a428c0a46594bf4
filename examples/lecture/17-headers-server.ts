// Lecture, section 17: packet headers. Receives a packet and reads its header.
import {
  AF_INET,
  abort,
  accept,
  array,
  bind,
  char,
  close,
  fprintf,
  getsockname,
  htons,
  in_addr,
  inet_addr,
  inet_ntoa,
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
  stderr,
  struct,
  unsigned_char,
  unsigned_int,
  unsigned_short,
} from 'bsd-sockets/c';

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

const hdr = new my_pkt_hdr();
let read_bytes = check(recv(sock, hdr, sizeof(hdr), MSG_WAITALL), 'recv failed');
printf('a header of %d bytes:', read_bytes);
const wire = array(unsigned_char, sizeof(hdr)).at(hdr);
for (let i = 0; i < read_bytes; i++) {
  printf(' %02x', wire[i]!);
}
printf('\n');
const addr = new in_addr();
printf('length %d\n', ntohs(hdr.length));
printf('type %d\n', hdr.type);
addr.s_addr = hdr.source_addr;
printf('source addr %s\n', inet_ntoa(addr));
addr.s_addr = hdr.dest_addr;
printf('dest addr %s\n', inet_ntoa(addr));

const buffer = new (array(char, 4096))();
const data_len = ntohs(hdr.length) - sizeof(hdr);
if (data_len < 0 || data_len > sizeof(buffer)) {
  fprintf(stderr, 'a packet of %d bytes cannot be\n', ntohs(hdr.length));
  abort();
}
read_bytes = check(recv(sock, buffer, data_len, MSG_WAITALL), 'recv failed');
printf('data: %.*s\n', read_bytes, buffer);
check(close(sock), 'close failed');
check(close(listening_sock), 'close failed');
