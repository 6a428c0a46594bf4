// Benchmark: who competes. A contestant makes n rounds when told so, and says how many nanoseconds (or what else its group measures) they took.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.js';

/** What takes turns with others. */
export interface Contestant {
  readonly name: string;
  /** What `n` rounds took. */
  run(n: number): Promise<number>;
  close(): void;
}

/** A program that competes. */
export interface Program {
  readonly name: string;
  /** In bench/: `.c` is compiled, `.ts` and `.mjs` run on Node, `.py` on CPython. */
  readonly file: string;
  /** The program's own arguments. */
  readonly args?: readonly string[];
  /** Node's arguments. */
  readonly node?: readonly string[];
  /** One of the packages that only the benchmark has, and may lack. */
  readonly needs?: string;
  /** Processors that it may run on (Linux). */
  readonly processors?: string;
}

/** Sources stay in bench/; this file is dist/bench/contestants.js. */
export const source = (path: string): string => fileURLToPath(new URL(`../../bench/${path}`, import.meta.url));
const compiled = (path: string): string => fileURLToPath(new URL(path.replace(/ts$/, 'js'), import.meta.url));
/** The folder of what only the benchmark needs. */
export const PACKAGES = source('packages');

/** Whether one of them is installed. */
export const installed = (name: string): boolean => existsSync(join(PACKAGES, 'node_modules', name, 'package.json'));

/** A program's command line, or why it cannot take part. C programs are compiled to `folder`. */
export function commandOf(
  { name, file, args = [], node = [], needs, processors }: Program,
  folder: string,
): readonly string[] | string {
  const command = (): readonly string[] | string => {
    if (needs !== undefined && !installed(needs)) return `${name}: its package is not installed`;
    if (file.endsWith('.ts')) return [process.execPath, ...node, compiled(file)];
    if (file.endsWith('.mjs')) return [process.execPath, ...node, source(file)];
    if (file.endsWith('.py')) {
      return spawnSync('python3', ['--version']).error ? `${name}: there is no python3` : ['python3', source(file)];
    }
    const binary = join(folder, file.replaceAll('/', '-'));
    if (!existsSync(binary)) execFileSync('cc', ['-O2', '-pthread', '-o', binary, source(file)], { stdio: 'inherit' });
    return [binary];
  };
  const found = command();
  if (typeof found === 'string') return found;
  // Elsewhere than on Linux there is no such command: the system places the processes.
  const pinned = processors === undefined || process.platform !== 'linux' ? [] : ['taskset', '-c', processors];
  return [...pinned, ...found, ...args];
}

/** One program that measures itself: it reads lines "n", and answers each with a line. */
export function selfTimed(name: string, command: readonly string[]): Contestant {
  const child = new Child(name, command);
  return { name, run: async (n) => Number(await child.ask(`${n}`)), close: () => child.end() };
}
