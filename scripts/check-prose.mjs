// @ts-check
// Checks the prose of comments, Markdown and test titles: spelling, and the words of scripts/prose/dialect.mjs.
//
//   node scripts/check-prose.mjs              check every file
//   node scripts/check-prose.mjs <file>...    list all findings of these files, allowed or not
//   node scripts/check-prose.mjs --update     lower the counts of scripts/prose/allowed.json
//   node scripts/check-prose.mjs --rewrite    write that list anew, from what is there
//
// Files written before this check may have as many findings as scripts/prose/allowed.json says. A count that is too high fails too,
// so the list shrinks with every file that is rewritten.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { hasProse } from './prose/extract.mjs';
import { findingsIn } from './prose/findings.mjs';

/** @typedef {import('./prose/findings.mjs').Finding} Finding */

const root = new URL('..', import.meta.url);
const allowedFile = new URL('scripts/prose/allowed.json', root);
const GENERATED = /^(lib\/generated\/|bench\/results\/|native\/tables\/(\w+_generated|constants_counts)\.h)/;

/** Every file with prose that git knows or would add. */
function sources() {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z'];
  const { status, stdout, stderr, error } = spawnSync('git', list, { cwd: fileURLToPath(root), encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ls-files: ${error?.message ?? stderr}`);
  return stdout
    .split('\0')
    .filter((file) => hasProse(file) && !GENERATED.test(file) && existsSync(new URL(file, root)));
}

/** @param {string} file @param {readonly Finding[]} findings */
function print(file, findings) {
  for (const { line, column, message } of findings) console.error(`${file}:${line}:${column} ${message}`);
}

/** @param {Record<string, number>} counts */
function save(counts) {
  writeFileSync(allowedFile, `${JSON.stringify(Object.fromEntries(Object.entries(counts).sort()), null, 2)}\n`);
  const total = Object.values(counts).reduce((a, b) => a + b, 0);
  console.log(`scripts/prose/allowed.json: ${Object.keys(counts).length} files, ${total} findings.`);
}

const [option, ...rest] = argv.slice(2);
if (option !== undefined && !option.startsWith('--')) {
  for (const file of [option, ...rest]) print(file, await findingsIn(readFileSync(new URL(file, root), 'utf8'), file));
  exit();
}

/** @type {Record<string, number>} */
const allowed = JSON.parse(readFileSync(allowedFile, 'utf8'));
/** @type {Record<string, number>} */
const counts = {};
let failed = false;
const files = sources();
for (const file of files) {
  const findings = await findingsIn(readFileSync(new URL(file, root), 'utf8'), file);
  const limit = allowed[file] ?? 0;
  if (findings.length > 0) counts[file] = option === '--rewrite' ? findings.length : Math.min(findings.length, limit);
  if (option === '--rewrite') continue;
  if (findings.length > limit) {
    failed = true;
    print(file, findings);
    if (limit > 0)
      console.error(`${file}: ${findings.length} findings, and scripts/prose/allowed.json allows ${limit}`);
  }
}
const stale = Object.keys(allowed).filter((file) => (counts[file] ?? 0) < (allowed[file] ?? 0));
if (option) save(counts);
else if (stale.length > 0) {
  failed = true;
  console.error(`fewer findings than scripts/prose/allowed.json says: ${stale.join(', ')}`);
  console.error('lower the counts: node scripts/check-prose.mjs --update');
}
if (failed && option !== '--rewrite') {
  console.error(
    'the prose of these files needs work (spelling: scripts/prose/words.txt; words: CONTRIBUTING.md, "Prose")',
  );
  exit(1);
}
console.log(`Checked the prose of ${files.length} files.`);
