// @ts-check
// Checks that the generated files are what `npm run generate` writes. Leaves them as they were, and prints which ones differ.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { exit } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);

/** Each folder with the names of its generated files. @type {Readonly<Record<string, RegExp>>} */
const GENERATED = {
  'lib/generated/': /\.ts$/,
  'native/tables/': /^(\w+_generated|constants_counts)\.h$/,
};

/** The generated files and their contents. @returns {Map<string, string>} */
function read() {
  const contents = new Map();
  for (const [folder, names] of Object.entries(GENERATED))
    for (const name of readdirSync(new URL(folder, root)).filter((name) => names.test(name)))
      contents.set(folder + name, readFileSync(new URL(folder + name, root), 'utf8'));
  return contents;
}

const before = read();
const { status } = spawnSync('npm', ['run', '--silent', 'generate'], { cwd: fileURLToPath(root), stdio: 'inherit' });
if (status !== 0) {
  console.error('npm run generate failed');
  exit(1);
}
const after = read();
const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
  (file) => before.get(file) !== after.get(file),
);
for (const [file, content] of before) if (existsSync(new URL(file, root))) writeFileSync(new URL(file, root), content);
if (changed.length > 0) {
  console.error(`not what npm run generate writes: ${changed.join(', ')}\nrun it, and commit the files`);
  exit(1);
}
console.log(`${before.size} generated files are up to date.`);
