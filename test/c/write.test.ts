// write(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, must } from '../support/descriptors.js';
import { bytesOf, detachBuffer, memoryOfEightBytes } from '../support/memory.js';
import { allKinds, unixStream } from '../support/socket_kinds.js';

function received(fd: number): string {
  const buf = Buffer.alloc(64);
  const length = c.recv(fd, buf, buf.length, c.MSG_DONTWAIT);
  return length < 0 ? c.strerror(c.errno) : buf.toString('latin1', 0, length);
}

describe.each(allKinds)('write: $name', (kind) => {
  test('writes the first count bytes of a buffer', () => {
    const [a, b] = connectedPair(kind);
    c.set_errno(77);
    expect(c.write(a, Buffer.from('hello'), 4)).toBe(4);
    expect(c.errno).toBe(77);
    must(c.poll(new c.pollfd({ fd: b, events: c.POLLIN }), 1, -1));
    expect(received(b)).toBe('hell');
  });

  test('fails with EFAULT if count is beyond the buffer, before any other check, and writes nothing', () => {
    const [a, b] = connectedPair(kind);
    for (const fd of [a, -1]) {
      for (const count of [6, 2 ** 40, -1, -1n, 6n]) {
        expect(c.write(fd, Buffer.from('hello'), count)).toBe(-1);
        expect(c.errno).toBe(c.EFAULT);
        expect(c.write(fd, 'hell', count)).toBe(-1);
        expect(c.errno).toBe(c.EFAULT);
      }
    }
    expect(received(b)).toBe(c.strerror(c.EAGAIN));
  });
});

test.each(memoryOfEightBytes)('write takes %s', (_, make) => {
  const [a, b] = connectedPair(unixStream);
  const memory = make() as c.Pointee;
  bytesOf(memory).set(Buffer.from('abcdefgh'));
  expect(c.write(a, memory, 8)).toBe(8);
  expect(c.write(a, memory, 3n)).toBe(3);
  expect(received(b)).toBe('abcdefghabc');
});

test('write of a string with its sizeof writes the NUL too', () => {
  const [a, b] = connectedPair(unixStream);
  expect(c.write(a, 'd\u00e9j\u00e0', sizeof('d\u00e9j\u00e0'))).toBe(7);
  expect(received(b)).toBe('d\xc3\xa9j\xc3\xa0\0');
});

test('write fails for closed descriptors, null or detached memory, and a pipe without a reader', () => {
  expect(c.write(-1, 'x', 1)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
  const ends = new (c.array(c.int, 2))();
  must(c.pipe(ends));
  const [reader, writer] = [ends[0], closeAfterTest(ends[1])];
  expect(c.write(writer, null, 1)).toBe(-1);
  expect(c.errno).toBe(c.EFAULT);
  expect(c.write(writer, detachBuffer(new Uint8Array(1)), 1)).toBe(-1);
  expect(c.errno).toBe(c.EFAULT);
  expect(c.write(reader, 'x', 1)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
  c.close(reader);
  expect(c.write(writer, 'x', 1)).toBe(-1);
  expect(c.errno).toBe(c.EPIPE);
});
