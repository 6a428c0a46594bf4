// signal(2) with SIG_IGN and SIG_DFL.
import * as c from 'bsd-sockets/c';
import { afterEach, expect, test } from 'vitest';
import { type Ended, runProgram } from '../support/child_program.js';

const ending = (...args: string[]): Promise<Ended> => runProgram(new URL('ending.mjs', import.meta.url), args);

afterEach(() => {
  c.signal(c.SIGURG, c.SIG_DFL);
});

test('signal returns the previous disposition', () => {
  c.set_errno(77);
  expect(c.signal(c.SIGURG, c.SIG_IGN)).toBe(c.SIG_DFL);
  expect(c.signal(c.SIGURG, c.SIG_IGN)).toBe(c.SIG_IGN);
  expect(c.signal(c.SIGURG, c.SIG_DFL)).toBe(c.SIG_IGN);
  expect(c.errno).toBe(77);
});

test('SIGPIPE is ignored from the start, and its disposition can be restored', () => {
  const previous = c.signal(c.SIGPIPE, c.SIG_DFL);
  expect(previous).toBe(c.SIG_IGN);
  expect(c.signal(c.SIGPIPE, previous)).toBe(c.SIG_DFL);
});

test('a handler that native code installed is returned as an object, which signal takes again', async () => {
  expect(await ending('handler')).toMatchObject({ status: 0, stdout: 'object true true\ncaught SIGUSR2\nexit 0\n' });
});

test.each([0, -1, 65, 9999, c.SIGKILL, c.SIGSTOP])(
  'signal(%i) fails with EINVAL: it has no disposition to set',
  (signum) => {
    expect(c.signal(signum, c.SIG_IGN)).toBe(c.SIG_ERR);
    expect(c.errno).toBe(c.EINVAL);
  },
);

test('wrong handlers throw TypeError', () => {
  for (const wrong of [undefined, null, 2, '0', true, {}, 0n, Symbol('s')]) {
    expect(() => c.signal(c.SIGURG, wrong as never)).toThrow(TypeError);
  }
  for (const wrong of [undefined, null, '13', 1.5, 13n]) {
    expect(() => c.signal(wrong as never, c.SIG_IGN)).toThrow(TypeError);
  }
});

test('an ignored signal does not end the process', async () => {
  expect(await ending('ignored')).toMatchObject({ status: 0, stdout: 'still here\nexit 0\n' });
});

test.runIf(process.platform === 'linux')('SIGPIPE is EPIPE if ignored, and ends the process by default', async () => {
  const broken = `-1 ${c.strerror(c.EPIPE)}\nexit 0\n`;
  expect(await ending('sigpipe', 'ignored')).toMatchObject({ status: 0, stdout: broken });
  expect(await ending('sigpipe', 'default')).toMatchObject({ status: 'SIGPIPE', stdout: '' });
  expect(await ending('sigpipe', 'nosignal')).toMatchObject({ status: 0, stdout: broken });
});
