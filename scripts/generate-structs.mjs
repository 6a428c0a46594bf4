// Writes lib/generated/structs.ts and struct_sizes.ts from the table native/tables/structs.def: a constructor and an interface a struct.
// The files name each row; scripts/table-positions.mjs replaces the names with positions in the addon's layout stream.
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * One row of the table. `index` is where its `entries` numbers begin in the layout stream.
 * @typedef {{ prefix: '' | 'L' | 'M' | 'O', kind: string, name: string, field: string, type: string, count: number,
 *             index: number, entries: number, header: string, page: string }} Row
 * @typedef {{ row: Row, fields: Row[] }} Struct
 */

/** How many numbers of the stream a row of each kind has. */
const ENTRIES = new Map(
  ['ALIAS', 'F A', 'SCALAR SCALAR_OF STRUCT UNION TYPEDEF INNER SIZE SIZE_TYPEDEF', 'BITS'].flatMap((kinds, entries) =>
    kinds.split(' ').map((kind) => [kind, entries]),
  ),
);

/** @returns {Row[]} every row of native/tables/structs.def */
export function readRows() {
  const text = readFileSync(new URL('../native/tables/structs.def', import.meta.url), 'utf8');
  /** @type {Row[]} */
  const rows = [];
  let [index, header, page] = [0, '', ''];
  for (const line of text.split('\n')) {
    const comment = /^\/\* (<.+?>)? ?(.*?) ?\*\/$/.exec(line);
    if (comment) [header, page] = [comment[1] ?? '', comment[2] ?? ''];
    const match = /^(?:([LMO])_)?([A-Z_]+)\(([^)]*)\)$/.exec(line);
    if (!match || match[2] === 'END') continue;
    const [, prefix = '', kind = '', list = ''] = match;
    const [name = '', field = '', type = '', count = '1'] = list.split(/, */);
    const entries = ENTRIES.get(kind);
    if (entries === undefined) throw new Error(`structs.def: a row of no known kind: ${line}`);
    rows.push({
      prefix: /** @type {Row['prefix']} */ (prefix),
      kind,
      name,
      field,
      type,
      count: Number(count),
      index,
      entries,
      header,
      page,
    });
    index += entries;
  }
  return rows;
}

/** @param {Row} row */
export const isType = (row) => ['STRUCT', 'UNION', 'TYPEDEF', 'INNER'].includes(row.kind);
/** @param {Row} row */
export const isField = (row) => ['F', 'A', 'BITS'].includes(row.kind);
/** @param {Row} row */
export const isScalar = (row) => ['SCALAR', 'SCALAR_OF'].includes(row.kind);

/** The types that begin with a row of their own, each with the rows of its fields.
 * @param {Row[]} rows
 * @returns {Struct[]} */
export const structsOf = (rows) =>
  rows.filter(isType).map((row) => ({ row, fields: rows.filter((f) => isField(f) && f.name === row.name) }));

/** How C spells a scalar.
 * @param {string} name */
export const cScalar = (name) => (/^(un)?signed_|^long_long$/.test(name) ? name.replaceAll('_', ' ') : name);

/** How C spells the type that a row begins or whose size it asks for.
 * @param {Row} row */
export function cType(row) {
  if (row.kind === 'SCALAR') return cScalar(row.name);
  if (row.kind === 'SCALAR_OF') return `__typeof__(((struct ${row.field} *)0)->${row.type})`;
  if (row.kind === 'INNER') return `__typeof__(((struct ${row.field} *)0)->${row.type})`;
  if (row.kind === 'UNION') return `union ${row.name}`;
  return row.kind === 'STRUCT' || row.kind === 'SIZE' ? `struct ${row.name}` : row.name;
}

/** Where a row's type or field stands in the stream, and the C expression that must give the same number. Bit-fields have none.
 * @param {Row} row
 * @param {Row[]} rows
 * @returns {{ index: number, label: string, c: string }[]} */
export function cExpressions(row, rows) {
  const { index, name, field } = row;
  const type = cType(row);
  if (isScalar(row)) {
    const flags = `(((${type})-1 < 0) + 2 * ((${type})0.5 != 0))`;
    return [
      { index, label: `sizeof(${name})`, c: `sizeof(${type})` },
      { index: index + 1, label: `flags of ${name}`, c: flags },
    ];
  }
  if (isType(row) || row.kind.startsWith('SIZE')) {
    return [
      { index, label: `sizeof(${name})`, c: `sizeof(${type})` },
      { index: index + 1, label: `alignment of ${name}`, c: `_Alignof(${type})` },
    ];
  }
  const owner = rows.find((r) => isType(r) && r.name === name);
  if (!owner || !isField(row)) return [];
  if (row.kind === 'BITS') return [];
  return [{ index, label: `offsetof(${name}, ${field})`, c: `offsetof(${cType(owner)}, ${field})` }];
}

/** The scalars of 64 bits, by what TypeScript says they are. All but the `bigint` ones read as a number while it is exact. */
const NUMBERS = ['size_t', 'ssize_t', 'time_t', 'suseconds_t', 'off_t', 'loff_t', 'long', 'cmsghdr_cmsg_len'];
const EITHER = ['unsigned_long', 'rlim_t'];
const BIGINTS = ['int64_t', 'uint64_t', 'long_long', 'unsigned_long_long'];

/** @param {string} scalar */
const typeOf = (scalar) =>
  BIGINTS.includes(scalar) ? 'bigint' : EITHER.includes(scalar) ? 'number | bigint' : 'number';

/** The argument of scalar() that only those of 64 bits have.
 * @param {string} scalar */
const wide = (scalar) =>
  BIGINTS.includes(scalar) ? `, 'bigint'` : [...NUMBERS, ...EITHER].includes(scalar) ? `, 'number'` : '';

const ONLY = {
  '': '',
  L: ' Linux only.',
  M: ' macOS only.',
  O: ' Linux only, and only where the headers that this was built with have it.',
};

/** The name of a row: its macro's prefix, its type and its field, such as `sockaddr.sa_data` or `M_sockaddr.sa_len`. No two rows share one.
 * @param {Row} row */
export const rowName = ({ prefix, kind, name, field }) =>
  `${prefix && `${prefix}_`}${name}${isField(/** @type {Row} */ ({ kind })) ? `.${field}` : ''}`;

/** What follows a row's name for its second number and its third.
 * @type {Record<string, string[]>} */
const PARTS = {
  ...Object.fromEntries(['SCALAR', 'SCALAR_OF'].map((kind) => [kind, ['', ' flags']])),
  ...Object.fromEntries(
    ['STRUCT', 'UNION', 'TYPEDEF', 'INNER', 'SIZE', 'SIZE_TYPEDEF'].map((kind) => [kind, ['', ' alignment']]),
  ),
  BITS: ['', ' shift', ' width'],
};

/** The names of a row's numbers in the layout stream.
 * @param {Row} row
 * @returns {string[]} */
export const numberNames = (row) =>
  Array.from({ length: row.entries }, (_, i) => `${rowName(row)}${PARTS[row.kind]?.[i] ?? ''}`);

/** The source that reads a row's `i`-th number.
 * @param {Row} row */
const at = (row, i = 0) => `L['${numberNames(row)[i]}']!`;

const LAYOUT = `import { layout } from '../addon/binding.js';

/** When the library is bundled, scripts/table-positions.mjs replaces each name by its position in the layout stream. */
const L = layout as unknown as Readonly<Record<string, number>>;
`;

/** @param {Row} row */
function doc(row) {
  const c = row.kind === 'INNER' ? `The type of \`${row.type}\` in \`struct ${row.field}\`` : `C's \`${cType(row)}\``;
  const header = row.header && ` of \`${row.header}\``;
  const page = row.header && row.page && `, see ${row.page.replace(/<.+>/, '`$&`')}`;
  return `/** ${c}${header}${page}.${ONLY[row.prefix]} */\n`;
}

/** @param {Row} row */
function scalarCode(row) {
  // Arrays of char are texts: the type says so.
  const as = row.name === 'char' ? ' as CharType' : '';
  const value = `scalar<${typeOf(row.name)}>('${row.name}', ${at(row)}, ${at(row, 1)}${wide(row.name)})${as};\n`;
  if (row.kind === 'SCALAR_OF') return `\nconst ${row.name} = ${value}`;
  return `\n${doc(row)}export const ${row.name} = ${value}export type ${row.name} = InstanceType<typeof ${row.name}>;\n`;
}

/** @param {Row} row */
const aliasCode = (row) =>
  `\n/** C's \`${cScalar(row.name)}\`: another name of \`${cScalar(row.field)}\`. */\n` +
  `export const ${row.name} = ${row.field};\nexport type ${row.name} = ${row.field};\n`;

/** The TypeScript type of a field.
 * @param {Row} row
 * @param {Set<string>} structs */
function fieldType(row, structs) {
  if (row.kind === 'A' && row.type === 'char') return 'CharArray';
  const one = structs.has(row.type) ? row.type : typeOf(row.type);
  return row.kind === 'A' ? `CArray<${one}>` : one;
}

/** @param {Struct} struct
 * @param {Set<string>} structs */
function structCode({ row, fields }, structs) {
  let members = '';
  for (const name of new Set(fields.map((f) => f.field))) {
    const rows = fields.filter((f) => f.field === name);
    const types = new Set(rows.map((f) => fieldType(f, structs)));
    // A field of a type that one platform has is there when the type is; one of a type that both have, only where a row says so.
    const everywhere = rows.some((f) => f.prefix === '' || f.prefix === row.prefix) || rows.length > 1;
    const only = ONLY[/** @type {Row} */ (rows[0]).prefix];
    if (!everywhere) types.add('undefined');
    members += `${everywhere ? '' : `  /**${only} */\n`}  ${name}: ${[...types].join(' | ')};\n`;
  }
  const plain = fields.filter((f) => f.kind !== 'BITS');
  const bits = fields.filter((f) => f.kind === 'BITS');
  const list = plain.map((f) => `\n  ['${f.field}', ${f.type}, ${at(f)}${f.kind === 'A' ? `, ${f.count}` : ''}],`);
  const bitList = bits.map((f) => `\n  ['${f.field}', ${f.type}, ${[0, 1, 2].map((i) => at(f, i)).join(', ')}],`);
  const arrays = [list, ...(bits.length ? [bitList] : [])]
    .map((l) => (l.length ? `() => [${l.join('')}\n]` : '() => []'))
    .join(', ');
  const exported = row.kind === 'INNER' ? '' : 'export ';
  const shape = members
    ? `${exported}interface ${row.name} extends ByteMemory {\n${members}}\n`
    : `${exported}type ${row.name} = ByteMemory;\n`;
  return (
    `\n${doc(row)}${shape}${doc(row)}${exported}const ${row.name}: StructType<${row.name}> = ` +
    `systemStruct<${row.name}>('${row.name}', ${at(row)}, ${at(row, 1)}, ${arrays});\n`
  );
}

/** @returns {string} the text of lib/generated/structs.ts */
export function generateStructs(rows = readRows()) {
  const structs = structsOf(rows);
  const names = new Set(structs.map((s) => s.row.name));
  let code = `// Generated by scripts/generate-structs.mjs from native/tables/structs.def: do not edit.
import { type CArray, type CharArray, type CharType, type ByteMemory, type StructType, scalar, systemStruct } from '../ctypes/index.js';
${LAYOUT}`;
  for (const row of rows) {
    if (isScalar(row)) code += scalarCode(row);
    if (row.kind === 'ALIAS') code += aliasCode(row);
    const struct = structs.find((s) => s.row === row);
    if (struct) code += structCode(struct, names);
  }
  return code;
}

/** @returns {string} the text of lib/generated/struct_sizes.ts */
export function generateStructSizes(rows = readRows()) {
  const sizes = rows.filter((row) => row.kind.startsWith('SIZE'));
  return `// Generated by scripts/generate-structs.mjs from native/tables/structs.def: do not edit.
${LAYOUT}
/** The sizes of the structs that are classes of their own; -1 where the platform lacks one. */
export const structSizes = {
${sizes.map((row) => `  ${row.name}: ${at(row)},\n`).join('')}};
`;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../lib/generated/structs.ts', import.meta.url), generateStructs());
  writeFileSync(new URL('../lib/generated/struct_sizes.ts', import.meta.url), generateStructSizes());
}
