// Tests use the package as its users do. A test that imports lib/ would test a copy that vitest compiles, with classes and state
// of its own, instead of the bundle.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Internals that have no public name, with the test files that still import them. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // interpreterOf and isMusl, which read executables that this machine does not run
  'test/package/loader.test.ts': ['lib/addon/libc'],
  // descriptorsIn
  'test/socket/control_messages.test.ts': ['lib/socket/control'],
  // socketError and addressInfoError, which make the error of an errno without a call that fails
  'test/socket/errors.test.ts': ['lib/socket/errors'],
};

/** The modules of lib/ or dist/lib/ that a file's text imports. */
const libraryImports = (file: string, text: string): string[] =>
  [...text.matchAll(/\bfrom '(\.[^']+)'|\bimport\s*\(?'(\.[^']+)'/g)]
    .map((match) => normalize(join(dirname(file), match[1] ?? match[2]!)))
    .filter((imported) => /^(dist\/)?lib\//.test(imported))
    .map((imported) => imported.replace(/\.[jt]s$/, ''));

const files = readdirSync(join(root, 'test'), { recursive: true })
  .map((name) => `test/${name}`)
  .filter((name) => /\.(ts|mjs)$/.test(name))
  .sort();

it.each(files)('%s imports no internals of the library, except for those allowed', (file) => {
  expect(libraryImports(file, readFileSync(join(root, file), 'utf8'))).toEqual(ALLOWED[file] ?? []);
});

it('each file with an exception exists', () => {
  expect(Object.keys(ALLOWED).filter((file) => !files.includes(file))).toEqual([]);
});

it.each(["import { x } from '%';", "export * from '%';", "await import('%');", "import '%';"])(
  'the check sees %j',
  (text) => {
    for (const folder of ['lib', 'dist/lib'])
      expect(libraryImports('test/socket/x.test.ts', text.replace('%', `../../${folder}/x.js`))).toEqual([
        `${folder}/x`,
      ]);
  },
);
