// Every way by which the library gets a descriptor leaves it close-on-exec: by a flag where the system has one, else by fcntl. `node
// scripts/test-fallbacks.mjs` runs this without the flags.
import { AF_INET, AF_UNIX, MessageBatch, SOCK_DGRAM, SOCK_STREAM, Socket, UnsupportedError } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket as Waiting } from 'bsd-sockets/promises';
import { expect, it } from 'vitest';
import { keep } from '../descriptors.js';
import '../promises/bed.js'; // it makes the event loop's poller, which stays open
import { kept, listening, TCP } from './bed.js';

const address = { address: '127.0.0.1', port: 0 };
/** A connection that waits to be accepted. */
function called(): Socket {
  const listener = listening(TCP);
  kept(new Socket(AF_INET, SOCK_STREAM)).connect(listener.getsockname() as never);
  return listener;
}
/** A Unix socket that has a message with two descriptors to receive. */
function sent(type: number = SOCK_DGRAM): Socket {
  const [a, b] = Socket.pair(AF_UNIX, type);
  kept(a).sendmsg({ data: 'x', control: [{ type: 'rights', fds: [0, 1] }] });
  return kept(b);
}
const room = { buffers: new Uint8Array(8), controlSize: c.CMSG_SPACE(8) };
const received = (message: { take(): number[] } | null): number[] => message!.take().map(keep);

const ways: readonly (readonly [name: string, get: () => number[] | Promise<number[]>])[] = [
  ['new Socket', () => [kept(new Socket(AF_INET, SOCK_STREAM)).fd]],
  ['Socket.pair', () => Socket.pair(AF_UNIX, SOCK_STREAM).map((socket) => kept(socket).fd)],
  ['Socket.adopt', () => [kept(Socket.adopt(c.socket(c.AF_INET, c.SOCK_STREAM, 0))).fd]],
  ['accept', () => [kept(called().accept().socket).fd]],
  ['tryAccept', () => [kept(called().tryAccept()!.socket).fd]],
  ['recvmsg', () => received(kept(sent().recvmsg(room)))],
  ['recvmsg of a stream', () => received(kept(sent(SOCK_STREAM).recvmsg(room)))],
  ['tryRecvmsg', () => received(kept(sent().tryRecvmsg(room)!))],
  ['promises: new Socket', () => [kept(new Waiting(AF_INET, SOCK_STREAM)).fd]],
  ['promises: Socket.pair', () => Waiting.pair(AF_UNIX, SOCK_STREAM).map((socket) => kept(socket).fd)],
  [
    'promises: accept',
    async () => {
      const listener = kept(new Waiting(AF_INET, SOCK_STREAM)).bind(address).listen();
      const client = kept(new Waiting(AF_INET, SOCK_STREAM)).connect(listener.getsockname());
      const { socket } = await listener.accept();
      await client;
      return [kept(socket).fd];
    },
  ],
  ['promises: recvmsg', async () => received(kept(await kept(Waiting.adopt(sent().detach())).recvmsg(room)))],
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
