// errno(3), set_errno, strerror(3) and strerrorname_np(3).
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as c from 'bsd-sockets/c';
import { errno } from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { outputLinesOfC } from '../support/c_program.js';

test('errno is a live binding: the value of the last failure', () => {
  c.close(-1);
  expect(errno).toBe(c.EBADF);
  c.pipe(null);
  expect(errno).toBe(c.EFAULT);
});

test('set_errno assigns errno, and wraps as an int does', () => {
  c.set_errno(0);
  expect(errno).toBe(0);
  c.set_errno(2 ** 32 + 5);
  expect(errno).toBe(5);
  c.set_errno(-1);
  expect(errno).toBe(-1);
  for (const wrong of [undefined, null, '1', 1.5, Number.NaN, 1n, true, {}, Symbol('s')]) {
    expect(() => c.set_errno(wrong as never)).toThrow(TypeError);
  }
  expect(errno).toBe(-1);
});

test('a successful call and a TypeError leave errno alone', () => {
  c.set_errno(77);
  c.htons(1);
  expect(c.close(c.socket(c.AF_INET, c.SOCK_DGRAM, 0))).toBe(0);
  expect(() => c.close('x' as never)).toThrow(TypeError);
  expect(() => c.memset(new c.int(), 0, 5)).toThrow(RangeError);
  expect(errno).toBe(77);
});

test('each thread has its own errno', async () => {
  c.set_errno(77);
  const program = `
    const { parentPort } = require('node:worker_threads');
    import('bsd-sockets/c').then((c) => {
      const before = c.errno;
      c.close(-1);
      parentPort.postMessage([before, c.errno]);
    });`;
  const worker = new Worker(program, { eval: true });
  const exit = once(worker, 'exit');
  const [seen] = await once(worker, 'message');
  await exit;
  expect(seen).toEqual([0, c.EBADF]);
  expect(errno).toBe(77);
});

const numbers = [-1, 0, ...Array.from({ length: 140 }, (_, i) => i + 1), 99_999, 2 ** 31 - 1, -(2 ** 31)];

test('strerror returns what C returns', () => {
  const printed = outputLinesOfC(
    `int n[] = { ${numbers.slice(0, -1).join(', ')}, INT32_MIN }; for (int i = 0; i < ${numbers.length}; i++) puts(strerror(n[i]));`,
  );
  expect(numbers.map((n) => c.strerror(n))).toEqual(printed);
  c.set_errno(77);
  c.strerror(99_999);
  expect(errno).toBe(77);
});

test.runIf(process.platform === 'linux')('strerrorname_np returns what C returns', () => {
  const printed = outputLinesOfC(
    `for (int i = 0; i < 140; i++) { const char *s = strerrorname_np(i); puts(s ? s : "null"); }`,
  );
  // An error that is newer than the C library has no name there.
  const seen = printed.map((name, i) => (name === 'null' ? name : c.strerrorname_np(i)));
  expect(seen).toEqual(printed);
  expect([c.strerrorname_np(-1), c.strerrorname_np(99_999)]).toEqual([null, null]);
});
