// Benchmark, group bulk: buffers of 64 KiB from one process to another, on bsd-sockets/c.
import { long_long, recv, send } from 'bsd-sockets/c';
import { contest, die } from '../contestant.js';
import { connectBlocking } from '../pair.js';

const SIZE = 65_536;
const fd = await connectBlocking('c_server.js', import.meta.url);
const buffer = new Uint8Array(SIZE);
const header = new long_long();
contest((n) => {
  let bytes = n * SIZE;
  header.value = BigInt(bytes);
  if (send(fd, header, 8, 0) !== 8) die('send failed');
  while (bytes > 0) {
    const sent = send(fd, buffer, Math.min(bytes, SIZE), 0);
    if (sent < 0) die('send failed');
    bytes -= sent;
  }
  if (recv(fd, buffer, 1, 0) !== 1) die('recv failed');
  return undefined;
});
