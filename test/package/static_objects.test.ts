// No static object of native/ has a destructor: it would run when the process ends, while other threads still use the object, or
// after Node has unloaded the addon. The compiler registers such a destructor with __cxa_atexit, or lists it in .fini_array.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nativeSources } from '../../scripts/native-sources.mjs';

const objects = fileURLToPath(new URL('../../build/Release/obj.target/bsd_sockets/native', import.meta.url));

function output(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  expect([status, stderr, error]).toEqual([0, '', undefined]);
  return stdout;
}

const reason =
  process.platform !== 'linux'
    ? 'scripts/read-binary.mjs checks the macOS binary'
    : spawnSync('nm', ['--version']).error
      ? 'no nm'
      : '';

test('no object file of native/ registers a destructor', ({ skip }) => {
  skip(reason !== '', reason);
  const built = readdirSync(objects, { recursive: true }).map(String);
  const files = nativeSources.map((file) => file.replace(/\.cpp$/, '.o'));
  expect(built).toEqual(expect.arrayContaining(files));
  const paths = files.map((file) => join(objects, file));
  const undefinedSymbols = output('nm', '--print-file-name', '--undefined-only', ...paths);
  expect(undefinedSymbols).toContain('napi_');
  expect(undefinedSymbols.split('\n').filter((line) => /__cxa_(thread_)?atexit/.test(line))).toEqual([]);
  const sections = output('readelf', '--section-headers', '--wide', ...paths);
  expect(sections).toContain('.text');
  expect(sections.split('\n').filter((line) => /\.(fini_array|dtors)/.test(line))).toEqual([]);
});
