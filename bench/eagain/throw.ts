// Benchmark, group eagain: the same with Socket.recv, which throws.
import { AF_UNIX, MSG_DONTWAIT, SOCK_DGRAM, Socket, WouldBlockError } from 'bsd-sockets';
import { contest, die } from '../contestant.js';

const [socket] = Socket.pair(AF_UNIX, SOCK_DGRAM);
const incoming = new Uint8Array(1);

contest((n) => {
  for (let i = 0; i < n; i++) {
    try {
      socket.recv(incoming, MSG_DONTWAIT);
      die('recv did not fail');
    } catch (error) {
      if (!(error instanceof WouldBlockError)) throw error;
    }
  }
  return undefined;
});
