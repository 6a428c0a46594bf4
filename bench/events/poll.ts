// Benchmark, group events: the same with poll() of bsd-sockets/c, which looks at each descriptor in each call.
import { array, POLLIN, poll, pollfd } from 'bsd-sockets/c';
import { contest, die } from '../contestant.js';
import { ACTIVE, descriptors } from './sockets.js';

const { senders, receivers, idle } = descriptors();
const fds = new (array(pollfd, receivers.length + idle.length))();
[...receivers, ...idle].forEach(({ fd }, i) => {
  fds[i]!.fd = fd;
  fds[i]!.events = POLLIN;
});
const byte = new Uint8Array(1);
contest((n) => {
  for (let i = 0; i < n; i++) {
    senders[i % ACTIVE]!.send(byte);
    if (poll(fds, fds.length, -1) !== 1) die('poll failed');
    for (let k = 0; k < fds.length; k++) {
      if ((fds[k]!.revents & POLLIN) === 0) continue;
      receivers[k]!.recv(byte);
      break;
    }
  }
  return undefined;
});
