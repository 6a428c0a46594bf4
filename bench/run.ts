// Benchmark: `npm run bench` runs all groups, `npm run bench -- calls` one. Ratios are measured side by side in one run.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Entry, type Group, groups } from './groups.js';
import { Contestant, type Row, takeTurns } from './slices.js';

/** Sources stay in bench/; this file is dist/bench/run.js. */
const source = (path: string): string => fileURLToPath(new URL(`../../bench/${path}`, import.meta.url));
const compiled = (path: string): string => fileURLToPath(new URL(path.replace(/ts$/, 'js'), import.meta.url));

/** Starts a contestant, or says why it is left out. */
function start({ name, file }: Entry, folder: string): Contestant | string {
  if (file.endsWith('.ts')) return new Contestant(name, process.execPath, [compiled(file)]);
  if (file.endsWith('.py')) {
    if (spawnSync('python3', ['--version']).error) return `${name}: there is no python3`;
    return new Contestant(name, 'python3', [source(file)]);
  }
  const binary = join(folder, file.replaceAll('/', '-'));
  execFileSync('cc', ['-O2', '-pthread', '-o', binary, source(file)], { stdio: 'inherit' });
  return new Contestant(name, binary, []);
}

function progress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r  ${done} of ${of} turns${done === of ? '\n' : ''}`);
  else if (done % 20 === 0) process.stderr.write(`  ${done} of ${of} turns\n`);
}

function print(rows: readonly Row[], entries: readonly Entry[]): void {
  const ns = (x: number): string => x.toFixed(0).padStart(8);
  const ratio = (x: number): string => x.toFixed(3).padStart(8);
  console.log(`  ${''.padEnd(15)} ns: min  median     max   to C: min  median     max   goal`);
  for (const { name, time, ratio: r } of rows) {
    const goal = entries.find((entry) => entry.name === name)?.goal;
    const verdict = goal === undefined ? '' : `   ${goal} ${r.median <= goal ? 'reached' : 'not reached'}`;
    const figures = [ns(time.min), ns(time.median), ns(time.max), '   ', ratio(r.min), ratio(r.median), ratio(r.max)];
    console.log(`  ${name.padEnd(15)}${figures.join('')}${verdict}`);
  }
}

async function run(name: string, { title, entries }: Group, folder: string): Promise<void> {
  console.log(`\n${name}: ${title}`);
  const started = entries.map((entry) => start(entry, folder));
  const contestants = started.filter((contestant) => contestant instanceof Contestant);
  for (const reason of started) if (typeof reason === 'string') console.log(`  left out: ${reason}`);
  try {
    print(await takeTurns(contestants, { progress }), entries);
  } finally {
    for (const contestant of contestants) contestant.close();
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in groups));
if (unknown.length > 0) {
  console.error(`bench: there is no group ${unknown.join(', ')}; there are: ${Object.keys(groups).join(', ')}`);
  process.exit(2);
}
const processor = cpus()[0]?.model ?? 'unknown processor';
console.log(`Node ${process.version}, ${process.platform}-${process.arch}, ${cpus().length} × ${processor}`);
const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-bench-'));
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(groups)) await run(name, groups[name]!, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
