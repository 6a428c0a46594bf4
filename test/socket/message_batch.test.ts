// MessageBatch, sendmmsg and recvmmsg.
import {
  AF_UNIX,
  type InetAddress,
  MessageBatch,
  MSG_DONTWAIT,
  MSG_TRUNC,
  SO_PASSCRED,
  SO_SNDBUF,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
  WouldBlockError,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { udp4, udp6, unixDatagram, unixStream } from '../support/socket_kinds.js';
import { boundSocket, connectedPair, thrownError, thrownSocketError } from '../support/sockets.js';

const isOpen = (fd: number): boolean => c.fcntl(fd, c.F_GETFD) !== -1;
const textOf = (batch: MessageBatch): string[] =>
  Array.from({ length: batch.length }, (_, i) => Buffer.from(batch.data(i)).toString());
const datagrams = [udp4, udp6, unixDatagram];

describe.each(datagrams)('$name', (kind) => {
  it('sendmmsg sends an array of messages, recvmmsg receives into a batch', () => {
    const [a, b] = connectedPair(kind);
    expect(a.sendmmsg([{ data: 'one' }, { data: ['tw', 'o'] }, { data: Buffer.from('three') }])).toBe(3);
    const batch = new MessageBatch(8, { size: 16 });
    expect(b.recvmmsg(batch)).toBe(3);
    expect(batch.length).toBe(3);
    expect(textOf(batch)).toEqual(['one', 'two', 'three']);
    for (let i = 0; i < 3; i++) expect(batch.address(i)).toEqual(a.getsockname());
  });
  it('sendmmsg sends a batch, and the batch is used again', () => {
    const [a, b] = connectedPair(kind);
    const batch = new MessageBatch(4, { size: 8 });
    const received = new MessageBatch(4, { size: 8 });
    for (const round of [1, 2]) {
      batch.clear();
      for (const word of ['a', 'bb', '']) batch.add(word + round);
      expect(textOf(batch)).toEqual([`a${round}`, `bb${round}`, `${round}`]);
      expect(a.sendmmsg(batch)).toBe(3);
      expect(b.recvmmsg(received)).toBe(3);
      expect(textOf(received)).toEqual(textOf(batch));
    }
  });
});

it('add takes data of every kind, an address and control messages', () => {
  const [a, b] = [boundSocket(udp4), boundSocket(udp4)];
  const address = b.getsockname() as InetAddress;
  const batch = new MessageBatch(4, { size: 8, controlSize: 64 })
    .add('text', address)
    .add(Uint8Array.of(1, 2), address)
    .add(new Float64Array(1), address, [{ type: 'ttl', value: 3 }]);
  expect([batch.capacity, batch.length]).toEqual([4, 3]);
  expect(batch.address(1)).toEqual(address);
  expect(batch.control(2)).toEqual([{ type: 'ttl', value: 3 }]);
  expect(batch.control(0)).toEqual([]);
  expect(a.sendmmsg(batch)).toBe(3);
  const received = new MessageBatch(4, { size: 8, controlSize: 64 });
  expect(b.recvmmsg(received)).toBe(3);
  expect([0, 1, 2].map((i) => received.data(i).length)).toEqual([4, 2, 8]);
});

it('reports truncation, and the full length with MSG_TRUNC', () => {
  const [a, b] = connectedPair(udp4);
  const batch = new MessageBatch(2, { size: 3 });
  a.send('hello');
  b.recvmmsg(batch);
  expect(textOf(batch)).toEqual(['hel']);
  expect(batch.flags(0) & MSG_TRUNC).toBe(MSG_TRUNC);
  a.send('hello');
  b.recvmmsg(batch, MSG_TRUNC | (c.MSG_WAITFORONE ?? 0));
  expect(textOf(batch)).toEqual(['hel']);
});

it('may have room for no data at all', () => {
  const [a, b] = connectedPair(udp4);
  a.sendmmsg([{ data: 'x' }, { data: 'y' }]);
  const batch = new MessageBatch(2, { size: 0 });
  expect(b.recvmmsg(batch)).toBe(2);
  expect(textOf(batch)).toEqual(['', '']);
});

it('sendmmsg goes on after a call that sent a part', () => {
  const [a, b] = connectedPair(unixDatagram);
  a.setsockopt(SOL_SOCKET, SO_SNDBUF, 8192);
  const batch = new MessageBatch(64, { size: 1024 });
  for (let i = 0; i < 64; i++) batch.add(String(i).padEnd(1024));
  const seen: number[] = [];
  const received = new MessageBatch(16, { size: 1024 });
  let sent = 0;
  while (seen.length < 64) {
    if (sent < 64) {
      const count = a.sendmmsg(batch, MSG_DONTWAIT, sent);
      expect(count).toBeLessThan(64);
      sent += count;
    }
    b.recvmmsg(received);
    seen.push(...textOf(received).map(Number));
  }
  expect(seen).toEqual(Array.from({ length: 64 }, (_, i) => i));
  a.sendmmsg(batch, MSG_DONTWAIT);
  expect(thrownSocketError(() => a.sendmmsg(batch, MSG_DONTWAIT))).toBeInstanceOf(WouldBlockError);
  expect(thrownSocketError(() => a.sendmmsg([{ data: 'x' }], MSG_DONTWAIT))).toBeInstanceOf(WouldBlockError);
});

it('is empty after WouldBlockError', () => {
  const [a, b] = connectedPair(udp4);
  const batch = new MessageBatch(2, { size: 8 });
  a.send('x');
  b.recvmmsg(batch);
  expect(thrownSocketError(() => b.recvmmsg(batch, MSG_DONTWAIT))).toBeInstanceOf(WouldBlockError);
  expect(batch.length).toBe(0);
  expect(thrownError(() => batch.data(0))).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
});

it('owns received descriptors: the next call closes those that were not taken', () => {
  const [a, b] = connectedPair(unixDatagram);
  const rights = { type: 'rights', fds: [a.fd] } as const;
  const batch = new MessageBatch(4, { size: 8, controlSize: 64 });
  const fdsOf = (i: number): readonly number[] => batch.control(i).flatMap((m) => (m.type === 'rights' ? m.fds : []));
  a.sendmmsg([
    { data: 'x', control: [rights] },
    { data: 'y', control: [rights] },
  ]);
  expect(b.recvmmsg(batch)).toBe(2);
  const [first, second] = [fdsOf(0)[0]!, fdsOf(1)[0]!];
  expect([first, second].map((fd) => c.fcntl(fd, c.F_GETFD))).toEqual([c.FD_CLOEXEC, c.FD_CLOEXEC]);
  closeAfterTest(Socket.adopt(first));
  a.send('z');
  b.recvmmsg(batch);
  expect([first, second].map(isOpen)).toEqual([true, false]);
  a.sendmmsg([{ data: 'x', control: [rights] }]);
  b.recvmmsg(batch);
  const third = fdsOf(0)[0]!;
  batch.clear();
  expect(isOpen(third)).toBe(false);
});

it('reports credentials', () => {
  const [a, b] = connectedPair(unixDatagram);
  b.setsockopt(SOL_SOCKET, SO_PASSCRED!, true);
  a.send('x');
  const batch = new MessageBatch(1, { size: 8, controlSize: 64 });
  b.recvmmsg(batch);
  expect(batch.control(0)).toMatchObject([{ type: 'credentials', pid: process.pid }]);
  expect(batch.address(0)).toEqual({ family: 'unix', path: '' });
});

it('checks its bounds', () => {
  const batch = new MessageBatch(1, { size: 4 });
  const range = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
  expect(thrownError(() => batch.add('12345'))).toMatchObject(range);
  expect(thrownError(() => batch.add('1', undefined, [{ type: 'ttl', value: 1 }]))).toMatchObject(range);
  expect(batch.length).toBe(0);
  batch.add('1234');
  expect(thrownError(() => batch.add('1'))).toMatchObject(range);
  for (const i of [-1, 1, 0.5, Number.NaN, 2 ** 40]) {
    for (const method of ['data', 'address', 'control', 'flags'] as const) {
      expect(thrownError(() => batch[method](i))).toMatchObject(range);
    }
  }
  for (const [count, size, controlSize] of [
    [0, 1, 0],
    [1025, 1, 0],
    [-1, 1, 0],
    [1.5, 1, 0],
    [1, -1, 0],
    [1024, 2 ** 30, 0],
    [1, 2 ** 53, 0],
    [1, 1, 2 ** 40],
    [1, 1, -1],
  ] as const) {
    expect(thrownError(() => new MessageBatch(count, { size, controlSize }))).toMatchObject(range);
  }
});

it('sendmmsg and recvmmsg throw TypeError for other objects, forged batches included', () => {
  const [a, b] = connectedPair(udp4);
  const wrong = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
  for (const batch of [
    undefined,
    null,
    1,
    'x',
    {},
    [],
    Object.create(MessageBatch.prototype),
    new Proxy(new MessageBatch(1, { size: 1 }), {}),
  ]) {
    expect(thrownError(() => b.recvmmsg(batch as never))).toMatchObject(wrong);
    if (!Array.isArray(batch)) expect(thrownError(() => a.sendmmsg(batch as never))).toMatchObject(wrong);
  }
  for (const options of [undefined, null, 1, {}, { size: '1' }]) {
    expect(thrownError(() => new MessageBatch(1, options as never))).toMatchObject(wrong);
  }
  expect(thrownError(() => new MessageBatch('1' as never, { size: 1 }))).toMatchObject(wrong);
  const batch = new MessageBatch(1, { size: 8 });
  expect(thrownError(() => batch.add('x', { address: '127.0.0.1', port: 1 } as never)).name).toBe('TypeError');
});

it('throws after its memory was transferred', () => {
  const [a, b] = connectedPair(udp4);
  const batch = new MessageBatch(2, { size: 8, controlSize: 32 }).add('x');
  const { buffer } = batch.data(0);
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
  expect(thrownSocketError(() => a.sendmmsg(batch)).code).toBe('EFAULT');
  a.send('x');
  expect(thrownSocketError(() => b.recvmmsg(batch)).code).toBe('EFAULT');
});

it('a subclass’s own length is not what is sent', () => {
  class Liar extends MessageBatch {
    override get length(): number {
      return 1024;
    }
    override get capacity(): number {
      return 1024;
    }
  }
  const [a, b] = connectedPair(udp4);
  const batch = new Liar(2, { size: 8 });
  expect(a.sendmmsg(batch)).toBe(0);
  a.send('x');
  expect(b.recvmmsg(batch)).toBe(1);
});

it('arrays are read by index: their own methods are not called, and one without an end throws RangeError', () => {
  const [a, b] = connectedPair(udp4);
  const none = (): never => {
    throw new Error('called');
  };
  const odd = <T>(list: T[]): T[] =>
    Object.assign(list, { slice: none, map: none, [Symbol.iterator]: none, constructor: none });
  expect(a.sendmmsg(odd([{ data: odd(['x', 'y']) }]))).toBe(1);
  expect(b.recv(new Uint8Array(3))).toBe(2);
  for (const length of [1e18, 2 ** 31, Number.POSITIVE_INFINITY]) {
    const endless = new Proxy([], { get: (target, key) => (key === 'length' ? length : Reflect.get(target, key)) });
    for (const call of [
      () => a.sendmmsg(endless),
      () => a.sendmsg({ data: endless }),
      () => a.sendAll(endless),
      () => b.recvmsg({ buffers: endless }),
    ])
      expect(thrownError(call).name).toBe('RangeError');
  }
  expect(a.sendmmsg([{ data: 'x' }])).toBe(1);
  expect(b.recv(new Uint8Array(1))).toBe(1);
});

it('a subclass that hides control messages leaks no descriptor', () => {
  class Quiet extends MessageBatch {
    override control(): [] {
      return [];
    }
  }
  const [a, b] = connectedPair(unixDatagram);
  a.sendmsg({ data: 'x', control: [{ type: 'rights', fds: [a.fd] }] });
  const batch = new Quiet(1, { size: 8, controlSize: 64 });
  expect(b.recvmmsg(batch)).toBe(1);
  const received = MessageBatch.prototype.control
    .call(batch, 0)
    .flatMap((m) => (m.type === 'rights' ? [...m.fds] : []));
  expect(received.map(isOpen)).toEqual([true]);
  batch.clear();
  expect(received.map(isOpen)).toEqual([false]);
});

it('works over a stream', () => {
  const [a, b] = connectedPair({ ...unixStream, type: SOCK_STREAM });
  expect(a.sendmmsg([{ data: 'ab' }, { data: 'cd' }])).toBe(2);
  const batch = new MessageBatch(2, { size: 8 });
  expect(b.recvmmsg(batch)).toBeGreaterThan(0);
  expect(Socket.pair(AF_UNIX, SOCK_STREAM).map((socket) => closeAfterTest(socket).type)).toEqual([
    SOCK_STREAM,
    SOCK_STREAM,
  ]);
});
