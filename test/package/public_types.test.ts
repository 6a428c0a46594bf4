// The public types hold only public things: a declaration that an entry point exports mentions no type that none of them exports, for such a
// type can neither be named nor looked up by a user.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { rowNames } from '../support/option_rows.js';

const dist = fileURLToPath(new URL('../../dist/lib/', import.meta.url));
const ENTRIES = ['index', 'promises', 'c/index'].map((name) => join(dist, `${name}.d.ts`));

const program = ts.createProgram(ENTRIES, {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  types: ['node'],
  typeRoots: [join(dirname(dist), '../node_modules/@types')],
});
const checker = program.getTypeChecker();
const followed = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** What each entry point exports. */
const exported = new Map(
  ENTRIES.map((file) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return [file.slice(dist.length), checker.getExportsOfModule(module)] as const;
  }),
);
const all = new Set([...exported.values()].flat().map(followed));

/** Whether a type is the library's own, and one that has a name. */
const isOwn = (symbol: ts.Symbol): boolean =>
  (symbol.flags & ts.SymbolFlags.TypeParameter) === 0 &&
  (symbol.declarations ?? []).some((declaration) => declaration.getSourceFile().fileName.startsWith(dist));

/** The own names that a declaration mentions in its types. */
function mentioned(node: ts.Node, found: Set<ts.Symbol>): void {
  const name = ts.isTypeReferenceNode(node)
    ? node.typeName
    : ts.isExpressionWithTypeArguments(node)
      ? node.expression
      : undefined;
  const symbol = name && checker.getSymbolAtLocation(name);
  if (symbol && isOwn(followed(symbol))) found.add(followed(symbol));
  ts.forEachChild(node, (child) => mentioned(child, found));
}

/** Types of the C layer's own workings that its declarations still mention. The list may only become shorter. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'c/index.d.ts': [
    'CellsType',
    'InitValue',
    'Instance',
    'Memory',
    'PointerStruct',
    'Sendfile',
    'ValueOf',
    'Vector',
    'icmphdr_un',
    'kevent',
    'sockaddr_can_can_addr',
  ],
};

it.each([...exported.keys()])('dist/lib/%s mentions only what an entry point exports', (entry) => {
  const leaks: string[] = [];
  const known = new Set(KNOWN[entry] ?? []);
  const seen = new Set<string>();
  for (const symbol of exported.get(entry)!) {
    const found = new Set<ts.Symbol>();
    for (const declaration of followed(symbol).declarations ?? []) mentioned(declaration, found);
    for (const type of found) {
      if (all.has(type)) continue;
      if (known.has(type.name)) seen.add(type.name);
      else leaks.push(`${symbol.name} mentions ${type.name}`);
    }
  }
  expect(leaks.sort()).toEqual([]);
  expect([...seen].sort()).toEqual([...known].sort());
});

it('each option row is exported at the root, with its type', () => {
  const root = new Map(exported.get('index.d.ts')!.map((symbol) => [symbol.name, symbol]));
  const untyped = rowNames.filter((name) => {
    const symbol = root.get(name);
    const type = symbol && checker.getTypeOfSymbol(followed(symbol));
    // The generated constants have the same names: theirs are plain numbers.
    return type === undefined || !/\b(Option|Level)</.test(checker.typeToString(type));
  });
  expect(untyped).toEqual([]);
  expect(rowNames.length).toBeGreaterThan(100);
});
