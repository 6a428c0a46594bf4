// @ts-check
// Runs the typed layers' tests with every platform fact forced off (BSD_SOCKETS_WITHOUT=all, see lib/addon/platform.ts): Linux executes
// the fall-backs that macOS needs. `node scripts/test-fallbacks.mjs [files or options of vitest]`; the exit status is vitest's.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The tests that use the typed layers. The C layer is exact: it has no fall-backs. */
const FOLDERS = ['test/socket/', 'test/promises/', 'test/poller/', 'test/interop/'];

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const given = process.argv.slice(2);
const files = given.some((argument) => !argument.startsWith('-')) ? given : [...FOLDERS, ...given];

const { status, signal, error } = spawnSync(process.execPath, [vitest, 'run', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, BSD_SOCKETS_WITHOUT: process.env.BSD_SOCKETS_WITHOUT || 'all' },
});
if (error) throw error;
if (signal) console.error(`test-fallbacks: ${signal}`);
process.exit(status ?? 1);
