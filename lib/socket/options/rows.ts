// The socket options, a row each: the level, the number, and the codec, which says the C type. A row is a constant that carries its level
// and the types of its value.
import * as c from '../../generated/constants.js';
import {
  filter,
  flag,
  ids,
  inet,
  int,
  linger,
  longBytes,
  longText,
  membership,
  membership6,
  milliseconds,
  NOTHING,
  pendingError,
  readOnly,
  tcpInfo,
  text,
  timeval,
  u32,
  u64,
  ucred,
} from './codecs.js';
import { type Level, optional, row } from './table.js';

export type { Credentials, FilterInstruction, Linger, Membership, TcpInfo } from './codecs.js';
export type { GetOf, Level, LevelOf, Option, SetOf } from './table.js';

// ---- Levels

/** Options of every socket. */
export const SOL_SOCKET = c.SOL_SOCKET as Level<'SOL_SOCKET'>;
/** Options of IPv4. */
export const IPPROTO_IP = c.IPPROTO_IP as Level<'IPPROTO_IP'>;
/** Options of IPv6. */
export const IPPROTO_IPV6 = c.IPPROTO_IPV6 as Level<'IPPROTO_IPV6'>;
/** Options of TCP. */
export const IPPROTO_TCP = c.IPPROTO_TCP as Level<'IPPROTO_TCP'>;
/** Options of UDP. */
export const IPPROTO_UDP = c.IPPROTO_UDP as Level<'IPPROTO_UDP'>;

// ---- SOL_SOCKET

/** Whether a bound address may be bound again while old connections linger. socket(7) */
export const SO_REUSEADDR = row(SOL_SOCKET, c.SO_REUSEADDR, flag);
/** Several sockets on one port; Linux spreads the load. socket(7) */
export const SO_REUSEPORT = row(SOL_SOCKET, c.SO_REUSEPORT, flag);
/** Datagrams may go to a broadcast address. socket(7) */
export const SO_BROADCAST = row(SOL_SOCKET, c.SO_BROADCAST, flag);
/** Probes on an idle connection. socket(7) */
export const SO_KEEPALIVE = row(SOL_SOCKET, c.SO_KEEPALIVE, flag);
/** How long close() waits for unsent data; `{ seconds: 0 }` resets the connection. socket(7) */
export const SO_LINGER = row(SOL_SOCKET, c.SO_LINGER, linger);
/** Out-of-band data stays in the stream. socket(7) */
export const SO_OOBINLINE = row(SOL_SOCKET, c.SO_OOBINLINE, flag);
/** No gateway: only hosts that are directly connected. socket(7) */
export const SO_DONTROUTE = row(SOL_SOCKET, c.SO_DONTROUTE, flag);
/** The receive buffer in bytes. Linux doubles what is set. socket(7) */
export const SO_RCVBUF = row(SOL_SOCKET, c.SO_RCVBUF, int);
/** The send buffer in bytes. Linux doubles what is set. socket(7) */
export const SO_SNDBUF = row(SOL_SOCKET, c.SO_SNDBUF, int);
/** The fewest bytes that wake a receiver. socket(7) */
export const SO_RCVLOWAT = row(SOL_SOCKET, c.SO_RCVLOWAT, int);
/** The fewest bytes that wake a sender. Linux: cannot be set. socket(7) */
export const SO_SNDLOWAT = row(SOL_SOCKET, c.SO_SNDLOWAT, int);
/** How long a call may wait to receive, in milliseconds; 0: for ever. socket(7) */
export const SO_RCVTIMEO = row(SOL_SOCKET, c.SO_RCVTIMEO, timeval);
/** How long a call may wait to send, in milliseconds; 0: for ever. socket(7) */
export const SO_SNDTIMEO = row(SOL_SOCKET, c.SO_SNDTIMEO, timeval);
/** The error that waited on the socket, or null; asking clears it. socket(7) */
export const SO_ERROR = row(SOL_SOCKET, c.SO_ERROR, pendingError);
/** The socket's type. socket(7) */
export const SO_TYPE = row(SOL_SOCKET, c.SO_TYPE, readOnly(int));
/** Whether the socket listens. socket(7) */
export const SO_ACCEPTCONN = row(SOL_SOCKET, c.SO_ACCEPTCONN, readOnly(flag));
/** Whether received messages carry a timestamp. socket(7) */
export const SO_TIMESTAMP = row(SOL_SOCKET, c.SO_TIMESTAMP, flag);
/** The same, in nanoseconds. Linux. socket(7) */
export const SO_TIMESTAMPNS = optional(SOL_SOCKET, c.SO_TIMESTAMPNS, flag);
/** The socket's domain. Linux. socket(7) */
export const SO_DOMAIN = optional(SOL_SOCKET, c.SO_DOMAIN, readOnly(int));
/** The socket's protocol. Linux. socket(7) */
export const SO_PROTOCOL = optional(SOL_SOCKET, c.SO_PROTOCOL, readOnly(int));
/** The interface that the socket is bound to, by name; '' for none. Linux. socket(7) */
export const SO_BINDTODEVICE = optional(SOL_SOCKET, c.SO_BINDTODEVICE, text(c.IFNAMSIZ));
/** The mark of the socket's packets. Linux. socket(7) */
export const SO_MARK = optional(SOL_SOCKET, c.SO_MARK, u32);
/** The priority of the socket's packets. Linux. socket(7) */
export const SO_PRIORITY = optional(SOL_SOCKET, c.SO_PRIORITY, u32);
/** Received messages carry the sender's credentials. Linux. unix(7) */
export const SO_PASSCRED = optional(SOL_SOCKET, c.SO_PASSCRED, flag);
/** Who made the peer's end of a Unix connection. Linux. unix(7) */
export const SO_PEERCRED = optional(SOL_SOCKET, c.SO_PEERCRED, ucred);
/** Received messages carry a descriptor of the sending process. Linux. unix(7) */
export const SO_PASSPIDFD = optional(SOL_SOCKET, c.SO_PASSPIDFD, flag);
/** A descriptor of the process that made the peer's end: close-on-exec, and the caller's to close. Linux. unix(7) */
export const SO_PEERPIDFD = optional(SOL_SOCKET, c.SO_PEERPIDFD, readOnly(int));
/** Received messages say how many were dropped. Linux. socket(7) */
export const SO_RXQ_OVFL = optional(SOL_SOCKET, c.SO_RXQ_OVFL, flag);
/** The receive buffer beyond the system's limit. Linux. socket(7) */
export const SO_RCVBUFFORCE = optional(SOL_SOCKET, c.SO_RCVBUFFORCE, int);
/** The send buffer beyond the system's limit. Linux. socket(7) */
export const SO_SNDBUFFORCE = optional(SOL_SOCKET, c.SO_SNDBUFFORCE, int);
/** MSG_ZEROCOPY is allowed. Linux. socket(7) */
export const SO_ZEROCOPY = optional(SOL_SOCKET, c.SO_ZEROCOPY, flag);
/** How many microseconds to poll the device. Linux. socket(7) */
export const SO_BUSY_POLL = optional(SOL_SOCKET, c.SO_BUSY_POLL, int);
/** The processor whose packets the socket prefers. Linux. socket(7) */
export const SO_INCOMING_CPU = optional(SOL_SOCKET, c.SO_INCOMING_CPU, int);
/** A classic BPF program that each packet must pass. Linux. socket(7) */
export const SO_ATTACH_FILTER = optional(SOL_SOCKET, c.SO_ATTACH_FILTER, filter);
/** A classic BPF program that chooses among the sockets of a port. Linux. socket(7) */
export const SO_ATTACH_REUSEPORT_CBPF = optional(SOL_SOCKET, c.SO_ATTACH_REUSEPORT_CBPF, filter);
/** Removes the filter; its value is null. Linux. socket(7) */
export const SO_DETACH_FILTER = optional(SOL_SOCKET, c.SO_DETACH_FILTER, NOTHING);
/** The filter cannot be changed any more. Linux. socket(7) */
export const SO_LOCK_FILTER = optional(SOL_SOCKET, c.SO_LOCK_FILTER, flag);
/** No SIGPIPE from this socket. macOS; Socket sets it. */
export const SO_NOSIGPIPE = optional(SOL_SOCKET, c.SO_NOSIGPIPE, flag);

/** The most bytes a second that the socket sends; 2n ** 64n - 1n: no limit. Linux. socket(7) */
export const SO_MAX_PACING_RATE = optional(SOL_SOCKET, c.SO_MAX_PACING_RATE, u64);
/** The socket's own number, which no other socket of this system ever has. Linux. */
export const SO_COOKIE = optional(SOL_SOCKET, c.SO_COOKIE, readOnly(u64));
/** The number of the socket's network namespace. Linux. */
export const SO_NETNS_COOKIE = optional(SOL_SOCKET, c.SO_NETNS_COOKIE, readOnly(u64));
/** The receive queue of the device that the last packet came by. Linux. */
export const SO_INCOMING_NAPI_ID = optional(SOL_SOCKET, c.SO_INCOMING_NAPI_ID, readOnly(u32));
/** The supplementary groups of the process that made the peer's end of a Unix connection. Linux. unix(7) */
export const SO_PEERGROUPS = optional(SOL_SOCKET, c.SO_PEERGROUPS, ids);
/** The security label of the peer. Linux. unix(7) */
export const SO_PEERSEC = optional(SOL_SOCKET, c.SO_PEERSEC, longText);

// ---- IPPROTO_IP

/** The time to live of sent packets. ip(7) */
export const IP_TTL = row(IPPROTO_IP, c.IP_TTL, int);
/** The type of service of sent packets. ip(7) */
export const IP_TOS = row(IPPROTO_IP, c.IP_TOS, int);
/** The caller writes the IP header of a raw socket. ip(7) */
export const IP_HDRINCL = row(IPPROTO_IP, c.IP_HDRINCL, flag);
/** Joins a multicast group. ip(7) */
export const IP_ADD_MEMBERSHIP = row(IPPROTO_IP, c.IP_ADD_MEMBERSHIP, membership);
/** Leaves a multicast group. ip(7) */
export const IP_DROP_MEMBERSHIP = row(IPPROTO_IP, c.IP_DROP_MEMBERSHIP, membership);
/** The address of the interface that sends multicast packets. ip(7) */
export const IP_MULTICAST_IF = row(IPPROTO_IP, c.IP_MULTICAST_IF, inet);
/** The time to live of multicast packets. ip(7) */
export const IP_MULTICAST_TTL = row(IPPROTO_IP, c.IP_MULTICAST_TTL, int);
/** Whether this host receives the multicast packets that it sends. ip(7) */
export const IP_MULTICAST_LOOP = row(IPPROTO_IP, c.IP_MULTICAST_LOOP, flag);
/** Received messages say on which interface and for which address they came. ip(7) */
export const IP_PKTINFO = row(IPPROTO_IP, c.IP_PKTINFO, flag);
/** Received messages carry their time to live. ip(7) */
export const IP_RECVTTL = row(IPPROTO_IP, c.IP_RECVTTL, flag);
/** Received messages carry their type of service. ip(7) */
export const IP_RECVTOS = row(IPPROTO_IP, c.IP_RECVTOS, flag);
/** Errors of the network are queued (MSG_ERRQUEUE). Linux. ip(7) */
export const IP_RECVERR = optional(IPPROTO_IP, c.IP_RECVERR, flag);
/** Any address can be bound, a foreign one too. Linux. ip(7) */
export const IP_FREEBIND = optional(IPPROTO_IP, c.IP_FREEBIND, flag);
/** A transparent proxy's socket. Linux. ip(7) */
export const IP_TRANSPARENT = optional(IPPROTO_IP, c.IP_TRANSPARENT, flag);
/** The port is chosen when the socket connects, not when it is bound. Linux. ip(7) */
export const IP_BIND_ADDRESS_NO_PORT = optional(IPPROTO_IP, c.IP_BIND_ADDRESS_NO_PORT, flag);
/** Multicast of groups that only other sockets joined. Linux. ip(7) */
export const IP_MULTICAST_ALL = optional(IPPROTO_IP, c.IP_MULTICAST_ALL, flag);
/** Path MTU discovery: IP_PMTUDISC_DO and its kin. Linux. ip(7) */
export const IP_MTU_DISCOVER = optional(IPPROTO_IP, c.IP_MTU_DISCOVER, int);
/** The path's MTU of a connected socket. Linux. ip(7) */
export const IP_MTU = optional(IPPROTO_IP, c.IP_MTU, readOnly(int));
/** The lowest time to live of packets that are received. Linux. ip(7) */
export const IP_MINTTL = optional(IPPROTO_IP, c.IP_MINTTL, int);
/** Received messages carry their original destination. Linux. ip(7) */
export const IP_RECVORIGDSTADDR = optional(IPPROTO_IP, c.IP_RECVORIGDSTADDR, flag);

// ---- IPPROTO_IPV6

/** The socket speaks IPv6 alone. ipv6(7) */
export const IPV6_V6ONLY = row(IPPROTO_IPV6, c.IPV6_V6ONLY, flag);
/** The hop limit of sent packets. ipv6(7) */
export const IPV6_UNICAST_HOPS = row(IPPROTO_IPV6, c.IPV6_UNICAST_HOPS, int);
/** The hop limit of multicast packets. ipv6(7) */
export const IPV6_MULTICAST_HOPS = row(IPPROTO_IPV6, c.IPV6_MULTICAST_HOPS, int);
/** The index of the interface that sends multicast packets. ipv6(7) */
export const IPV6_MULTICAST_IF = row(IPPROTO_IPV6, c.IPV6_MULTICAST_IF, int);
/** Whether this host receives the multicast packets that it sends. ipv6(7) */
export const IPV6_MULTICAST_LOOP = row(IPPROTO_IPV6, c.IPV6_MULTICAST_LOOP, flag);
/** Joins a multicast group. ipv6(7) */
export const IPV6_JOIN_GROUP = row(IPPROTO_IPV6, c.IPV6_JOIN_GROUP, membership6);
/** Leaves a multicast group. ipv6(7) */
export const IPV6_LEAVE_GROUP = row(IPPROTO_IPV6, c.IPV6_LEAVE_GROUP, membership6);
/** Received messages say on which interface and for which address they came. ipv6(7) */
export const IPV6_RECVPKTINFO = optional(IPPROTO_IPV6, c.IPV6_RECVPKTINFO, flag);
/** Received messages carry their hop limit. ipv6(7) */
export const IPV6_RECVHOPLIMIT = optional(IPPROTO_IPV6, c.IPV6_RECVHOPLIMIT, flag);
/** Received messages carry their traffic class. ipv6(7) */
export const IPV6_RECVTCLASS = row(IPPROTO_IPV6, c.IPV6_RECVTCLASS, flag);
/** The traffic class of sent packets. ipv6(7) */
export const IPV6_TCLASS = row(IPPROTO_IPV6, c.IPV6_TCLASS, int);
/** Errors of the network are queued (MSG_ERRQUEUE). Linux. ipv6(7) */
export const IPV6_RECVERR = optional(IPPROTO_IPV6, c.IPV6_RECVERR, flag);
/** Any address can be bound, a foreign one too. Linux. */
export const IPV6_FREEBIND = optional(IPPROTO_IPV6, c.IPV6_FREEBIND, flag);
/** A transparent proxy's socket. Linux. */
export const IPV6_TRANSPARENT = optional(IPPROTO_IPV6, c.IPV6_TRANSPARENT, flag);
/** Packets are not cut to pieces. */
export const IPV6_DONTFRAG = optional(IPPROTO_IPV6, c.IPV6_DONTFRAG, flag);
/** Path MTU discovery: IPV6_PMTUDISC_DO and its kin. Linux. ipv6(7) */
export const IPV6_MTU_DISCOVER = optional(IPPROTO_IPV6, c.IPV6_MTU_DISCOVER, int);
/** Received messages carry their original destination. Linux. */
export const IPV6_RECVORIGDSTADDR = optional(IPPROTO_IPV6, c.IPV6_RECVORIGDSTADDR, flag);

// ---- IPPROTO_TCP

/** Small segments are sent at once. tcp(7) */
export const TCP_NODELAY = row(IPPROTO_TCP, c.TCP_NODELAY, flag);
/** The largest segment. tcp(7) */
export const TCP_MAXSEG = row(IPPROTO_TCP, c.TCP_MAXSEG, int);
/** How long a connection is idle before it is probed, in milliseconds (the kernel counts seconds). Linux; macOS: TCP_KEEPALIVE. tcp(7) */
export const TCP_KEEPIDLE = optional(IPPROTO_TCP, c.TCP_KEEPIDLE, milliseconds(1000));
/** The same as TCP_KEEPIDLE. macOS. */
export const TCP_KEEPALIVE = optional(IPPROTO_TCP, c.TCP_KEEPALIVE, milliseconds(1000));
/** The time between probes, in milliseconds (the kernel counts seconds). tcp(7) */
export const TCP_KEEPINTVL = row(IPPROTO_TCP, c.TCP_KEEPINTVL, milliseconds(1000));
/** How many probes go unanswered before the connection is given up. tcp(7) */
export const TCP_KEEPCNT = row(IPPROTO_TCP, c.TCP_KEEPCNT, int);
/** How long sent data may stay unacknowledged, in milliseconds. Linux. tcp(7) */
export const TCP_USER_TIMEOUT = optional(IPPROTO_TCP, c.TCP_USER_TIMEOUT, milliseconds(1));
/** Partial segments are held back. Linux; macOS: TCP_NOPUSH. tcp(7) */
export const TCP_CORK = optional(IPPROTO_TCP, c.TCP_CORK, flag);
/** Acknowledgements are sent at once; the kernel may fall back. Linux. tcp(7) */
export const TCP_QUICKACK = optional(IPPROTO_TCP, c.TCP_QUICKACK, flag);
/** A listener wakes when data arrives, at the latest after so many milliseconds (the kernel counts seconds). Linux. tcp(7) */
export const TCP_DEFER_ACCEPT = optional(IPPROTO_TCP, c.TCP_DEFER_ACCEPT, milliseconds(1000));
/** The length of a listener's Fast Open queue. tcp(7) */
export const TCP_FASTOPEN = row(IPPROTO_TCP, c.TCP_FASTOPEN, int);
/** connect() sends the first data with its SYN. Linux. tcp(7) */
export const TCP_FASTOPEN_CONNECT = optional(IPPROTO_TCP, c.TCP_FASTOPEN_CONNECT, flag);
/** The congestion control's name. Linux. tcp(7) */
export const TCP_CONGESTION = optional(IPPROTO_TCP, c.TCP_CONGESTION, text(16));
/** The fewest unsent bytes at which the socket is writable. tcp(7) */
export const TCP_NOTSENT_LOWAT = row(IPPROTO_TCP, c.TCP_NOTSENT_LOWAT, u32);
/** The state and figures of a connection. Linux. tcp(7) */
export const TCP_INFO = optional(IPPROTO_TCP, c.TCP_INFO, tcpInfo);
/** How many times a SYN is sent. Linux. tcp(7) */
export const TCP_SYNCNT = optional(IPPROTO_TCP, c.TCP_SYNCNT, int);
/** The protocol on top ('tls'). Linux. */
export const TCP_ULP = optional(IPPROTO_TCP, c.TCP_ULP, text(16));

/** Whether a listener keeps the SYN of each connection: 0 no, 1 from the IP header on, 2 from the link layer's on. Linux. tcp(7) */
export const TCP_SAVE_SYN = optional(IPPROTO_TCP, c.TCP_SAVE_SYN, int);
/** The SYN of an accepted connection, headers and all; empty where none was kept. Asking frees it. Linux. tcp(7) */
export const TCP_SAVED_SYN = optional(IPPROTO_TCP, c.TCP_SAVED_SYN, longBytes);
/** The sequence number of a queue, in repair mode. Linux. */
export const TCP_QUEUE_SEQ = optional(IPPROTO_TCP, c.TCP_QUEUE_SEQ, u32);
/** The clock of the connection's timestamps. Linux. */
export const TCP_TIMESTAMP = optional(IPPROTO_TCP, c.TCP_TIMESTAMP, u32);

// ---- IPPROTO_UDP

/** Datagrams are collected until the option is off again. Linux. udp(7) */
export const UDP_CORK = optional(IPPROTO_UDP, c.UDP_CORK, flag);
/** One send becomes several datagrams of this many bytes. Linux. udp(7) */
export const UDP_SEGMENT = optional(IPPROTO_UDP, c.UDP_SEGMENT, int);
/** Several datagrams may be received as one. Linux. udp(7) */
export const UDP_GRO = optional(IPPROTO_UDP, c.UDP_GRO, flag);
