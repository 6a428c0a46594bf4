// Benchmark, group events: one event of a Poller that has as many descriptors as the argument says, all but 10 of them idle.
import { POLLIN, Poller, type Socket, type UnixAddress } from 'bsd-sockets';
import { contest } from '../contestant.js';
import { ACTIVE, descriptors } from './sockets.js';

const { senders, receivers, idle } = descriptors();
const poller = new Poller();
for (const socket of [...receivers, ...idle]) poller.add(socket, POLLIN);
const byte = new Uint8Array(1);
contest((n) => {
  for (let i = 0; i < n; i++) {
    senders[i % ACTIVE]!.send(byte);
    for (const { socket } of poller.wait<Socket<UnixAddress>>()) socket.recv(byte);
  }
  return undefined;
});
