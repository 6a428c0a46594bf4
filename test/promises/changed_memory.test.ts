// Tests of memory that changes while a call waits: transferred, or shrunk, the call is rejected with TypeError and `bytes`, and takes nothing
// off the socket; grown, the call goes on with the length that the memory had when it began.
import { AF_UNIX, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { resizableBuffer } from '../support/memory.js';
import { fillSendBuffer, receiveAll, rejection } from '../support/promise_sockets.js';

type Resizable = ArrayBuffer & { resize(length: number): void };
type View = ArrayBufferView | ArrayBuffer;
const changes: Readonly<Record<string, (buffer: Resizable) => void>> = {
  transferred: (buffer) => structuredClone(buffer, { transfer: [buffer] }),
  shrunk: (buffer) => buffer.resize(buffer.byteLength / 2),
  emptied: (buffer) => buffer.resize(0),
};
/** Views of a buffer, all of which end where it does. */
const views: Readonly<Record<string, (buffer: ArrayBuffer) => View>> = {
  'a view': (buffer) => new Uint8Array(buffer, 0, buffer.byteLength),
  'a view that follows the buffer': (buffer) => new Uint8Array(buffer),
  'a view of the end': (buffer) => new Uint8Array(buffer, buffer.byteLength / 2, buffer.byteLength / 2),
  'a view of the end that follows the buffer': (buffer) => new Uint8Array(buffer, buffer.byteLength / 2),
  'an Int16Array': (buffer) => new Int16Array(buffer, 0, buffer.byteLength / 2),
  'a DataView': (buffer) => new DataView(buffer, 0, buffer.byteLength),
  'the buffer': (buffer) => buffer,
};
const receives: Readonly<Record<string, (s: Socket, view: View) => Promise<unknown>>> = {
  recv: (s, view) => s.recv(view),
  'recv with a time-out': (s, view) => s.recv(view, { timeout: 60_000 }),
  'recv behind another': (s, view) => {
    s.recv(new Uint8Array(1)).catch(() => {});
    return s.recv(view);
  },
  recvExactly: (s, view) => s.recvExactly(view),
  recvfrom: (s, view) => s.recvfrom(view),
  recvmsg: (s, view) => s.recvmsg({ buffers: view }),
  'recvmsg of two buffers': (s, view) => s.recvmsg({ buffers: [new Uint8Array(1), view] }),
};
const pair = (type: number): [Socket, Socket] => {
  const [a, b] = Socket.pair(AF_UNIX, type);
  return [closeAfterTest(a), closeAfterTest(b)];
};

describe.for(Object.entries(receives))('%s', ([name, receive]) => {
  for (const [what, change] of Object.entries(changes)) {
    it.for(Object.entries(views))(`into %s, ${what}`, async ([, view]) => {
      for (const type of [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET]) {
        const [a, b] = pair(type);
        const buffer = resizableBuffer(8);
        const waiting = rejection(receive(a, view(buffer)));
        change(buffer);
        if (name.includes('behind')) await b.send('1');
        await b.send('kept');
        const error = await waiting;
        expect(error).toBeInstanceOf(TypeError);
        expect(error).toMatchObject({ code: 'ERR_INVALID_STATE', bytes: 0 });
        expect(await a.recv(new Uint8Array(9))).toBe(4);
      }
    });
  }
});

it('recvExactly says how much came before', async () => {
  for (const change of Object.values(changes)) {
    const [a, b] = pair(SOCK_STREAM);
    const buffer = resizableBuffer(8);
    const waiting = rejection(a.recvExactly(new Uint8Array(buffer)));
    await b.send('abc');
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    change(buffer);
    await b.send('defghijk');
    expect(await waiting).toMatchObject({ name: 'TypeError', bytes: 3 });
  }
});

const LENGTH = 4_000_000;
const sends: Readonly<Record<string, (s: Socket, view: View) => Promise<unknown>>> = {
  sendAll: (s, view) => s.sendAll(view),
  'sendAll of pieces, first': (s, view) => s.sendAll([view, new Uint8Array(10)]),
  'sendAll of pieces, last': (s, view) => s.sendAll([new Uint8Array(10), view]),
  send: (s, view) => s.send(view),
  'send with a time-out': (s, view) => s.send(view, { timeout: 60_000 }),
  sendmsg: (s, view) => s.sendmsg({ data: view }),
  'sendmsg of pieces': (s, view) => s.sendmsg({ data: ['a', view] }),
};
describe.for(Object.entries(sends))('%s', ([name, send]) => {
  it.for(Object.entries(changes))('of memory that is %s: as many bytes as it says were sent', async ([, change]) => {
    for (const view of Object.values(views)) {
      const [a, b] = pair(SOCK_STREAM);
      const before = name.startsWith('sendAll') ? 0 : await fillSendBuffer(a);
      const buffer = resizableBuffer(LENGTH, LENGTH);
      const waiting = rejection(send(a, view(buffer)));
      change(buffer);
      const received = receiveAll(b);
      const { bytes, ...error } = await waiting;
      expect(error).toMatchObject({ code: 'ERR_INVALID_STATE' });
      a.close();
      expect((await received).length).toBe(before + bytes!);
    }
  });
});

describe('memory that grows', () => {
  const growing: Readonly<Record<string, () => [memory: ArrayBuffer | SharedArrayBuffer, grow: () => void]>> = {
    'a resizable ArrayBuffer': () => {
      const buffer = resizableBuffer(4);
      return [buffer, () => buffer.resize(16)];
    },
    'a growable SharedArrayBuffer': () => {
      const buffer = Reflect.construct(SharedArrayBuffer, [4, { maxByteLength: 16 }]) as SharedArrayBuffer & {
        grow(length: number): void;
      };
      return [buffer, () => buffer.grow(16)];
    },
  };
  it.for(Object.entries(growing))('%s', async ([, make]) => {
    for (const [name, receive] of Object.entries(receives)) {
      if (name.includes('two') || name.includes('behind')) continue;
      const [a, b] = pair(SOCK_STREAM);
      const [memory, grow] = make();
      const waiting = receive(a, new Uint8Array(memory) as View);
      grow();
      await b.send('12345678');
      await waiting;
      // The first four bytes were received, not more.
      expect(Buffer.from(memory as ArrayBuffer).toString('latin1')).toBe(`1234${'\0'.repeat(12)}`);
      const rest = new Uint8Array(9);
      expect(await a.recv(rest)).toBe(4);
    }
  });
});
