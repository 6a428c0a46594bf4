// read(2).
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest, closeNow } from '../support/cleanup.js';
import { connectedPair, must } from '../support/descriptors.js';
import { bytesOf, detachBuffer, GuardedMemory, memoryOfEightBytes } from '../support/memory.js';
import { allKinds, unixStream } from '../support/socket_kinds.js';

describe.each(allKinds)('read: $name', (kind) => {
  test('reads into the memory and not beyond', () => {
    const [a, b] = connectedPair(kind);
    must(c.write(a, 'hello', 5));
    const memory = new GuardedMemory(16);
    c.set_errno(77);
    expect(c.read(b, memory.bytes, 16)).toBe(5);
    expect(c.errno).toBe(77);
    expect(Buffer.from(memory.bytes.subarray(0, 6)).toString('latin1')).toBe('hello\xa5');
    expect(memory.intact).toBe(true);
  });

  test('fails with EFAULT if count is beyond the memory, before any other check, and consumes nothing', () => {
    const [a, b] = connectedPair(kind);
    must(c.write(a, 'hello', 5));
    const memory = new GuardedMemory(8);
    for (const fd of [b, -1]) {
      for (const count of [9, 2 ** 40, -1, -1n, 9n]) {
        expect(c.read(fd, memory.bytes, count)).toBe(-1);
        expect(c.errno).toBe(c.EFAULT);
      }
    }
    expect(memory.intact && memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
    expect(c.read(b, memory.bytes, 8n)).toBe(5);
  });
});

test.each(memoryOfEightBytes)('read takes %s', (_, make) => {
  const [a, b] = connectedPair(unixStream);
  must(c.write(a, 'abcdefgh', 8));
  const memory = make() as c.Pointee;
  expect(c.read(b, memory, 8)).toBe(8);
  expect(Buffer.from(bytesOf(memory)).toString()).toBe('abcdefgh');
});

test('a number can be read byte by byte', () => {
  const [a, b] = connectedPair(unixStream);
  must(c.write(a, new c.int(0x01020304), 4));
  const number = new c.int();
  expect(c.read(b, number.subarray(0, 2), 2)).toBe(2);
  expect(c.read(b, number.subarray(2), 2)).toBe(2);
  expect(number.value).toBe(0x01020304);
});

test('read returns 0 at the end of a pipe and of a stream', () => {
  const ends = new (c.array(c.int, 2))();
  must(c.pipe(ends));
  c.close(ends[1]);
  expect(c.read(closeAfterTest(ends[0]), new Uint8Array(8), 8)).toBe(0);
  const [a, b] = connectedPair(unixStream);
  closeNow(a);
  expect(c.read(b, new Uint8Array(8), 8)).toBe(0);
});

test('read fails for a closed descriptor, an empty non-blocking socket, and null or detached memory', () => {
  const buf = new Uint8Array(8);
  expect(c.read(-1, buf, 8)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
  const [, b] = connectedPair(unixStream);
  must(c.fcntl(b, c.F_SETFL, c.O_NONBLOCK));
  expect(c.read(b, buf, 8)).toBe(-1);
  expect(c.errno).toBe(c.EAGAIN);
  for (const gone of [null, detachBuffer(new Uint8Array(8)), detachBuffer(new c.long())]) {
    expect(c.read(b, gone, 8)).toBe(-1);
    expect([c.EFAULT, c.EAGAIN]).toContain(c.errno);
  }
  expect(() => c.read(b, 'text' as never, 4)).toThrow(TypeError);
});
