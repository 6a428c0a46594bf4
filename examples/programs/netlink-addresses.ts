// Program: netlink-addresses, lists this machine's addresses, as the kernel tells them over netlink. Linux.
import {
  AF_INET6,
  AF_NETLINK,
  AF_UNSPEC,
  array,
  bind,
  char,
  close,
  exit,
  flags,
  fprintf,
  IF_NAMESIZE,
  IFA_ADDRESS,
  IFA_LOCAL,
  INET6_ADDRSTRLEN,
  if_indextoname,
  ifaddrmsg,
  inet_ntop,
  int,
  iovec,
  MSG_TRUNC,
  memset,
  msghdr,
  NETLINK_ROUTE,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  NLMSG_ALIGN,
  NLMSG_DATA,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_LENGTH,
  NLMSG_NEXT,
  NLMSG_OK,
  NLMSG_PAYLOAD,
  NULL,
  nlmsgerr,
  nlmsghdr,
  type Pointer,
  perror,
  printf,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_SITE,
  RT_SCOPE_UNIVERSE,
  RTA_DATA,
  RTA_NEXT,
  RTA_OK,
  RTM_GETADDR,
  RTM_NEWADDR,
  recvmsg,
  rtattr,
  SOCK_CLOEXEC,
  SOCK_RAW,
  sendmsg,
  sizeof,
  sockaddr_nl,
  socket,
  stderr,
  strerror,
  struct,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

function scope_name(scope: number): string {
  switch (scope) {
    case RT_SCOPE_UNIVERSE:
      return 'global';
    case RT_SCOPE_SITE:
      return 'site';
    case RT_SCOPE_LINK:
      return 'link';
    case RT_SCOPE_HOST:
      return 'host';
    default:
      return 'nowhere';
  }
}

const request_type = struct('request', {
  nh: nlmsghdr,
  ifa: ifaddrmsg,
});

function request(sock: number, seq: number): void {
  const req = new request_type();
  memset(req, 0, sizeof(req));
  req.nh.nlmsg_len = NLMSG_LENGTH(sizeof(ifaddrmsg));
  req.nh.nlmsg_type = RTM_GETADDR!;
  req.nh.nlmsg_flags = flags(NLM_F_REQUEST, NLM_F_DUMP);
  req.nh.nlmsg_seq = seq;
  req.ifa.ifa_family = AF_UNSPEC;
  const kernel = new sockaddr_nl();
  memset(kernel, 0, sizeof(kernel));
  kernel.nl_family = AF_NETLINK!;
  const iov = new iovec({ iov_base: req, iov_len: req.nh.nlmsg_len });
  const msg = new msghdr({ msg_name: kernel, msg_namelen: sizeof(kernel), msg_iov: iov, msg_iovlen: 1 });
  if (sendmsg(sock, msg, 0) < 0) die('sendmsg');
}

function show(nh: nlmsghdr): void {
  const ifa = ifaddrmsg.at(NLMSG_DATA(nh));
  let rta = rtattr.at(NLMSG_DATA(nh), NLMSG_ALIGN(sizeof(ifaddrmsg)));
  const rtalen = new int(NLMSG_PAYLOAD(nh, sizeof(ifaddrmsg)));
  let address: Pointer = NULL;
  let local: Pointer = NULL;
  for (; RTA_OK(rta, rtalen); rta = RTA_NEXT(rta, rtalen)) {
    if (rta.rta_type === IFA_ADDRESS) address = RTA_DATA(rta);
    if (rta.rta_type === IFA_LOCAL) local = RTA_DATA(rta);
  }
  if (local === NULL) local = address; // IPv6 has the first one alone
  const name = new (array(char, IF_NAMESIZE))();
  const text = new (array(char, INET6_ADDRSTRLEN))();
  if (if_indextoname(ifa.ifa_index, name) === NULL) die('if_indextoname');
  if (local === NULL || inet_ntop(ifa.ifa_family, local, text, sizeof(text)) === NULL) die('inet_ntop');
  printf(
    '%u: %s %s %s/%d scope %s\n',
    ifa.ifa_index,
    name,
    ifa.ifa_family === AF_INET6 ? 'inet6' : 'inet',
    text,
    ifa.ifa_prefixlen,
    scope_name(ifa.ifa_scope),
  );
}

// One datagram holds several messages. Gives 1 after the last one.
function take(sock: number, seq: number): number {
  const buf = new (array(char, 8192))();
  const from = new sockaddr_nl();
  const iov = new iovec({ iov_base: buf, iov_len: sizeof(buf) });
  const msg = new msghdr({ msg_name: from, msg_namelen: sizeof(from), msg_iov: iov, msg_iovlen: 1 });
  const len = new int(recvmsg(sock, msg, 0));
  if (len.value < 0) die('recvmsg');
  if (msg.msg_flags & MSG_TRUNC) {
    fprintf(stderr, 'a message is larger than %d bytes\n', sizeof(buf));
    exit(1);
  }
  if (from.nl_pid !== 0) return 0; // not from the kernel

  for (let nh = nlmsghdr.at(buf); NLMSG_OK(nh, len); nh = NLMSG_NEXT(nh, len)) {
    if (nh.nlmsg_seq !== seq) continue;
    if (nh.nlmsg_type === NLMSG_DONE) return 1;
    if (nh.nlmsg_type === NLMSG_ERROR) {
      const err = nlmsgerr.at(NLMSG_DATA(nh));
      fprintf(stderr, 'the kernel says: %s\n', strerror(-err.error));
      exit(1);
    }
    if (nh.nlmsg_type === RTM_NEWADDR) show(nh);
  }
  return 0;
}

const sock = socket(AF_NETLINK!, flags(SOCK_RAW, SOCK_CLOEXEC), NETLINK_ROUTE!);
if (sock < 0) die('socket');
const local = new sockaddr_nl();
memset(local, 0, sizeof(local));
local.nl_family = AF_NETLINK!;
if (bind(sock, local, sizeof(local)) < 0) die('bind');

const seq = 1;
request(sock, seq);
while (!take(sock, seq)) {}
close(sock);
