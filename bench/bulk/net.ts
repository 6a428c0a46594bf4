// Benchmark, group bulk: the same with node:net.
import { once } from 'node:events';
import { contestOnTheLoop } from '../contestant.js';
import { connectNet } from '../pair.js';

const SIZE = 65_536;
const socket = await connectNet('net_server.js', import.meta.url);
const buffer = Buffer.alloc(SIZE);
const header = Buffer.alloc(8);
await contestOnTheLoop(async (n) => {
  header.writeBigInt64LE(BigInt(n * SIZE));
  const answer = once(socket, 'data');
  socket.write(header);
  for (let i = 0; i < n; i++) if (!socket.write(buffer)) await once(socket, 'drain');
  await answer;
  return undefined;
});
