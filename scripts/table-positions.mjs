// What the library takes from the tables of native/tables when it is bundled: the positions of their rows, and their fingerprint.
// The committed files of lib/generated name each row, so that a new row changes one line; the addon's arrays have no names, because
// thousands of named properties cost milliseconds at each import.
import { readFileSync } from 'node:fs';
import { readConstants } from './generate-constants.mjs';
import { numberNames, readRows } from './generate-structs.mjs';

/** @param {string[]} names @returns {Map<string, number>} */
const positionsOf = (names) => new Map(names.map((name, position) => [name, position]));

/** 32-bit FNV-1a of the bytes of all rows, each ended by a newline: what native/tables/fingerprint.cpp computes.
 * @param {string[]} rows */
function hash(rows) {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(rows.map((row) => `${row}\n`).join(''))) value = Math.imul(value ^ byte, 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}

/**
 * The fingerprint of tables and a version. Names, order and kinds of rows decide the positions, so they are what it covers.
 * @param {import('./generate-constants.mjs').Row[]} constants
 * @param {import('./generate-structs.mjs').Row[]} structs
 * @param {string} version
 */
export function fingerprintOf(constants, structs, version) {
  const numbers = structs.filter((row) => row.entries > 0);
  const rows = [
    ...constants.map(({ name, wide }) => `${wide ? 'C64' : 'C'} ${name}`),
    ...numbers.map(({ kind, name, field }) => [kind, name, field].filter(Boolean).join(' ')),
  ];
  return `${version} ${constants.length} ${numbers.length} ${hash(rows)}`;
}

/** The fingerprint that the addon of these sources has. */
export function fingerprint() {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return fingerprintOf(readConstants(), readRows(), version);
}

/** How a file names the rows of one of the addon's arrays, and what takes the name's place. */
function references() {
  const constants = readConstants();
  const narrow = positionsOf(constants.filter(({ wide }) => !wide).map(({ name }) => name));
  const wide = positionsOf(constants.filter(({ wide }) => wide).map(({ name }) => name));
  const layout = positionsOf(readRows().flatMap(numberNames));
  /** @type {[pattern: RegExp, positions: Map<string, number>, text: (position: number) => string][]} */
  const list = [
    [/\bK\.(\w+)/g, narrow, (position) => `K[${position}]`],
    [/\bK64\.(\w+)/g, wide, (position) => `K64[${position}]`],
    [/\bP\.(\w+)/g, narrow, String],
    [/\bL\['([^']+)'\]/g, layout, (position) => `L[${position}]`],
  ];
  return list;
}

/**
 * Puts the positions in the place of the names in a file of lib/generated.
 * @param {string} code
 * @param {string} file for the error
 */
export function resolvePositions(code, file) {
  let resolved = code;
  for (const [pattern, positions, text] of references()) {
    resolved = resolved.replace(pattern, (_, name) => {
      const position = positions.get(name);
      if (position === undefined) throw new Error(`${file}: the tables have no ${name}: npm run generate`);
      return text(position);
    });
  }
  return resolved;
}

/** For rolldown (scripts/bundle.mjs) and vite (the tests that import lib/ itself). */
export const tablePositions = {
  name: 'table-positions',
  enforce: /** @type {const} */ ('pre'),
  /**
   * @param {string} code
   * @param {string} id
   */
  transform(code, id) {
    if (/\/lib\/generated\/\w+\.ts(\?|$)/.test(id)) return { code: resolvePositions(code, id), map: null };
    if (/\/lib\/addon\/binding\.ts$/.test(id))
      return { code: code.replace(/(?<!const )\bTABLES\b/g, `'${fingerprint()}'`), map: null };
    return null;
  },
};
