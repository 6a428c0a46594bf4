// The rows of the table of socket options that this platform has, read from its source: the entry point exports a constant for each.
import { readFileSync } from 'node:fs';
import * as root from 'bsd-sockets';

const source = readFileSync(new URL('../../lib/socket/options/rows.ts', import.meta.url), 'utf8');
const values = root as unknown as Record<string, number | undefined>;

/** The names of all rows and levels. */
export const rowNames: readonly string[] = [...source.matchAll(/^export const (\w+) =/gm)].map(([, name]) => name!);

/** Each row with its level and its number. */
export const optionRows: readonly (readonly [name: string, level: number, option: number])[] = [
  ...source.matchAll(/^export const (\w+) = (?:row|optional)\((\w+), c\.(\w+),/gm),
].flatMap(([, name, level, constant]) => {
  const option = values[constant!];
  return option === undefined ? [] : [[name!, values[level!]!, option] as const];
});
