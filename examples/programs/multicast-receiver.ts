// Program: multicast-receiver, joins a group and shows who says what to it, and over which interface.
import {
  AF_INET,
  array,
  bind,
  CMSG_DATA,
  CMSG_FIRSTHDR,
  CMSG_NXTHDR,
  CMSG_SPACE,
  char,
  close,
  exit,
  fprintf,
  getsockname,
  htons,
  IF_NAMESIZE,
  IN_MULTICAST,
  IP_ADD_MEMBERSHIP,
  IP_DROP_MEMBERSHIP,
  IP_PKTINFO,
  IP_RECVTTL,
  IP_TTL,
  IPPROTO_IP,
  if_indextoname,
  type in_addr,
  in_pktinfo,
  inet_aton,
  inet_ntoa,
  int,
  iovec,
  ip_mreq,
  MSG_TRUNC,
  memcpy,
  memset,
  msghdr,
  NULL,
  ntohl,
  ntohs,
  perror,
  printf,
  recvmsg,
  SO_REUSEADDR,
  SOCK_DGRAM,
  SOL_SOCKET,
  setsockopt,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  stderr,
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

function show(msg: msghdr, received: number): void {
  const from = msg.msg_name as sockaddr_in;
  const iov = msg.msg_iov as iovec;
  printf('from %s', inet_ntoa(from.sin_addr));
  for (let cmsg = CMSG_FIRSTHDR(msg); cmsg !== NULL; cmsg = CMSG_NXTHDR(msg, cmsg)) {
    if (cmsg.cmsg_level === IPPROTO_IP && cmsg.cmsg_type === IP_PKTINFO) {
      const info = in_pktinfo.at(CMSG_DATA(cmsg));
      const name = new (array(char, IF_NAMESIZE))();
      if (if_indextoname(info.ipi_ifindex, name) === NULL) die('if_indextoname');
      printf(' to %s on %s', inet_ntoa(info.ipi_addr), name);
    }
    if (cmsg.cmsg_level === IPPROTO_IP && cmsg.cmsg_type === IP_TTL) {
      const ttl = new int();
      memcpy(ttl, CMSG_DATA(cmsg), sizeof(ttl));
      printf(' with ttl %d', ttl.value);
    }
  }
  printf(': %.*s%s\n', received, iov.iov_base, msg.msg_flags & MSG_TRUNC ? ' ...' : '');
}

const argv = process.argv.slice(1);
if (argv.length < 3 || argv.length > 5) {
  fprintf(stderr, 'usage: multicast-receiver group interface-address [port [count]]\n');
  exit(2);
}
const mreq = new ip_mreq();
parse(argv[1]!, mreq.imr_multiaddr);
parse(argv[2]!, mreq.imr_interface);
const port = argv.length > 3 ? Number(argv[3]) : 0;
const count = argv.length > 4 ? Number(argv[4]) : 0; // it ends after so many; 0: never
if (!IN_MULTICAST(ntohl(mreq.imr_multiaddr.s_addr))) {
  fprintf(stderr, '%s is no multicast address\n', argv[1]!);
  exit(2);
}

const sock = socket(AF_INET, SOCK_DGRAM, 0);
if (sock < 0) die('socket');
const on = new int(1);
if (setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, on, sizeof(on)) < 0) die('SO_REUSEADDR');
if (setsockopt(sock, IPPROTO_IP, IP_PKTINFO, on, sizeof(on)) < 0) die('IP_PKTINFO');
if (setsockopt(sock, IPPROTO_IP, IP_RECVTTL, on, sizeof(on)) < 0) die('IP_RECVTTL');

// Bound to the group: what is sent to this machine alone does not come.
const addr = new sockaddr_in();
memset(addr, 0, sizeof(addr));
addr.sin_family = AF_INET;
addr.sin_addr = mreq.imr_multiaddr;
addr.sin_port = htons(port);
if (bind(sock, addr, sizeof(addr)) < 0) die('bind');
if (setsockopt(sock, IPPROTO_IP, IP_ADD_MEMBERSHIP, mreq, sizeof(mreq)) < 0) die('IP_ADD_MEMBERSHIP');
const addrlen = new socklen_t(sizeof(addr));
if (getsockname(sock, addr, addrlen) < 0) die('getsockname');
printf('member of %s on port %d\n', inet_ntoa(addr.sin_addr), ntohs(addr.sin_port));

const buf = new (array(char, 32))();
const control = new (array(char, CMSG_SPACE(sizeof(in_pktinfo)) + CMSG_SPACE(sizeof(int))))();
const from = new sockaddr_in();
const iov = new iovec({ iov_base: buf, iov_len: sizeof(buf) });
const msg = new msghdr();
for (let seen = 0; count === 0 || seen < count; seen++) {
  memset(msg, 0, sizeof(msg));
  msg.msg_name = from;
  msg.msg_namelen = sizeof(from);
  msg.msg_iov = iov;
  msg.msg_iovlen = 1;
  msg.msg_control = control;
  msg.msg_controllen = sizeof(control);
  const received = recvmsg(sock, msg, 0);
  if (received < 0) die('recvmsg');
  show(msg, received);
}
if (setsockopt(sock, IPPROTO_IP, IP_DROP_MEMBERSHIP, mreq, sizeof(mreq)) < 0) die('IP_DROP_MEMBERSHIP');
close(sock);
