// @ts-check
// Room: the C layer's tests under AddressSanitizer and UndefinedBehaviorSanitizer. Builds the addon with both (build-asan/), and runs
// vitest with it: `node scripts/test-asan.mjs [files or options of vitest]`. The exit status is vitest's; a report of either
// sanitizer ends the process, and so fails the run.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = join(root, 'build-asan', 'RelWithDebInfo', 'bsd_sockets.node');
const require = createRequire(import.meta.url);
/** @param {string} name a package @param {string} file in it */
const inPackage = (name, file) => join(dirname(require.resolve(`${name}/package.json`)), file);

/**
 * @param {string} what is said first
 * @param {string[]} args of Node
 * @param {NodeJS.ProcessEnv} [env] what is added to the environment
 */
function run(what, args, env) {
  console.log(`test-asan: ${what}`);
  const begun = performance.now();
  const { status, signal, error } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`test-asan: ${what}: ${signal ?? `exit status ${status}`} after ${seconds} s`);
  if (status !== 0) process.exit(status ?? 1);
}

/** The sanitizers' library, which must be there before Node is. */
function preload() {
  const compiler = process.env.CXX ?? 'g++';
  const { stdout, error } = spawnSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' });
  const library = stdout?.trim() ?? '';
  if (error || !existsSync(library)) {
    console.error(`test-asan: ${compiler} has no libasan.so: ${error?.message ?? library}`);
    process.exit(1);
  }
  return library;
}

if (process.platform !== 'linux') {
  console.error(
    'test-asan: this preloads the sanitizers as Linux does it; on macOS it would need DYLD_INSERT_LIBRARIES',
  );
  process.exit(1);
}

const library = preload();
run('building the addon', [
  inPackage('cmake-js', 'bin/cmake-js'),
  'build',
  '-O',
  'build-asan',
  '-B',
  'RelWithDebInfo',
  '--CDSANITIZE=ON',
]);

const given = process.argv.slice(2);
const files = given.some((argument) => !argument.startsWith('-')) ? given : ['test/c/', 'test/ctypes/', ...given];
// Threads: a report in one ends the whole run. One at a time: the descriptors that a test counts are the process's.
const options = ['run', '--pool', 'threads', '--no-file-parallelism', ...files];
run('vitest under the sanitizers', [inPackage('vitest', 'vitest.mjs'), ...options], {
  LD_PRELOAD: library,
  // Leaks are not looked for: vitest and Node have some at their end.
  ASAN_OPTIONS: `detect_leaks=0:${process.env.ASAN_OPTIONS ?? ''}`,
  UBSAN_OPTIONS: `halt_on_error=1:print_stacktrace=1:${process.env.UBSAN_OPTIONS ?? ''}`,
  BSD_SOCKETS_BINARY: binary,
});
