// Benchmark, group events: sockets that are used, and as many idle ones as the argument leaves.
import { AF_UNIX, SOCK_DGRAM, Socket, type UnixAddress } from 'bsd-sockets';

export const ACTIVE = 10;

type Datagram = Socket<UnixAddress>;

export function descriptors(): { senders: Datagram[]; receivers: Datagram[]; idle: Datagram[] } {
  const pairs = Array.from({ length: ACTIVE }, () => Socket.pair(AF_UNIX, SOCK_DGRAM));
  const idle = Array.from({ length: Number(process.argv[2]) - ACTIVE }, () => new Socket(AF_UNIX, SOCK_DGRAM));
  return { senders: pairs.map(([sender]) => sender), receivers: pairs.map(([, receiver]) => receiver), idle };
}
