// Benchmark, group calls: the same with the Socket class.
import { AF_UNIX, SOCK_DGRAM, Socket } from 'bsd-sockets';
import { contest, die } from '../contestant.js';

const [from, to] = Socket.pair(AF_UNIX, SOCK_DGRAM);
const out = new Uint8Array([120]);
const incoming = new Uint8Array(1);

contest((n) => {
  for (let i = 0; i < n; i++) {
    if (from.send(out) !== 1 || to.recv(incoming) !== 1) die('send or recv failed');
  }
  return undefined;
});
