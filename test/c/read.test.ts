// Room: read(2).
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { drop, keep } from '../descriptors.js';
import { bytesBehind, detach, Guarded, memoryOfEightBytes } from '../memory.js';
import { kinds, ok, pair, unixStream } from '../pairs.js';

describe.each(kinds)('read: $name', (kind) => {
  test('reads into the memory, and not beyond', () => {
    const [a, b] = pair(kind);
    ok(c.write(a, 'hello', 5));
    const memory = new Guarded(16);
    c.set_errno(77);
    expect(c.read(b, memory.bytes, 16)).toBe(5);
    expect(c.errno).toBe(77);
    expect(Buffer.from(memory.bytes.subarray(0, 6)).toString('latin1')).toBe('hello\xa5');
    expect(memory.intact).toBe(true);
  });

  test('more than the memory has: EFAULT, whatever else is wrong, and nothing is consumed', () => {
    const [a, b] = pair(kind);
    ok(c.write(a, 'hello', 5));
    const memory = new Guarded(8);
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
  const [a, b] = pair(unixStream);
  ok(c.write(a, 'abcdefgh', 8));
  const memory = make() as c.Pointee;
  expect(c.read(b, memory, 8)).toBe(8);
  expect(Buffer.from(bytesBehind(memory)).toString()).toBe('abcdefgh');
});

test('a number arrives byte by byte', () => {
  const [a, b] = pair(unixStream);
  ok(c.write(a, new c.int(0x01020304), 4));
  const number = new c.int();
  expect(c.read(b, number.subarray(0, 2), 2)).toBe(2);
  expect(c.read(b, number.subarray(2), 2)).toBe(2);
  expect(number.value).toBe(0x01020304);
});

test('the end of a pipe and of a stream: 0', () => {
  const ends = new (c.array(c.int, 2))();
  ok(c.pipe(ends));
  c.close(ends[1]);
  expect(c.read(keep(ends[0]), new Uint8Array(8), 8)).toBe(0);
  const [a, b] = pair(unixStream);
  drop(a);
  expect(c.read(b, new Uint8Array(8), 8)).toBe(0);
});

test('errors', () => {
  const buf = new Uint8Array(8);
  expect(c.read(-1, buf, 8)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
  const [, b] = pair(unixStream);
  ok(c.fcntl(b, c.F_SETFL, c.O_NONBLOCK));
  expect(c.read(b, buf, 8)).toBe(-1);
  expect(c.errno).toBe(c.EAGAIN);
  for (const gone of [null, detach(new Uint8Array(8)), detach(new c.long())]) {
    expect(c.read(b, gone, 8)).toBe(-1);
    expect([c.EFAULT, c.EAGAIN]).toContain(c.errno);
  }
  expect(() => c.read(b, 'text' as never, 4)).toThrow(TypeError);
});
