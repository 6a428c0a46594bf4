// Tests of SIGPIPE: with its default disposition no call of this layer kills the process; each gives BrokenPipeError.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const child = (...args: string[]) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('sigpipe.mjs', import.meta.url)), ...args], {
    encoding: 'utf8',
    timeout: 30_000,
  });

it.each(['signal', 'listener'])('the default restored by a %s: every send is BrokenPipeError', (how) => {
  const { status, signal, stdout, stderr } = child(how);
  expect([status, signal, stderr]).toEqual([0, null, '']);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength((process.platform === 'linux' ? 4 : 3) * 7);
  for (const line of lines) expect(line).toMatch(/: BrokenPipeError EPIPE$/);
});

it.each(['signal', 'listener'])('the disposition is the default indeed: C’s send kills the program (%s)', (how) => {
  const { signal, stdout } = child(how, 'unprotected');
  expect([signal, stdout]).toEqual(['SIGPIPE', '']);
});
