// Waiting calls when their descriptor ends: by this thread or another, through the package or behind its back.
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/child_program.js';

const program = new URL('../programs/lost_waiters.mjs', import.meta.url);
describe.for([
  ['a handle of libuv', {}],
  ['a thread', { BSD_SOCKETS_WATCH: 'thread' }],
  ['a handle of libuv, without what newer systems have', { BSD_SOCKETS_WITHOUT: 'all' }],
] as const)('by %s', ([, env]) => {
  it('every waiting call is rejected with EBADF, and the event loop comes to rest', async () => {
    const { status, stdout, stderr } = await runProgram(program, [], { env, limit: 60_000 });
    expect([status, stderr]).toEqual([0, '']);
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { way: string; borrowed: boolean; outcomes: string[]; rests: boolean });
    expect(results.length).toBe(2 * 14);
    for (const { way, borrowed, outcomes, rests } of results) {
      const expected = ['recv', 'recvBytes', 'recvExactly', 'recvmsg', 'sendAll'].map((name) => `${name} EBADF`);
      expect([way, borrowed, ...outcomes, rests]).toEqual([way, borrowed, ...expected, true]);
    }
  }, 70_000);
});
