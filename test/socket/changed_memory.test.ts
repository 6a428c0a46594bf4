// Tests of views without memory, whose buffer was detached or shrank below them: calls of the blocking layer refuse them with TypeError, and
// never give 0, which means the end of a stream.
import { AF_UNIX, MessageBatch, SO_SNDBUF, SOCK_STREAM, SOL_SOCKET, Socket } from 'bsd-sockets';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { resizableBuffer } from '../support/memory.js';
import { thrownError } from '../support/sockets.js';

type View = ArrayBufferView | ArrayBuffer;
const lost: Record<string, () => View> = {};
const views: Readonly<Record<string, (buffer: ArrayBuffer) => View>> = {
  'a Uint8Array': (buffer) => new Uint8Array(buffer, 0, 8),
  'a Buffer': (buffer) => Buffer.from(buffer, 0, 8),
  'a view of the end': (buffer) => new Uint8Array(buffer, 4, 4),
  'a view that follows the buffer, beyond its end': (buffer) => new Uint8Array(buffer, 4),
  'an Int16Array': (buffer) => new Int16Array(buffer, 0, 4),
  'a BigInt64Array': (buffer) => new BigInt64Array(buffer, 0, 1),
  'a DataView': (buffer) => new DataView(buffer, 0, 8),
};
for (const [name, view] of Object.entries(views)) {
  Object.assign(lost, {
    [`${name}, detached`]: () => {
      const buffer = resizableBuffer(8);
      const made = view(buffer);
      structuredClone(buffer, { transfer: [buffer] });
      return made;
    },
    [`${name}, out of bounds`]: () => {
      const buffer = resizableBuffer(8);
      const made = view(buffer);
      buffer.resize(3);
      return made;
    },
  });
}
const calls: Readonly<Record<string, (s: Socket, view: View) => unknown>> = {
  recv: (s, view) => s.recv(view),
  tryRecv: (s, view) => s.tryRecv(view),
  recvExactly: (s, view) => s.recvExactly(view),
  recvfrom: (s, view) => s.recvfrom(view),
  tryRecvfrom: (s, view) => s.tryRecvfrom(view),
  recvmsg: (s, view) => s.recvmsg({ buffers: view }),
  'recvmsg of two': (s, view) => s.recvmsg({ buffers: [new Uint8Array(1), view] }),
  tryRecvmsg: (s, view) => s.tryRecvmsg({ buffers: [view] }),
  send: (s, view) => s.send(view),
  trySend: (s, view) => s.trySend(view),
  sendAll: (s, view) => s.sendAll(view),
  'sendAll of two': (s, view) => s.sendAll(['x', view]),
  sendto: (s, view) => s.sendto(view, { family: 'unix', path: '/x' } as never),
  sendmsg: (s, view) => s.sendmsg({ data: view }),
  'sendmsg of two': (s, view) => s.sendmsg({ data: ['x', view] }),
  trySendmsg: (s, view) => s.trySendmsg({ data: [view] }),
  sendmmsg: (s, view) => s.sendmmsg([{ data: view }]),
  setsockopt: (s, view) => s.setsockopt(SOL_SOCKET, SO_SNDBUF, view as never),
  'MessageBatch.add': (_, view) => new MessageBatch(1, { size: 64 }).add(view),
};

describe.for(Object.entries(calls))('%s', ([, call]) => {
  it.for(Object.entries(lost))('refuses %s', ([, make]) => {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    closeAfterTest(a);
    closeAfterTest(b).send('data');
    expect(thrownError(() => call(a, make()))).toBeInstanceOf(TypeError);
    expect(a.recv(new Uint8Array(9))).toBe(4);
    expect(b.tryRecv(new Uint8Array(9))).toBeNull(); // nothing was sent
  });
});
