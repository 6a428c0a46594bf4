// Tests of stacks: a failing call's stack begins at the caller's line, whether the call had to wait or not, and holds none of the library's
// own frames.

import { fileURLToPath } from 'node:url';
import { AF_INET, SOCK_STREAM, Socket } from 'bsd-sockets';
import { describe, expect, it } from 'vitest';
import { run } from '../support/child_program.js';
import { thrownError } from '../support/sockets.js';

const program = fileURLToPath(new URL('../programs/stacks.mjs', import.meta.url));
const stacks = async (
  flags: readonly string[],
  ...args: string[]
): Promise<{ name: string; message: string; stack: string }[]> => {
  const { status, stdout, stderr } = await run(process.execPath, ['--no-warnings', ...flags, program, ...args]);
  expect([status, stderr]).toEqual([0, '']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; message: string; stack: string });
};
const framesOf = (stack: string): string[] => stack.split('\n').filter((line) => /^ {4}at /.test(line));
/** `Promise.all` is a frame of the caller's chain, as it is for Node's own promises. */
const isCombinator = (frame: string): boolean => /^ {4}at async Promise\.\w+ \(index \d+\)$/.test(frame);

describe.for([
  ['plain', []],
  ['with --enable-source-maps', ['--enable-source-maps']],
] as const)('%s', ([, flags]) => {
  it('begin at the caller’s line', async () => {
    const results = await stacks(flags);
    expect(results.length).toBeGreaterThan(70);
    for (const { name, message, stack } of results) {
      expect(`${name}: ${message}`).not.toMatch(/it did not/);
      const frames = framesOf(stack).filter((frame) => !isCombinator(frame));
      expect(`${name}: ${frames[0] ?? stack}`).toMatch(/stacks\.mjs:\d+/);
      expect(`${name}: ${frames.join()}`).not.toMatch(/dist\/bundle|lib\/(socket|events|addon)/);
      expect(stack.split('\n')[0]).toContain(message.split('\n')[0]);
    }
  });
});
it.each([1, 3, 50])('have at most Error.stackTraceLimit frames: %i', async (limit) => {
  for (const { name, stack } of await stacks([], String(limit))) {
    const count = framesOf(stack).length;
    expect(`${name}: ${count >= 1 && count <= limit}`).toBe(`${name}: true`);
  }
});
it('have no frames where the limit is 0', async () => {
  for (const { name, message, stack } of await stacks([], '0')) {
    expect(`${name}: ${framesOf(stack).length}`).toBe(`${name}: 0`);
    expect(stack).toContain(message);
  }
});

describe('an error', () => {
  const make = (): Error & { code?: string; errno?: number } => thrownError(() => new Socket(999, SOCK_STREAM));
  it('survives structuredClone', () => {
    const error = make();
    const copy = structuredClone(error);
    expect(copy).toBeInstanceOf(Error);
    expect(copy.message).toBe(error.message);
    expect(copy.stack).toBe(error.stack);
    const other = thrownError(() => new Socket('x' as never, SOCK_STREAM));
    expect(structuredClone(other)).toBeInstanceOf(TypeError);
    expect(structuredClone(other).stack).toBe(other.stack);
  });
  it('has a stack that may be assigned, and captured anew', () => {
    const error = make();
    expect(Object.keys(error)).toEqual(['code', 'errno', 'syscall']);
    error.stack = 'mine';
    expect(error.stack).toBe('mine');
    expect(Object.keys(error)).toEqual(['code', 'errno', 'syscall']);
    const again = make();
    Error.captureStackTrace(again);
    expect(again.stack).toContain('stacks.test');
    const frozen = Object.freeze(make());
    expect(frozen.stack).toContain('stacks.test');
  });
  it('is formatted by the program’s own Error.prepareStackTrace, which gets the error and its frames', () => {
    const before = Error.prepareStackTrace;
    try {
      Error.prepareStackTrace = (error, frames) => [error, frames.length];
      const error = make();
      const [formatted, frames] = error.stack as unknown as [Error, number];
      expect([formatted.name, formatted.message]).toEqual([error.name, error.message]);
      expect(frames).toBeGreaterThan(0);
      Error.prepareStackTrace = (error) => `formatted: ${error.name}`;
      expect(make().stack).toBe('formatted: UnsupportedError');
    } finally {
      Error.prepareStackTrace = before;
    }
    expect(framesOf(make().stack!)[0]).toContain('stacks.test');
  });
  it('leaves Error.stackTraceLimit as it was, absent and frozen too', () => {
    const limit = Error.stackTraceLimit;
    for (const value of [0, 5, Number.POSITIVE_INFINITY, undefined, 'many']) {
      Error.stackTraceLimit = value as number;
      const { message } = make();
      expect(message).toBe('socket EAFNOSUPPORT');
      expect(Error.stackTraceLimit).toBe(value);
    }
    Error.stackTraceLimit = limit;
    const socket = new Socket(AF_INET, SOCK_STREAM);
    socket.close();
    expect(framesOf(thrownError(() => socket.listen()).stack!)[0]).toContain('stacks.test');
  });
});
