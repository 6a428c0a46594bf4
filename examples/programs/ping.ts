// Program: ping, an ICMP echo client on a raw socket.
import {
  AF_INET,
  addrinfo,
  array,
  type CharArray,
  char,
  close,
  exit,
  fprintf,
  freeaddrinfo,
  gai_strerror,
  getaddrinfo,
  htons,
  ICMP_ECHO,
  ICMP_ECHOREPLY,
  IP_TTL,
  IPPROTO_ICMP,
  IPPROTO_IP,
  icmphdr,
  in_addr,
  inet_ntoa,
  int,
  iphdr,
  memset,
  NULL,
  ntohs,
  POLLIN,
  type Pointee,
  perror,
  pointer,
  poll,
  pollfd,
  printf,
  recvfrom,
  SOCK_RAW,
  sendto,
  setsockopt,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  struct,
  uint8_t,
  uint16_t,
} from 'bsd-sockets/c';

const DATA_LEN = 56;

const packet_type = struct('packet', {
  hdr: icmphdr,
  data: array(uint8_t, DATA_LEN),
});

function die(what: string): never {
  perror(what);
  exit(1);
}

// In milliseconds.
function now(): number {
  return performance.now();
}

// The Internet checksum of an even number of bytes.
function checksum(memory: Pointee, length: number): number {
  const words = array(uint16_t, length / 2).at(memory);
  let sum = 0;
  for (let i = 0; i < length / 2; i++) sum += words[i]!;
  while (sum >> 16) sum = (sum >> 16) + (sum & 0xffff);
  return ~sum & 0xffff;
}

// Is it the reply to our request number seq? If so, says so.
function is_reply(buf: CharArray, received: number, id: number, seq: number, sent: number): number {
  const ip = iphdr.at(buf);
  const header = ip.ihl << 2;
  if (received < header + sizeof(icmphdr)) return 0;
  const icmp = icmphdr.at(buf, header);
  if (icmp.type !== ICMP_ECHOREPLY || ntohs(icmp.un.echo.id) !== id || ntohs(icmp.un.echo.sequence) !== seq) return 0;
  if (checksum(buf.subarray(header), received - header) !== 0) return 0;
  const from = new in_addr();
  from.s_addr = ip.saddr;
  printf(
    '%d bytes from %s: icmp_seq=%d ttl=%d time=%.3f ms\n',
    received - header,
    inet_ntoa(from),
    seq,
    ip.ttl,
    now() - sent,
  );
  return 1;
}

const argv = process.argv.slice(1);
if (argv.length < 2 || argv.length > 4) {
  fprintf(stderr, 'usage: ping host [count [milliseconds]]\n');
  exit(2);
}
const count = argv.length > 2 ? Number(argv[2]) : 4;
const interval = argv.length > 3 ? Number(argv[3]) : 1000;

const hints = new addrinfo();
const res = new pointer<addrinfo>();
memset(hints, 0, sizeof(hints));
hints.ai_family = AF_INET;
hints.ai_socktype = SOCK_RAW;
hints.ai_protocol = IPPROTO_ICMP;
const error = getaddrinfo(argv[1]!, NULL, hints, res);
if (error !== 0) {
  fprintf(stderr, '%s: %s\n', argv[1]!, gai_strerror(error));
  exit(1);
}
const ai = res.value!;
const dest = sockaddr_in.at(ai.ai_addr);

const sock = socket(ai.ai_family, ai.ai_socktype, ai.ai_protocol);
if (sock < 0) die('socket');
const ttl = new int(64);
if (setsockopt(sock, IPPROTO_IP, IP_TTL, ttl, sizeof(ttl)) < 0) die('setsockopt');
printf('PING %s (%s): %d data bytes\n', argv[1]!, inet_ntoa(dest.sin_addr), DATA_LEN);

const id = process.pid & 0xffff;
let received_count = 0;
const packet = new packet_type();
const buf = new (array(char, 1500))();
for (let seq = 0; seq < count; seq++) {
  memset(packet, 0, sizeof(packet));
  packet.hdr.type = ICMP_ECHO;
  packet.hdr.un.echo.id = htons(id);
  packet.hdr.un.echo.sequence = htons(seq);
  for (let i = 0; i < DATA_LEN; i++) packet.data[i] = i;
  packet.hdr.checksum = checksum(packet, sizeof(packet));
  const sent = now();
  if (sendto(sock, packet, sizeof(packet), 0, ai.ai_addr, ai.ai_addrlen) < 0) die('sendto');

  // A raw socket hears all ICMP that comes to this machine: the reply is among it.
  let replied = 0;
  let left: number;
  while (!replied && (left = sent + interval - now()) > 0) {
    const pfd = new pollfd({ fd: sock, events: POLLIN });
    const ready = poll(pfd, 1, Math.trunc(left) + 1);
    if (ready < 0) die('poll');
    if (ready === 0) break;
    const received = recvfrom(sock, buf, sizeof(buf), 0, NULL, NULL);
    if (received < 0) die('recvfrom');
    replied = is_reply(buf, received, id, seq, sent);
  }
  if (replied) received_count++;
  left = sent + interval - now();
  if (seq < count - 1 && left > 0) poll(NULL, 0, Math.trunc(left));
}
freeaddrinfo(res.value);
close(sock);

printf('--- %s ping statistics ---\n', argv[1]!);
printf(
  '%d packets transmitted, %d received, %d%% packet loss\n',
  count,
  received_count,
  Math.trunc(((count - received_count) * 100) / count),
);
exit(received_count > 0 ? 0 : 1);
