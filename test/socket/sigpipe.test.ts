// SIGPIPE: with its default disposition no call of the typed layer ends the process; each throws BrokenPipeError.
import { expect, it } from 'vitest';
import { type Ended, runProgram } from '../support/child_program.js';

const sendToClosedPeers = (...args: string[]): Promise<Ended> =>
  runProgram(new URL('sigpipe.mjs', import.meta.url), args);

it.each(['signal', 'listener'])(
  'every send throws BrokenPipeError after a %s restored the default disposition',
  async (how) => {
    const { status, stdout, stderr } = await sendToClosedPeers(how);
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength((process.platform === 'linux' ? 4 : 3) * 7);
    for (const line of lines) expect(line).toMatch(/: BrokenPipeError EPIPE$/);
  },
);

it.each(['signal', 'listener'])(
  'C’s send then ends the process: the disposition is the default indeed (%s)',
  async (how) => {
    const { status, stdout } = await sendToClosedPeers(how, 'unprotected');
    expect([status, stdout]).toEqual(['SIGPIPE', '']);
  },
);
