// dup3(2). Linux.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, errnoName } from '../support/descriptors.js';
import { unixStream } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';

test.runIf(linux)('dup3 makes a second descriptor, with and without O_CLOEXEC', () => {
  const [a, b] = connectedPair(unixStream);
  const target = closeAfterTest(c.dup(a));
  expect(c.dup3(a, target, c.O_CLOEXEC)).toBe(target);
  expect(c.fcntl(target, c.F_GETFD)).toBe(c.FD_CLOEXEC);
  expect(c.send(target, 'x', 1, 0)).toBe(1);
  expect(c.recv(b, new Uint8Array(1), 1, 0)).toBe(1);
  expect(c.dup3(a, target, 0)).toBe(target);
  expect(c.fcntl(target, c.F_GETFD)).toBe(0);
});

test.runIf(linux)('dup3 fails with equal descriptors, unknown flags and closed descriptors', () => {
  const [a, b] = connectedPair(unixStream);
  expect(errnoName(() => c.dup3(a, a, 0))).toBe('EINVAL');
  expect(errnoName(() => c.dup3(a, b, c.O_NONBLOCK))).toBe('EINVAL');
  expect(errnoName(() => c.dup3(-1, b, 0))).toBe('EBADF');
  expect(errnoName(() => c.dup3(a, -1, 0))).toBe('EBADF');
  expect(() => c.dup3(a, b, undefined as unknown as number)).toThrow(TypeError);
});

test.runIf(!linux)('dup3 fails with ENOSYS on macOS', () => {
  expect(errnoName(() => c.dup3(0, 1, 0))).toBe('ENOSYS');
});
