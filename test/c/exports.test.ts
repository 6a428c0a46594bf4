// The exports of bsd-sockets/c: each name of the contract is there and of the right kind; those still missing are listed.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';

const names = (text: string): string[] => text.trim().split(/\s+/);
const linux = process.platform === 'linux';
const exported = c as unknown as Record<string, unknown>;

/** Names without an implementation yet. The test fails if one of them has one: remove it from this list then. */
const NOT_YET = names(`
  sigaction sigprocmask sigpending sigsuspend sigwait sigemptyset sigfillset sigaddset sigdelset sigismember
  kill raise alarm setitimer pause SIGRTMIN SIGRTMAX`);

const SCALARS = names(`
  char signed_char unsigned_char short unsigned_short int unsigned_int unsigned long unsigned_long long_long
  unsigned_long_long float double int8_t uint8_t int16_t uint16_t int32_t uint32_t int64_t uint64_t size_t ssize_t
  socklen_t sa_family_t in_port_t in_addr_t time_t suseconds_t off_t loff_t rlim_t pid_t uid_t gid_t`);

const STRUCTS = names(`
  sockaddr sockaddr_in sockaddr_in6 sockaddr_un sockaddr_storage in_addr in6_addr timeval timespec linger ip_mreq
  ip_mreqn ip_mreq_source ipv6_mreq group_req group_source_req in_pktinfo in6_pktinfo ucred xucred pollfd rlimit
  itimerval ifreq flock cmsghdr sigset_t tcp_info icmphdr icmp6_hdr icmp6_filter iphdr ip6_hdr udphdr tcphdr
  ether_header arphdr fd_set
  sockaddr_ll sockaddr_nl sockaddr_vm sockaddr_can sockaddr_alg sockaddr_xdp epoll_event sock_filter packet_mreq
  tpacket_stats sock_extended_err scm_timestamping sock_txtime nlmsghdr nlmsgerr nlattr rtattr rtgenmsg ifinfomsg
  ifaddrmsg rtmsg can_frame can_filter ethhdr sockaddr_ctl sockaddr_dl kevent`);
/** The other platform's: a class that says so when it is used. */
const LACKING = linux ? ['xucred', 'sockaddr_ctl', 'sockaddr_dl', 'kevent'] : [];

const POINTER_STRUCTS = names('iovec msghdr mmsghdr hostent servent protoent addrinfo ifaddrs ifconf sock_fprog');

const FUNCTIONS = names(`
  socket socketpair bind listen accept accept4 connect shutdown close getsockname getpeername sockatmark
  send sendto sendmsg sendmmsg recv recvfrom recvmsg recvmmsg read write readv writev sendfile splice
  getsockopt setsockopt
  fcntl ioctl dup dup2 dup3 pipe pipe2 vouch_ioctl
  select pselect poll ppoll FD_ZERO FD_SET FD_CLR FD_ISSET FD_COPY
  epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait kqueue kevent
  CMSG_FIRSTHDR CMSG_NXTHDR CMSG_DATA CMSG_SPACE CMSG_LEN CMSG_ALIGN
  NLMSG_ALIGN NLMSG_LENGTH NLMSG_SPACE NLMSG_DATA NLMSG_NEXT NLMSG_OK NLMSG_PAYLOAD
  RTA_DATA RTA_LENGTH RTA_NEXT RTA_OK RTA_PAYLOAD SO_EE_OFFENDER BPF_STMT BPF_JUMP
  ICMP6_FILTER_SETPASSALL ICMP6_FILTER_SETBLOCKALL ICMP6_FILTER_SETPASS ICMP6_FILTER_SETBLOCK
  ICMP6_FILTER_WILLPASS ICMP6_FILTER_WILLBLOCK
  htons htonl ntohs ntohl htobe16 htole16 be16toh le16toh htobe32 htole32 be32toh le32toh htobe64 htole64 be64toh
  le64toh
  inet_addr inet_aton inet_ntoa inet_pton inet_ntop inet_network inet_makeaddr inet_lnaof inet_netof
  IN6_IS_ADDR_UNSPECIFIED IN6_IS_ADDR_LOOPBACK IN6_IS_ADDR_MULTICAST IN6_IS_ADDR_LINKLOCAL IN6_IS_ADDR_SITELOCAL
  IN6_IS_ADDR_V4MAPPED IN6_IS_ADDR_V4COMPAT IN6_IS_ADDR_MC_NODELOCAL IN6_IS_ADDR_MC_LINKLOCAL
  IN6_IS_ADDR_MC_SITELOCAL IN6_IS_ADDR_MC_ORGLOCAL IN6_IS_ADDR_MC_GLOBAL IN6_ARE_ADDR_EQUAL IN_MULTICAST
  SUN_LEN ether_ntoa ether_aton
  gethostbyname gethostbyname2 gethostbyaddr getaddrinfo freeaddrinfo gai_strerror getnameinfo getservbyname
  getservbyport getservent getprotobyname getprotobynumber getprotoent hstrerror herror gethostname
  if_nametoindex if_indextoname if_nameindex if_freenameindex getifaddrs freeifaddrs
  set_errno perror strerror strerrorname_np signal
  sigaction sigprocmask sigpending sigsuspend sigwait sigemptyset sigfillset sigaddset sigdelset sigismember kill
  raise alarm setitimer pause
  getrlimit setrlimit
  memset memcpy memmove memcmp strlen strcpy strncpy strcmp strncmp sizeof offsetof abort exit sleep usleep MAX MIN
  printf fprintf flags struct union array`);

const NUMBERS = names(`
  errno h_errno SOMAXCONN IOV_MAX UIO_MAXIOV INET_ADDRSTRLEN INET6_ADDRSTRLEN IF_NAMESIZE IFNAMSIZ NI_MAXHOST
  NI_MAXSERV HOST_NOT_FOUND TRY_AGAIN NO_RECOVERY NO_DATA NO_ADDRESS IPPORT_RESERVED FD_SETSIZE
  AF_INET PF_INET SOCK_STREAM SOL_SOCKET SO_REUSEADDR SCM_RIGHTS MSG_PEEK SHUT_RD IPPROTO_TCP IP_TTL IPV6_V6ONLY
  MCAST_JOIN_GROUP IPTOS_LOWDELAY TCP_NODELAY INADDR_ANY IFF_UP SIOCGIFCONF SIOCATMARK SIOCGIFADDR SIOCGIFMTU FIONREAD
  EAGAIN EAI_NONAME AI_PASSIVE NI_NUMERICHOST F_GETFL FD_CLOEXEC O_NONBLOCK POLLIN SIGINT SA_RESTART SI_USER
  ITIMER_REAL CLOCK_REALTIME RLIMIT_NOFILE SIGRTMIN SIGRTMAX`).filter((name) => !NOT_YET.includes(name));

/** One of each prefix that the page names, which Linux alone has. */
const LINUX_NUMBERS = names(`
  SOF_TIMESTAMPING_SOFTWARE ICMP_ECHO ICMP6_ECHO_REQUEST ICMPV6_FILTER TCPI_OPT_SACK UDP_SEGMENT TUNSETIFF EPOLLIN
  SPLICE_F_MOVE PACKET_HOST ETH_P_ALL ARPHRD_LOOPBACK ARPOP_REQUEST BPF_RET NETLINK_ROUTE NLM_F_REQUEST NLMSG_DONE
  NLA_F_NESTED RTM_GETLINK RTMGRP_LINK RTN_UNICAST RTPROT_KERNEL RT_SCOPE_UNIVERSE RT_TABLE_MAIN RTA_DST IFLA_IFNAME
  IFA_LOCAL NDA_DST NUD_REACHABLE SOCK_DIAG_BY_FAMILY INET_DIAG_INFO VMADDR_CID_ANY CAN_RAW_FILTER ALG_SET_KEY
  XDP_UMEM_REG TLS_TX TIPC_ADDR_NAME SCTP_NODELAY MPTCP_INFO SIOCGIFINDEX SIOCETHTOOL`);

const isType = (x: unknown): boolean =>
  typeof x === 'function' &&
  typeof (x as { size?: unknown }).size === 'number' &&
  typeof (x as { alignment?: unknown }).alignment === 'number';

describe('bsd-sockets/c exports every name of the contract', () => {
  test.each(SCALARS)('%s is a box', (name) => {
    const Box = exported[name] as { new (value: number): { value: number | bigint; byteLength: number }; size: number };
    expect(isType(Box)).toBe(true);
    const box = new Box(1);
    expect({ value: Number(box.value), bytes: box.byteLength }).toEqual({ value: 1, bytes: Box.size });
  });

  test.each(STRUCTS)('%s is a struct', (name) => {
    const Struct = exported[name] as { new (): { byteLength: number }; size: number };
    expect(isType(Struct)).toBe(true);
    if (LACKING.includes(name)) expect(() => new Struct()).toThrow(TypeError);
    else expect(new Struct().byteLength).toBe(Struct.size);
  });

  test.each(POINTER_STRUCTS)('%s is a class with a C size', (name) => {
    const Class = exported[name] as { new (init?: object): object; size: number };
    const instance = new Class({});
    expect(c.sizeof(Class as never)).toBe(c.sizeof(instance as never));
    expect(Class.size).toBeGreaterThan(8);
    expect(() => new Class({ no_such_field: 1 })).toThrow(TypeError);
    expect(c.memset(instance as never, 0, Class.size)).toBe(instance);
  });

  test.each(FUNCTIONS.filter((name) => !NOT_YET.includes(name)))('%s is a function', (name) => {
    expect(typeof exported[name]).toBe('function');
  });

  test.each(NUMBERS)('%s is a number', (name) => {
    expect(typeof exported[name]).toBe('number');
  });

  test.runIf(linux).each(LINUX_NUMBERS)('%s is a number', (name) => {
    expect(typeof exported[name]).toBe('number');
  });

  test('in6addr_any, in6addr_loopback, NULL, stdout, stderr, pointer, SIG_DFL, SIG_IGN, SIG_ERR, RLIM_INFINITY', () => {
    expect(c.IN6_IS_ADDR_UNSPECIFIED(c.in6addr_any)).toBe(1);
    expect(c.IN6_IS_ADDR_LOOPBACK(c.in6addr_loopback)).toBe(1);
    expect(c.NULL).toBe(null);
    expect(c.stdout).toBeDefined();
    expect(c.stderr).toBeDefined();
    expect(new c.pointer<number>(3).value).toBe(3);
    expect(new c.pointer().value).toBe(null);
    expect(c.pointer.size).toBe(c.size_t.size);
    expect(c.SIG_DFL).toBeDefined();
    expect(c.SIG_IGN).toBeDefined();
    expect(c.SIG_ERR).toBeDefined();
    expect(typeof c.RLIM_INFINITY).toBe('bigint');
  });
});

describe('the list of missing names', () => {
  // `sigaction` will be a type as well.
  test.each(NOT_YET)('%s is missing indeed', (name) => expect(exported[name]).toBeUndefined());
});

describe.runIf(linux)('functions of the other platform fail with ENOSYS', () => {
  test('kqueue and kevent fail with ENOSYS on Linux', () => {
    c.set_errno(0);
    expect(c.kqueue()).toBe(-1);
    expect(c.errno).toBe(c.ENOSYS);
    c.set_errno(0);
    expect(c.kevent(0, null, 0, null, 0, null)).toBe(-1);
    expect(c.errno).toBe(c.ENOSYS);
  });
});
