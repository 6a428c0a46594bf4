// Lecture, section 4: endianness. Receives numbers, and shows their bytes as they came over the wire.
import {
  AF_INET,
  abort,
  array,
  be64toh,
  bind,
  close,
  getsockname,
  htons,
  inet_addr,
  memset,
  ntohl,
  ntohs,
  perror,
  printf,
  recv,
  SOCK_DGRAM,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  uint8_t,
  uint16_t,
  uint32_t,
  uint64_t,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const sock = check(socket(AF_INET, SOCK_DGRAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(0);
check(bind(sock, sin, sizeof(sin)), 'bind failed');
const addr_len = new socklen_t(sizeof(sin));
check(getsockname(sock, sin, addr_len), 'getsockname failed');
printf('bound to port %d\n', ntohs(sin.sin_port));

// Without conversion: a machine of the other kind puts the same two bytes together the other way round.
const number16 = new uint16_t();
let bytes = array(uint8_t, 2).at(number16);
check(recv(sock, number16, sizeof(number16), 0), 'recv failed');
const same_kind = number16.value;
const other_kind = ((number16.value & 255) << 8) | (number16.value >> 8);
printf('as it is: bytes %02x%02x, this kind of machine reads %d\n', bytes[0], bytes[1], same_kind);
printf('as it is: bytes %02x%02x, the other kind reads %d\n', bytes[0], bytes[1], other_kind);

// With conversion: network byte order is big-endian.
check(recv(sock, number16, sizeof(number16), 0), 'recv failed');
printf('16 bits: bytes %02x%02x, ntohs() gives %d\n', bytes[0], bytes[1], ntohs(number16.value));
const number32 = new uint32_t();
bytes = array(uint8_t, 4).at(number32);
check(recv(sock, number32, sizeof(number32), 0), 'recv failed');
printf('32 bits: bytes ');
for (let i = 0; i < sizeof(number32); i++) {
  printf('%02x', bytes[i]!);
}
printf(', ntohl() gives 0x%08x\n', ntohl(number32.value));
const number64 = new uint64_t();
bytes = array(uint8_t, 8).at(number64);
check(recv(sock, number64, sizeof(number64), 0), 'recv failed');
printf('64 bits: bytes ');
for (let i = 0; i < sizeof(number64); i++) {
  printf('%02x', bytes[i]!);
}
const is_sent = be64toh(number64.value) === 0x0a0b0c0d0e0f1011n;
printf(', be64toh() gives 0x0a0b0c0d0e0f1011: %s\n', is_sent ? 'yes' : 'no');
check(close(sock), 'close failed');
