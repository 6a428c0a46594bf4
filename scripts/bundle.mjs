// Bundles the library, after tsc has checked it and written its declarations: one file for each entry point, and what they share beside it. A package of forty small files takes
// several times as long to import; what the entry points share (every class, `errno`) must exist once, whichever of them is imported.
import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

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

const build = await rolldown({
  input: { index: at('lib/index.ts'), promises: at('lib/promises.ts'), c: at('lib/c/index.ts') },
  platform: 'node',
  external: [/^node:/],
  plugins: [ownConstants],
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
  comments: false,
});
await build.close();
// Chunks of earlier builds: only now, for a program may be starting meanwhile.
const written = new Set(output.map(({ fileName }) => fileName));
for (const file of readdirSync(at('dist/bundle'))) if (!written.has(file)) rmSync(at(`dist/bundle/${file}`));
