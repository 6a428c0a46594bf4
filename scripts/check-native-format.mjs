// Room: the formatter for C and C++: `node scripts/check-native-format.mjs [--write]`. The style is in .clang-format.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const clangFormat = createRequire(import.meta.url)('clang-format').getNativeBinary();

/** Every C and C++ file that git knows or would add: no build folder is among them. */
const files = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z'];
const listed = spawnSync('git', [...files, '--', '*.cpp', '*.h', '*.c'], { cwd: root, encoding: 'utf8' });
if (listed.status !== 0) {
  console.error(`git ls-files: ${listed.error?.message ?? listed.stderr}`);
  exit(1);
}
const sources = listed.stdout.split('\0').filter(Boolean);

const write = argv.includes('--write');
const mode = write ? ['-i'] : ['--dry-run', '--Werror'];
const { status, error } = spawnSync(clangFormat, [...mode, ...sources], { cwd: root, stdio: 'inherit' });
if (error) console.error(`clang-format: ${error.message}`);
if (status !== 0) {
  console.error(`${sources.length} C and C++ files: not formatted (npm run format does it)`);
  exit(1);
}
console.log(`${write ? 'Formatted' : 'Checked'} ${sources.length} C and C++ files.`);
