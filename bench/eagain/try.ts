// Benchmark, group eagain: the same with Socket.tryRecv.
import { AF_UNIX, SOCK_DGRAM, Socket } from 'bsd-sockets';
import { contest, die } from '../contestant.js';

const [socket] = Socket.pair(AF_UNIX, SOCK_DGRAM);
const incoming = new Uint8Array(1);

contest((n) => {
  for (let i = 0; i < n; i++) {
    if (socket.tryRecv(incoming) !== null) die('recv did not fail');
  }
  return undefined;
});
