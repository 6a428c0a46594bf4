// Benchmark, group udpsend: the two ends of every TypeScript contestant; receiving is not measured.
import { AF_INET, MessageBatch, SOCK_DGRAM, Socket } from 'bsd-sockets';

export const COUNT = 64;
export const SIZE = 64;

const to = new Socket(AF_INET, SOCK_DGRAM).bind({ address: '127.0.0.1', port: 0 });
export const { port } = to.getsockname();
export const from = new Socket(AF_INET, SOCK_DGRAM).connect({ address: '127.0.0.1', port });
const incoming = new MessageBatch(COUNT, { size: SIZE });

/** Takes what was sent out of the receiver's queue. */
export function drain(): void {
  if (to.recvmmsg(incoming) !== COUNT) throw new Error('recvmmsg received too few');
}

/** n rounds, a packet each: what `send` took. */
export function measure(n: number, send: () => void): bigint {
  let took = 0n;
  for (let done = 0; done < n; done += COUNT) {
    const start = process.hrtime.bigint();
    send();
    took += process.hrtime.bigint() - start;
    drain();
  }
  return took;
}
