// The files of lib/generated: they are those of the tables, a new row changes a few of their lines, and an addon of other tables is refused.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  type Row as ConstantRow,
  generateConstants,
  generateErrorNames,
  readConstants,
} from '../../scripts/generate-constants.mjs';
import {
  generateStructSizes,
  generateStructs,
  numberNames,
  readRows,
  type Row as StructRow,
} from '../../scripts/generate-structs.mjs';
import { fingerprint, fingerprintOf, resolvePositions } from '../../scripts/table-positions.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const constants = readConstants();
const structs = readRows();

const files = {
  'constants.ts': (): string => generateConstants(),
  'error_names.ts': (): string => generateErrorNames(),
  'structs.ts': (): string => generateStructs(),
  'struct_sizes.ts': (): string => generateStructSizes(),
};

test.each(Object.entries(files))('lib/generated/%s is what the tables say: npm run generate', (name, generate) => {
  expect(readFileSync(join(root, 'lib/generated', name), 'utf8') === generate()).toBe(true);
});

/** How many lines of `after` are not in `before`, and the other way round. */
function changedLines(before: string, after: string): number {
  const count = new Map<string, number>();
  for (const line of before.split('\n')) count.set(line, (count.get(line) ?? 0) + 1);
  for (const line of after.split('\n')) count.set(line, (count.get(line) ?? 0) - 1);
  return [...count.values()].reduce((sum, n) => sum + Math.abs(n), 0);
}

const inserted = <T>(rows: T[], at: number, row: T): T[] => [...rows.slice(0, at), row, ...rows.slice(at)];

/** A number that stands in a generated file as text, an index among it, would change for all rows behind a new one. */
describe('a new row in the midst of a table changes few lines', () => {
  test.each(['C', 'L', 'M'] as const)('a constant, %s', (platform) => {
    const at = constants.findIndex(({ name }) => name === 'EBUSY') + 1;
    const row: ConstantRow = { ...constants[at - 1]!, name: 'EBUSYBEE', platform };
    const more = inserted(constants, at, row);
    expect(changedLines(generateConstants(constants), generateConstants(more))).toBe(2);
    expect(changedLines(generateErrorNames(constants), generateErrorNames(more))).toBe(1);
  });

  test('a 64-bit constant', () => {
    const at = constants.findIndex(({ wide }) => wide);
    const more = inserted(constants, at, { ...constants[at]!, name: 'RLIM_NEW' });
    expect(changedLines(generateConstants(constants), generateConstants(more))).toBeLessThanOrEqual(4);
  });

  test.each(['F', 'A', 'BITS'])('a field, %s', (kind) => {
    const at = structs.findIndex((row) => row.kind === kind);
    const more = inserted(structs, at, { ...structs[at]!, field: 'new_field' });
    expect(changedLines(generateStructs(structs), generateStructs(more))).toBeLessThanOrEqual(4);
    expect(generateStructSizes(more)).toBe(generateStructSizes(structs));
  });

  test('a size', () => {
    const at = structs.findIndex(({ kind }) => kind === 'SIZE');
    const more = inserted(structs, at, { ...structs[at]!, name: 'new_size' });
    expect(changedLines(generateStructSizes(structs), generateStructSizes(more))).toBe(1);
    expect(generateStructs(more)).toBe(generateStructs(structs));
  });
});

describe('positions', () => {
  test('each number of the layout stream has a name of its own', () => {
    const names = structs.flatMap(numberNames);
    expect(new Set(names).size).toBe(names.length);
  });

  test('take the place of names, and an unknown name is an error', () => {
    expect(resolvePositions('K.E2BIG, P.EACCES, K64.RLIM_INFINITY', 'x.ts')).toMatch(/^K\[0\], 1, K64\[\d\]$/);
    expect(resolvePositions("L['char flags']", 'x.ts')).toBe('L[1]');
    expect(() => resolvePositions('K.NO_SUCH_NAME', 'x.ts')).toThrow('x.ts: the tables have no NO_SUCH_NAME');
  });
});

describe('the fingerprint', () => {
  const of = (c: ConstantRow[], s: StructRow[], version = '1.2.3'): string => fingerprintOf(c, s, version);
  const before = of(constants, structs);
  const swapped = <T>(rows: T[]): T[] => [rows[1]!, rows[0]!, ...rows.slice(2)];

  test.each<[string, string]>([
    ['another version', of(constants, structs, '1.2.4')],
    ['a constant more', of(inserted(constants, 7, { ...constants[7]!, name: 'X' }), structs)],
    ['two constants exchanged', of(swapped(constants), structs)],
    ['a wide constant', of(constants.with(3, { ...constants[3]!, wide: true }), structs)],
    ['a constant renamed', of(constants.with(3, { ...constants[3]!, name: 'X' }), structs)],
    ['two rows of structs exchanged', of(constants, swapped(structs))],
    ['a row of another kind', of(constants, structs.with(0, { ...structs[0]!, kind: 'SIZE' }))],
  ])('differs for %s', (_, after) => {
    expect(after).not.toBe(before);
  });

  test('an addon of another one is refused, and the message says what to do', () => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'bsd-sockets-fingerprint-'));
    const addon = readFileSync(env.BSD_SOCKETS_BINARY ?? join(root, 'build/Release/bsd_sockets.node'));
    const at = addon.indexOf(`${fingerprint()}\0`);
    expect(at).toBeGreaterThan(0);
    const last = at + fingerprint().length - 1;
    addon[last] = addon[last] === 0x30 ? 0x31 : 0x30;
    const other = join(folder, 'other.node');
    writeFileSync(other, addon);
    const program = `import('bsd-sockets/c').then(() => console.log('loaded'), (error) => console.log(error.message));`;
    const { stdout } = spawnSync('node', ['-e', program], {
      cwd: root,
      encoding: 'utf8',
      env: { ...env, BSD_SOCKETS_BINARY: other },
    });
    rmSync(folder, { recursive: true });
    expect(stdout).toContain(`${other} was built from another version: npm run build:native`);
  });
});
