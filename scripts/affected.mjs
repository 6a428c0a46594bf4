// @ts-check
// Which tests a change affects: those that reach a changed file by imports, or by programs and folders that they name by URL.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @type {Readonly<Record<string, string>>} */
const ENTRY_POINTS = {
  'bsd-sockets': 'lib/index.ts',
  'bsd-sockets/c': 'lib/c/index.ts',
  'bsd-sockets/promises': 'lib/promises.ts',
};
/** A compiled file is made from the source of the same name. @param {string} file */
const sourceOf = (file) => {
  const source = file.replace(/^dist\//, '').replace(/\.js$/, '.ts');
  return existsSync(join(root, source)) ? source : file;
};

const IMPORT = /\bfrom '([^']+)'|\bimport\(?'([^']+)'|\bnew URL\('([^']+)', import\.meta\.url\)|'(\.?[\w./-]+\.mjs)'/g;

/**
 * The files and folders that a file names, relative to the root. The root itself does not count: the tests of the package name it.
 * @param {string} file
 * @returns {string[]}
 */
function dependenciesOf(file) {
  // A type is gone when a test runs.
  const text = readFileSync(join(root, file), 'utf8').replace(/^(import|export) type [^;]*;/gm, '');
  return [...text.matchAll(IMPORT)]
    .map((match) => match.slice(1).find(Boolean) ?? '')
    .map(
      (name) => ENTRY_POINTS[name] ?? (/^[\w@]+:|^@|^\w[\w-]*(\/|$)/.test(name) && !name.endsWith('.mjs') ? '' : name),
    )
    .filter(Boolean)
    .map((name) => (name.startsWith('lib/') ? name : normalize(join(dirname(file), name)).replace(/\/$/, '')))
    .map(sourceOf)
    .filter((name) => name !== '.' && existsSync(join(root, name)));
}

/**
 * @param {readonly string[]} changed files, relative to the root
 * @returns {string[]} the test files to run
 */
export function affectedTests(changed) {
  const tests = readdirSync(join(root, 'test'), { recursive: true })
    .map((name) => `test/${name}`)
    .filter((name) => name.endsWith('.test.ts'))
    .sort();
  // The addon is under every test.
  if (changed.some((file) => file.startsWith('native/'))) return tests;
  /** @type {Map<string, string[]>} */
  const graph = new Map();
  /** @param {string} from @returns {Set<string>} */
  const reach = (from) => {
    const seen = new Set([from]);
    for (const file of seen) {
      if (!/\.(ts|mjs)$/.test(file) || statSync(join(root, file)).isDirectory()) continue;
      if (!graph.has(file)) graph.set(file, dependenciesOf(file));
      for (const next of graph.get(file) ?? []) seen.add(next);
    }
    return seen;
  };
  return tests.filter((test) => {
    const reached = reach(test);
    return changed.some((file) => reached.has(file) || [...reached].some((folder) => file.startsWith(`${folder}/`)));
  });
}
