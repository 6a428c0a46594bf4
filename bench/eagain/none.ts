// Benchmark, group eagain: recv where nothing is there, on bsd-sockets/c.
import { AF_UNIX, array, EAGAIN, errno, int, MSG_DONTWAIT, recv, SOCK_DGRAM, socketpair } from 'bsd-sockets/c';
import { contest, die } from '../contestant.js';

const sv = new (array(int, 2))();
if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sv) < 0) die('socketpair failed');
const sock = sv[0];
const incoming = new Uint8Array(1);

contest((n) => {
  for (let i = 0; i < n; i++) {
    if (recv(sock, incoming, 1, MSG_DONTWAIT) !== -1 || errno !== EAGAIN) die('recv did not fail');
  }
  return undefined;
});
