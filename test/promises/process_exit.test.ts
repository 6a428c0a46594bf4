// Waiting calls keep the process alive, idle sockets do not; a process can end with everything pending.
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/child_program.js';

const program = new URL('alive.mjs', import.meta.url);
const ways = [
  ['a handle of libuv', {}],
  ['a thread', { BSD_SOCKETS_WATCH: 'thread' }],
] as const;
describe.for(ways)('with events by %s', ([, env]) => {
  const ends = async (way: string, status = 0): Promise<string> => {
    const ended = await runProgram(program, [way], { env, limit: 10_000 });
    expect([ended.status, ended.stderr]).toEqual([status, '']);
    return ended.stdout;
  };
  it('a waiting call keeps the process alive', async () => {
    expect(await ends('waiting')).toBe('received 1\nexit\n');
  });
  it('an idle socket does not, and neither does a cancelled call', async () => {
    expect(await ends('idle')).toBe('exit\n');
    expect(await ends('cancelled')).toBe('ETIMEDOUT\nABORT_ERR\nEBADF\nexit\n');
  });
  it('a started poller does, unless it is unreferenced', async () => {
    expect(await ends('poller')).toBe('told\nexit\n');
    expect(await ends('unreferenced')).toBe('exit\n');
  });
  it('process.exit() with everything pending exits at once', async () => {
    expect(await ends('exit', 3)).toBe('exit\n');
  });
  it('an exception with everything pending ends the process', async () => {
    const { status, stderr } = await runProgram(program, ['throw'], { env, limit: 10_000 });
    expect(status).toBe(1);
    expect(stderr).toContain('Error: the end');
  });
  it('an idle socket without references is collected and closed, with a warning', async () => {
    const { status, stdout, stderr } = await runProgram(program, ['collected'], { env });
    expect([status, stdout]).toEqual([0, 'collected\nserved\nexit\n']);
    expect(stderr).toContain('BSD_SOCKETS_LEAK');
  });
});
