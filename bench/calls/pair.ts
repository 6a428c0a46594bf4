// Benchmark, group calls: send + recv of one byte over an AF_UNIX datagram pair, on bsd-sockets/c.
import { AF_UNIX, array, int, recv, SOCK_DGRAM, send, socketpair } from 'bsd-sockets/c';
import { contest, die } from '../contestant.js';

const sv = new (array(int, 2))();
if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sv) < 0) die('socketpair failed');
const [from, to] = [sv[0], sv[1]];
const out = new Uint8Array([120]);
const incoming = new Uint8Array(1);

contest((n) => {
  for (let i = 0; i < n; i++) {
    if (send(from, out, 1, 0) !== 1 || recv(to, incoming, 1, 0) !== 1) die('send or recv failed');
  }
  return undefined;
});
