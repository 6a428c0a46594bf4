// Benchmark, group allocation: a round is a path of test/speed/hot_paths.mjs, the bytes of heap that it allocates; V8's own account of its
// collections (--trace-gc) must be empty while it runs.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { contestOnTheLoop } from '../contestant.js';

const [path] = process.argv.slice(2);
const program = fileURLToPath(new URL('../../../test/speed/hot_paths.mjs', import.meta.url));
await contestOnTheLoop((n) => {
  const { stdout, status } = spawnSync(process.execPath, ['--expose-gc', '--trace-gc', program, path!, `${n}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${path}: exit status ${status}`);
  const { bytes, collections } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number>;
  if (collections! > 0) throw new Error(`${path}: ${collections} collections in ${n} rounds`);
  return Promise.resolve(BigInt(Math.round(bytes! * n)));
});
