// Room: dup(2): dup and dup2.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { drop, keep } from '../descriptors.js';
import { ok, opened, pair, tcp4, udp4, unixStream } from '../pairs.js';

test('dup gives a second descriptor of the same socket', () => {
  const [a, b] = pair(unixStream);
  c.set_errno(77);
  const copy = keep(c.dup(a));
  expect(c.errno).toBe(77);
  expect(copy).not.toBe(a);
  ok(c.fcntl(copy, c.F_SETFL, c.O_NONBLOCK));
  expect(c.fcntl(a, c.F_GETFL) & c.O_NONBLOCK).toBe(c.O_NONBLOCK);
  ok(c.write(copy, 'x', 1));
  expect(c.read(b, new Uint8Array(1), 1)).toBe(1);
});

test('dup2 puts it where its caller says, and closes what was there', () => {
  const [a, b] = pair(unixStream);
  const [other, peer] = pair(unixStream);
  expect(c.dup2(a, other)).toBe(other);
  expect(c.read(peer, new Uint8Array(1), 1)).toBe(0);
  ok(c.write(other, 'x', 1));
  expect(c.read(b, new Uint8Array(1), 1)).toBe(1);
});

test('dup2 onto itself does nothing', () => {
  const fd = opened(tcp4);
  expect(c.dup2(fd, fd)).toBe(fd);
  ok(c.listen(fd, 1));
});

test('dup2 onto a descriptor that was free', () => {
  const fd = opened(udp4);
  const free = keep(c.fcntl(fd, c.F_DUPFD, 800));
  drop(free);
  expect(keep(c.dup2(fd, free))).toBe(free);
});

test('errors', () => {
  const fd = opened(tcp4);
  for (const bad of [-1, 2 ** 31 - 1, -(2 ** 31)]) {
    expect(c.dup(bad)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    expect(c.dup2(bad, fd)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    expect(c.dup2(fd, bad)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
  }
  ok(c.listen(fd, 1));
});
