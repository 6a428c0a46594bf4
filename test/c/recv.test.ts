// recv(2).
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { connectedPair, must, newSocket } from '../support/descriptors.js';
import { bytesOf, detachBuffer, GuardedMemory, memoryOfEightBytes, resizableBuffer } from '../support/memory.js';
import { allKinds, tcp4, udp4, unixDatagram, unixStream } from '../support/socket_kinds.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe.each(allKinds)('recv: $name', (kind) => {
  test('receives into the memory and not beyond', () => {
    const [a, b] = connectedPair(kind);
    must(c.send(a, 'hello', 5, 0));
    const memory = new GuardedMemory(16);
    c.set_errno(77);
    expect(c.recv(b, memory.bytes, 16, 0)).toBe(5);
    expect(c.errno).toBe(77);
    expect(text(memory.bytes)).toBe(`hello${'\xa5'.repeat(11)}`);
    expect(memory.intact).toBe(true);
  });

  test('MSG_PEEK leaves the data in the queue', () => {
    const [a, b] = connectedPair(kind);
    must(c.send(a, 'hello', 5, 0));
    const buf = new Uint8Array(5);
    expect(c.recv(b, buf, 5, c.MSG_PEEK)).toBe(5);
    expect(c.recv(b, buf, 5, 0)).toBe(5);
    expect(c.recv(b, buf, 5, c.MSG_DONTWAIT)).toBe(-1);
    expect(c.errno).toBe(c.EAGAIN);
  });

  test('fails with EFAULT if len is beyond the memory, before any other check, and consumes nothing', () => {
    const [a, b] = connectedPair(kind);
    must(c.send(a, 'hello', 5, 0));
    const memory = new GuardedMemory(8);
    const box = new c.int(0x01020304);
    for (const fd of [b, -1]) {
      for (const length of [9, 2 ** 31 - 1, 2 ** 31, 2 ** 40, -1, -1n, 2n ** 63n]) {
        for (const buf of [memory.bytes, box]) {
          expect(c.recv(fd, buf, length, 0)).toBe(-1);
          expect(c.errno).toBe(c.EFAULT);
        }
      }
    }
    expect(memory.intact && memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
    expect(box.value).toBe(0x01020304);
    expect(c.recv(b, memory.bytes, 8, 0)).toBe(5);
  });

  test('discards the rest of a datagram that does not fit, and keeps the rest of a stream', () => {
    const [a, b] = connectedPair(kind);
    must(c.send(a, 'hello', 5, 0));
    const memory = new GuardedMemory(3);
    expect(c.recv(b, memory.bytes, 3, 0)).toBe(3);
    expect(memory.intact).toBe(true);
    expect(c.recv(b, memory.bytes, 3, c.MSG_DONTWAIT)).toBe(kind.isStream ? 2 : -1);
  });

  test('takes len as a bigint', () => {
    const [a, b] = connectedPair(kind);
    must(c.send(a, 'hello', 5, 0));
    expect(c.recv(b, new Uint8Array(8), 8n, 0)).toBe(5);
  });
});

test.each(memoryOfEightBytes)('recv takes %s', (_, make) => {
  const [a, b] = connectedPair(unixStream);
  must(c.send(a, 'abcdefgh', 8, 0));
  const memory = make();
  expect(c.recv(b, memory as c.Pointer, 9, 0)).toBe(-1);
  expect(c.errno).toBe(c.EFAULT);
  expect(c.recv(b, memory as c.Pointer, 8, 0)).toBe(8);
  expect(text(bytesOf(memory))).toBe('abcdefgh');
});

describe('recv', () => {
  test('MSG_TRUNC returns the datagram’s full length on Linux', () => {
    const [a, b] = connectedPair(unixDatagram);
    must(c.send(a, 'hello', 5, 0));
    expect(c.recv(b, new Uint8Array(2), 2, c.MSG_TRUNC)).toBe(process.platform === 'linux' ? 5 : 2);
  });

  test('MSG_WAITALL waits for the whole length', () => {
    const [a, b] = connectedPair(unixStream);
    must(c.send(a, 'hel', 3, 0));
    must(c.send(a, 'lo', 2, 0));
    expect(c.recv(b, new Uint8Array(5), 5, c.MSG_WAITALL)).toBe(5);
  });

  test('fails with EFAULT for null and detached memory, and keeps the data', () => {
    const [a, b] = connectedPair(unixStream);
    must(c.send(a, 'hello', 5, 0));
    for (const gone of [
      null,
      detachBuffer(new Uint8Array(5)),
      detachBuffer(new c.uint64_t()),
      detachBuffer(new Float64Array(1)),
    ]) {
      expect(c.recv(b, gone, 5, 0)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
    expect(c.recv(b, null, 0, 0)).toBe(0);
    expect(c.recv(b, new Uint8Array(5), 5, 0)).toBe(5);
  });

  test('uses the current size of memory that was shrunk', () => {
    const [a, b] = connectedPair(unixStream);
    must(c.send(a, 'hello', 5, 0));
    const buffer = resizableBuffer(8);
    const [fixed, tracking] = [new Uint8Array(buffer, 0, 8), new Uint8Array(buffer)];
    buffer.resize(4);
    expect(c.recv(b, fixed, 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(c.recv(b, tracking, 5, 0)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(c.recv(b, tracking, 4, 0)).toBe(4);
    expect(text(new Uint8Array(buffer))).toBe('hell');
    buffer.resize(64);
    expect(c.recv(b, tracking, 64, 0)).toBe(1);
  });

  test('throws TypeError for a string', () => {
    expect(() => c.recv(-1, 'text' as never, 1, 0)).toThrow(TypeError);
  });

  test('fails with ENOTCONN, EBADF and EAGAIN like C', () => {
    const buf = new Uint8Array(1);
    expect(c.recv(newSocket(tcp4), buf, 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.ENOTCONN);
    expect(c.recv(-1, buf, 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    expect(c.recv(2 ** 31 - 1, buf, 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    const [, b] = connectedPair(udp4);
    expect(c.recv(b, buf, 1, c.MSG_DONTWAIT)).toBe(-1);
    expect(c.errno).toBe(c.EAGAIN);
  });
});
