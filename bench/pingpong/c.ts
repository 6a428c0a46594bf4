// Benchmark, group pingpong: a byte there and back between two processes, on bsd-sockets/c.
import { recv, send } from 'bsd-sockets/c';
import { contest, die } from '../contestant.js';
import { connectBlocking } from '../pair.js';

const fd = await connectBlocking('c_server.js', import.meta.url);
const byte = new Uint8Array(1);
contest((n) => {
  for (let i = 0; i < n; i++) {
    if (send(fd, byte, 1, 0) !== 1 || recv(fd, byte, 1, 0) !== 1) die('send or recv failed');
  }
  return undefined;
});
