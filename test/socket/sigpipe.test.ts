// Tests of SIGPIPE: with its default disposition no call of this layer kills the process; each gives BrokenPipeError.
import { expect, it } from 'vitest';
import { type Ended, runProgram } from '../support/child_program.js';

const sendToClosedPeers = (...args: string[]): Promise<Ended> =>
  runProgram(new URL('sigpipe.mjs', import.meta.url), args);

it.each(['signal', 'listener'])('the default restored by a %s: every send is BrokenPipeError', async (how) => {
  const { status, stdout, stderr } = await sendToClosedPeers(how);
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength((process.platform === 'linux' ? 4 : 3) * 7);
  for (const line of lines) expect(line).toMatch(/: BrokenPipeError EPIPE$/);
});

it.each(['signal', 'listener'])(
  'the disposition is the default indeed: C’s send kills the program (%s)',
  async (how) => {
    const { status, stdout } = await sendToClosedPeers(how, 'unprotected');
    expect([status, stdout]).toEqual(['SIGPIPE', '']);
  },
);
