// Program: multicast-sender, says something to a group.
import {
  AF_INET,
  close,
  exit,
  fprintf,
  htons,
  IP_MULTICAST_IF,
  IP_MULTICAST_LOOP,
  IP_MULTICAST_TTL,
  IPPROTO_IP,
  in_addr,
  inet_aton,
  inet_ntoa,
  memset,
  perror,
  printf,
  SOCK_DGRAM,
  sendto,
  setsockopt,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  strlen,
  unsigned_char,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

function parse(text: string, addr: in_addr): void {
  if (inet_aton(text, addr) === 0) {
    fprintf(stderr, '%s is no IPv4 address\n', text);
    exit(2);
  }
}

const argv = process.argv.slice(1);
if (argv.length < 5) {
  fprintf(stderr, 'usage: multicast-sender group interface-address port message...\n');
  exit(2);
}
const group = new sockaddr_in();
const interface_addr = new in_addr();
memset(group, 0, sizeof(group));
group.sin_family = AF_INET;
parse(argv[1]!, group.sin_addr);
parse(argv[2]!, interface_addr);
group.sin_port = htons(Number(argv[3]));

const sock = socket(AF_INET, SOCK_DGRAM, 0);
if (sock < 0) die('socket');
if (setsockopt(sock, IPPROTO_IP, IP_MULTICAST_IF, interface_addr, sizeof(interface_addr)) < 0) die('IP_MULTICAST_IF');
const ttl = new unsigned_char(1); // not beyond the next router
if (setsockopt(sock, IPPROTO_IP, IP_MULTICAST_TTL, ttl, sizeof(ttl)) < 0) die('IP_MULTICAST_TTL');
const loop = new unsigned_char(1); // the members on this machine too
if (setsockopt(sock, IPPROTO_IP, IP_MULTICAST_LOOP, loop, sizeof(loop)) < 0) die('IP_MULTICAST_LOOP');

for (let i = 4; i < argv.length; i++) {
  const sent = sendto(sock, argv[i]!, strlen(argv[i]!), 0, group, sizeof(group));
  if (sent < 0) die('sendto');
  printf('%d bytes to %s\n', sent, inet_ntoa(group.sin_addr));
}
close(sock);
