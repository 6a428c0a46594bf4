// Benchmark, group udpsend: sending 64 datagrams by one sendmmsg of a MessageBatch.
import { MessageBatch } from 'bsd-sockets';
import { contest } from '../contestant.js';
import { COUNT, from, measure, SIZE } from './ends.js';

const batch = new MessageBatch(COUNT, { size: SIZE });
for (let i = 0; i < COUNT; i++) batch.add(new Uint8Array(SIZE));
const send = (): void => {
  if (from.sendmmsg(batch) !== COUNT) throw new Error('sendmmsg sent too few');
};
contest((n) => measure(n, send));
