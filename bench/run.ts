// Benchmark: `npm run bench` runs all groups, `npm run bench -- calls` some. Ratios are measured side by side in one run; bench/results/
// has the tables and the plots.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contestant, commandOf, installed, PACKAGES, selfTimed, source } from './contestants.js';
import { memoryOf, startEcho } from './echo/echo.js';
import { type Entry, type Group, groups, load } from './groups.js';
import { asMarkdown, asText, intoReadme, judge, type Result, type Results } from './results.js';
import { takeTurns } from './slices.js';

const RESULTS = source('results');

/** Says how far a group is: in place on a terminal, a few lines elsewhere. */
function progress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r  ${done} of ${of} turns${done === of ? '\n' : ''}`);
  else if (done % 20 === 0 || done === of) process.stderr.write(`  ${done} of ${of} turns\n`);
}

type Command = readonly [name: string, command: readonly string[]];

/** Starts those that take part. */
async function start(
  { kind, measure, connections = 0 }: Group,
  programs: readonly Command[],
  folder: string,
): Promise<readonly Contestant[]> {
  if (kind === undefined) return programs.map((program) => selfTimed(...program));
  const client = commandOf(load, folder) as readonly string[];
  if (kind === 'echo') return startEcho(programs, connections, client, measure === 'cpu' ? 'cpu' : 'wall');
  return programs.map((program) => memoryOf(program, connections, client));
}

async function run(group: Group, folder: string, here: string): Promise<Result> {
  const leftOut: string[] = [];
  const taking: [Entry, readonly string[]][] = [];
  for (const entry of group.entries) {
    const command = commandOf(entry, folder);
    if (typeof command === 'string') leftOut.push(command);
    else taking.push([entry, command]);
  }
  const contestants = await start(
    group,
    taking.map(([{ name }, command]) => [name, command] as const),
    folder,
  );
  try {
    const { turns = 60, rounds } = group;
    const samples = await takeTurns(contestants, {
      turns,
      rounds,
      together: group.kind === 'memory',
      sliceMs: 60,
      progress,
    });
    return judge(
      group,
      taking.map(([entry]) => entry),
      samples,
      leftOut,
      here,
    );
  } finally {
    for (const contestant of contestants) contestant.close();
  }
}

/** The packages that others would pick are the benchmark's own, and come with its first run. */
function install(): void {
  if (installed('vega')) return;
  console.log('installing what only the benchmark needs (koffi and others, to compare with)');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--fetch-retries=0'], {
    cwd: PACKAGES,
    stdio: 'inherit',
  });
  if (status !== 0) console.log('npm install failed: the run goes on without these packages, and without plots');
}

function machine(): string {
  const kernel = execFileSync('uname', ['-sr'], { encoding: 'utf8' }).trim();
  return `Node ${process.version}, ${kernel}, ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`;
}

async function write(results: Results): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(RESULTS, 'results.md'), asMarkdown(results));
  const readme = source('../README.md');
  writeFileSync(readme, intoReadme(readFileSync(readme, 'utf8'), results));
  if (!installed('vega')) return console.log('not drawn again, for there is no vega: the plots');
  const { draw } = (await import(join(PACKAGES, 'plot.mjs'))) as {
    draw(results: Results): Promise<Record<string, string>>;
  };
  for (const [name, svg] of Object.entries(await draw(results))) writeFileSync(join(RESULTS, `${name}.svg`), svg);
}

const wanted = process.argv.slice(2).filter((name) => name !== '--write');
const unknown = wanted.filter((name) => !(name in groups));
if (unknown.length > 0) {
  const usage =
    'npm run bench -- [--write] [group …]: all groups, and what is written of them; or some, only shown without --write';
  console.error(
    `bench: there is no group ${unknown.join(', ')}; there are: ${Object.keys(groups).join(', ')}\n${usage}`,
  );
  process.exit(2);
}
install();
const here = machine();
console.log(here);
// A look at some groups leaves the files as they are.
const writes = wanted.length === 0 || process.argv.includes('--write');
const file = join(RESULTS, 'results.json');
const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results).groups : {};
const found: Record<string, Result> = {};
const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-bench-'));
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(groups)) {
    const group = groups[name]!;
    console.log(`\n${name}: ${group.title}`);
    found[name] = await run(group, folder, here);
    console.log(asText(found[name]));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  // What was measured before a failure is kept.
  if (writes) {
    const all = { ...known, ...found };
    await write({
      groups: Object.fromEntries(Object.keys(groups).flatMap((name) => (all[name] ? [[name, all[name]]] : []))),
    });
    console.log(`\nwritten: ${RESULTS}, and the README's table`);
  }
}
