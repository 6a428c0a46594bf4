// Benchmark, group udp: receiving 64 datagrams by one recvmmsg into a MessageBatch.
import { MessageBatch } from 'bsd-sockets';
import { contest } from '../contestant.js';
import { COUNT, measure, SIZE, to } from './ends.js';

const batch = new MessageBatch(COUNT, { size: SIZE });
const receive = (): void => {
  if (to.recvmmsg(batch) !== COUNT) throw new Error('recvmmsg received too few');
};
contest((n) => measure(n, receive));
