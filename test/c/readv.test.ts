// readv(2).
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { connectedPair, must } from '../support/descriptors.js';
import { detachBuffer, GuardedMemory } from '../support/memory.js';
import { allKinds, unixStream } from '../support/socket_kinds.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe.each(allKinds)('readv: $name', (kind) => {
  test('fills the buffers in order, and nothing else', () => {
    const [a, b] = connectedPair(kind);
    must(c.write(a, 'hello world', 11));
    const pieces = [new GuardedMemory(3), new GuardedMemory(5), new GuardedMemory(8)];
    const iov = pieces.map(({ bytes }) => new c.iovec({ iov_base: bytes, iov_len: bytes.length }));
    iov[1]!.iov_len = 4;
    c.set_errno(77);
    expect(c.readv(b, iov, 3)).toBe(11);
    expect(c.errno).toBe(77);
    expect(pieces.map(({ bytes }) => text(bytes))).toEqual(['hel', 'lo w\xa5', 'orld\xa5\xa5\xa5\xa5']);
    expect(pieces.every(({ intact }) => intact)).toBe(true);
  });

  test('fails with EFAULT if a count or length is beyond the memory, before any other check, and consumes nothing', () => {
    const [a, b] = connectedPair(kind);
    must(c.write(a, 'hello', 5));
    const memory = new GuardedMemory(8);
    const of = (iov_len: number | bigint) => new c.iovec({ iov_base: memory.bytes, iov_len });
    for (const fd of [b, -1]) {
      for (const [iov, iovcnt] of [
        [[of(8)], 2],
        [of(8), 2],
        [[], 1],
        [[of(8)], 2 ** 31 - 1],
        [[of(8), of(9)], 2],
        [[of(-1)], 1],
        [[of(2n ** 64n - 1n)], 1],
        [[of(2 ** 40)], 1],
      ] as const) {
        expect(c.readv(fd, iov, iovcnt)).toBe(-1);
        expect(c.errno).toBe(c.EFAULT);
      }
    }
    expect(memory.intact && memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
    expect(c.readv(b, [of(8), of(9)], 1)).toBe(5);
  });
});

test('takes one iovec as a vector of one; boxes and structs are buffers too', () => {
  const [a, b] = connectedPair(unixStream);
  must(c.write(a, new Uint8Array([1, 0, 0, 0, 2, 0, 0, 0]), 8));
  const number = new c.uint32_t();
  expect(c.readv(b, new c.iovec({ iov_base: number, iov_len: 4 }), 1)).toBe(4);
  expect(number.value).toBe(new Uint32Array(new Uint8Array([1, 0, 0, 0]).buffer)[0]);
  expect(c.readv(b, [new c.iovec({ iov_base: new c.in_addr(), iov_len: 4 })], 1)).toBe(4);
});

test('fails with EINVAL for counts that the kernel refuses', () => {
  const [, b] = connectedPair(unixStream);
  const one = new c.iovec({ iov_base: new Uint8Array(1), iov_len: 1 });
  expect(c.readv(b, [one], -1)).toBe(-1);
  expect(c.errno).toBe(c.EINVAL);
  const many = Array.from({ length: c.IOV_MAX + 1 }, () => one);
  expect(c.readv(b, many, many.length)).toBe(-1);
  expect(c.errno).toBe(c.EINVAL);
});

test('fails with EFAULT for null, and for buffers that are null or detached', () => {
  const [a, b] = connectedPair(unixStream);
  must(c.write(a, 'hello', 5));
  expect(c.readv(b, null, 1)).toBe(-1);
  expect(c.errno).toBe(c.EFAULT);
  for (const iov_base of [null, detachBuffer(new Uint8Array(4)), detachBuffer(new c.int())]) {
    expect(c.readv(b, [new c.iovec({ iov_base, iov_len: 4 })], 1)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
  }
  expect(c.readv(b, [new c.iovec(), new c.iovec({ iov_base: new Uint8Array(9), iov_len: 9 })], 2)).toBe(5);
});

test('throws TypeError for buffers of a wrong type, whatever iovcnt is', () => {
  for (const iov of [undefined, {}, 5, new Uint8Array(16), [undefined], [{}], [new Uint8Array(8)], new c.int()]) {
    expect(() => c.readv(-1, iov as never, 0), String(iov)).toThrow(TypeError);
  }
  for (const [iov_base, iov_len] of [
    ['text', 4],
    [5, 4],
    [undefined, 0],
    [new Uint8Array(4), 1.5],
    [new Uint8Array(4), '4'],
  ]) {
    const iov = Object.assign(new c.iovec(), { iov_base, iov_len });
    expect(() => c.readv(-1, [iov], 1)).toThrow(TypeError);
  }
});

test('survives a getter that detaches a buffer read before it', () => {
  const [a, b] = connectedPair(unixStream);
  must(c.write(a, 'hello', 5));
  const first = new Uint8Array(1 << 16);
  const second = new c.iovec();
  Object.defineProperty(second, 'iov_base', {
    get() {
      if (first.byteLength > 0) detachBuffer(first);
      return new Uint8Array(4);
    },
  });
  second.iov_len = 4;
  expect(c.readv(b, [new c.iovec({ iov_base: first, iov_len: 1 << 16 }), second], 2)).toBe(-1);
  expect(c.errno).toBe(c.EFAULT);
});
