// Everything that must hold before `npm publish`: a clean tree, a version that is new, its changelog entry, the gate, all binaries, the
// tarball's content and licences, the package in its managers, bundlers and runtimes. `npm run release:check`. Ends at the first step that
// fails. It takes about half an hour.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { BINARIES } from './read-binary.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const read = (/** @type {string} */ file) => readFileSync(join(cwd, file), 'utf8');
const { name, version, license, files } = JSON.parse(read('package.json'));
const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-release-'));

/** @param {string} command @param {string[]} args @returns {string} its standard output */
function output(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? status}\n${stderr}`);
  return stdout;
}
/** @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `exit status ${status}`}`);
}
/** @param {unknown} condition @param {string} message */
function demand(condition, message) {
  if (!condition) throw new Error(message);
}
const clean = () =>
  demand(output('git', ['status', '--porcelain']) === '', 'the tree has changes that are not committed');
let tarball = '';

/** Files that a tarball must have, and folders that it must not have. */
const NEEDED = [
  ...[
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'package.json',
    'dist/source/binding.gyp',
    'dist/source/node-addon-api/LICENSE.md',
  ],
  ...['c', 'index', 'promises'].flatMap((entry) => [`dist/bundle/${entry}.js`, `dist/bundle/${entry}.cjs`]),
  ...['c/index', 'index', 'promises'].flatMap((entry) => [`dist/types/${entry}.d.ts`, `dist/types/${entry}.d.cts`]),
  ...Object.keys(BINARIES).map((file) => `prebuilds/${file}`),
];
/** The largest tarball, in bytes. */
const SIZE = 2_000_000;

/** @type {[string, () => void][]} */
const STEPS = [
  ['a clean tree', clean],
  [
    'a version with a changelog entry that is new',
    () => {
      demand(/^\d+\.\d+\.\d+$/.test(version), `${version} is no released version`);
      const [, entry = ''] = read('CHANGELOG.md').split(/^## /m);
      demand(entry.startsWith(`${version} (`), `the first entry of CHANGELOG.md is not that of ${version}`);
      demand(/^\S+ \(\d{4}-\d\d-\d\d\)/.test(entry), `the entry of ${version} in CHANGELOG.md has no date`);
      demand(!output('git', ['tag', '--list', `v${version}`]), `the tag v${version} exists`);
    },
  ],
  [
    'licences',
    () => {
      demand(license === 'MIT' && /MIT License/.test(read('LICENSE')), 'LICENSE is not the licence of package.json');
      const { packages } = JSON.parse(read('package-lock.json'));
      const shipped = packages['node_modules/node-addon-api'];
      demand(
        shipped?.license === 'MIT',
        `node-addon-api's licence is ${shipped?.license}; its headers are in the tarball`,
      );
    },
  ],
  ['the gate', () => run('bash', ['.ci/run'])],
  ['all binaries, each read', () => run('npm', ['run', '--silent', 'prebuild:all'])],
  [
    'the tarball',
    () => {
      output('npm', ['pack', '--loglevel=error', '--pack-destination', folder]);
      tarball = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '');
      const contents = output('tar', ['tzf', tarball])
        .trim()
        .split('\n')
        .map((file) => file.replace(/^package\//, ''));
      for (const file of NEEDED) demand(contents.includes(file), `the tarball lacks ${file}`);
      const allowed = ['package.json', 'README.md', 'LICENSE', ...files];
      const stray = contents.filter((file) => !allowed.some((each) => file === each || file.startsWith(`${each}/`)));
      demand(stray.length === 0 && !contents.includes('binding.gyp'), `the tarball has ${stray.join(', ')}`);
      demand(readFileSync(tarball).length <= SIZE, `the tarball has more than ${SIZE} bytes`);
    },
  ],
  ['the package', () => run('node', ['scripts/test-package.mjs', tarball])],
  ['the runtimes', () => run('node', ['scripts/test-runtimes.mjs', tarball])],
  ['a clean tree still', clean],
];

const begun = performance.now();
let failure = '';
for (const [step, body] of STEPS) {
  console.log(`\n=== ${step}`);
  try {
    body();
  } catch (error) {
    failure = `${step}: ${/** @type {Error} */ (error).message}`;
    break;
  }
}
rmSync(folder, { recursive: true, force: true });
if (failure) {
  console.error(`\n${name} ${version} is not ready: ${failure}`);
  exit(1);
}
console.log(`\n${name} ${version} is ready after ${Math.round((performance.now() - begun) / 1000)} s: npm publish`);
