// Benchmark, group udp: the two ends of every TypeScript contestant; sending is not measured.
import { AF_INET, MessageBatch, SOCK_DGRAM, Socket } from 'bsd-sockets';

export const COUNT = 64;
export const SIZE = 64;

const from = new Socket(AF_INET, SOCK_DGRAM);
export const to = new Socket(AF_INET, SOCK_DGRAM).bind({ address: '127.0.0.1', port: 0 });
from.connect(to.getsockname());
const outgoing = new MessageBatch(COUNT, { size: SIZE });
for (let i = 0; i < COUNT; i++) outgoing.add(new Uint8Array(SIZE));

/** n rounds, a packet each: what `receive` took. */
export function measure(n: number, receive: () => void): bigint {
  let took = 0n;
  for (let done = 0; done < n; done += COUNT) {
    if (from.sendmmsg(outgoing) !== COUNT) throw new Error('sendmmsg sent too few');
    const start = process.hrtime.bigint();
    receive();
    took += process.hrtime.bigint() - start;
  }
  return took;
}
