// Lecture, section 4: endianness. Which are you on? Then sends numbers without and with conversion.
import {
  AF_INET,
  abort,
  array,
  close,
  connect,
  exit,
  fprintf,
  htobe64,
  htonl,
  htons,
  inet_addr,
  memset,
  perror,
  printf,
  SOCK_DGRAM,
  send,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  uint8_t,
  uint16_t,
  uint32_t,
  uint64_t,
  union,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const argv = process.argv.slice(1);
if (argv.length < 2) {
  fprintf(stderr, 'which port is the receiver bound to?\n');
  exit(2);
}

// Which are you on?
const test = new (union('test', {
  number: uint16_t,
  bytes: array(uint8_t, 2),
}))();
test.number = 0x0a0b;
printf('%02x%02x\n', test.bytes[0], test.bytes[1]);
printf('this machine is %s-endian\n', test.bytes[0] === 0x0a ? 'big' : 'little');
printf('htons(0x0A0B) in memory: ');
test.number = htons(0x0a0b);
printf('%02x%02x\n', test.bytes[0], test.bytes[1]);

const sock = check(socket(AF_INET, SOCK_DGRAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(Number(argv[1]));
check(connect(sock, sin, sizeof(sin)), 'connection failed');

const number16 = new uint16_t(256);
check(send(sock, number16, sizeof(number16), 0), 'send failed');
printf('sent 256 as it is\n');
number16.value = htons(256);
check(send(sock, number16, sizeof(number16), 0), 'send failed');
printf('sent htons(256)\n');
const number32 = new uint32_t(htonl(0x0a0b0c0d));
check(send(sock, number32, sizeof(number32), 0), 'send failed');
printf('sent htonl(0x0A0B0C0D)\n');
const number64 = new uint64_t(htobe64(0x0a0b0c0d0e0f1011n));
check(send(sock, number64, sizeof(number64), 0), 'send failed');
printf('sent htobe64(0x0A0B0C0D0E0F1011)\n');
check(close(sock), 'close failed');
