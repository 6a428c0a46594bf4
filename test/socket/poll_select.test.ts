// poll and select of bsd-sockets.
import {
  AF_INET,
  MSG_OOB,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  POLLOUT,
  POLLPRI,
  poll,
  SHUT_WR,
  SO_LINGER,
  SO_SNDBUF,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
  select,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { allKinds, streamKinds, tcp4, unixStream } from '../support/socket_kinds.js';
import { connectedPair, listeningSocket, newSocket, thrownSocketError } from '../support/sockets.js';

describe.each(allKinds)('$name', (kind) => {
  it('poll returns the ready sockets in the order of the requests', () => {
    const [a, b] = connectedPair(kind);
    expect(poll([{ socket: a, events: POLLIN }], 0)).toEqual([]);
    b.send('x');
    const requests = [
      { socket: b, events: POLLIN },
      { socket: a, events: POLLIN },
      { socket: a, events: POLLIN | POLLOUT },
      { socket: a.fd, events: POLLIN },
      { socket: { fd: b.fd }, events: POLLOUT },
    ];
    const ready = poll<number | { readonly fd: number }>(requests, 1000);
    expect(ready.map(({ events }) => events)).toEqual([POLLIN, POLLIN | POLLOUT, POLLIN, POLLOUT]);
    expect(ready.map(({ socket }) => socket)).toEqual([a, a, a.fd, requests[4]!.socket]);
    expect(ready[0]!.socket).toBe(a);
  });
  it('select returns the readable and the writable sockets', () => {
    const [a, b] = connectedPair(kind);
    expect(select({ read: [a, b], write: [], except: [a] }, 0)).toEqual({ read: [], write: [], except: [] });
    b.send('x');
    const { read, write, except } = select({ read: [a, b], write: new Set([b]) }, 1000);
    expect([read, write, except]).toEqual([[a], [b], []]);
  });
  it('a socket with a full buffer is not writable', () => {
    const [a] = connectedPair(kind);
    if (kind.name.startsWith('UDP')) return; // is always writable
    a.setsockopt(SOL_SOCKET, SO_SNDBUF, 4096);
    while (a.trySend(new Uint8Array(1024)) !== null);
    expect(poll([{ socket: a, events: POLLOUT }], 0)).toEqual([]);
    expect(select({ write: [a] }, 0).write).toEqual([]);
  });
});

describe.each(streamKinds)('$name', (kind) => {
  it('a stream is readable at its end', () => {
    const [a, b] = connectedPair(kind);
    b.shutdown(SHUT_WR);
    expect(poll([{ socket: a, events: POLLIN }], 1000)[0]!.events & POLLIN).toBe(POLLIN);
    expect(select({ read: [a] }, 1000).read).toEqual([a]);
  });
  it('a listener is readable while a connection is pending', () => {
    const listener = listeningSocket(kind);
    expect(select({ read: [listener] }, 0).read).toEqual([]);
    newSocket(kind).connect(listener.getsockname());
    expect(select({ read: [listener] }, 1000).read).toEqual([listener]);
    closeAfterTest(listener.accept().socket);
  });
});

it('poll reports errors that were not requested', () => {
  const [a, b] = connectedPair(tcp4);
  b.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 }).close();
  expect(poll([{ socket: a, events: 0 }], 1000)[0]!.events).toBe(POLLERR | POLLHUP);
  expect(select({ read: [a], write: [a] }, 1000)).toMatchObject({ read: [a], write: [a] });
});

it('select reports urgent data as an exceptional condition', () => {
  const [a, b] = connectedPair(tcp4);
  a.send('!', MSG_OOB);
  expect(poll([{ socket: b, events: POLLPRI }], 1000)).toEqual([{ socket: b, events: POLLPRI }]);
  expect(select({ except: [b] }, 1000).except).toEqual([b]);
});

it('select waits on if poll reports only a hang-up that was not requested', () => {
  const unconnected = closeAfterTest(new Socket(AF_INET, SOCK_STREAM));
  expect(poll([{ socket: unconnected, events: POLLPRI }], 1000)).toEqual([{ socket: unconnected, events: POLLHUP }]);
  const start = performance.now();
  expect(select({ except: [unconnected] }, 30)).toEqual({ read: [], write: [], except: [] });
  expect(performance.now() - start).toBeGreaterThanOrEqual(25);
  const [a, b] = connectedPair(unixStream);
  b.send('x');
  expect(select({ except: [unconnected], read: [a] }, 1000).read).toEqual([a]);
});

it('time-outs: whole and fractional milliseconds, none, and more than an int holds', () => {
  const [a, b] = connectedPair(unixStream);
  for (const timeout of [20, 20.5]) {
    const start = performance.now();
    expect(poll([{ socket: a, events: POLLIN }], timeout)).toEqual([]);
    expect(performance.now() - start).toBeGreaterThanOrEqual(timeout - 1);
    expect(select({ read: [a] }, timeout).read).toEqual([]);
  }
  expect(poll([], 1)).toEqual([]);
  expect(select({}, 1)).toEqual({ read: [], write: [], except: [] });
  b.send('x');
  for (const timeout of [undefined, -1, Number.POSITIVE_INFINITY, 2 ** 40])
    expect(poll([{ socket: a, events: POLLIN }], timeout)).toHaveLength(1);
});

it('poll and select take iterables and return the caller’s objects', () => {
  const [a, b] = connectedPair(unixStream);
  b.send('x');
  function* requests() {
    yield { socket: a, events: POLLIN };
  }
  expect(poll(requests(), 1000)[0]!.socket).toBe(a);
  expect(select({ read: new Map([[a, 1]]).keys() }, 1000).read).toEqual([a]);
});

it('select takes descriptors beyond FD_SETSIZE', () => {
  const [a, b] = connectedPair(unixStream);
  const limit = new c.rlimit();
  c.getrlimit(c.RLIMIT_NOFILE, limit);
  const high = Math.min(Number(limit.rlim_cur) - 1, 5000);
  expect(c.dup2(a.fd, high)).toBe(high);
  const socket = closeAfterTest(Socket.adopt(high));
  b.send('x');
  expect(select({ read: [socket] }, 1000).read).toEqual([socket]);
});

it('poll and select throw BadDescriptorError for a descriptor that is not open', () => {
  expect(poll([{ socket: 1_000_000, events: POLLIN }], 1000)).toEqual([{ socket: 1_000_000, events: POLLNVAL }]);
  expect(thrownSocketError(() => select({ read: [1_000_000] }, 1000))).toMatchObject({
    code: 'EBADF',
    syscall: 'select',
  });
  expect(thrownSocketError(() => poll([{ socket: -1, events: POLLIN }], 1000))).toMatchObject({
    code: 'EBADF',
    syscall: 'poll',
  });
  expect(thrownSocketError(() => select({ write: [-1] }, 1000))).toMatchObject({ code: 'EBADF', syscall: 'select' });
});

it('poll takes 2000 requests', () => {
  expect(
    poll(
      Array.from({ length: 2000 }, () => ({ socket: 0, events: 0 })),
      0,
    ),
  ).toEqual([]);
});
