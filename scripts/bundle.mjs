// Bundles the library, after tsc has checked it and written its declarations: one file for each entry point, and what they share beside it. A package of forty small files takes
// several times as long to import; what the entry points share (every class, `errno`) must exist once, whichever of them is imported.
import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { tablePositions } from './table-positions.mjs';

/** @param {string} path */
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const CONSTANTS = at('lib/generated/constants.ts');
/** Who re-exports all constants. */
const owners = { [at('lib/c/index.ts')]: 'c', [at('lib/index.ts')]: 'index' };

/**
 * A copy of the constants for each entry point that exports them all, and one, with the few that are used, for the rest: V8 takes some
 * two microseconds for an export, and five thousand that a common chunk exports and an entry point exports again cost twice that.
 * @type {import('rolldown').Plugin}
 */
const ownConstants = {
  name: 'own-constants',
  resolveId(source, importer) {
    if (!source.endsWith('/generated/constants.js') || importer === undefined) return null;
    return `${CONSTANTS}?${owners[importer] ?? 'shared'}`;
  },
  async load(id) {
    return id.startsWith(`${CONSTANTS}?`) ? { code: await readFile(CONSTANTS, 'utf8'), moduleType: 'ts' } : null;
  },
};

const CONSTANT = /^const (\w+) = (K(?:64)?\[\w+\]);$/;

/**
 * Has the constants exported where they are declared, and declared by one statement: V8 takes a quarter less for that than for five
 * thousand statements, and their names once more in a list. All lines stay where they are: so does what the source map says.
 * @param {string} code
 */
function exportInPlace(code) {
  const lines = code.split('\n');
  const list = lines.findLastIndex((line) => line.startsWith('export {'));
  const names = new Set(lines[list]?.slice('export { '.length, -' };'.length).split(', '));
  const values = lines.map((line) => {
    const [, name = '', value] = CONSTANT.exec(line) ?? [];
    return names.delete(name) ? `${name}=${value}` : undefined;
  });
  values.forEach((value, i) => {
    if (value) lines[i] = `${values[i - 1] ? '' : 'export const '}${value}${values[i + 1] ? ',' : ';'}`;
  });
  lines[list] = `export { ${[...names].join(', ')} };`;
  return lines.join('\n');
}

/** @type {import('rolldown').Plugin} */
const exportedInPlace = {
  name: 'exported-in-place',
  generateBundle(_options, bundle) {
    for (const name of Object.values(owners)) {
      const chunk = bundle[`${name}.js`];
      if (chunk?.type === 'chunk') chunk.code = exportInPlace(chunk.code);
    }
  },
};

const build = await rolldown({
  input: { index: at('lib/index.ts'), promises: at('lib/promises.ts'), c: at('lib/c/index.ts') },
  platform: 'node',
  external: [/^node:/],
  plugins: [ownConstants, tablePositions, exportedInPlace],
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  treeshake: { propertyReadSideEffects: false },
});
// As deep as dist/lib: binding.ts finds the package's root from where it stands.
const { output } = await build.write({
  dir: at('dist/bundle'),
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'shared-[hash].js',
  sourcemap: true,
  // The package has the sources.
  sourcemapExcludeSources: true,
  // What bsd-sockets/c shares is one file: another one costs more than to parse what not every entry point needs.
  codeSplitting: { groups: [{ name: 'shared', test: /lib\/(addon|c|ctypes|generated)\//, minShareCount: 2 }] },
  comments: false,
});
await build.close();
// Chunks of earlier builds: only now, for a program may be starting meanwhile.
const written = new Set(output.map(({ fileName }) => fileName));
for (const file of readdirSync(at('dist/bundle'))) if (!written.has(file)) rmSync(at(`dist/bundle/${file}`));
