// Wrong arguments of every method throw a TypeError or RangeError with Node’s code, before any system call.
import * as root from 'bsd-sockets';
import { AF_UNIX, MessageBatch, poll, SOL_SOCKET, Socket, select } from 'bsd-sockets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { unixDatagram, unixStream } from '../support/socket_kinds.js';
import { connectedPair, thrownError } from '../support/sockets.js';

/** Methods, an argument's place in good arguments, and what kind it is. */
const buffer = new Uint8Array(8);
const batch = (): MessageBatch => new MessageBatch(1, { size: 8, controlSize: 64 });
type Call = (...args: never[]) => unknown;
const the = (socket: Socket): Record<string, Call> => socket as unknown as Record<string, Call>;
const address = { family: 'unix', path: '/no/such' };

const METHODS: Record<string, readonly [good: readonly unknown[], kinds: string]> = {
  bind: [[address], 'address'],
  listen: [[1], 'integer'],
  connect: [[address], 'address'],
  tryConnect: [[address], 'address'],
  shutdown: [[1], 'integer'],
  getsockopt: [[SOL_SOCKET, root.SO_TYPE, 4], 'integer integer integer?'],
  setsockopt: [[SOL_SOCKET, root.SO_RCVBUF, 4096], 'integer integer integer'],
  send: [['x', 0], 'data integer?'],
  trySend: [['x', 0], 'data integer?'],
  sendto: [['x', address, 0], 'data address integer?'],
  trySendto: [['x', address, 0], 'data address integer?'],
  recv: [[buffer, 0], 'memory integer?'],
  tryRecv: [[buffer, 0], 'memory integer?'],
  recvfrom: [[buffer, 0], 'memory integer?'],
  tryRecvfrom: [[buffer, 0], 'memory integer?'],
  sendmsg: [[{ data: 'x' }], 'object'],
  trySendmsg: [[{ data: 'x' }], 'object'],
  recvmsg: [[{ buffers: buffer }], 'object'],
  tryRecvmsg: [[{ buffers: buffer }], 'object'],
  sendmmsg: [[[{ data: 'x' }], 0, 0], 'object integer? integer?'],
  recvmmsg: [[batch(), 0], 'object integer?'],
  sendAll: [['x'], 'pieces'],
  recvBytes: [[1], 'positive?'],
  recvExactly: [[buffer], 'memory'],
};
const NEVER = [null, true, Symbol('s'), 1n, () => 1];
const WRONG: Record<string, readonly unknown[]> = {
  integer: [...NEVER, 'x', '1', {}, [], 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, -(2 ** 31) - 1, 2 ** 53],
  data: [...NEVER, undefined, 1, {}, [], { length: 1 }, { buffer: new ArrayBuffer(8), byteLength: 8, byteOffset: 0 }],
  pieces: [...NEVER, undefined, 1, {}, [1], ['x', {}], { length: 1 }],
  positive: [...NEVER, 'x', {}, [], 1.5, -1, Number.NaN, 2 ** 31],
  memory: [...NEVER, undefined, 1, {}, [], 'text', { byteLength: 8 }, { buffer: new ArrayBuffer(8), byteLength: 8 }],
  address: [...NEVER, undefined, 1, '/tmp/x', {}, [], { port: 1 }, { path: 1 }, { family: 'x', path: '/x' }],
  object: [...NEVER, undefined, 1, 'x', {}, Object.create(MessageBatch.prototype)],
};

const isWrong = (error: Error & { code?: string }): void => {
  expect(error.code, error.message).toMatch(
    /^ERR_(INVALID_ARG_TYPE|OUT_OF_RANGE|INVALID_ARG_VALUE|INVALID_IP_ADDRESS)$/,
  );
  expect(error).toBeInstanceOf(error.code === 'ERR_OUT_OF_RANGE' ? RangeError : TypeError);
  expect(error.message).toMatch(/^The ("[^"]+" argument must be|value of "[^"]+" is out of range)/);
};

describe.each(Object.entries(METHODS))('%s', (name, [good, kinds]) => {
  it.each(kinds.split(' ').map((kind, place) => [place, kind] as const))(
    'throws for argument %i: %s',
    (place, kind) => {
      const [socket] = connectedPair(unixDatagram);
      socket.blocking = false;
      const optional = kind.endsWith('?');
      const wrong = WRONG[optional ? kind.slice(0, -1) : kind]!;
      for (const value of optional || name === 'listen' ? wrong : [...wrong, undefined]) {
        const args = good.map((argument, i) => (i === place ? value : argument));
        isWrong(thrownError(() => the(socket)[name]!(...(args as never[]))));
      }
    },
  );
  it('throws without arguments', () => {
    if (name === 'listen' || name === 'recvBytes') return;
    const [socket] = connectedPair(unixDatagram);
    isWrong(thrownError(() => the(socket)[name]!()));
  });
  it('throws for a forged this', () => {
    for (const forged of [
      undefined,
      null,
      {},
      Object.create(Socket.prototype),
      new Proxy(connectedPair(unixStream)[0], {}),
    ]) {
      const method = (Socket.prototype as unknown as Record<string, Call>)[name]!;
      expect(thrownError(() => method.apply(forged, good as never[]))).toBeInstanceOf(TypeError);
    }
  });
});

it('the table has every method of Socket that takes arguments', () => {
  const others = 'constructor detach close accept tryAccept getsockname getpeername'.split(' ');
  const all = Object.entries(Object.getOwnPropertyDescriptors(Socket.prototype))
    .filter(([, { value }]) => typeof value === 'function')
    .map(([name]) => name);
  expect(all.filter((name) => !(name in METHODS) && !others.includes(name))).toEqual([]);
});

describe('fields of messages', () => {
  it.each([
    ['sendmsg', { data: 1 }],
    ['sendmsg', { data: [1] }],
    ['sendmsg', { data: ['x', null] }],
    ['sendmsg', { data: 'x', flags: 'x' }],
    ['sendmsg', { data: 'x', flags: 1.5 }],
    ['sendmsg', { data: 'x', control: 1 }],
    ['sendmsg', { data: 'x', address: null }],
    ['sendmsg', { data: 'x', address: {} }],
    ['recvmsg', { buffers: 1 }],
    ['recvmsg', { buffers: ['x'] }],
    ['recvmsg', { buffers: [buffer, null] }],
    ['recvmsg', { buffers: buffer, controlSize: -1 }],
    ['recvmsg', { buffers: buffer, controlSize: '1' }],
    ['recvmsg', { buffers: buffer, controlSize: 2 ** 40 }],
    ['recvmsg', { buffers: buffer, flags: null }],
    ['sendmmsg', [null]],
    ['sendmmsg', [{ data: 1 }]],
  ])('%s %j', (name, message) => {
    const [socket] = connectedPair(unixStream);
    isWrong(thrownError(() => the(socket)[name]!(message as never)));
    const tries = `try${name[0]!.toUpperCase()}${name.slice(1)}`;
    if (tries in Socket.prototype) isWrong(thrownError(() => the(socket)[tries]!(message as never)));
  });
});

describe('the constructors', () => {
  it.each(WRONG.integer!.map((value) => [value]))('%s', (value) => {
    isWrong(thrownError(() => new Socket(value as never, 1)));
    isWrong(thrownError(() => new Socket(AF_UNIX, value as never)));
    isWrong(thrownError(() => new Socket(AF_UNIX, 1, value as never)));
    isWrong(thrownError(() => Socket.pair(value as never, 1)));
    isWrong(thrownError(() => Socket.pair(AF_UNIX, value as never)));
    isWrong(thrownError(() => Socket.pair(AF_UNIX, 1, value as never)));
    isWrong(thrownError(() => Socket.adopt(value as never)));
  });
  it('the internals of Socket cannot be reached from outside', () => {
    isWrong(thrownError(() => new Socket({ fd: 0, borrowed: undefined } as never, undefined)));
    isWrong(thrownError(() => new (Socket as unknown as new () => Socket)()));
  });
});

describe('poll and select', () => {
  it.each([
    undefined,
    null,
    1,
    true,
    {},
    [null],
    [1],
    [{}],
    [{ socket: 0 }],
    [{ socket: '0', events: 1 }],
    [{ socket: 1.5, events: 1 }],
    [{ socket: 0, events: 1.5 }],
    [{ socket: 0, events: 2 ** 20 }],
  ])('poll(%j)', (requests) => {
    isWrong(thrownError(() => poll(requests as never, 0)));
  });
  it.each([
    undefined,
    null,
    1,
    'x',
    { read: 1 },
    { read: null },
    { write: ['0'] },
    { except: [{}] },
    { read: [1.5] },
    { read: [2 ** 40] },
  ])('select(%j)', (sets) => {
    isWrong(thrownError(() => select(sets as never, 0)));
  });
  it.each(['1', {}, true, Number.NaN, 1n])('throws for a time-out of %s', (timeout) => {
    isWrong(thrownError(() => poll([], timeout as never)));
    isWrong(thrownError(() => select({}, timeout as never)));
  });
});

describe('functions that look up names', () => {
  const any = [...NEVER, undefined, 1.5, {}, [], 'x\0y'];
  it.each<[string, (value: never) => unknown, readonly unknown[]]>([
    ['getaddrinfo host', (value) => root.getaddrinfo(value), any.slice(1)],
    [
      'getaddrinfo service',
      (value) => root.getaddrinfo('127.0.0.1', value),
      any.filter((x) => x !== null && x !== undefined),
    ],
    [
      'getaddrinfo hints',
      (value) => root.getaddrinfo('127.0.0.1', null, value),
      [null, 1, 'x', { family: 'x' }, { family: {} }, { type: 'x' }, { flags: 1.5 }, { protocol: null }],
    ],
    [
      'getnameinfo address',
      (value) => root.getnameinfo(value),
      [...any, { address: '127.0.0.1', port: 1 }, { family: 'inet', address: 'x', port: 1 }],
    ],
    [
      'getnameinfo flags',
      (value) => root.getnameinfo({ family: 'inet', address: '127.0.0.1', port: 1 }, value),
      any.filter((x) => x !== undefined),
    ],
    ['if_nametoindex', (value) => root.if_nametoindex(value), any],
    ['if_indextoname', (value) => root.if_indextoname(value), [...any, '1', 2 ** 40]],
    ['inet_pton family', (value) => root.inet_pton(value, '1.2.3.4'), any],
    ['inet_pton address', (value) => root.inet_pton(2, value), [...any, 'localhost', '1.2.3']],
    ['inet_ntop family', (value) => root.inet_ntop(value, new Uint8Array(4)), any],
    ['inet_ntop bytes', (value) => root.inet_ntop(2, value), [...any, new Uint8Array(3), [1, 2, 3, 4]]],
  ])('%s', (_name, call, wrong) => {
    for (const value of wrong) isWrong(thrownError(() => call(value as never)));
  });
});

it('random arguments end in an error or a result, and the socket keeps working', () => {
  const [socket, peer] = connectedPair(unixDatagram);
  socket.blocking = peer.blocking = false;
  const names = Object.keys(METHODS).filter((name) => name !== 'shutdown' && name !== 'setsockopt');
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.anything({ withTypedArray: true, withBigInt: true }), { maxLength: 3 }),
      (name, args) => {
        try {
          the(socket)[name]!(...(args as never[]));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      },
    ),
    { numRuns: 3000 },
  );
  for (let n: number | null = 0; n !== null; ) n = peer.tryRecv(new Uint8Array(1));
  const [a, b] = connectedPair(unixStream);
  expect(a.send('x')).toBe(1);
  expect(closeAfterTest(b).recv(new Uint8Array(1))).toBe(1);
});
