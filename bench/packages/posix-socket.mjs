// Benchmark, group calls: the same by posix-socket, which has no socketpair: two named sockets, connected.
import posix from 'posix-socket';
import { contest } from './contestant.mjs';
import { names } from './names.mjs';

const { AF_UNIX, SOCK_DGRAM } = posix;
const addresses = names.map((sun_path) => ({ sun_family: AF_UNIX, sun_path }));
const [from, to] = addresses.map((address) => {
  const fd = posix.socket(AF_UNIX, SOCK_DGRAM, 0);
  posix.bind(fd, address);
  return fd;
});
posix.connect(from, addresses[1]);
const out = new ArrayBuffer(1);
const incoming = new ArrayBuffer(1);

await contest((n) => {
  for (let i = 0; i < n; i++) {
    if (posix.send(from, out, 1, 0) !== 1 || posix.recv(to, incoming, 1, 0) !== 1)
      throw new Error('send or recv failed');
  }
});
