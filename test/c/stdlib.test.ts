// abort(3), exit(3), MAX and MIN.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { type Ended, runProgram } from '../support/child_program.js';

const ending = (...args: string[]): Promise<Ended> => runProgram(new URL('ending.mjs', import.meta.url), args);

test('abort ends the process with SIGABRT', async () => {
  expect(await ending('abort')).toMatchObject({ status: 'SIGABRT', stdout: '' });
});

test.each([
  [0, 0],
  [1, 1],
  [255, 255],
  [256, 0],
  [-1, 255],
])('exit(%i) ends with status %i after the exit listeners', async (status, expected) => {
  expect(await ending('exit', String(status))).toMatchObject({ status: expected, stdout: `exit ${expected}\n` });
});

test('exit throws TypeError for a value that is not an integer', () => {
  for (const wrong of [undefined, null, '0', 1.5, Number.NaN, 1n, true]) {
    expect(() => c.exit(wrong as never)).toThrow(TypeError);
  }
});

describe('MAX and MIN', () => {
  test('take numbers and bigints', () => {
    expect([c.MAX(1, 2), c.MAX(2, 1), c.MIN(1, 2), c.MIN(-1, -2)]).toEqual([2, 2, 1, -2]);
    expect([c.MAX(1n, 2n), c.MIN(1n, 2n)]).toEqual([2n, 1n]);
    expect(c.MAX<number | bigint>(1, 2n)).toBe(2n);
    expect(c.MAX(1.5, 1)).toBe(1.5);
  });

  test('throw TypeError for other types', () => {
    for (const wrong of [undefined, null, '1', true, {}, [], Symbol('s')]) {
      expect(() => c.MAX(wrong as never, 1 as never)).toThrow(TypeError);
      expect(() => c.MIN(1 as never, wrong as never)).toThrow(TypeError);
    }
  });
});
