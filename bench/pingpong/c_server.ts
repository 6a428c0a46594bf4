// Benchmark, group pingpong: the server of c.ts.
import { recv, send } from 'bsd-sockets/c';
import { serveBlocking } from '../pair.js';

const byte = new Uint8Array(1);
serveBlocking((fd) => {
  while (recv(fd, byte, 1, 0) === 1 && send(fd, byte, 1, 0) === 1) {}
});
