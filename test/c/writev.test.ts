// writev(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { connectedPair, must } from '../support/descriptors.js';
import { detachBuffer } from '../support/memory.js';
import { allKinds, unixStream } from '../support/socket_kinds.js';

function received(fd: number): string {
  const buf = Buffer.alloc(64);
  const length = c.recv(fd, buf, buf.length, c.MSG_DONTWAIT);
  return length < 0 ? c.strerror(c.errno) : buf.toString('latin1', 0, length);
}
const piece = (iov_base: c.ConstPointer, iov_len: number | bigint) => new c.iovec({ iov_base, iov_len });

describe.each(allKinds)('writev: $name', (kind) => {
  test('writes the buffers as one message', () => {
    const [a, b] = connectedPair(kind);
    const header = new c.uint16_t(0x4141);
    c.set_errno(77);
    const iov = [piece(header, 2), piece('text', sizeof('text')), piece(Buffer.from('more'), 2n), piece(null, 0)];
    expect(c.writev(a, iov, 4)).toBe(9);
    expect(c.errno).toBe(77);
    must(c.poll(new c.pollfd({ fd: b, events: c.POLLIN }), 1, -1));
    expect(received(b)).toBe('AAtext\0mo');
  });

  test('fails with EFAULT if a count or length is beyond the memory, before any other check, and writes nothing', () => {
    const [a, b] = connectedPair(kind);
    for (const fd of [a, -1]) {
      for (const [iov, iovcnt] of [
        [[piece('text', 5)], 2],
        [piece('text', 5), 2],
        [[piece('text', 5), piece('text', 6)], 2],
        [[piece(new c.int(), 5)], 1],
        [[piece('text', -1)], 1],
        [[piece(detachBuffer(new Uint8Array(4)), 4)], 1],
        [null, 1],
      ] as const) {
        expect(c.writev(fd, iov, iovcnt)).toBe(-1);
        if (iov !== null || fd >= 0) expect([c.EFAULT, fd < 0 ? c.EBADF : 0]).toContain(c.errno);
      }
    }
    expect(received(b)).toBe(c.strerror(c.EAGAIN));
  });
});

test('takes a vector that is longer than its count, and an empty one', () => {
  const [a, b] = connectedPair(unixStream);
  expect(c.writev(a, [piece('x', 1), piece('y', 1)], 1)).toBe(1);
  expect(received(b)).toBe('x');
  expect(c.writev(a, [], 0)).toBe(0);
});

test('writev fails with EINVAL for counts that the kernel refuses', () => {
  const [a] = connectedPair(unixStream);
  expect(c.writev(a, [piece('x', 1)], -1)).toBe(-1);
  expect(c.errno).toBe(c.EINVAL);
  const many = Array.from({ length: c.IOV_MAX + 1 }, () => piece('x', 1));
  expect(c.writev(a, many, many.length)).toBe(-1);
  expect(c.errno).toBe(c.EINVAL);
  expect(c.writev(a, many, c.IOV_MAX)).toBe(c.IOV_MAX);
});

test('an iovec has C’s size, and throws for an unknown field', () => {
  expect(sizeof(c.iovec)).toBe(2 * sizeof(c.size_t));
  expect(sizeof(new c.iovec())).toBe(sizeof(c.iovec));
  expect(() => new c.iovec({ iov_bse: null } as never)).toThrow(TypeError);
  const iov = piece('x', 1);
  c.memset(iov, 0, sizeof(iov));
  expect(iov).toEqual(new c.iovec());
  expect(c.memcpy(iov, piece('y', 1), sizeof(iov)).iov_base).toBe('y');
});
