// Benchmark, group bulk: the server of net.ts.
import { serveNet } from '../pair.js';

const answer = Buffer.alloc(1);
serveNet((socket) => {
  let left = 0;
  socket.on('data', (data) => {
    if (left === 0) {
      // A header is a write of its own and nothing comes before its answer: it is never cut in two on loopback.
      left = Number(data.readBigInt64LE()) + 8;
    }
    left -= data.length;
    if (left === 0) socket.write(answer);
  });
});
