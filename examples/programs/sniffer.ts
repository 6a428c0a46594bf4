// Program: sniffer, shows the UDP packets to a port on an interface; a BPF filter in the kernel picks them. Linux.
import {
  AF_INET,
  AF_PACKET,
  array,
  BPF_ABS,
  BPF_B,
  BPF_H,
  BPF_IND,
  BPF_JEQ,
  BPF_JMP,
  BPF_JSET,
  BPF_JUMP,
  BPF_K,
  BPF_LD,
  BPF_LDX,
  BPF_MSH,
  BPF_RET,
  BPF_STMT,
  bind,
  type CharArray,
  char,
  close,
  ETH_P_ALL,
  ETH_P_IP,
  ethhdr,
  exit,
  fprintf,
  getsockopt,
  htons,
  INET_ADDRSTRLEN,
  IPPROTO_UDP,
  if_nametoindex,
  in_addr,
  inet_ntop,
  iphdr,
  MSG_TRUNC,
  memset,
  ntohs,
  offsetof,
  PACKET_OUTGOING,
  PACKET_STATISTICS,
  perror,
  printf,
  recvfrom,
  SO_ATTACH_FILTER,
  SOCK_RAW,
  SOL_PACKET,
  SOL_SOCKET,
  setsockopt,
  sizeof,
  sock_filter,
  sock_fprog,
  sockaddr_ll,
  socket,
  socklen_t,
  stderr,
  tpacket_stats,
  udphdr,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

// What `tcpdump -d udp dst port N and ip` says: which frames to keep, decided by their bytes.
function attach_filter(sock: number, port: number): void {
  const code = new (array(sock_filter, 11))([
    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12), // the frame's protocol
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP!, 0, 8), // IPv4, or no
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23), // the packet's protocol
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 6), // UDP, or no
    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 20), // its place among fragments
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0), // the first one, or no
    BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14), // the IP header's length
    BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16), // the port behind it
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1), // ours, or no
    BPF_STMT(BPF_RET | BPF_K, 0x40000), // yes: the whole packet
    BPF_STMT(BPF_RET | BPF_K, 0), // no: nothing of it
  ]);
  const fprog = new sock_fprog({ len: sizeof(code) / sizeof(code[0]), filter: code });
  if (setsockopt(sock, SOL_SOCKET, SO_ATTACH_FILTER!, fprog, sizeof(fprog)) < 0) die('SO_ATTACH_FILTER');
}

function show(frame: CharArray, length: number): void {
  const ip = iphdr.at(frame, sizeof(ethhdr));
  const header = sizeof(ethhdr) + (ip.ihl << 2);
  const udp = udphdr.at(frame, header);
  const data = frame.subarray(header + sizeof(udphdr));
  const from = new (array(char, INET_ADDRSTRLEN))();
  const to = new (array(char, INET_ADDRSTRLEN))();
  inet_ntop(AF_INET, in_addr.at(ip, offsetof(iphdr, 'saddr')), from, sizeof(from));
  inet_ntop(AF_INET, in_addr.at(ip, offsetof(iphdr, 'daddr')), to, sizeof(to));
  const data_length = ntohs(udp.len!) - sizeof(udphdr);
  printf(
    '%s:%d > %s:%d ttl %d, %d of %d bytes: %.*s\n',
    from,
    ntohs(udp.source!),
    to,
    ntohs(udp.dest!),
    ip.ttl,
    data_length,
    length,
    data_length,
    data,
  );
}

const argv = process.argv.slice(1);
if (argv.length < 3 || argv.length > 4) {
  fprintf(stderr, 'usage: sniffer interface port [count]\n');
  exit(2);
}
const port = Number(argv[2]);
const count = argv.length > 3 ? Number(argv[3]) : 0; // it ends when it has seen so many; 0: never

// With protocol 0 nothing comes until the filter is in place.
const sock = socket(AF_PACKET!, SOCK_RAW, 0);
if (sock < 0) die('socket');
attach_filter(sock, port);
const addr = new sockaddr_ll();
memset(addr, 0, sizeof(addr));
addr.sll_family = AF_PACKET!;
addr.sll_protocol = htons(ETH_P_ALL!);
addr.sll_ifindex = if_nametoindex(argv[1]!);
if (addr.sll_ifindex === 0) die(argv[1]!);
if (bind(sock, addr, sizeof(addr)) < 0) die('bind');
printf('listening on %s for UDP to port %d\n', argv[1]!, port);

const frame = new (array(char, 65536))();
let seen = 0;
while (count === 0 || seen < count) {
  const from = new sockaddr_ll();
  const fromlen = new socklen_t(sizeof(from));
  const length = recvfrom(sock, frame, sizeof(frame), MSG_TRUNC, from, fromlen);
  if (length < 0) die('recvfrom');
  if (from.sll_pkttype === PACKET_OUTGOING) continue; // the loopback interface shows each packet twice
  show(frame, length);
  seen++;
}

const stats = new tpacket_stats();
const statslen = new socklen_t(sizeof(stats));
if (getsockopt(sock, SOL_PACKET!, PACKET_STATISTICS!, stats, statslen) < 0) die('PACKET_STATISTICS');
printf('%u frames passed the filter, %u were dropped\n', stats.tp_packets, stats.tp_drops);
close(sock);
