// Benchmark, group pingpong: the same with node:net.
import { contestOnTheLoop } from '../contestant.js';
import { connectNet } from '../pair.js';

const socket = await connectNet('net_server.js', import.meta.url);
const byte = new Uint8Array(1);
await contestOnTheLoop(
  (n) =>
    new Promise((resolve) => {
      let left = n;
      socket.removeAllListeners('data');
      socket.on('data', () => {
        if (--left === 0) resolve(undefined);
        else socket.write(byte);
      });
      socket.write(byte);
    }),
);
