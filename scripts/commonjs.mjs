// Turns a chunk that rolldown wrote as an ES module into a CommonJS module, line by line, so that its source map stays true.
//
// Every class and function of the library exists once, in these modules. The ES entry points re-export them (scripts/bundle.mjs).
// A variable that changes, such as `errno`, cannot be re-exported from CommonJS: an ES module would export the value that it had at
// the import. So the ES entry point has a variable of its own, and the module that declares the original tells it each new value:
// every assignment `errno = x` becomes `follow_errno(errno = x)`, and `$follow.errno(set)` adds a `set` that is called there.
//
// rolldown's own CommonJS output reads what another chunk exports by a property access at each use, which the calls would pay for.
import { parseAst } from 'rolldown/parseAst';

/** `import.meta.url`; undefined where a bundler has taken the module into an ES module. */
const MODULE_URL =
  'const moduleUrl = typeof __filename === "string" ? process.getBuiltinModule("node:url").pathToFileURL(__filename).href : undefined; ';

/** An export: the name in the chunk, and the name that others import it by. @typedef {{ local: string, exported: string }} Export */

/** @param {string} list the inside of the braces of an import or export @returns {string[][]} pairs of names, as written */
const pairs = (list) =>
  list
    .split(',')
    .map((part) => part.trim().split(' as '))
    .filter(([name]) => name);

/** @param {string} code @returns {Export[]} */
export function exportsOf(code) {
  const list = /^export \{(.*)\};$/m.exec(code)?.[1] ?? '';
  return pairs(list).map(([local = '', exported = local]) => ({ local, exported }));
}

/** The exported variables of a chunk that functions assign. @param {string} code */
export function liveExportsOf(code) {
  return exportsOf(code).filter(({ local }) => new RegExp(`^let ${local}\\b`, 'm').test(code));
}

/** The variable that holds the exports of another chunk. @param {string} from */
const moduleName = (from) => `$${from.replace(/\W|js$/g, '')}`;

/**
 * A statement that takes exports of another chunk, or of Node.
 * @param {string} clause
 * @param {string} from
 * @param {{ local: string }[]} borrowed the names that are left out
 */
function convertImport(clause, from, borrowed) {
  const list = /^\{(.*)\}$/.exec(clause)?.[1];
  if (list === undefined) throw new Error(`only named imports can be converted, not ${clause} from ${from}`);
  const taken = pairs(list).filter(([theirs, ours = theirs]) => !borrowed.some(({ local }) => local === ours));
  const names = taken.map((pair) => pair.join(': ')).join(', ');
  // Not require(): a bundler that writes ES modules has none for Node's own.
  if (from.startsWith('node:')) return `const { ${names} } = process.getBuiltinModule("${from}");`;
  return `const ${moduleName(from)} = require("${from.replace(/\.js$/, '.cjs')}"), { ${names} } = ${moduleName(from)};`;
}

/** @typedef {{ type: string, start: number, end: number, [field: string]: unknown }} Node */
/** The fields of a node that hold a name and no reference, unless they are computed. @type {Readonly<Record<string, string>>} */
const NAMES = { MemberExpression: 'property', Property: 'key', MethodDefinition: 'key', PropertyDefinition: 'key' };

/**
 * Where a variable of the chunk is read or assigned, last first.
 * @param {string} code
 * @param {string} name
 */
function usesOf(code, name) {
  /** @type {{ node: Node, parent: Node }[]} */
  const uses = [];
  /** @param {unknown} child @param {Node} parent @param {number} depth of blocks */
  const visit = (child, parent, depth) => {
    if (Array.isArray(child)) for (const each of child) visit(each, parent, depth);
    if (typeof child !== 'object' || child === null || !('type' in child)) return;
    const node = /** @type {Node} */ (child);
    if (/^(Import|Export)/.test(node.type)) return;
    if (node.name === name) {
      const { type } = parent;
      const declares =
        (type === 'VariableDeclarator' && parent.id === node) || /^Function|^Arrow|^Catch|Pattern$/.test(type);
      const isBody = parent.body === node;
      if ((declares && !isBody && depth > 0) || parent.shorthand === true) {
        throw new Error(
          `${name} is a live export: no parameter, local variable or property without a key may have its name`,
        );
      }
      if (!declares || isBody) uses.push({ node, parent });
      return;
    }
    const only = node.computed ? undefined : NAMES[node.type];
    for (const [field, inner] of Object.entries(node)) {
      if (field !== only) visit(inner, node, depth + (/^(Function|Arrow|Block|Class)/.test(node.type) ? 1 : 0));
    }
  };
  visit(parseAst(code), { type: '', start: 0, end: 0 }, 0);
  return uses.sort((a, b) => b.node.start - a.node.start);
}

/** @param {string} text @param {Node} node @param {(text: string) => string} change */
const replace = (text, { start, end }, change) =>
  text.slice(0, start) + change(text.slice(start, end)) + text.slice(end);

/**
 * The chunk as a CommonJS module.
 * @param {string} code an ES module
 * @param {ReadonlySet<string>} live the names of the live exports of the entry points, in all chunks
 * @param {ReadonlyMap<string, string>} sources the code of the other chunks by their file name
 */
export function toCommonJS(code, live, sources) {
  const exported = exportsOf(code);
  const declared = liveExportsOf(code).filter(({ local }) => live.has(local));
  /** The live exports of other chunks that this one uses. @type {{ local: string, at: string }[]} */
  const borrowed = [];
  const start = declared.map(({ local }) => `let follow_${local} = (value) => value; `).join('');

  let converted = code;
  for (const { local } of declared) {
    for (const { node, parent } of usesOf(converted, local)) {
      const assigned =
        parent.type === 'AssignmentExpression' ? parent.left : parent.type === 'UpdateExpression' && parent.argument;
      if (assigned === node) converted = replace(converted, parent, (text) => `follow_${local}(${text})`);
    }
  }
  for (const [, list = '', from = ''] of code.matchAll(/^import \{(.*)\} from "(\..*)";$/gm)) {
    const theirLive = liveExportsOf(sources.get(from.slice(2)) ?? '').filter(({ local }) => live.has(local));
    for (const [theirs, ours = theirs ?? ''] of pairs(list)) {
      if (!theirLive.some((each) => each.exported === theirs)) continue;
      const at = `${moduleName(from)}.${theirs}`;
      for (const { node } of usesOf(converted, ours)) converted = replace(converted, node, () => at);
      borrowed.push({ local: ours, at });
    }
  }
  const lines = converted.split('\n').map((line) => {
    const [, clause, from] = /^import (.*) from "(.*)";$/.exec(line) ?? [];
    return clause === undefined || from === undefined ? line : convertImport(clause, from, borrowed);
  });

  const changing = exported.flatMap(({ local, exported: name }) => {
    const at = borrowed.find((each) => each.local === local)?.at;
    if (at !== undefined) return { name, value: at, follow: at.replace('.', '.$follow.') };
    if (!declared.some((each) => each.local === local)) return [];
    const follow = `(set) => { const before = follow_${local}; follow_${local} = (value) => set(before(value)); }`;
    return { name, value: local, follow };
  });
  const values = exported.filter((each) => !changing.some(({ name }) => name === each.exported));
  const properties = [
    ...values.map(({ local, exported: name }) => (local === name ? name : `${name}: ${local}`)),
    ...changing.map(({ name, value }) => `get ${name}() { return ${value}; }`),
    `$follow: { ${changing.map(({ name, follow }) => `${name}: ${follow}`).join(', ')} }`,
  ];
  const last = lines.findLastIndex((line) => line.startsWith('export {'));
  lines[last] = `module.exports = { ${properties.join(', ')} };`;
  lines[0] = `"use strict"; ${start}${converted.includes('import.meta.url') ? MODULE_URL : ''}${lines[0]}`;
  return lines.join('\n').replaceAll('import.meta.url', 'moduleUrl');
}
