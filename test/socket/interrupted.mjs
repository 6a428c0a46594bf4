// @ts-check
// Runs under strace, which makes the first calls fail with EINTR: Socket repeats them. Prints the result.
import { AF_INET, AF_UNIX, MessageBatch, POLLIN, poll, SOCK_DGRAM, SOCK_STREAM, Socket, select } from 'bsd-sockets';

const call = process.argv[2];
const buffer = new Uint8Array(8);
const [a, b] = Socket.pair(AF_UNIX, SOCK_DGRAM);
const inet = () => new Socket(AF_INET, SOCK_STREAM);
const listener = inet().bind({ address: '127.0.0.1', port: 0 }).listen();

const accepts = () => inet().connect(listener.getsockname()) && Number(listener.accept().address.family === 'inet');

/** @type {Record<string, () => unknown>} */
const calls = {
  sendto: () => a.send('x'), // what C's send is
  'sendto 2': () => a.sendto('x', new Socket(AF_UNIX, SOCK_DGRAM).bind({ path: '' }).getsockname()),
  sendmsg: () => a.sendmsg({ data: 'x' }),
  sendmmsg: () => a.sendmmsg([{ data: 'x' }]),
  'sendmmsg 2': () => a.sendmmsg(new MessageBatch(1, { size: 1 }).add('x')),
  recvfrom: () => b.send('x') && a.recv(buffer),
  recvmsg: () => b.send('x') && a.recvmsg({ buffers: buffer }).length,
  'recvmsg 2': () => b.send('x') && a.recvfrom(buffer).length,
  recvmmsg: () => b.send('x') && a.recvmmsg(new MessageBatch(1, { size: 1 })),
  accept4: accepts,
  accept: accepts, // where accept4 is missing
  connect: () => Number(inet().connect(listener.getsockname()).getpeername().port === listener.getsockname().port),
  'connect 2'() {
    const server = new Socket(AF_UNIX, SOCK_STREAM).bind({ path: '' }).listen();
    new Socket(AF_UNIX, SOCK_STREAM).connect(server.getsockname()).send('x');
    return server.accept().socket.recv(buffer);
  },
  poll: () => b.send('x') && poll([{ socket: a, events: POLLIN }], 10_000).length,
  'poll 2': () => b.send('x') && select({ read: [a] }, 10_000).read.length,
  'poll 3': () => Number(poll([{ socket: a, events: POLLIN }], 20).length === 0),
};
console.log(/** @type {() => unknown} */ (calls[/** @type {string} */ (call)])());
process.exit();
