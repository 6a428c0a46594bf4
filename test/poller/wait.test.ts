// Poller.wait, as C has epoll_wait and kevent: on any descriptor that the kernel can poll.
import { closeSync, openSync } from 'node:fs';
import {
  AF_INET,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  AF_VSOCK,
  BadDescriptorError,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  POLLOUT,
  type Pollable,
  Poller,
  poll,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  Socket,
  SocketError,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket as Waiting } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair } from '../support/descriptors.js';
import { allKinds, unixStream } from '../support/socket_kinds.js';
import { thrownError } from '../support/sockets.js';

const poller = (): Poller => closeAfterTest(new Poller());
/** What is ready, as a list of its own. */
const ready = (of: Poller, timeout = 0): [Pollable, number][] => [
  ...(function* () {
    for (const { socket, events } of of.wait(timeout)) yield [socket, events] as [Pollable, number];
  })(),
];

describe('a descriptor of any kind', () => {
  it.for(allKinds)('$name', (kind) => {
    const [a, b] = connectedPair(kind);
    const p = poller().add(a, POLLIN);
    expect(ready(p)).toEqual([]);
    c.send(b, 'x', 1, 0);
    expect(ready(p, 1000)).toEqual([[a, POLLIN]]);
    expect(ready(p.modify(a, POLLIN | POLLOUT))).toEqual([[a, POLLIN | POLLOUT]]);
    expect(ready(p.delete(a))).toEqual([]);
  });
  it('a pipe and its end', () => {
    const ends = new (c.array(c.int, 2))();
    c.pipe(ends);
    const [read, write] = [closeAfterTest(ends[0]), ends[1]];
    const p = poller().add(read, POLLIN);
    c.write(write, 'x', 1);
    expect(ready(p)).toEqual([[read, POLLIN]]);
    c.close(write);
    expect(ready(p)).toEqual([[read, POLLIN | POLLHUP]]);
  });
  it.runIf(AF_NETLINK !== undefined)('netlink', () => {
    const socket = closeAfterTest(new Socket(AF_NETLINK, SOCK_RAW, 0)).bind({
      family: 'netlink',
      pid: 0,
      groups: 0,
    } as never);
    const p = poller().add(socket, POLLIN);
    expect(ready(p)).toEqual([]);
    const request = new Uint8Array(20); // struct nlmsghdr and struct rtgenmsg: RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP
    new Uint32Array(request.buffer, 0, 1)[0] = 17;
    new Uint16Array(request.buffer, 4, 2).set([18, 0x301]);
    socket.send(request);
    expect(ready(p, 1000)).toEqual([[socket, POLLIN]]);
  });
  it('packet', ({ skip }) => {
    const fd = AF_PACKET === undefined ? -1 : c.socket(AF_PACKET, SOCK_RAW, 0);
    skip(fd < 0, `no packet socket: ${c.strerror(c.errno)}`);
    expect(ready(poller().add(closeAfterTest(fd), POLLIN | POLLOUT))).toEqual([[fd, POLLOUT]]);
  });
  it('vsock', ({ skip }) => {
    const fd = AF_VSOCK === undefined ? -1 : c.socket(AF_VSOCK, SOCK_STREAM, 0);
    skip(fd < 0, `no vsock: ${c.strerror(c.errno)}`);
    expect(ready(poller().add(closeAfterTest(fd), POLLIN))).toEqual(expect.any(Array));
  });
  it('Sockets of both entry points, and any object with fd', () => {
    const [a, b] = Waiting.pair(AF_UNIX, SOCK_STREAM);
    const [d, e] = Socket.pair(AF_UNIX, SOCK_STREAM);
    const [f, g] = connectedPair(unixStream);
    for (const each of [a, b, d, e]) closeAfterTest(each);
    const owner = { fd: f };
    const p = poller().add(a, POLLIN).add(d, POLLIN).add(owner, POLLIN);
    for (const fd of [b.fd, e.fd, g]) c.send(fd, 'x', 1, 0);
    expect(new Set(ready(p).map(([socket]) => socket))).toEqual(new Set([a, d, owner]));
  });
  it('a file is refused', () => {
    const fd = openSync(new URL(import.meta.url), 'r');
    const error = thrownError(() => poller().add(fd, POLLIN));
    closeSync(fd);
    expect(error).toBeInstanceOf(SocketError);
    expect(error).toMatchObject(process.platform === 'linux' ? { code: 'EPERM', fd } : {});
  });
});

describe('events', () => {
  it('are reported level-triggered, edge-triggered, or once (oneshot) until modified', () => {
    const [a, b] = connectedPair(unixStream);
    c.send(b, 'x', 1, 0);
    const level = poller().add(a, POLLIN);
    expect([ready(level).length, ready(level).length]).toEqual([1, 1]);
    const edge = poller().add(a, POLLIN, { edge: true });
    expect([ready(edge).length, ready(edge).length]).toEqual([1, 0]);
    c.send(b, 'x', 1, 0);
    expect([ready(edge).length, ready(edge).length]).toEqual([1, 0]);
    const oneshot = poller().add(a, POLLIN, { oneshot: true });
    expect([ready(oneshot).length, ready(oneshot).length]).toEqual([1, 0]);
    c.send(b, 'x', 1, 0);
    expect(ready(oneshot).length).toBe(0);
    expect(ready(oneshot.modify(a, POLLIN, { oneshot: true })).length).toBe(1);
  });
  it('are waited for as long as the time-out says, and no longer', () => {
    const [a, b] = connectedPair(unixStream);
    const p = poller().add(a, POLLIN);
    const begin = performance.now();
    expect(ready(p, 30)).toEqual([]);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(29);
    c.send(b, 'x', 1, 0);
    expect([...p.wait()].length).toBe(1); // for ever
    expect([...p.wait(-1)].length).toBe(1);
    expect([...p.wait(Number.POSITIVE_INFINITY)].length).toBe(1);
    expect([...p.wait(2 ** 40)].length).toBe(1);
  });
  it('may be more than one batch', () => {
    const many = Array.from({ length: 600 }, () => connectedPair(unixStream)).flat();
    const p = poller();
    for (const fd of many) p.add(fd, POLLOUT, { edge: true });
    const told = new Set<Pollable>();
    for (let turns = 0; told.size < many.length && turns < 3; turns++) for (const [fd] of ready(p)) told.add(fd);
    expect(told).toEqual(new Set(many));
  });
  it('may be waited for again while they are iterated', () => {
    const fds = Array.from({ length: 4 }, () => connectedPair(unixStream)).flat();
    const p = poller();
    for (const fd of fds) p.add(fd, POLLOUT);
    const q = poller().add(fds[0]!, POLLOUT);
    const told: Pollable[] = [];
    for (const { socket } of p.wait(0)) {
      told.push(socket);
      expect(ready(p).length).toBe(fds.length);
      expect(ready(q).length).toBe(1);
    }
    expect(told.sort()).toEqual([...fds].sort());
    for (const _ of p.wait(0)) break;
    expect(ready(p).length).toBe(fds.length);
  });
});

describe('closed and reused descriptors', () => {
  it('an event is dropped if its socket was deleted, or closed and its number reused', () => {
    const sockets = Array.from({ length: 8 }, () => Socket.pair(AF_UNIX, SOCK_STREAM)).flat();
    for (const socket of sockets) closeAfterTest(socket);
    const p = poller();
    for (const socket of sockets) p.add(socket, POLLOUT);
    const later: Socket[] = [];
    let first: Pollable | undefined;
    const told = new Set<Pollable>();
    for (const { socket } of p.wait(0)) {
      told.add(socket);
      if (first !== undefined) continue;
      first = socket;
      // All the others' numbers become other sockets', watched for something else.
      const numbers = new Set(sockets.filter((other) => other !== first).map(({ fd }) => fd));
      for (const other of sockets) if (other !== first) other.close();
      while (numbers.size > 0) {
        const next = closeAfterTest(new Socket(AF_INET, SOCK_DGRAM));
        later.push(next);
        if (numbers.delete(next.fd)) p.add(next, POLLIN);
      }
    }
    expect(told).toEqual(new Set([first]));
    expect(ready(p).map(([socket]) => socket)).toEqual([first]);
  });
  it('close removes a socket; its number can be added again', () => {
    const p = poller();
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    closeAfterTest(b);
    p.add(a, POLLOUT);
    const { fd } = a;
    a.close();
    expect(ready(p)).toEqual([]);
    expect(thrownError(() => p.delete(a))).toBeInstanceOf(BadDescriptorError);
    expect(thrownError(() => p.modify(a, POLLIN))).toBeInstanceOf(BadDescriptorError);
    const [d, e] = Socket.pair(AF_UNIX, SOCK_STREAM);
    closeAfterTest(e);
    expect(closeAfterTest(d).fd).toBe(fd);
    if (process.platform === 'linux') expect(thrownError(() => p.modify(d, POLLOUT))).toMatchObject({ code: 'ENOENT' });
    expect(ready(p.add(d, POLLOUT))).toEqual([[d, POLLOUT]]);
  });
});

describe('wrong input', () => {
  it('arguments of a wrong type throw TypeError', () => {
    const p = poller();
    const [a] = connectedPair(unixStream);
    for (const socket of [undefined, null, '3', {}, { fd: '3' }, 1.5, Number.NaN])
      expect(thrownError(() => p.add(socket as never, POLLIN))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    for (const events of [undefined, '1', {}])
      expect(thrownError(() => p.add(a, events as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    for (const events of [1.5, 0x1000_0000, POLLNVAL])
      expect(thrownError(() => p.add(a, events))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    for (const timeout of ['1', {}])
      expect(thrownError(() => p.wait(timeout as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    for (const call of [() => p.wait(Number.NaN), () => poll([], Number.NaN)])
      expect(thrownError(call)).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    expect(thrownError(() => p.start(undefined as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
  it('sockets that are there twice, not there, or closed throw', () => {
    const p = poller();
    const [a, b] = connectedPair(unixStream);
    p.add(a, POLLIN);
    if (process.platform === 'linux')
      expect(thrownError(() => p.add(a, POLLIN))).toMatchObject({ code: 'EEXIST', fd: a });
    expect(thrownError(() => p.modify(b, POLLIN))).toMatchObject({ code: 'ENOENT', fd: b });
    expect(thrownError(() => p.delete(b))).toMatchObject({ code: 'ENOENT', fd: b });
    expect(thrownError(() => p.add(-1, POLLIN))).toBeInstanceOf(BadDescriptorError);
    expect(thrownError(() => p.add(999_999, POLLIN))).toBeInstanceOf(BadDescriptorError);
    expect(thrownError(() => p.add(2 ** 32 + b, POLLIN))).toBeInstanceOf(BadDescriptorError);
  });
  it('a closed poller throws BadDescriptorError', () => {
    const p = new Poller();
    p.close();
    p.close();
    expect(thrownError(() => p.add(0, POLLIN))).toBeInstanceOf(BadDescriptorError);
    expect(thrownError(() => p.wait(0))).toBeInstanceOf(BadDescriptorError);
    expect(thrownError(() => p.start(() => {}))).toBeInstanceOf(BadDescriptorError);
    expect(p.stop().ref().unref()).toBe(p);
  });
});
