// Tests of arguments whose getters run the caller's code in the middle of a call: they close the socket, and another has its number at once.
// The call must fail, and nothing of it may reach the other socket.
import { type AddressInput, AF_UNIX, Socket as Blocking, SO_LINGER, SOCK_SEQPACKET, SOL_SOCKET } from 'bsd-sockets';
import { Socket as Waiting } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { rejection } from '../support/promise_sockets.js';
import { thrownError } from '../support/sockets.js';

type Strike = () => void;
/** An object of which one property strikes when it is read. */
function trap<T extends object>(strike: Strike, value: T, key: keyof T): T {
  const read = value[key];
  return Object.defineProperty({ ...value }, key, {
    enumerable: true,
    get() {
      strike();
      return read;
    },
  });
}
/** An array that strikes when its length is read, and one whose first element does. */
const trapLength = <T>(strike: Strike, list: T[]): T[] =>
  new Proxy(list, {
    get(target, key) {
      if (key === 'length') strike();
      return Reflect.get(target, key) as unknown;
    },
  });
const trapFirst = <T>(strike: Strike, list: T[]): T[] =>
  Object.defineProperty([...list], 0, {
    get() {
      strike();
      return list[0];
    },
  });
const path = (name = '/nonexistent/x'): AddressInput => ({ family: 'unix', path: name }) as AddressInput;
const rights = (): { type: 'rights'; fds: number[] } => ({ type: 'rights', fds: [0] });
const buffer = (): Uint8Array => new Uint8Array(4);

/** Calls that both layers have. */
type Common = Blocking & Waiting;
const common: Readonly<Record<string, (s: Common, strike: Strike) => unknown>> = {
  'bind, path': (s, strike) => s.bind(trap(strike, path() as { path: string }, 'path') as never),
  'bind, family': (s, strike) => s.bind(trap(strike, path() as { family: string }, 'family') as never),
  'connect, path': (s, strike) => s.connect(trap(strike, path() as { path: string }, 'path') as never),
  'sendto, path': (s, strike) => s.sendto('x', trap(strike, path() as { path: string }, 'path') as never),
  'sendto, family': (s, strike) => s.sendto('x', trap(strike, path() as { family: string }, 'family') as never),
  'sendmsg, data': (s, strike) => s.sendmsg(trap(strike, { data: 'x' }, 'data')),
  'sendmsg, flags': (s, strike) => s.sendmsg(trap(strike, { data: 'x', flags: 0 }, 'flags')),
  'sendmsg, control': (s, strike) => s.sendmsg(trap(strike, { data: 'x', control: [] }, 'control')),
  'sendmsg, address': (s, strike) => s.sendmsg(trap(strike, { data: 'x', address: path() }, 'address') as never),
  'sendmsg, path of the address': (s, strike) =>
    s.sendmsg({ data: 'x', address: trap(strike, path() as { path: string }, 'path') } as never),
  'sendmsg, length of the pieces': (s, strike) => s.sendmsg({ data: trapLength(strike, ['a', 'b']) }),
  'sendmsg, first piece': (s, strike) => s.sendmsg({ data: trapFirst(strike, ['a', 'b']) }),
  'sendmsg, type of a control message': (s, strike) =>
    s.sendmsg({ data: 'x', control: [trap(strike, rights(), 'type')] }),
  'sendmsg, fds of a control message': (s, strike) =>
    s.sendmsg({ data: 'x', control: [trap(strike, rights(), 'fds')] }),
  'sendmsg, length of fds': (s, strike) =>
    s.sendmsg({ data: 'x', control: [{ type: 'rights', fds: trapLength(strike, [0]) }] }),
  'recvmsg, buffers': (s, strike) => s.recvmsg(trap(strike, { buffers: buffer() }, 'buffers')),
  'recvmsg, length of the buffers': (s, strike) => s.recvmsg({ buffers: trapLength(strike, [buffer()]) }),
  'recvmsg, flags': (s, strike) => s.recvmsg(trap(strike, { buffers: buffer(), flags: 0 }, 'flags')),
  'recvmsg, controlSize': (s, strike) => s.recvmsg(trap(strike, { buffers: buffer(), controlSize: 64 }, 'controlSize')),
  'sendAll, length of the pieces': (s, strike) => s.sendAll(trapLength(strike, ['a', 'b'])),
  'sendAll, first piece': (s, strike) => s.sendAll(trapFirst(strike, ['a', 'b'])),
  'setsockopt, seconds': (s, strike) =>
    s.setsockopt(SOL_SOCKET, SO_LINGER, trap(strike, { seconds: 1 }, 'seconds') as never),
};
const blocking: Readonly<Record<string, (s: Blocking, strike: Strike) => unknown>> = {
  'tryConnect, path': (s, strike) => s.tryConnect(trap(strike, path() as { path: string }, 'path') as never),
  'trySendto, path': (s, strike) => s.trySendto('x', trap(strike, path() as { path: string }, 'path') as never),
  'trySendmsg, flags': (s, strike) => s.trySendmsg(trap(strike, { data: 'x', flags: 0 }, 'flags')),
  'tryRecvmsg, buffers': (s, strike) => s.tryRecvmsg(trap(strike, { buffers: buffer() }, 'buffers')),
  'sendmmsg, data': (s, strike) => s.sendmmsg([trap(strike, { data: 'x' }, 'data')]),
  'sendmmsg, length': (s, strike) => s.sendmmsg(trapLength(strike, [{ data: 'x' }])),
  'sendmmsg, first': (s, strike) => s.sendmmsg(trapFirst(strike, [{ data: 'x' }])),
};
type Options = { timeout?: number; signal?: AbortSignal };
const withOptions: Readonly<Record<string, (s: Waiting, options: Options) => Promise<unknown>>> = {
  recv: (s, options) => s.recv(buffer(), options),
  'recv with flags': (s, options) => s.recv(buffer(), 0, options),
  recvBytes: (s, options) => s.recvBytes(options),
  'recvBytes with a limit': (s, options) => s.recvBytes(4, options),
  recvExactly: (s, options) => s.recvExactly(buffer(), options),
  recvfrom: (s, options) => s.recvfrom(buffer(), options),
  recvmsg: (s, options) => s.recvmsg({ buffers: buffer() }, options),
  accept: (s, options) => s.accept(options),
  send: (s, options) => s.send('x', options),
  sendAll: (s, options) => s.sendAll('x', options),
  sendto: (s, options) => s.sendto('x', path() as never, options),
  sendmsg: (s, options) => s.sendmsg({ data: 'x' }, options),
  connect: (s, options) => s.connect(path() as never, options),
};
const waiting: Record<string, (s: Waiting, strike: Strike) => unknown> = {};
for (const [name, call] of Object.entries(withOptions)) {
  for (const key of ['timeout', 'signal'] as const)
    waiting[`${name}, ${key}`] = (s, strike) => call(s, trap<Options>(strike, { [key]: undefined }, key));
}

/** Closes the socket once, and opens a pair whose first socket has its number. */
function striking(victim: { readonly fd: number; close(): void }): { strike: Strike; check(): void } {
  const { fd } = victim;
  let strikes = 0;
  let other: [Blocking, Blocking] | undefined;
  return {
    strike() {
      if (++strikes > 1) return;
      victim.close();
      other = Blocking.pair(AF_UNIX, SOCK_SEQPACKET);
      other.map(closeAfterTest);
    },
    check() {
      expect(other?.[0].fd).toBe(fd);
      expect(other![1].tryRecv(new Uint8Array(9))).toBeNull(); // nothing was sent by the other socket
      expect(other![0].getsockname()).toMatchObject({ path: '' });
      expect(other![0].getsockopt(SOL_SOCKET, SO_LINGER)).toBeNull();
      expect(other![0].trySend('alive')).toBe(5);
    },
  };
}

describe('the blocking layer', () => {
  it.for(Object.entries({ ...common, ...blocking }))('%s', ([, call]) => {
    const [a, b] = Blocking.pair(AF_UNIX, SOCK_SEQPACKET);
    closeAfterTest(b).send('data');
    const { strike, check } = striking(a);
    expect(thrownError(() => call(a as Common, strike)).code).toMatch(/EBADF/);
    check();
  });
});
describe('the promises', () => {
  it.for(Object.entries({ ...common, ...waiting }))('%s', async ([, call]) => {
    const [a, b] = Waiting.pair(AF_UNIX, SOCK_SEQPACKET);
    await closeAfterTest(b).send('data');
    const { strike, check } = striking(a);
    const made = async (): Promise<unknown> => call(a as Common, strike);
    expect((await rejection(made())).code).toMatch(/EBADF/);
    check();
  });
});

describe('a subclass of Uint8Array', () => {
  let run = 0;
  class Nosy extends Uint8Array {
    static get [Symbol.species](): Uint8ArrayConstructor {
      run++;
      return Uint8Array;
    }
  }
  for (const name of ['length', 'byteLength', 'byteOffset', 'buffer']) {
    Object.defineProperty(Nosy.prototype, name, {
      get() {
        run++;
        return Reflect.get(Uint8Array.prototype, name, this) as unknown;
      },
    });
  }
  const view = (): Nosy => new Nosy(4).fill(120);
  const calls: Readonly<Record<string, (s: Common) => unknown>> = {
    send: (s) => s.send(view()),
    sendAll: (s) => s.sendAll(view()),
    'sendAll of pieces': (s) => s.sendAll([view(), view()]),
    sendmsg: (s) => s.sendmsg({ data: [view()] }),
    recv: (s) => s.recv(view()),
    recvExactly: (s) => s.recvExactly(view()),
    recvfrom: (s) => s.recvfrom(view()),
    recvmsg: (s) => s.recvmsg({ buffers: [view()] }),
  };
  it.for(Object.entries(calls))('none of its code runs: %s', async ([, call]) => {
    for (const Class of [Blocking, Waiting]) {
      const [a, b] = Class.pair(AF_UNIX, SOCK_SEQPACKET);
      closeAfterTest(a);
      await closeAfterTest(b).send('data');
      run = 0;
      await call(a as Common);
      expect(run).toBe(0);
    }
  });
});
