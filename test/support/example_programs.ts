// The programs of examples/programs, in TypeScript (compiled) and in C.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AF_INET, bind, ntohs, SOCK_STREAM, sizeof, type sockaddr_in, socket } from 'bsd-sockets/c';
import { afterAll } from 'vitest';
import { ChildProgram, type Outcome } from './child_program.js';
import { localAddress, loopback, must } from './descriptors.js';
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

/** The C programs are compiled when they are first used, into a folder that is removed with the test file. */
class Twins {
  readonly #folder = mkdtempSync(join(tmpdir(), 'example-programs-'));
  readonly #compiled = new Set<string>();

  /** The command that runs a program. */
  command(name: string, language: Language, ...args: readonly string[]): readonly string[] {
    if (language === 'TypeScript') return [process.execPath, join(compiled, `${name}.js`), ...args];
    const binary = join(this.#folder, name);
    if (!this.#compiled.has(name)) {
      const options = ['-std=c11', '-D_DEFAULT_SOURCE', '-Wall', '-Wextra', '-Werror', '-O1'];
      execFileSync('cc', [...options, '-o', binary, join(source, `${name}.c`)]);
      this.#compiled.add(name);
    }
    return [binary, ...args];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export const twins = new Twins();
afterAll(() => twins.remove());

/** Milliseconds that a test of several programs may take. */
export const LIMIT = 20_000;

/** Starts a program. */
export const start = (language: Language, name: string, ...args: readonly string[]): ChildProgram =>
  new ChildProgram(twins.command(name, language, ...args));
/** Runs a program to its end. */
export const run = (language: Language, name: string, ...args: readonly string[]): Promise<Outcome> =>
  start(language, name, ...args).outcome;

export const python: string | undefined =
  spawnSync('python3', ['-c', 'import socket; socket.recv_fds']).status === 0 ? 'python3' : undefined;
export const noPython: string | undefined = python ? undefined : 'there is no python3 with socket.recv_fds';
/** Starts a python3 program of these lines. */
export const runPython = (lines: readonly string[], ...args: readonly string[]): ChildProgram =>
  new ChildProgram([python!, '-c', lines.join('\n'), ...args]);

/** The outcome of a program that succeeds. */
export const good = (...lines: readonly string[]): Outcome => ({ status: 0, lines, errors: [] });
/** The outcome of a program that fails. */
export const bad = (status: number, lines: readonly string[], ...errors: readonly string[]): Outcome => ({
  status,
  lines,
  errors,
});

/** Replaces numbers that differ from run to run by names, `N1` for the first one and so on. */
export function named(lines: readonly string[], pattern: RegExp): string[] {
  const names = new Map<string, string>();
  return lines.map((line) =>
    line.replace(pattern, (number) => {
      if (!names.has(number)) names.set(number, `N${names.size + 1}`);
      return names.get(number)!;
    }),
  );
}
export const SOCKET: RegExp = /(?<=\bsocket )\d+/g;
export const PORT: RegExp = /(?<=\bport )\d+/g;

/** A TCP socket on the loopback interface that does not listen yet, and its address. The test closes it. */
export function boundTcp(): { sock: number; addr: sockaddr_in; port: string } {
  const sock = must(socket(AF_INET, SOCK_STREAM, 0));
  const addr = loopback(AF_INET) as sockaddr_in;
  must(bind(sock, addr, sizeof(addr)));
  localAddress(sock, addr);
  return { sock, addr, port: String(ntohs(addr.sin_port)) };
}
