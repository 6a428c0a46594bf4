// shutdown(2).
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, newSocket } from '../support/descriptors.js';
import { allKinds, tcp4 } from '../support/socket_kinds.js';

const byte = new Uint8Array(1);

describe.each(allKinds.filter(({ reportsEnd }) => reportsEnd))('shutdown: $name', (kind) => {
  test('SHUT_WR ends the stream for the peer, which may still write', () => {
    const [a, b] = connectedPair(kind);
    expect(c.send(a, 'last', 4, 0)).toBe(4);
    c.set_errno(77);
    expect(c.shutdown(a, c.SHUT_WR)).toBe(0);
    expect(c.errno).toBe(77);
    expect(c.recv(b, new Uint8Array(9), 9, 0)).toBe(4);
    expect(c.recv(b, byte, 1, 0)).toBe(0);
    expect(c.send(b, 'x', 1, 0)).toBe(1);
    expect(c.recv(a, byte, 1, 0)).toBe(1);
    expect(c.send(a, 'x', 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EPIPE);
  });

  test('SHUT_RD makes reading return 0', () => {
    const [a] = connectedPair(kind);
    expect(c.shutdown(a, c.SHUT_RD)).toBe(0);
    expect(c.recv(a, byte, 1, 0)).toBe(0);
  });

  test('SHUT_RDWR does both', () => {
    const [a, b] = connectedPair(kind);
    expect(c.shutdown(a, c.SHUT_RDWR)).toBe(0);
    expect(c.recv(a, byte, 1, 0)).toBe(0);
    expect(c.recv(b, byte, 1, 0)).toBe(0);
  });
});

test('shutdown affects the socket, not only one of its descriptors', () => {
  const [a, b] = connectedPair(tcp4);
  expect(c.shutdown(closeAfterTest(c.dup(a)), c.SHUT_WR)).toBe(0);
  expect(c.send(a, 'x', 1, 0)).toBe(-1);
  expect(c.errno).toBe(c.EPIPE);
  expect(c.recv(b, byte, 1, 0)).toBe(0);
});

test('shutdown fails with ENOTCONN, EINVAL, EBADF and ENOTSOCK like C', () => {
  expect(c.shutdown(newSocket(tcp4), c.SHUT_WR)).toBe(-1);
  expect(c.errno).toBe(c.ENOTCONN);
  const [a] = connectedPair(tcp4);
  expect(c.shutdown(a, 3)).toBe(-1);
  expect(c.errno).toBe(c.EINVAL);
  expect(c.shutdown(a, -1)).toBe(-1);
  expect(c.errno).toBe(c.EINVAL);
  expect(c.shutdown(-1, c.SHUT_WR)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
  const ends = new (c.array(c.int, 2))();
  expect(c.pipe(ends)).toBe(0);
  expect(c.shutdown(closeAfterTest(ends[0]), c.SHUT_WR)).toBe(-1);
  expect(c.errno).toBe(c.ENOTSOCK);
  closeAfterTest(ends[1]);
});
