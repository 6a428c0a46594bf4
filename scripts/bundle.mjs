// Bundles the library into dist/bundle, after tsc has checked it. A package of forty small files takes several times as long to import.
//
//   c.js, index.js, promises.js       the ES modules that package.json exports for `import`
//   c.cjs, index.cjs, promises.cjs    the CommonJS modules that it exports for `require`
//   core-….cjs, shared.cjs, typed.cjs the library itself, which both load: so every class, and `errno`, exists once in a program,
//                                     whichever way its parts load the package. scripts/commonjs.mjs writes them.
//   load-….cjs                        what an ES module imports to get the core. Node searches each CommonJS file that an ES module
//                                     imports for the names of exports, which takes 15 ms for a file of the core. It does not look
//                                     beyond the assignment in these two lines.
//
// The five thousand constants are not in the core: each entry point makes them from the addon's list of values. V8 takes some two
// microseconds for an export, and one that passes through another module costs twice that.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { exportsOf, liveExportsOf, toCommonJS } from './commonjs.mjs';
import { resolvePositions, tablePositions } from './table-positions.mjs';

/** @param {string} path */
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const ENTRIES = { c: at('lib/c/index.ts'), index: at('lib/index.ts'), promises: at('lib/promises.ts') };
/** The entry points that export all constants. */
const WITH_CONSTANTS = ['c', 'index'];
const CONSTANTS = at('lib/generated/constants.ts');

/**
 * Adds the lists of values to what an entry point exports, and takes the constants out, but for those that the library uses itself.
 * @type {import('rolldown').Plugin}
 */
const withoutConstants = {
  name: 'without-constants',
  resolveId(source, importer) {
    if (source in ENTRIES) return `\0${source}`;
    const owned = WITH_CONSTANTS.some((name) => ENTRIES[/** @type {keyof ENTRIES} */ (name)] === importer);
    return owned && source.endsWith('/generated/constants.js') ? '\0no-constants' : null;
  },
  load(id) {
    if (id === '\0no-constants') return 'export {};';
    const entry = ENTRIES[/** @type {keyof ENTRIES} */ (id.slice(1))];
    if (entry === undefined) return null;
    const lists = `export { constants as $K, constants64 as $K64 } from ${JSON.stringify(at('lib/addon/binding.ts'))};`;
    return `export * from ${JSON.stringify(entry)};${WITH_CONSTANTS.includes(id.slice(1)) ? lists : ''}`;
  },
};

const build = await rolldown({
  input: Object.fromEntries(Object.keys(ENTRIES).map((name) => [`core-${name}`, name])),
  platform: 'node',
  external: [/^node:/],
  plugins: [withoutConstants, tablePositions],
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  treeshake: { propertyReadSideEffects: false },
});
const { output } = await build.generate({
  dir: at('dist/bundle'),
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  sourcemap: true,
  // The package has the sources.
  sourcemapExcludeSources: true,
  codeSplitting: {
    groups: [
      // What bsd-sockets/c shares is one file: another one costs more than to parse what not every entry point needs.
      { name: 'shared', test: /lib\/(addon|c|ctypes|generated)\//, minShareCount: 2 },
      { name: 'typed', test: /lib\/(socket|events)\//, minShareCount: 2 },
    ],
  },
  comments: false,
});
await build.close();

/** @type {Map<string, string>} */
const written = new Map();
const chunks = output.filter((file) => file.type === 'chunk');
const sources = new Map(chunks.map(({ fileName, code }) => [fileName, code]));
/** The exports of the entry points whose value changes. */
const live = new Set(
  chunks.flatMap(({ code }) => {
    const names = new Set(chunks.flatMap((chunk) => (chunk.isEntry ? chunk.exports : [])));
    return liveExportsOf(code).flatMap(({ local }) => (names.has(local) ? local : []));
  }),
);
for (const { fileName, code, map } of chunks) {
  const name = fileName.replace(/\.js$/, '.cjs');
  written.set(name, `${toCommonJS(code, live, sources).trimEnd()}\n//# sourceMappingURL=${name}.map\n`);
  written.set(`${name}.map`, JSON.stringify({ ...map, file: name, sourcesContent: undefined }));
}

/** The constants: list, place in it, name. */
const constants = [
  ...resolvePositions(readFileSync(CONSTANTS, 'utf8'), CONSTANTS).matchAll(/^ {2}(\w+): [^=]* = (K(?:64)?)\[(\d+)\]/gm),
].map(([, name = '', list = '', index]) => ({ name, list, index: Number(index) }));

/** @param {typeof constants} own @param {string} list @returns {string[]} the names of a list's values, empty for the others */
function namesOf(own, list) {
  /** @type {string[]} */
  const names = [];
  for (const each of own) if (each.list === list) names[each.index] = each.name;
  return Array.from(names, (name) => name ?? '');
}

for (const [name] of Object.entries(ENTRIES)) {
  const core = sources.get(`core-${name}.js`) ?? '';
  const exported = exportsOf(core).map((each) => each.exported);
  const changing = exported.filter((each) => live.has(each));
  const fixed = exported.filter((each) => !live.has(each) && !each.startsWith('$K'));
  // A constant that the entry point exports with a type of its own has the same value.
  const own = WITH_CONSTANTS.includes(name) ? constants.filter((each) => !exported.includes(each.name)) : [];

  written.set(`load-${name}.cjs`, `const core = require('./core-${name}.cjs');\nmodule.exports = core;\n`);
  written.set(
    `${name}.js`,
    [
      `import core from './load-${name}.cjs';`,
      ...(own.length > 0 ? ['const K = core.$K, K64 = core.$K64;'] : []),
      ...(own.length > 0
        ? [`export const ${own.map((each) => `${each.name}=${each.list}[${each.index}]`).join(',\n')};`]
        : []),
      `export const { ${fixed.join(', ')} } = core;`,
      ...changing.map(
        (each) => `export let ${each} = core.${each}; core.$follow.${each}((value) => (${each} = value));`,
      ),
      '',
    ].join('\n'),
  );
  const lists = own.length > 0 ? ['K', 'K64'] : [];
  written.set(
    `${name}.cjs`,
    [
      '"use strict";',
      `Object.defineProperty(exports, '__esModule', { value: true });`,
      `const core = require('./core-${name}.cjs');`,
      `({ ${fixed.map((each) => `${each}: exports.${each}`).join(', ')} } = core);`,
      ...changing.map(
        (each) => `Object.defineProperty(exports, '${each}', { enumerable: true, get: () => core.${each} });`,
      ),
      ...(own.length > 0
        ? [
            "const add = (names, values) => names.split(',').forEach((name, i) => { if (name) exports[name] = values[i]; });",
          ]
        : []),
      ...lists.map((list) => `add('${namesOf(own, list).join()}', core.$${list});`),
      '',
    ].join('\n'),
  );
}

const folder = at('dist/bundle');
mkdirSync(folder, { recursive: true });
for (const [name, text] of written) writeFileSync(`${folder}/${name}`, text);
// Files of earlier builds: only now, for a program may be starting meanwhile.
for (const file of readdirSync(folder)) if (!written.has(file)) rmSync(`${folder}/${file}`);
