// Benchmark, group import: a round starts Node with a module that imports what the argument names, or nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contestOnTheLoop } from '../contestant.js';

const [what] = process.argv.slice(2);
// Where the name is found: within this package, or with the packages that only the benchmark has.
const home = fileURLToPath(new URL(what?.startsWith('bsd-sockets') ? '.' : '../../../bench/packages', import.meta.url));
const folder = mkdtempSync(join(home, 'import-'));
const program = join(folder, 'program.mjs');
writeFileSync(program, what === undefined ? '' : `import '${what}';\n`);
process.on('exit', () => rmSync(folder, { recursive: true }));

await contestOnTheLoop((n) => {
  const start = process.hrtime.bigint();
  for (let i = 0; i < n; i++) {
    const { status } = spawnSync(process.execPath, [program], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${what}: exit status ${status}`);
  }
  return Promise.resolve(process.hrtime.bigint() - start);
});
