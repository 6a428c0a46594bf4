// Room: the socket options, a row each: its level, its number, and how its value is kept. A row is a constant that carries its level
// and the types of its value; lib/socket.ts finds the codec by level and number.

import { formatAddress, interfaceByName, parseAddress } from './address.js';
import { CODEC, FIELDS } from './ctypes.js';
import { type Caller, invalidType, outOfRange, type SocketError, socketError } from './errors.js';
import * as c from './generated/constants.js';
import * as structs from './generated/structs.js';

declare const LEVEL: unique symbol;
declare const OPTION: unique symbol;
/** A level of options: a number that says which options belong to it. */
export type Level<L extends string> = number & { readonly [LEVEL]: L };
/** An option: a number that carries its level, and its value's type to set and to get. */
export type Option<L extends string, Set, Get = Set> = number & {
  readonly [OPTION]: { readonly level: L; readonly set: Set; readonly get: Get };
};
/** The level that an option belongs to; any, for an option without a type. */
export type LevelOf<O> = O extends { readonly [OPTION]: { readonly level: infer L extends string } }
  ? Level<L>
  : number;
/** What an option is set to; a number or bytes, for an option without a type. */
export type SetOf<O> = O extends { readonly [OPTION]: { readonly set: infer S } } ? S : number | ArrayBufferView;
/** What an option's value is; a number, for an option without a type. */
export type GetOf<O> = O extends { readonly [OPTION]: { readonly get: infer G } } ? G : number;

interface Codec<Set, Get> {
  /** The room to get it, in bytes. */
  readonly size: number;
  /** Memory for setsockopt (a flattened sock_fprog, for filters). */
  encode(value: Set, caller: Caller): ArrayBufferView | [number, ArrayBufferView];
  decode(bytes: Uint8Array, caller: Caller): Get;
}

const rows = new Map<number, Map<number, Codec<unknown, unknown>>>();

/** The codec of an option, or undefined for one without a type. */
export const codecOf = (level: number, option: number): Codec<unknown, unknown> | undefined =>
  rows.get(level)?.get(option);

function row<L extends string, S, G>(level: Level<L>, option: number, codec: Codec<S, G>): Option<L, S, G> {
  let options = rows.get(level);
  if (options === undefined) rows.set(level, (options = new Map()));
  options.set(option, codec as Codec<unknown, unknown>);
  return option as Option<L, S, G>;
}
/** A row that this platform may lack. */
const optional = <L extends string, S, G>(level: Level<L>, option: number | undefined, codec: Codec<S, G>) =>
  option === undefined ? undefined : row(level, option, codec);

// ---- Codecs

type Plain = { buffer: ArrayBufferLike; byteOffset: number; byteLength: number };
const bytesOfStruct = (struct: Plain): Uint8Array =>
  new Uint8Array(struct.buffer, struct.byteOffset, struct.byteLength);
const at = (bytes: Uint8Array, size: number): Uint8Array => {
  const whole = new Uint8Array(size);
  whole.set(bytes.subarray(0, size));
  return whole;
};
const readInt = (bytes: Uint8Array): number => (bytes.length === 1 ? bytes[0]! : structs.int.at(at(bytes, 4)).value);

/** A C int. */
const int: Codec<number, number> = {
  size: 4,
  encode(value, caller) {
    if (typeof value !== 'number') throw invalidType('value', 'of type number', value, caller);
    if (!Number.isInteger(value) || value < -0x8000_0000 || value > 0xffff_ffff) {
      throw outOfRange('value', 'a 32-bit integer', value, caller);
    }
    return new Int32Array([value]);
  },
  decode: readInt,
};
/** A C int that is 0 or 1. */
const flag: Codec<boolean, boolean> = {
  size: 4,
  encode(value, caller) {
    if (typeof value !== 'boolean') throw invalidType('value', 'of type boolean', value, caller);
    return new Int32Array([value ? 1 : 0]);
  },
  decode: (bytes) => readInt(bytes) !== 0,
};
/** Milliseconds, kept in `unit`s of them. */
const milliseconds = (unit: number): Codec<number, number> => ({
  size: 4,
  encode(value, caller) {
    if (typeof value !== 'number') throw invalidType('value', 'of type number (milliseconds)', value, caller);
    if (!(value >= 0) || value % unit !== 0 || value / unit > 0x7fff_ffff) {
      throw outOfRange(
        'value',
        unit === 1 ? 'whole milliseconds' : `a multiple of ${unit} milliseconds: the kernel counts seconds`,
        value,
        caller,
      );
    }
    return new Int32Array([value / unit]);
  },
  decode: (bytes) => readInt(bytes) * unit,
});
/** Milliseconds, kept as a timeval; 0 is none. */
const timeval: Codec<number, number> = {
  size: structs.timeval.size,
  encode(value, caller) {
    if (typeof value !== 'number') throw invalidType('value', 'of type number (milliseconds)', value, caller);
    if (!(value >= 0) || value > Number.MAX_SAFE_INTEGER)
      throw outOfRange('value', 'milliseconds, not negative', value, caller);
    const tv_sec = Math.floor(value / 1000);
    // Rounded up: a time-out of less than a microsecond is not none.
    return bytesOfStruct(
      new structs.timeval({ tv_sec, tv_usec: Math.min(999_999, Math.ceil((value - tv_sec * 1000) * 1000)) }),
    );
  },
  decode(bytes) {
    const { tv_sec, tv_usec } = structs.timeval.at(at(bytes, structs.timeval.size));
    return Number(tv_sec) * 1000 + Number(tv_usec) / 1000;
  },
};
/** How long close() waits for unsent data; null: it does not. */
export interface Linger {
  readonly seconds: number;
}
const linger: Codec<Linger | null, Linger | null> = {
  size: structs.linger.size,
  encode(value, caller) {
    if (value === null) return bytesOfStruct(new structs.linger());
    if (typeof value?.seconds !== 'number') throw invalidType('value', 'null or { seconds: number }', value, caller);
    if (!Number.isInteger(value.seconds) || value.seconds < 0 || value.seconds > 0x7fff_ffff) {
      throw outOfRange('value.seconds', 'whole seconds, not negative', value.seconds, caller);
    }
    return bytesOfStruct(new structs.linger({ l_onoff: 1, l_linger: value.seconds }));
  },
  decode(bytes) {
    const { l_onoff, l_linger } = structs.linger.at(at(bytes, structs.linger.size));
    return l_onoff === 0 ? null : { seconds: l_linger };
  },
};
const decoder = new TextDecoder();
/** A short text. */
const text = (size: number): Codec<string, string> => ({
  size,
  encode(value, caller) {
    if (typeof value !== 'string') throw invalidType('value', 'of type string', value, caller);
    const bytes = Buffer.from(`${value}\0`);
    if (bytes.length > size) throw outOfRange('value', `of at most ${size - 1} bytes`, value, caller);
    return bytes;
  },
  decode(bytes) {
    const nul = bytes.indexOf(0);
    return decoder.decode(nul < 0 ? bytes : bytes.subarray(0, nul));
  },
});
/** What can only be asked. */
const readOnly = <G>(codec: Pick<Codec<never, G>, 'size' | 'decode'>): Codec<never, G> => ({
  ...codec,
  encode(_value, caller) {
    throw socketError(c.ENOPROTOOPT, 'setsockopt', caller);
  },
});
/** The error that waited on the socket; asking clears it. */
const pendingError = readOnly<SocketError | null>({
  size: 4,
  decode(bytes, caller) {
    const errno = readInt(bytes);
    return errno === 0 ? null : socketError(errno, 'getsockopt', caller);
  },
});
/** A process's identity. */
export interface Credentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}
const ucred = readOnly<Credentials>({
  size: structs.ucred.size,
  decode(bytes) {
    const { pid, uid, gid } = structs.ucred.at(at(bytes, structs.ucred.size));
    return { pid, uid, gid };
  },
});
/** A multicast group, and the interface to receive it on: an index, a name, or (IPv4) one of its addresses; 0 is the system's choice. */
export interface Membership {
  readonly address: string;
  readonly interface?: number | string;
}
function interfaceOf(value: Membership, caller: Caller): number {
  const name = value.interface ?? 0;
  return typeof name === 'string' ? interfaceByName(name, caller) : name;
}
const membership: Codec<Membership, never> = {
  size: 0,
  encode(value, caller) {
    const request = new structs.ip_mreqn();
    parseAddress(c.AF_INET, value?.address, bytesOfStruct(request.imr_multiaddr), caller);
    if (typeof value.interface === 'string' && /^\d+(\.\d+){3}$/.test(value.interface)) {
      parseAddress(c.AF_INET, value.interface, bytesOfStruct(request.imr_address), caller);
    } else request.imr_ifindex = interfaceOf(value, caller);
    return bytesOfStruct(request);
  },
  decode: () => undefined as never,
};
const membership6: Codec<Membership, never> = {
  size: 0,
  encode(value, caller) {
    const request = new structs.ipv6_mreq();
    parseAddress(c.AF_INET6, value?.address, bytesOfStruct(request.ipv6mr_multiaddr), caller);
    request.ipv6mr_interface = interfaceOf(value, caller);
    return bytesOfStruct(request);
  },
  decode: () => undefined as never,
};
/** An IPv4 address. */
const inet: Codec<string, string> = {
  size: 4,
  encode(value, caller) {
    const address = new Uint8Array(4);
    parseAddress(c.AF_INET, value, address, caller);
    return address;
  },
  decode: (bytes) => formatAddress(c.AF_INET, at(bytes, 4)),
};
/** TCP_INFO: the fields of `struct tcp_info` that the kernel filled. */
export type TcpInfo = {
  readonly [K in keyof structs.tcp_info as K extends `tcpi_${string}` ? K : never]: structs.tcp_info[K];
};
const tcpInfo = readOnly<TcpInfo>({
  size: structs.tcp_info.size,
  decode(bytes) {
    const info = structs.tcp_info.at(at(bytes, structs.tcp_info.size));
    const filled: Record<string, unknown> = {};
    for (const [name, { offset, type }] of structs.tcp_info[FIELDS]) {
      if (offset + type.size <= bytes.length) filled[name] = info[name as keyof structs.tcp_info];
    }
    return filled as TcpInfo;
  },
});
/** One instruction of a classic BPF program. */
export interface FilterInstruction {
  readonly code: number;
  readonly jt?: number;
  readonly jf?: number;
  readonly k?: number;
}
const filter: Codec<readonly FilterInstruction[], never> = {
  size: 0,
  encode(value, caller) {
    if (!Array.isArray(value)) throw invalidType('value', 'an array of instructions', value, caller);
    const { size } = structs.sock_filter;
    const program = new Uint8Array(size * value.length);
    const memory = new DataView(program.buffer);
    for (const [i, { code, jt = 0, jf = 0, k = 0 }] of value.entries()) {
      structs.sock_filter[CODEC].init(memory, i * size, { code, jt, jf, k });
    }
    return [value.length, program];
  },
  decode: () => undefined as never,
};
const NOTHING: Codec<null, never> = { size: 0, encode: () => new Int32Array(1), decode: () => undefined as never };

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
export const SO_MARK = optional(SOL_SOCKET, c.SO_MARK, int);
/** The priority of the socket's packets. Linux. socket(7) */
export const SO_PRIORITY = optional(SOL_SOCKET, c.SO_PRIORITY, int);
/** Received messages carry the sender's credentials. Linux. unix(7) */
export const SO_PASSCRED = optional(SOL_SOCKET, c.SO_PASSCRED, flag);
/** Who made the peer's end of a Unix connection. Linux. unix(7) */
export const SO_PEERCRED = optional(SOL_SOCKET, c.SO_PEERCRED, ucred);
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
export const TCP_NOTSENT_LOWAT = row(IPPROTO_TCP, c.TCP_NOTSENT_LOWAT, int);
/** The state and figures of a connection. Linux. tcp(7) */
export const TCP_INFO = optional(IPPROTO_TCP, c.TCP_INFO, tcpInfo);

// ---- IPPROTO_UDP

/** Datagrams are collected until the option is off again. Linux. udp(7) */
export const UDP_CORK = optional(IPPROTO_UDP, c.UDP_CORK, flag);
/** One send becomes several datagrams of this many bytes. Linux. udp(7) */
export const UDP_SEGMENT = optional(IPPROTO_UDP, c.UDP_SEGMENT, int);
/** Several datagrams may be received as one. Linux. udp(7) */
export const UDP_GRO = optional(IPPROTO_UDP, c.UDP_GRO, flag);
