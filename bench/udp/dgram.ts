// Benchmark, group udp: the same with node:dgram, which is done when the last packet's event has come. All of them are there when the
// event loop is entered, so that the time is the processor's own.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { AF_INET, MessageBatch, SOCK_DGRAM, Socket } from 'bsd-sockets';
import { contestOnTheLoop } from '../contestant.js';

const [COUNT, SIZE] = [64, 64];
const to = createSocket('udp4').bind(0, '127.0.0.1');
await once(to, 'listening');
const from = new Socket(AF_INET, SOCK_DGRAM).connect({ address: '127.0.0.1', port: to.address().port });
const outgoing = new MessageBatch(COUNT, { size: SIZE });
for (let i = 0; i < COUNT; i++) outgoing.add(new Uint8Array(SIZE));

let left = 0;
let done: () => void = () => {};
to.on('message', () => {
  if (--left === 0) done();
});
await contestOnTheLoop(async (n) => {
  let took = 0n;
  for (let received = 0; received < n; received += COUNT) {
    left = COUNT;
    if (from.sendmmsg(outgoing) !== COUNT) throw new Error('sendmmsg sent too few');
    const start = process.hrtime.bigint();
    await new Promise<void>((resolve) => (done = resolve));
    took += process.hrtime.bigint() - start;
  }
  return took;
});
