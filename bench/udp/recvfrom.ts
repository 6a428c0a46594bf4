// Benchmark, group udp: the same by a recvfrom of bsd-sockets/c for each packet.
import { recvfrom, sockaddr_in, socklen_t } from 'bsd-sockets/c';
import { contest } from '../contestant.js';
import { COUNT, measure, SIZE, to } from './ends.js';

const buffer = new Uint8Array(SIZE);
const sin = new sockaddr_in();
const length = new socklen_t();
const receive = (): void => {
  for (let i = 0; i < COUNT; i++) {
    length.value = sockaddr_in.size;
    if (recvfrom(to.fd, buffer, SIZE, 0, sin, length) !== SIZE) throw new Error('recvfrom failed');
  }
};
contest((n) => measure(n, receive));
