// Tests of EMFILE: its message says how many open sockets lost their last reference, and where they were made; they are closed at once.
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/child_program.js';

const run = async (
  what: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ message: string; calls: number; again: string }> => {
  const program = new URL('../programs/descriptor_limit.mjs', import.meta.url);
  const { status, stdout } = await runProgram(program, [what], { env });
  expect(status).toBe(0);
  return JSON.parse(stdout) as { message: string; calls: number; again: string };
};

const leaks = [
  ['socket', 1],
  ['socket of promises', 1],
  ['pair', 2],
  ['pair of promises', 2],
  ['Poller', 1],
  ['refused connect', 1],
  ['failed bind', 1],
  ['accept', 1],
] as const;
describe.for(leaks)('%s', ([what, each]) => {
  it('EMFILE counts what leaked in a synchronous loop, and the next call has descriptors again', async () => {
    const { message, calls, again } = await run(what);
    const lost = Number(/EMFILE: (\d+) open sockets lost their last reference/.exec(message)?.[1]);
    // The interpreter may keep the last one for a moment; some were perhaps collected before.
    expect(lost).toBeGreaterThan((calls * each) / 2);
    expect(lost).toBeLessThanOrEqual(calls * each + 1);
    expect(message).toContain('BSD_SOCKETS_TRACE_LEAKS=1');
    expect(again).toBe('works');
  });
  it('with BSD_SOCKETS_TRACE_LEAKS=1 it says where', async () => {
    const { message } = await run(what, { BSD_SOCKETS_TRACE_LEAKS: '1' });
    expect(message).toMatch(/\d+ times: Error: It was opened here:\n {4}at [^\n]*descriptor_limit\.mjs:\d+/);
  });
});
it('without a leak the message is the error’s alone', async () => {
  const { message, again } = await run('kept');
  expect([message, again]).toEqual(['socket EMFILE', 'EMFILE']);
});
