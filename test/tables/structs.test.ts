// The structs: a C program, made from native/tables/structs.def and the headers that it names, prints every size and offset
// and the bytes of every field; the types of bsd-sockets/c must agree.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as c from 'bsd-sockets/c';
import { afterAll, describe, expect, test } from 'vitest';
import { cExpressions, cType, isField, isScalar, isType, type Row, readRows } from '../../scripts/generate-structs.mjs';

const PREFIXES = process.platform === 'darwin' ? ['', 'M'] : ['', 'L', 'O'];
const directory = mkdtempSync(join(tmpdir(), 'structs-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A struct, union or scalar type, or a class with a C size. */
interface Type {
  new (): Instance;
  readonly size: number;
  readonly alignment: number;
}
type Instance = Record<string, unknown> & { buffer: ArrayBufferLike; byteOffset: number; byteLength: number };
const types = c as unknown as Record<string, Type>;

const rows = readRows();
const mine = rows.filter((row) => PREFIXES.includes(row.prefix));
const owners = new Map(rows.filter(isType).map((row) => [row.name, row]));
const fields = mine.filter(isField);
const isScalarType = (name: string): boolean => rows.some((row) => isScalar(row) && row.name === name);

/** The header that the comment ahead of a type names for this platform. */
function headerOf(row: Row): string {
  const { header, page } = owners.get(row.name) ?? row;
  return (process.platform === 'darwin' && /macOS (<.+>)/.exec(page)?.[1]) || header;
}

/** `sizeof(int) 4` for each expression; `in_addr.s_addr ffffffff 4294967295` for each field of which nothing but itself is set. */
function program(without: ReadonlySet<string>): string {
  const headers = new Set(mine.map(headerOf).filter(Boolean));
  const asked = mine.filter((row) => !(row.prefix === 'O' && without.has(row.field)));
  return [
    '#define _GNU_SOURCE\n#define _DARWIN_C_SOURCE\n#include <stddef.h>\n#include <stdio.h>\n#include <string.h>\n',
    process.platform === 'darwin' ? '#define loff_t off_t\n' : '',
    ...[...headers].map((header) => `#include ${header}\n`),
    'static void show(const char *name, const void *x, size_t n, unsigned long long value) {\n',
    '  printf("%s ", name);\n  while (n--) printf("%02x", *(const unsigned char *)x++);\n  printf(" %llu\\n", value);\n}\n',
    'int main(void) {\n',
    ...asked
      .flatMap((row) => [...cExpressions(row, rows), ...scalarAlignment(row)])
      .map((e) => `printf("${e.label}=%ld\\n", (long)(${e.c}));\n`),
    ...asked.filter((row) => isField(row) && isScalarType(row.type)).map(oneFieldSet),
    'return 0; }\n',
  ].join('');
}

/** Scalars have no alignment in the layout stream: it is their size, unless C says otherwise. */
const scalarAlignment = (row: Row) =>
  row.kind === 'SCALAR' ? [{ label: `alignment of ${row.name}`, c: `_Alignof(${cType(row)})` }] : [];

function oneFieldSet(row: Row): string {
  const { name, field } = row;
  const owner = owners.get(name);
  const set = row.kind === 'BITS' ? `x.${field} = -1` : `memset(&x.${field}, 255, sizeof x.${field})`;
  const value = row.kind === 'A' ? '0' : `(unsigned long long)x.${field}`;
  return `{ ${owner ? cType(owner) : ''} x; memset(&x, 0, sizeof x); ${set}; show("${name}.${field}", &x, sizeof x, ${value}); }\n`;
}

/** Compiles and runs the program; fields that only some headers have may turn out to be missing from these. */
function askC(): { numbers: Map<string, number>; images: Map<string, [string, bigint]>; missing: Set<string> } {
  const source = join(directory, 'structs.c');
  const binary = join(directory, 'structs');
  const compile = (without: Set<string>, ...args: string[]) => {
    writeFileSync(source, program(without));
    return spawnSync(process.env.CC ?? 'cc', ['-w', ...args, source], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
  };
  const missing = new Set<string>();
  for (;;) {
    const { status, stderr } = compile(missing, '-o', binary);
    if (status === 0) break;
    const before = missing.size;
    for (const [, name = ''] of stderr.matchAll(/no member named '(\w+)'/g)) missing.add(name);
    if (missing.size === before) throw new Error(stderr); // something else, or a field that is not optional
  }
  const output = spawnSync(binary, { encoding: 'utf8' }).stdout.trim().split('\n');
  const numbers = new Map<string, number>();
  const images = new Map<string, [string, bigint]>();
  for (const line of output) {
    const [, label, number, field, bytes, value] = /^(.+)=(-?\d+)$|^(\S+) (\w+) (\d+)$/.exec(line) ?? [];
    if (label !== undefined) numbers.set(label, Number(number));
    else if (field !== undefined) images.set(field, [bytes ?? '', BigInt(value ?? '')]);
    else throw new Error(`the C program printed: ${line}`);
  }
  return { numbers, images, missing };
}

const { numbers, images, missing } = askC();
const present = (row: Row): boolean => !(row.prefix === 'O' && missing.has(row.field));

/** An instance of a type; one that has no name of its own is found in a struct that has such a field. */
function make(name: string): Instance {
  const owner = owners.get(name);
  if (owner?.kind !== 'INNER') return new types[name]!();
  let value: unknown = new types[owner.field]!();
  for (const step of owner.type.split('.')) value = (value as Instance)[step];
  return value as Instance;
}
const bytesOf = (x: Instance): Buffer => Buffer.from(x.buffer, x.byteOffset, x.byteLength);

describe('sizes and alignments', () => {
  const named = mine.filter((row) => row.kind === 'SCALAR' || (isType(row) && row.kind !== 'INNER'));
  test.each(named.map((row) => row.name))('%s', (name) => {
    const type = types[name]!;
    expect(c.sizeof(type as never)).toBe(numbers.get(`sizeof(${name})`));
    expect(type.size).toBe(numbers.get(`sizeof(${name})`));
    expect(type.alignment).toBe(numbers.get(`alignment of ${name}`));
    expect(new type().byteLength).toBe(type.size);
  });

  test.each(mine.filter((row) => row.kind === 'INNER').map((row) => row.name))('%s', (name) => {
    expect(make(name).byteLength).toBe(numbers.get(`sizeof(${name})`));
  });

  // if_nameindex is no type here, but a function.
  const classes = mine.filter((row) => row.kind.startsWith('SIZE') && row.name !== 'if_nameindex');
  test.each(classes.map((row) => row.name))('%s', (name) => {
    expect(c.sizeof(types[name] as never)).toBe(numbers.get(`sizeof(${name})`));
  });

  test.each(mine.filter((row) => row.kind === 'SCALAR').map((row) => row.name))('%s is signed as in C', (name) => {
    const flags = numbers.get(`flags of ${name}`) ?? 0;
    const box = new (types[name] as unknown as new (x: number) => { value: number | bigint })(-1);
    expect(box.value < 0).toBe((flags & 1) === 1);
    box.value = 1;
    if (flags & 2) box.value = 0.5;
    expect(Number(box.value)).toBe(flags & 2 ? 0.5 : 1);
  });

  test('unsigned is unsigned_int', () => expect(c.unsigned).toBe(c.unsigned_int));
});

describe('fields', () => {
  const offsets = fields.filter((row) => row.kind !== 'BITS' && owners.get(row.name)?.kind !== 'INNER' && present(row));
  test.each(offsets.map((row) => [row.name, row.field] as const))('offsetof(%s, %s)', (name, field) => {
    expect(c.offsetof(types[name] as never, field as never)).toBe(numbers.get(`offsetof(${name}, ${field})`));
  });

  const scalars = fields.filter((row) => isScalarType(row.type) && present(row));
  test.each(scalars.map((row) => [row.name, row.field, row] as const))(
    '%s.%s covers its own bytes',
    (name, field, row) => {
      const [image, value] = images.get(`${name}.${field}`)!;
      const x = make(name);
      if (row.kind === 'A') {
        const array = x[field] as { length: number; [i: number]: number };
        expect(array.length).toBe(row.count);
        for (let i = 0; i < array.length; i++) array[i] = -1;
      } else {
        x[field] = -1;
      }
      expect(bytesOf(x).toString('hex')).toBe(image);
      if (row.kind !== 'A') expect(BigInt.asUintN(64, BigInt(x[field] as number))).toBe(value);
      // Clearing it clears these bytes and no other.
      bytesOf(x).fill(255);
      if (row.kind === 'A') bytesOf(x[field] as Instance).fill(0);
      else x[field] = 0;
      expect(bytesOf(x).toString('hex')).toBe(inverted(image));
    },
  );

  const lacking = rows.filter((row) => isField(row) && mine.includes(owners.get(row.name) as Row) && !offersField(row));
  test.each(lacking.map((row) => [row.name, row.field] as const))('%s has no %s here', (name, field) => {
    expect(field in new types[name]!()).toBe(false);
  });
});

/** Whether some row of this platform gives the struct that field. */
function offersField(row: Row): boolean {
  return fields.some((f) => f.name === row.name && f.field === row.field && present(f));
}

const inverted = (hex: string): string =>
  Buffer.from(hex, 'hex')
    .map((byte) => byte ^ 255)
    .reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '');

test('a type of the other platform is exported, and throws when it is constructed', () => {
  const others = rows.filter((row) => isType(row) && row.kind !== 'INNER' && !PREFIXES.includes(row.prefix));
  for (const { name } of others) expect(() => new types[name]!(), name).toThrow();
});
