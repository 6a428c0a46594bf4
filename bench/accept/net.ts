// Benchmark, group accept: the same with node:net, by the processor's time: between two connections it may sleep.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { AF_INET, SOCK_STREAM, Socket } from 'bsd-sockets';
import { contestOnTheLoop } from '../contestant.js';
import { COUNT } from './clients.js';

let left = 0;
let done: () => void = () => {};
const server = createServer((socket) => {
  socket.destroy();
  if (--left === 0) done();
}).listen(0, '127.0.0.1', 128);
await once(server, 'listening');
const address = { address: '127.0.0.1', port: (server.address() as { port: number }).port };
const used = (): number => {
  const { user, system } = process.cpuUsage();
  return 1e3 * (user + system);
};
await contestOnTheLoop(async (n) => {
  let took = 0;
  for (let accepted = 0; accepted < n; accepted += COUNT) {
    left = COUNT;
    const clients = Array.from({ length: COUNT }, () => new Socket(AF_INET, SOCK_STREAM).connect(address));
    const start = used();
    await new Promise<void>((resolve) => (done = resolve));
    // destroy() closes after the event: the next turn.
    await new Promise(setImmediate);
    took += used() - start;
    for (const client of clients) client.close();
  }
  return BigInt(took);
});
