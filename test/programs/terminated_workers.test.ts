// Tests of workers that end at any instruction with everything pending: none leaves a descriptor open, and none calls into dead memory.
// FULL=1 runs a thousand rounds, otherwise fifty.
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/child_program.js';

const rounds = process.env.FULL === '1' ? 1000 : 48;
const program = new URL('terminated_workers.mjs', import.meta.url);
describe.for([
  ['a handle of libuv', {}],
  ['a thread', { BSD_SOCKETS_WATCH: 'thread' }],
] as const)('by %s', ([, env]) => {
  it.runIf(process.platform === 'linux')(
    'terminated workers leave no descriptor',
    async () => {
      const { status, stdout, stderr } = await runProgram(program, [rounds], { env, limit: 20 * 60_000 });
      expect([status, stderr]).toEqual([0, '']);
      const { left, busy } = JSON.parse(stdout) as { left: number; busy: number };
      expect(left).toBe(0);
      expect(busy).toBeGreaterThan(rounds / 4);
    },
    20 * 60_000,
  );
  it(
    'process.exit() while workers are busy ends the process',
    async () => {
      for (let round = 0; round < (process.env.FULL === '1' ? 100 : 3); round++)
        expect(await runProgram(program, [8, 'exit'], { env, limit: 20_000 })).toEqual({
          status: 0,
          stdout: '',
          stderr: '',
        });
    },
    20 * 60_000,
  );
});
