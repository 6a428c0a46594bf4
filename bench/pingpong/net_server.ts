// Benchmark, group pingpong: the server of net.ts.
import { serveNet } from '../pair.js';

serveNet((socket) => {
  socket.on('data', (data) => socket.write(data));
});
