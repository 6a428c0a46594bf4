// The layers of lib/: a file imports from its own folder and from the folders below, never from above or beside.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const lib = fileURLToPath(new URL('../../lib', import.meta.url));

/** What each folder may import from, besides itself. The entry points lie in lib/ itself and in lib/c/index.ts. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  ctypes: [],
  generated: ['addon', 'ctypes'],
  addon: ['ctypes', 'generated'],
  c: ['addon', 'ctypes', 'generated'],
  socket: ['addon', 'ctypes', 'generated'],
  events: ['socket', 'addon', 'ctypes', 'generated'],
  '': ['events', 'socket', 'addon', 'ctypes', 'generated'],
};
/** The only files of lib/addon that a generated table stands on: it must not import one in turn. */
const BENEATH_THE_TABLES = ['addon/binding.ts'];

const files = readdirSync(lib, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts'))
  .sort();
const folderOf = (file: string): string => (file.includes(sep) ? file.slice(0, file.indexOf(sep)) : '');

/** The files of lib/ that a file imports. `values`: leaving out those of which it takes types alone. */
function importsOf(file: string, values = false): string[] {
  let text = readFileSync(join(lib, file), 'utf8');
  if (values) text = text.replace(/^(import|export) type [^;]*;/gm, '');
  return [...text.matchAll(/\bfrom '(\.[^']+)'|\bimport\(?'(\.[^']+)'/g)].map((match) =>
    normalize(join(dirname(file), match[1] ?? match[2] ?? '')).replace(/\.js$/, '.ts'),
  );
}

it.each(files)('lib/%s imports only from its own folder and those below', (file) => {
  const folder = folderOf(file);
  const allowed = BELOW[folder];
  expect(allowed, `lib/${folder} has no place among the layers`).toBeDefined();
  for (const imported of importsOf(file)) {
    expect(files, `${file} imports ${imported}`).toContain(imported);
    if (folderOf(imported) !== folder) expect(allowed, `${file} imports ${imported}`).toContain(folderOf(imported));
  }
});

it.each(BENEATH_THE_TABLES)('lib/%s imports no generated table', (file) => {
  expect(importsOf(file).map(folderOf)).not.toContain('generated');
});

it('no two files import each other, directly or through others', () => {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (path.includes(file)) expect.fail(`a cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
    if (done.has(file)) return;
    path.push(file);
    importsOf(file, true).forEach(visit);
    path.pop();
    done.add(file);
  };
  files.forEach(visit);
});

it.each(['index.ts', 'promises.ts', join('c', 'index.ts')])('the entry point lib/%s has no code', (file) => {
  const statements = readFileSync(join(lib, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean);
  for (const statement of statements) expect(statement).toMatch(/^export (type )?(\*|\{)[\s\S]* from '[^']+'$/);
});
