// Lecture: `--code`. Lays a TypeScript program beside its C twin, statement by statement.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bold, columns, cyan, dim, print } from './screen.js';

type Row = readonly [left: string | undefined, right: string | undefined];

const BETWEEN = ' │ ';
const UNLIKE = 0.35;

/** What a line says, whatever the language: its words and numbers, without those that only declare. */
function words(line: string): string[] {
  const found = line.match(/\w+/g) ?? [];
  return found.filter((word) => !/^(const|let|new|int|char|struct|static|void|function|number|string)$/.test(word));
}

/** Lines that stand in the same place, though their words differ: both programs' heads. */
const COUNTERPARTS: readonly (readonly [RegExp, RegExp])[] = [
  [/^import \{/, /^#include/],
  [/^const argv = /, /^int main\(/],
];

/** 1: the same, 0: nothing in common. */
function likeness(left: string, right: string): number {
  if (COUNTERPARTS.some(([a, b]) => a.test(left) && b.test(right))) return 1;
  const a = words(left);
  const b = words(right);
  if (a.length === 0 && b.length === 0) return left.trim() === right.trim() ? 1 : 0;
  const rest = [...b];
  let common = 0;
  for (const word of a) {
    const at = rest.indexOf(word);
    if (at < 0) continue;
    rest.splice(at, 1);
    common++;
  }
  return (2 * common) / (a.length + b.length);
}

/** Pairs the lines so that the sum of their likenesses is the largest. */
function align(left: readonly string[], right: readonly string[]): Row[] {
  const score = Array.from({ length: left.length + 1 }, () => new Float64Array(right.length + 1));
  const together = (i: number, j: number): number => {
    const like = likeness(left[i]!, right[j]!);
    return like < UNLIKE ? -1 : like + score[i + 1]![j + 1]!;
  };
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      score[i]![j] = Math.max(together(i, j), score[i + 1]![j]!, score[i]![j + 1]!);
    }
  }
  const rows: Row[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const best = score[i]![j]!;
    if (i < left.length && j < right.length && together(i, j) === best) rows.push([left[i++], right[j++]]);
    else if (i < left.length && (j === right.length || score[i + 1]![j] === best)) rows.push([left[i++], undefined]);
    else rows.push([undefined, right[j++]]);
  }
  return rows;
}

/** Breaks a line that is too long, at a space where there is one. */
function wrap(line: string, width: number): string[] {
  if (line.includes('\n')) return line.split('\n').flatMap((part) => wrap(part, width));
  const indent = `${/^ */.exec(line)![0].slice(0, width / 2)}    `;
  const parts: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const at = space > indent.length ? space : width;
    parts.push(rest.slice(0, at));
    rest = indent + rest.slice(at).trimStart();
  }
  return [...parts, rest];
}

const isAside = (line: string): boolean => /^\s*(\/\/|#|import\b)/.test(line);

/** The source's lines. An import, which the formatter spreads over many lines, and all includes count as one each. */
function linesOf(path: string): string[] {
  const lines: string[] = [];
  const text = readFileSync(path, 'utf8').trimEnd();
  const joined = text.replace(/^import \{([^}]*?),?\n\}/gm, (_, names: string) => {
    return `import { ${names.trim().replace(/,?\s*\n\s*/g, ', ')} }`;
  });
  for (const line of joined.split('\n')) {
    const last = lines.length - 1;
    if (line.startsWith('#') && lines[last]?.startsWith('#include')) lines[last] += `\n${line}`;
    else lines.push(line);
  }
  return lines;
}

/** Prints `<name>.ts` and `<name>.c` side by side, as wide as the terminal. */
export function showBeside(source: string, name: string): void {
  const width = Math.max(30, Math.floor((columns() - BETWEEN.length) / 2));
  print(cyan(bold(`${name}.ts`.padEnd(width))) + dim(BETWEEN) + cyan(bold(`${name}.c`)));
  print(dim(`${'─'.repeat(width)}─┼─${'─'.repeat(width)}`));
  for (const [left, right] of align(linesOf(join(source, `${name}.ts`)), linesOf(join(source, `${name}.c`)))) {
    const lefts = wrap(left ?? '', width);
    const rights = wrap(right ?? '', width);
    const [shadeLeft, shadeRight] = [left, right].map((line) => (isAside(line ?? '') ? dim : String));
    for (let k = 0; k < Math.max(lefts.length, rights.length); k++) {
      const cell = shadeLeft!((lefts[k] ?? '').padEnd(width));
      print(`${cell}${dim(BETWEEN)}${shadeRight!(rights[k] ?? '')}`.trimEnd());
    }
  }
  print();
}
