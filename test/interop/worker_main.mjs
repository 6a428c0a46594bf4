// @ts-check
// Exits while its workers have everything pending.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const workers = Array.from(
  { length: 4 },
  () => new Worker(new URL('worker.mjs', import.meta.url), { workerData: 'busy' }),
);
await Promise.all(workers.map((worker) => once(worker, 'message')));
process.exit(5);
