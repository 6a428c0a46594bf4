// Room: the linter for C++: clang-tidy with .clang-tidy over native/*.cpp, as CMake compiles them. Without clang-tidy it says so and
// checks nothing, except where CI is set: there that is a failure.
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { env, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { nativeSources as files } from './native-sources.mjs';
import { buildEnvironment } from './node-headers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tidy = env.CLANG_TIDY ?? 'clang-tidy-19';

if (spawnSync(tidy, ['--version']).error) {
  console.error(`No ${tidy}: native/ is not linted. (Debian: apt-get install ${tidy}; elsewhere set CLANG_TIDY.)`);
  exit(env.CI ? 1 : 0);
}

// compile_commands.json comes of configuring alone.
const configure = ['configure', '-O', 'build-cmake', '-B', 'Debug'];
const configured = spawnSync('cmake-js', configure, { cwd: root, encoding: 'utf8', env: buildEnvironment() });
if (configured.status !== 0) {
  console.error(configured.error?.message ?? `${configured.stdout}${configured.stderr}`);
  exit(1);
}

/** @param {string} file @returns {Promise<boolean>} whether clang-tidy finds nothing */
function lint(file) {
  const child = spawn(tidy, ['-p', 'build-cmake', '--quiet', join('native', file)], { cwd: root });
  let found = '';
  child.stdout.on('data', (text) => {
    found += text;
  });
  let trouble = '';
  child.stderr.on('data', (text) => {
    trouble += text;
  });
  return new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (status) => {
      // Its standard error is a count of what was suppressed in the system's headers, unless it broke.
      if (status !== 0) console.error(found || trouble);
      resolve(status === 0);
    }),
  );
}

const waiting = [...files];
let failed = 0;
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) if (!(await lint(file))) failed++;
  }),
);
if (failed > 0) {
  console.error(`clang-tidy: findings in ${failed} of ${files.length} files`);
  exit(1);
}
console.log(`clang-tidy checked ${files.length} C++ files.`);
