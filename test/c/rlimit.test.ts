// getrlimit(2) and setrlimit(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { afterEach, expect, test } from 'vitest';
import { outputLinesOfC } from '../support/c_program.js';
import { runProgram } from '../support/child_program.js';
import { must } from '../support/descriptors.js';
import { GuardedMemory } from '../support/memory.js';

/** By their names. */
const named: typeof c = c;

const before = new c.rlimit();
must(c.getrlimit(c.RLIMIT_CORE, before));
afterEach(() => {
  must(c.setrlimit(c.RLIMIT_CORE, before));
});

test('getrlimit returns what a C program sees, except for the limit that Node raises', () => {
  const names = ['RLIMIT_CPU', 'RLIMIT_FSIZE', 'RLIMIT_DATA', 'RLIMIT_AS'] as const;
  const printed = outputLinesOfC(
    names
      .map(
        (name) =>
          `{ struct rlimit r; getrlimit(${name}, &r); printf("%llu %llu\\n", (unsigned long long)r.rlim_cur, (unsigned long long)r.rlim_max); }`,
      )
      .join('\n'),
  );
  const seen = names.map((name) => {
    const limit = new c.rlimit();
    c.set_errno(77);
    expect(c.getrlimit(named[name], limit)).toBe(0);
    expect(c.errno).toBe(77);
    return `${limit.rlim_cur} ${limit.rlim_max}`;
  });
  expect(seen).toEqual(printed);
});

test('Node raises the soft limit of descriptors to the hard limit', () => {
  const limit = new c.rlimit();
  expect(c.getrlimit(c.RLIMIT_NOFILE, limit)).toBe(0);
  if (process.platform === 'linux') expect(limit.rlim_cur).toBe(limit.rlim_max);
});

test('setrlimit sets the soft limit', () => {
  const limit = new c.rlimit({ rlim_cur: 0, rlim_max: before.rlim_max });
  expect(c.setrlimit(c.RLIMIT_CORE, limit)).toBe(0);
  limit.rlim_cur = 99;
  expect(c.getrlimit(c.RLIMIT_CORE, limit)).toBe(0);
  expect(limit.rlim_cur).toBe(0);
});

test('RLIM_INFINITY is a bigint, and fits into a limit', () => {
  expect(typeof c.RLIM_INFINITY).toBe('bigint');
  const limit = new c.rlimit({ rlim_cur: c.RLIM_INFINITY, rlim_max: c.RLIM_INFINITY });
  expect(limit.rlim_cur).toBe(c.RLIM_INFINITY);
  expect(outputLinesOfC('printf("%llu\\n", (unsigned long long)RLIM_INFINITY);')).toEqual([String(c.RLIM_INFINITY)]);
});

test('getrlimit and setrlimit fail with EINVAL for unknown resources, and with EFAULT for short memory', () => {
  const limit = new c.rlimit({ rlim_cur: 2, rlim_max: 1 });
  expect(c.setrlimit(c.RLIMIT_CORE, limit)).toBe(-1);
  expect(c.errno).toBe(c.EINVAL);
  for (const resource of [-1, 9999]) {
    expect(c.getrlimit(resource, limit)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
    expect(c.setrlimit(resource, limit)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
  }
  const memory = new GuardedMemory(sizeof(c.rlimit) - 1);
  expect(c.getrlimit(c.RLIMIT_CORE, memory.bytes)).toBe(-1);
  expect(c.errno).toBe(c.EFAULT);
  expect(c.setrlimit(c.RLIMIT_CORE, memory.bytes)).toBe(-1);
  expect(c.errno).toBe(c.EFAULT);
  expect(memory.intact && memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
  expect(c.getrlimit(c.RLIMIT_CORE, null)).toBe(-1);
  expect(c.errno).toBe(c.EFAULT);
});

test('a process at its limit of descriptors gets EMFILE', async () => {
  const { stdout, status } = await runProgram(new URL('ending.mjs', import.meta.url), ['limit']);
  expect(status).toBe(0);
  expect(stdout.split('\n')[0]).toBe(`${c.strerror(c.EMFILE)} at 64`);
});
