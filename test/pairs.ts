// Room: the kinds of connected socket pair that cases run over, and addresses on the loopback interface.
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  accept,
  array,
  bind,
  connect,
  getsockname,
  htonl,
  htons,
  INADDR_LOOPBACK,
  in6addr_loopback,
  int,
  listen,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  sizeof,
  sockaddr_in,
  sockaddr_in6,
  socket,
  socketpair,
  socklen_t,
} from 'bsd-sockets/c';
import { keep } from './descriptors.js';

export interface Kind {
  readonly name: string;
  readonly domain: number;
  readonly type: number;
  /** Bytes without message boundaries. */
  readonly stream: boolean;
  /** The peer's end is seen as the end of the data. */
  readonly ends: boolean;
}

const kind = (name: string, domain: number, type: number): Kind => ({
  name,
  domain,
  type,
  stream: type === SOCK_STREAM,
  ends: type !== SOCK_DGRAM,
});

export const tcp4: Kind = kind('tcp4', AF_INET, SOCK_STREAM);
export const tcp6: Kind = kind('tcp6', AF_INET6, SOCK_STREAM);
export const udp4: Kind = kind('udp4', AF_INET, SOCK_DGRAM);
export const udp6: Kind = kind('udp6', AF_INET6, SOCK_DGRAM);
export const unixStream: Kind = kind('unix stream', AF_UNIX, SOCK_STREAM);
export const unixDatagram: Kind = kind('unix datagram', AF_UNIX, SOCK_DGRAM);
/** Not on macOS. */
export const unixSeqpacket: Kind = kind('unix seqpacket', AF_UNIX, SOCK_SEQPACKET);

export const inetKinds: readonly Kind[] = [tcp4, tcp6, udp4, udp6];
export const unixKinds: readonly Kind[] = [
  unixStream,
  unixDatagram,
  ...(process.platform === 'linux' ? [unixSeqpacket] : []),
];
export const kinds: readonly Kind[] = [...inetKinds, ...unixKinds];

/** 127.0.0.1 or ::1, with a port in host order. */
export function loopback(domain: number, port = 0): sockaddr_in | sockaddr_in6 {
  return domain === AF_INET
    ? new sockaddr_in({ sin_family: AF_INET, sin_port: htons(port), sin_addr: { s_addr: htonl(INADDR_LOOPBACK) } })
    : new sockaddr_in6({ sin6_family: AF_INET6, sin6_port: htons(port), sin6_addr: in6addr_loopback });
}

/** The result of a call that must succeed. */
export function ok(result: number): number {
  if (result < 0) throw new Error(`the call gave ${result}`);
  return result;
}

/** A new socket, closed after the test. */
export const opened = ({ domain, type }: Kind): number => keep(socket(domain, type, 0));

/** A socket bound to the loopback interface, and its address. */
export function bound(of: Kind): [fd: number, address: sockaddr_in | sockaddr_in6] {
  const fd = opened(of);
  const address = loopback(of.domain);
  ok(bind(fd, address, sizeof(address)));
  ok(getsockname(fd, address, new socklen_t(sizeof(address))));
  return [fd, address];
}

/** A socket that listens on the loopback interface, and its address. */
export function listening(of: Kind, backlog = 8): [fd: number, address: sockaddr_in | sockaddr_in6] {
  const [fd, address] = bound(of);
  ok(listen(fd, backlog));
  return [fd, address];
}

/** A socket that is connected to an address. */
export function connectedTo(of: Kind, address: sockaddr_in | sockaddr_in6): number {
  const fd = opened(of);
  ok(connect(fd, address, sizeof(address)));
  return fd;
}

/** Two sockets that are connected to each other; both are closed after the test. */
export function pair(of: Kind): [number, number] {
  if (of.domain === AF_UNIX) {
    const sv = new (array(int, 2))();
    ok(socketpair(of.domain, of.type, 0, sv));
    return [keep(sv[0]), keep(sv[1])];
  }
  if (of.type === SOCK_STREAM) {
    const [listener, address] = listening(of);
    const client = connectedTo(of, address);
    return [client, keep(accept(listener, null, null))];
  }
  const [a, addressOfA] = bound(of);
  const [b, addressOfB] = bound(of);
  ok(connect(a, addressOfB, sizeof(addressOfB)));
  ok(connect(b, addressOfA, sizeof(addressOfA)));
  return [a, b];
}
