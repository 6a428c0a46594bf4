// Every way by which the library gets a descriptor leaves it close-on-exec: by a flag where the system has one, else by fcntl. `node
// scripts/test-fallbacks.mjs` runs this without the flags.
import { AF_INET, AF_UNIX, MessageBatch, SOCK_DGRAM, SOCK_STREAM, Socket, UnsupportedError } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket as Waiting } from 'bsd-sockets/promises';
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import '../support/promise_sockets.js'; // it makes the event loop's poller, which stays open
import { tcp4 } from '../support/socket_kinds.js';
import { listeningSocket } from '../support/sockets.js';

const address = { address: '127.0.0.1', port: 0 };
/** A connection that waits to be accepted. */
function called(): Socket {
  const listener = listeningSocket(tcp4);
  closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).connect(listener.getsockname() as never);
  return listener;
}
/** A Unix socket that has a message with two descriptors to receive. */
function sent(type: number = SOCK_DGRAM): Socket {
  const [a, b] = Socket.pair(AF_UNIX, type);
  closeAfterTest(a).sendmsg({ data: 'x', control: [{ type: 'rights', fds: [0, 1] }] });
  return closeAfterTest(b);
}
const room = { buffers: new Uint8Array(8), controlSize: c.CMSG_SPACE(8) };
const received = (message: { take(): number[] } | null): number[] => message!.take().map(closeAfterTest);

const ways: readonly (readonly [name: string, get: () => number[] | Promise<number[]>])[] = [
  ['new Socket', () => [closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).fd]],
  ['Socket.pair', () => Socket.pair(AF_UNIX, SOCK_STREAM).map((socket) => closeAfterTest(socket).fd)],
  ['Socket.adopt', () => [closeAfterTest(Socket.adopt(c.socket(c.AF_INET, c.SOCK_STREAM, 0))).fd]],
  ['accept', () => [closeAfterTest(called().accept().socket).fd]],
  ['tryAccept', () => [closeAfterTest(called().tryAccept()!.socket).fd]],
  ['recvmsg', () => received(closeAfterTest(sent().recvmsg(room)))],
  ['recvmsg of a stream', () => received(closeAfterTest(sent(SOCK_STREAM).recvmsg(room)))],
  ['tryRecvmsg', () => received(closeAfterTest(sent().tryRecvmsg(room)!))],
  ['promises: new Socket', () => [closeAfterTest(new Waiting(AF_INET, SOCK_STREAM)).fd]],
  ['promises: Socket.pair', () => Waiting.pair(AF_UNIX, SOCK_STREAM).map((socket) => closeAfterTest(socket).fd)],
  [
    'promises: accept',
    async () => {
      const listener = closeAfterTest(new Waiting(AF_INET, SOCK_STREAM)).bind(address).listen();
      const client = closeAfterTest(new Waiting(AF_INET, SOCK_STREAM)).connect(listener.getsockname());
      const { socket } = await listener.accept();
      await client;
      return [closeAfterTest(socket).fd];
    },
  ],
  [
    'promises: recvmsg',
    async () => received(closeAfterTest(await closeAfterTest(Waiting.adopt(sent().detach())).recvmsg(room))),
  ],
];

it.each(ways)('%s', async (_name, get) => {
  const fds = await get();
  expect(fds.length).toBeGreaterThan(0);
  for (const fd of fds) expect(c.fcntl(fd, c.F_GETFD) & c.FD_CLOEXEC).toBe(c.FD_CLOEXEC);
});

it('recvmmsg', (context) => {
  const batch = new MessageBatch(2, { size: 8, controlSize: c.CMSG_SPACE(8) });
  const socket = sent();
  try {
    expect(socket.recvmmsg(batch)).toBe(1);
  } catch (error) {
    if (error instanceof UnsupportedError) return context.skip('recvmmsg is missing here');
    throw error;
  }
  const [rights] = batch.control(0);
  if (rights?.type !== 'rights') throw new Error('no descriptors came');
  for (const fd of rights.fds) expect(c.fcntl(fd, c.F_GETFD) & c.FD_CLOEXEC).toBe(c.FD_CLOEXEC);
  batch.clear();
});
