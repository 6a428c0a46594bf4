// dup(2): dup and dup2.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { closeAfterTest, closeNow } from '../support/cleanup.js';
import { connectedPair, must, newSocket } from '../support/descriptors.js';
import { tcp4, udp4, unixStream } from '../support/socket_kinds.js';

test('dup returns a second descriptor of the same socket', () => {
  const [a, b] = connectedPair(unixStream);
  c.set_errno(77);
  const copy = closeAfterTest(c.dup(a));
  expect(c.errno).toBe(77);
  expect(copy).not.toBe(a);
  must(c.fcntl(copy, c.F_SETFL, c.O_NONBLOCK));
  expect(c.fcntl(a, c.F_GETFL) & c.O_NONBLOCK).toBe(c.O_NONBLOCK);
  must(c.write(copy, 'x', 1));
  expect(c.read(b, new Uint8Array(1), 1)).toBe(1);
});

test('dup2 uses the given number, and closes the descriptor that had it', () => {
  const [a, b] = connectedPair(unixStream);
  const [other, peer] = connectedPair(unixStream);
  expect(c.dup2(a, other)).toBe(other);
  expect(c.read(peer, new Uint8Array(1), 1)).toBe(0);
  must(c.write(other, 'x', 1));
  expect(c.read(b, new Uint8Array(1), 1)).toBe(1);
});

test('dup2 onto the same number does nothing', () => {
  const fd = newSocket(tcp4);
  expect(c.dup2(fd, fd)).toBe(fd);
  must(c.listen(fd, 1));
});

test('dup2 onto a free number opens it', () => {
  const fd = newSocket(udp4);
  const free = closeAfterTest(c.fcntl(fd, c.F_DUPFD, 800));
  closeNow(free);
  expect(closeAfterTest(c.dup2(fd, free))).toBe(free);
});

test('dup and dup2 fail with EBADF for a closed descriptor', () => {
  const fd = newSocket(tcp4);
  for (const bad of [-1, 2 ** 31 - 1, -(2 ** 31)]) {
    expect(c.dup(bad)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    expect(c.dup2(bad, fd)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    expect(c.dup2(fd, bad)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
  }
  must(c.listen(fd, 1));
});
