// pipe(2).
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { detachBuffer, GuardedMemory } from '../support/memory.js';

test('pipe connects its second descriptor to the first', () => {
  const ends = new (c.array(c.int, 2))();
  c.set_errno(77);
  expect(c.pipe(ends)).toBe(0);
  expect(c.errno).toBe(77);
  const [reader, writer] = [closeAfterTest(ends[0]), closeAfterTest(ends[1])];
  expect(c.write(writer, 'hello', 5)).toBe(5);
  expect(c.read(reader, new Uint8Array(8), 8)).toBe(5);
  expect(c.fcntl(reader, c.F_GETFD)).toBe(0);
  expect(c.read(writer, new Uint8Array(8), 8)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
});

test('pipe writes two ints into any memory, and no byte beyond them', () => {
  const memory = new GuardedMemory(8);
  for (const pipefd of [new Int32Array(2), new ArrayBuffer(8), new SharedArrayBuffer(8), memory.bytes]) {
    expect(c.pipe(pipefd)).toBe(0);
    const ends = c.array(c.int, 2).at(pipefd);
    expect(closeAfterTest(ends[1])).not.toBe(closeAfterTest(ends[0]));
  }
  expect(memory.intact).toBe(true);
});

test('pipe fails with EFAULT if the memory is too small or null, and opens nothing', () => {
  for (const pipefd of [new Uint8Array(7), new c.int(), new ArrayBuffer(0), null, detachBuffer(new Int32Array(2))]) {
    expect(c.pipe(pipefd)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
  }
});

test('pipe throws TypeError for arguments of a wrong type', () => {
  for (const pipefd of [[0, 0], {}, 5, undefined, 'text']) expect(() => c.pipe(pipefd as never)).toThrow(TypeError);
});
