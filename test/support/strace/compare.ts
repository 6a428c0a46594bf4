// Compares two lists of calls, and shows where they differ.

const WIDTH = 160;

/** The part of a line about the place `at`, with a mark under it if it is short of the line's end. */
function around(line: string, at: number): { text: string; mark: string } {
  const start = Math.max(0, Math.min(at - WIDTH / 2, line.length - WIDTH));
  const before = start > 0 ? '…' : '';
  const after = start + WIDTH < line.length ? '…' : '';
  const text = before + line.slice(start, start + WIDTH) + after;
  return { text, mark: `${' '.repeat(at - start + before.length)}^` };
}

const clip = (line: string): string => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line);

/** `left` and `right`, one below the other: `  ` in both, `- ` only in `left`, `+ ` only in `right`. */
function diff(left: readonly string[], right: readonly string[]): string[] {
  const common = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      common[i]![j] =
        left[i] === right[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const rows: string[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      rows.push(`  ${left[i++]}`);
      j++;
    } else if (j === right.length || (i < left.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      rows.push(`- ${left[i++]}`);
    } else {
      rows.push(`+ ${right[j++]}`);
    }
  }
  return rows;
}

/** Where the calls of the C program and of the TypeScript one part, and both lists; undefined if they are equal. */
export function difference(c: readonly string[], typescript: readonly string[]): string | undefined {
  const length = Math.max(c.length, typescript.length);
  const at = Array.from({ length }, (_, i) => i).find((i) => c[i] !== typescript[i]);
  if (at === undefined) return undefined;
  const left = c[at] ?? '(nothing more)';
  const right = typescript[at] ?? '(nothing more)';
  let column = 0;
  while (left[column] === right[column] && column < left.length) column++;
  const inC = around(left, column);
  const inTypeScript = around(right, column);
  return [
    `call ${at + 1} differs:`,
    `  C           ${inC.text}`,
    `  TypeScript  ${inTypeScript.text}`,
    `              ${inTypeScript.mark}`,
    'all calls (- only in C, + only in TypeScript):',
    ...diff(c, typescript).map((row, i) => `${i === at ? '>' : ' '} ${clip(row)}`),
  ].join('\n');
}
