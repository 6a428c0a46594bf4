// Writes dist/types, the published declarations, from those that tsc has written into dist/lib. As in dist/bundle there is one set,
// CommonJS (.d.cts), and an ES entry point is a line that re-exports it: so both have the same types, classes with private members too.
// A consumer needs neither @types/node nor TypeScript's DOM types.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const from = fileURLToPath(new URL('../dist/lib', import.meta.url));
const lib = fileURLToPath(new URL('../lib', import.meta.url));
const to = fileURLToPath(new URL('../dist/types', import.meta.url));
const ENTRIES = ['index', 'promises', 'c/index'];

/** `interface AbortSignal` merges with the one of Node's or the DOM's types, and stands alone where a consumer has neither. */
const ABORT_SIGNAL = 'declare global { interface AbortSignal { readonly aborted: boolean; } }';

/**
 * The declarations as CommonJS, and how many lines stand before each line of the original.
 * @param {string} text a .d.ts
 * @param {string} name of the .d.cts
 */
function toCommonJS(text, name) {
  const lines = [];
  if (/\bSymbol\.(asyncD|d)ispose\b/.test(text)) lines.push('/// <reference lib="esnext.disposable" />');
  if (/\bAbortSignal\b/.test(text)) lines.push(ABORT_SIGNAL);
  /** @type {number[]} */
  const at = [];
  for (const line of text.split('\n')) {
    // Without @types/node the types of Node's modules are `any`.
    if (/^import .* from 'node:/.test(line)) lines.push('// @ts-ignore: @types/node may be missing');
    at.push(lines.length);
    lines.push(
      line.startsWith('//# sourceMappingURL=')
        ? `//# sourceMappingURL=${name}.map`
        : line.replace(/(from |import\()(['"])(\.[^'"]*)\.js\2/g, '$1$2$3.cjs$2'),
    );
  }
  return { text: lines.join('\n'), at };
}

rmSync(to, { recursive: true, force: true });
const entries = ENTRIES.map((entry) => `${entry}.d.ts`);
for (const file of readdirSync(from, { recursive: true }).map(String)) {
  // tsc leaves the declarations of a source that is gone.
  if (!file.endsWith('.d.ts') || !existsSync(join(lib, file.replace('.d.ts', '.ts')))) continue;
  const target = join(to, file.replace(/\.ts$/, '.cts'));
  const name = basename(target);
  mkdirSync(dirname(target), { recursive: true });
  const { text, at } = toCommonJS(readFileSync(join(from, file), 'utf8'), name);
  writeFileSync(target, text);

  const map = JSON.parse(readFileSync(join(from, `${file}.map`), 'utf8'));
  const mappings = [];
  for (const [i, mapping] of map.mappings.split(';').entries()) mappings[at[i] ?? 0] = mapping;
  writeFileSync(`${target}.map`, JSON.stringify({ ...map, file: name, mappings: mappings.join(';') }));
  if (entries.includes(file)) writeFileSync(join(to, file), `export * from './${name.replace('.d.cts', '.cjs')}';\n`);
}
