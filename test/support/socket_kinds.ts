// The kinds of socket that tests run over: each domain and type that works on every machine.
import type { Address, Domain } from 'bsd-sockets';
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } from 'bsd-sockets/c';

export interface Kind {
  readonly name: string;
  readonly domain: Domain<Address>;
  readonly type: number;
  readonly protocol: number;
  readonly isUnix: boolean;
  /** A byte stream, without message boundaries. */
  readonly isStream: boolean;
  /** A recv returns 0 after the peer has closed. */
  readonly reportsEnd: boolean;
}

/** A kind; protocol 0 is the default one. */
export const socketKind = (domain: number, type: number, protocol = 0, name = `socket(${domain}, ${type})`): Kind => ({
  name,
  domain: domain as Domain<Address>,
  type,
  protocol,
  isUnix: domain === AF_UNIX,
  isStream: type === SOCK_STREAM,
  reportsEnd: type !== SOCK_DGRAM,
});

export const tcp4 = socketKind(AF_INET, SOCK_STREAM, 0, 'TCP over IPv4');
export const tcp6 = socketKind(AF_INET6, SOCK_STREAM, 0, 'TCP over IPv6');
export const udp4 = socketKind(AF_INET, SOCK_DGRAM, 0, 'UDP over IPv4');
export const udp6 = socketKind(AF_INET6, SOCK_DGRAM, 0, 'UDP over IPv6');
export const unixStream = socketKind(AF_UNIX, SOCK_STREAM, 0, 'Unix stream');
export const unixDatagram = socketKind(AF_UNIX, SOCK_DGRAM, 0, 'Unix datagram');
/** macOS has no AF_UNIX, SOCK_SEQPACKET: allKinds leaves it out there. */
export const unixSeqpacket = socketKind(AF_UNIX, SOCK_SEQPACKET, 0, 'Unix seqpacket');

export const inetKinds: readonly Kind[] = [tcp4, tcp6, udp4, udp6];
export const unixKinds: readonly Kind[] = [
  unixStream,
  unixDatagram,
  ...(process.platform === 'linux' ? [unixSeqpacket] : []),
];
export const allKinds: readonly Kind[] = [...inetKinds, ...unixKinds];
export const streamKinds: readonly Kind[] = allKinds.filter(({ isStream }) => isStream);
/** Kinds that keep message boundaries. */
export const messageKinds: readonly Kind[] = allKinds.filter(({ isStream }) => !isStream);
