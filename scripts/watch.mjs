// @ts-check
// Watches the sources: `npm run watch`. After a change it rebuilds what the change is part of, and runs the tests that it affects.
// Changes that come during a run are taken together when it is over.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { affectedTests } from './affected.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));
/** Milliseconds without a change, after which the changes before them are taken: an editor writes a file more than once. */
const QUIET = 150;

/** What is rebuilt after a change in a folder. A test is compiled by vitest. @type {Readonly<Record<string, string | undefined>>} */
const BUILDS = {
  lib: 'node scripts/bundle.mjs',
  native: 'npm run --silent build:native',
  examples: 'npx tsc -p tsconfig.build.json',
  bench: 'npx tsc -p tsconfig.build.json',
  test: undefined,
};

/** Runs a command; whether it succeeded. @param {string} command */
async function succeeds(command) {
  console.log(`> ${command}`);
  const child = spawn(command, { cwd, shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
  const [status] = await once(child, 'close');
  return status === 0;
}

/** @param {readonly string[]} changed */
async function react(changed) {
  console.log(`\nchanged: ${changed.join(', ')}`);
  const builds = new Set(
    changed.map((file) => BUILDS[file.slice(0, file.indexOf('/'))]).filter((build) => build !== undefined),
  );
  for (const build of builds)
    if (!(await succeeds(build))) return console.log('the build failed: waiting for the next change');
  const tests = affectedTests(changed);
  if (tests.length === 0) return console.log('no test is affected');
  await succeeds(`npx vitest run ${tests.join(' ')}`);
}

/** @type {Set<string>} */
const changes = new Set();
let running = false;
/** @type {NodeJS.Timeout | undefined} */
let timer;
const schedule = () => {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    if (running || changes.size === 0) return;
    running = true;
    const changed = [...changes].sort();
    changes.clear();
    await react(changed);
    running = false;
    schedule();
  }, QUIET);
};

for (const folder of Object.keys(BUILDS)) {
  watch(new URL(`../${folder}`, import.meta.url), { recursive: true }, (_event, name) => {
    // Editors and formatters write files of other names next to the one that they save.
    if (!name || !/\.(ts|mjs|c|cpp|h|def)$/.test(name)) return;
    changes.add(`${folder}/${name}`);
    schedule();
  });
}
console.log(`watching ${Object.keys(BUILDS).join(', ')}; Ctrl+C ends`);
