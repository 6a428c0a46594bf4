// Wrong arguments: any value in place of an argument ends in a TypeError, a RangeError or an errno; no call crashes or
// writes a byte outside the memory it was given. scripts/test-asan.mjs runs this file under the sanitizers.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { type Call, cCalls } from '../support/c_calls.js';
import { cMacros } from '../support/c_macros.js';
import { CallFixture } from '../support/call_arguments.js';

const functions = c as unknown as Record<string, (...args: unknown[]) => unknown>;
const rows = [...cCalls, ...cMacros];

/** Functions that are not C's, that take any value, or that have tests of their own. */
const WITHOUT_ROW = new Set(
  'abort flags struct union sizeof NativeHandler getservent getprotoent if_nameindex kqueue sf_hdtr pointer'.split(' '),
);
/** These the other platform has; here they give ENOSYS, whatever they are given. */
const ELSEWHERE = new Set(process.platform === 'linux' ? ['kqueue', 'kevent'] : []);

test('the table has a row for every exported function', () => {
  const isClass = (f: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(f));
  const missing = Object.entries(functions)
    .filter(([, value]) => typeof value === 'function' && !isClass(value))
    .map(([name]) => name)
    .filter((name) => !WITHOUT_ROW.has(name) && !ELSEWHERE.has(name) && !rows.some((row) => row.name === name));
  expect(missing).toEqual([]);
});

type Outcome = { readonly result: unknown } | { readonly error: Error };

/** Makes a call; gives back the descriptors that it gave. */
function make({ name, gives }: Call, args: readonly unknown[], f: CallFixture): Outcome {
  try {
    c.set_errno(0);
    const result = functions[name]!(...args);
    if (gives === 'a descriptor') f.given(result as number);
    if (gives === 'descriptors' && result === 0)
      for (const fd of c.array(c.int, 2).at(args.at(name === 'pipe2' ? 0 : -1) as c.Pointer)) f.given(fd);
    return { result };
  } catch (error) {
    return { error: error as Error };
  }
}

/** Whether an outcome is one of those that bad input may have. */
function expectSane(row: Call, outcome: Outcome, what: string): void {
  if ('error' in outcome) {
    expect(outcome.error instanceof TypeError || outcome.error instanceof RangeError, `${what}: ${outcome.error}`).toBe(
      true,
    );
    return;
  }
  expect(['number', 'bigint', 'string', 'object', 'undefined'], what).toContain(typeof outcome.result);
  if (outcome.result === -1 && row.args.some(({ name }) => /fd$/.test(name))) {
    expect(c.errno, `${what}: errno`).toBeGreaterThan(0);
  }
}

describe.each(
  rows.map(
    (row, i) => [`${row.name}${rows.findIndex(({ name }) => name === row.name) < i ? ' again' : ''}`, row] as const,
  ),
)('%s', (_, row) => {
  const { name, args } = row;

  if (!row.unsafe)
    test('accepts good arguments', () => {
      const f = new CallFixture();
      const outcome = make(
        row,
        args.map(({ good }) => good(f)),
        f,
      );
      expect('error' in outcome ? outcome.error : undefined).toBeUndefined();
      expect(f.intact()).toBe(true);
      f.close();
    });

  test.each(args.map((argument, i) => [i + 1, argument.name, argument, i] as const))(
    'refuses wrong values for argument %i, %s',
    (position, _name, argument, i) => {
      const f = new CallFixture();
      const withValue = (value: unknown) => args.map(({ good }, k) => (k === i ? value : good(f)));
      for (const [described, wrong] of argument.wrong) {
        const what = `${described} for argument ${position} of ${name}()`;
        const outcome = make(row, withValue(wrong()), f);
        expect('error' in outcome ? outcome.error : `no error, but ${String(outcome.result)}`, what).toBeInstanceOf(
          TypeError,
        );
        const { message, code } = (outcome as { error: Error & { code?: string } }).error;
        // What a Proxy or a class throws of its own is not the library's text.
        if (code !== undefined) expect(message, what).toMatch(new RegExp(`^${name}\\b`));
        expect(f.intact(), what).toBe(true);
      }
      const bad = row.unsafe ? [] : typeof argument.bad === 'function' ? argument.bad(f) : argument.bad;
      for (const [described, value] of bad) {
        const what = `${described} for argument ${position} of ${name}()`;
        expectSane(row, make(row, withValue(value()), f), what);
        expect(f.intact(), what).toBe(true);
      }
      f.close();
    },
  );

  if (name !== 'fcntl' && name !== 'ioctl')
    test('refuses too few arguments', () => {
      const f = new CallFixture();
      for (let count = 0; count < args.length; count++) {
        const outcome = make(
          row,
          args.slice(0, count).map(({ good }) => good(f)),
          f,
        );
        expect('error' in outcome ? outcome.error : `no error with ${count}`).toBeInstanceOf(TypeError);
      }
      f.close();
    });
});
