// close(2).
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest, closeNow } from '../support/cleanup.js';
import { connectedPair } from '../support/descriptors.js';
import { allKinds, unixStream } from '../support/socket_kinds.js';

test('close succeeds once, then fails with EBADF', () => {
  const fd = c.socket(c.AF_INET, c.SOCK_STREAM, 0);
  c.set_errno(77);
  expect(c.close(fd)).toBe(0);
  expect(c.errno).toBe(77);
  expect(c.close(fd)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
});

test.each([-1, -(2 ** 31), 2 ** 31 - 1, 2 ** 32 - 1, 1_000_000])('close(%i) fails with EBADF', (fd) => {
  expect(c.close(fd)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
});

describe.each(allKinds.filter(({ reportsEnd }) => reportsEnd))('close: $name', (kind) => {
  test('lets the peer read the end of the stream', () => {
    const [a, b] = connectedPair(kind);
    closeNow(a);
    expect(c.recv(b, new Uint8Array(1), 1, 0)).toBe(0);
  });

  test('keeps the socket open until its last descriptor is closed', () => {
    const [a, b] = connectedPair(kind);
    const other = closeAfterTest(c.dup(a));
    closeNow(a);
    expect(c.send(other, 'x', 1, 0)).toBe(1);
    expect(c.recv(b, new Uint8Array(1), 1, 0)).toBe(1);
  });
});

test('a write to a closed peer fails with EPIPE and raises no signal that ends the process', () => {
  const [a, b] = connectedPair(unixStream);
  closeNow(b);
  expect(c.write(a, 'x', 1)).toBe(-1);
  expect(c.errno).toBe(c.EPIPE);
});
