// Benchmark, group udpsend: the same with node:dgram, which is done when the last packet's callback has come.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { contestOnTheLoop } from '../contestant.js';
import { COUNT, drain, port, SIZE } from './ends.js';

const from = createSocket('udp4');
from.connect(port, '127.0.0.1');
await once(from, 'connect');
const data = Buffer.alloc(SIZE);
await contestOnTheLoop(async (n) => {
  let took = 0n;
  for (let done = 0; done < n; done += COUNT) {
    const start = process.hrtime.bigint();
    await new Promise<void>((resolve, reject) => {
      let left = COUNT;
      const sent = (error: Error | null): void => {
        if (error) reject(error);
        else if (--left === 0) resolve();
      };
      for (let i = 0; i < COUNT; i++) from.send(data, sent);
    });
    took += process.hrtime.bigint() - start;
    drain();
  }
  return took;
});
