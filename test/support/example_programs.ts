// Tests, programs: the programs of examples/programs, in TypeScript (compiled) and in C.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hasCommand } from './machine.js';

export type Language = 'TypeScript' | 'C';

/** Where the sources are. */
export const source: string = fileURLToPath(new URL('../../examples/programs', import.meta.url));
const compiled = fileURLToPath(new URL('../../dist/examples/programs', import.meta.url));

/** Every program, by its name. */
export const names: readonly string[] = readdirSync(source)
  .filter((file) => file.endsWith('.c'))
  .map((file) => file.slice(0, -2));

/** The languages that can be run here. */
export const languages: readonly Language[] = hasCommand('cc') ? ['C', 'TypeScript'] : ['TypeScript'];

/** Every way to cast two roles. */
export const casts: readonly (readonly [Language, Language])[] = languages.flatMap((first) =>
  languages.map((second) => [first, second] as const),
);

export class Twins {
  readonly #directory = mkdtempSync(join(tmpdir(), 'programs-test-'));

  /** Compiles the C programs, two at a time. */
  async compile(): Promise<void> {
    if (!languages.includes('C')) return;
    const queue = [...names];
    const work = async (): Promise<void> => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        const options = ['-std=c11', '-D_DEFAULT_SOURCE', '-Wall', '-Wextra', '-Werror', '-O1'];
        await promisify(execFile)('cc', [...options, '-o', join(this.#directory, name), join(source, `${name}.c`)]);
      }
    };
    await Promise.all([work(), work()]);
  }

  /** The command that runs a program. */
  command(name: string, language: Language, ...args: readonly string[]): readonly string[] {
    return language === 'C'
      ? [join(this.#directory, name), ...args]
      : [process.execPath, join(compiled, `${name}.js`), ...args];
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }
}
