// What the calls of lib/socket/socket.ts, message.ts and batch.ts make of their arguments: each property is read once, a piece of a list is
// named by its place, and memory of another realm is memory.
import { runInNewContext } from 'node:vm';
import { AF_INET, AF_UNIX, MessageBatch, SOCK_DGRAM, SOCK_STREAM, Socket } from 'bsd-sockets';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { misread } from '../support/reads.js';
import { unixDatagram } from '../support/socket_kinds.js';
import { connectedPair, thrownError } from '../support/sockets.js';

const inet = (): Socket => closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)) as Socket;
const datagrams = (): [Socket, Socket] => connectedPair(unixDatagram);
const address = { family: 'inet', address: '127.0.0.1', port: 0 };
const to = { family: 'inet', address: '127.0.0.1', port: 9 };

describe('each property is read once', () => {
  it.each<[string, object, (argument: never) => unknown]>([
    ['bind', address, (value) => inet().bind(value)],
    ['bind without a family', { address: '127.0.0.1', port: 0 }, (value) => inet().bind(value)],
    ['connect', to, (value) => inet().connect(value)],
    ['tryConnect', to, (value) => inet().tryConnect(value)],
    ['sendto', to, (value) => inet().sendto('x', value)],
    ['trySendto', to, (value) => inet().trySendto('x', value)],
    [
      'sendmsg',
      { data: ['x', 'y'], address: to, control: [{ type: 'ttl', value: 3 }], flags: 0 },
      (value) => inet().sendmsg(value),
    ],
    ['sendmmsg', [{ data: 'x', address: to }], (value) => inet().sendmmsg(value)],
    [
      'recvmsg',
      { buffers: [new Uint8Array(1)], controlSize: 0, flags: 0 },
      (value) => {
        const [a, b] = datagrams();
        a.send('x');
        return b.recvmsg(value);
      },
    ],
    ['new MessageBatch', { size: 1, controlSize: 1 }, (value) => new MessageBatch(1, value)],
    ['MessageBatch.add', to, (value) => new MessageBatch(1, { size: 1 }).add('x', value)],
  ])('%s', (_name, argument, call) => {
    expect(misread(argument, (value) => call(value as never))).toEqual({});
  });
});

describe('a piece of a list is named by its place', () => {
  it.each<[string, (socket: Socket) => unknown, string]>([
    [
      'sendmsg',
      (socket) => socket.sendmsg({ data: ['x', 5 as never] }),
      'The "data[1]" argument must be a string, a view, a buffer',
    ],
    [
      'recvmsg',
      (socket) => socket.recvmsg({ buffers: [new Uint8Array(1), null as never] }),
      'The "buffers[1]" argument must be',
    ],
    ['sendmmsg', (socket) => socket.sendmmsg([{ data: 'x' }, 5 as never]), 'The "messages[1]" argument must be'],
    [
      'sendmmsg, its data',
      (socket) => socket.sendmmsg([{ data: 5 as never }]),
      'The "messages[0].data" argument must be',
    ],
  ])('%s', (_name, call, text) => {
    expect(thrownError(() => call(datagrams()[0])).message.startsWith(text)).toBe(true);
  });
});

describe('an unknown property is a TypeError', () => {
  it.each<[string, (socket: Socket) => unknown, string]>([
    [
      'sendmsg',
      (socket) => socket.sendmsg({ data: 'x', controls: [] } as never),
      '"controls" (did you mean "control"?)',
    ],
    [
      'recvmsg',
      (socket) => socket.recvmsg({ buffer: new Uint8Array(1) } as never),
      '"buffer" (did you mean "buffers"?)',
    ],
    [
      'new MessageBatch',
      () => new MessageBatch(1, { size: 1, controlsize: 1 } as never),
      '"controlsize" (did you mean "controlSize"?)',
    ],
  ])('%s', (_name, call, end) => {
    const error = thrownError(() => call(datagrams()[0]));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message.endsWith(end)).toBe(true);
  });
});

describe('memory of another realm is memory', () => {
  const foreign = (code: string) => runInNewContext(code) as ArrayBuffer;
  it.each(['new ArrayBuffer(4)', 'new Uint8Array(4)', 'new SharedArrayBuffer(4)', 'new DataView(new ArrayBuffer(4))'])(
    '%s',
    (code) => {
      const [a, b] = datagrams();
      expect(a.send(foreign(code))).toBe(4);
      expect(b.recv(foreign(code))).toBe(4);
      expect(a.sendmsg({ data: [foreign(code), foreign(code)] })).toBe(8);
      expect(b.recvmsg({ buffers: [foreign(code), foreign(code)] }).length).toBe(8);
      a.sendAll(foreign(code));
      b.recvExactly(foreign(code));
      expect(new MessageBatch(1, { size: 4 }).add(foreign(code)).length).toBe(1);
    },
  );
  it('a stream', () => {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM).map(closeAfterTest) as [Socket, Socket];
    expect(a.trySend(foreign('new ArrayBuffer(3)'))).toBe(3);
    expect(b.tryRecv(foreign('new ArrayBuffer(8)'))).toBe(3);
  });
});
