// bsd-sockets/promises in worker threads: a poller in each, and nothing leaks when one is terminated.
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/child_program.js';
import { openDescriptors } from '../support/cleanup.js';

const program = new URL('worker.mjs', import.meta.url);
const start = async (way: string, env: NodeJS.ProcessEnv): Promise<Worker> => {
  const worker = new Worker(program, { workerData: way, env: { ...process.env, ...env } });
  await once(worker, 'message'); // it has everything pending
  return worker;
};
/** A worker's exit code. */
const exited = (worker: Worker): Promise<number> => new Promise((resolve) => worker.once('exit', resolve));
const threads = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0);
const sockets = (): number => [...openDescriptors().values()].filter((what) => !what.startsWith('/')).length;

const ways = [
  ['a handle of libuv', {}],
  ['a thread', { BSD_SOCKETS_WATCH: 'thread' }],
] as const;
describe.for(ways)('workers with events by %s', ([, env]) => {
  it('serve ten at once, and end by themselves', async () => {
    const workers = Array.from(
      { length: 10 },
      () => new Worker(program, { workerData: 'serve', env: { ...process.env, ...env } }),
    );
    const exits = workers.map(exited);
    const served = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as number));
    expect(served).toEqual(Array.from({ length: 10 }, () => 50));
    expect(await Promise.all(exits)).toEqual(Array.from({ length: 10 }, () => 0));
  }, 20_000);
  it('leave no thread, handle or descriptor if terminated with calls pending', async () => {
    await (await start('pending', env)).terminate(); // what a first worker leaves for good
    const before = [threads(), sockets()];
    for (let round = 0; round < 2; round++) {
      const workers = await Promise.all(Array.from({ length: 5 }, () => start('pending', env)));
      expect(sockets()).toBeGreaterThan(before[1]!);
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
    expect([threads(), sockets()]).toEqual(before);
  }, 20_000);
  it('may be terminated within a listener and between events, and may call process.exit()', async () => {
    const before = sockets();
    for (const way of ['spin', 'busy', 'busy', 'busy']) {
      const worker = await start(way, env);
      await worker.terminate();
    }
    const worker = await start('exit', env);
    worker.postMessage('now');
    expect(await exited(worker)).toBe(7);
    expect(sockets()).toBe(before);
  }, 20_000);
  it('end with an error after an exception of a listener', async () => {
    const worker = await start('throw', env);
    const exit = exited(worker);
    const [error] = await new Promise<[Error]>((resolve) => {
      worker.once('error', (...args) => resolve(args as [Error]));
      worker.postMessage('now');
    });
    expect(error.message).toBe('from the listener');
    expect(await exit).toBe(1);
  }, 20_000);
  it('may have everything pending when the main thread exits', async () => {
    const { status, stderr } = await runProgram(new URL('worker_main.mjs', import.meta.url), [], {
      env,
      limit: 15_000,
    });
    expect([status, stderr]).toEqual([5, '']);
  }, 20_000);
});
