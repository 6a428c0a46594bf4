// Benchmark: `npm run bench` runs all groups, `npm run bench -- calls` one. Ratios are measured side by side in one run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Contestant, type Row, takeTurns } from './slices.js';

/** Sources stay in bench/; this file is dist/bench/run.js. */
const source = (path: string): string => fileURLToPath(new URL(`../../bench/${path}`, import.meta.url));
const compiled = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface Group {
  readonly title: string;
  /** What the ratio should be at most. */
  readonly goal: number;
  readonly c: string;
  readonly js: string;
}

const groups: Readonly<Record<string, Group>> = {
  calls: {
    title: 'send + recv of 1 byte, AF_UNIX datagram pair',
    goal: 1.12,
    c: 'calls/pair.c',
    js: 'calls/pair.js',
  },
};

function progress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r  ${done} of ${of} turns${done === of ? '\n' : ''}`);
  else if (done % 20 === 0) process.stderr.write(`  ${done} of ${of} turns\n`);
}

function print(rows: readonly Row[]): void {
  const ns = (x: number): string => x.toFixed(0).padStart(7);
  const ratio = (x: number): string => x.toFixed(3).padStart(7);
  console.log(`  ${''.padEnd(14)}    ns a round: min  median      max    to C: min  median      max`);
  for (const { name, time, ratio: r } of rows) {
    console.log(
      `  ${name.padEnd(14)}       ${ns(time.min)} ${ns(time.median)}  ${ns(time.max)}       ${ratio(r.min)} ${ratio(r.median)}  ${ratio(r.max)}`,
    );
  }
}

async function run(name: string, { title, goal, c, js }: Group, folder: string): Promise<void> {
  console.log(`${name}: ${title}`);
  const binary = join(folder, name);
  execFileSync('cc', ['-O2', '-pthread', '-o', binary, source(c)], { stdio: 'inherit' });
  const contestants = [
    new Contestant('C', binary, []),
    new Contestant('bsd-sockets/c', process.execPath, [compiled(js)]),
  ];
  try {
    const rows = await takeTurns(contestants, { progress });
    print(rows);
    const { median } = rows[1]!.ratio;
    console.log(
      `  ratio ${median.toFixed(3)}; the goal is at most ${goal}: ${median <= goal ? 'reached' : 'not reached in this run'}`,
    );
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
console.log(
  `Node ${process.version}, ${process.platform}-${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`,
);
const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-bench-'));
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(groups)) await run(name, groups[name]!, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
