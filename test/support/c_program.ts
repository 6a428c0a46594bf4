// Compiles and runs C programs, whose output the tests compare with what the library returns.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strerrorname_np } from 'bsd-sockets/c';

const HEADERS = [
  'arpa/inet.h',
  'errno.h',
  'fcntl.h',
  'netdb.h',
  'netinet/in.h',
  'netinet/tcp.h',
  'poll.h',
  'signal.h',
  'stddef.h',
  'stdint.h',
  'stdio.h',
  'stdlib.h',
  'string.h',
  'sys/resource.h',
  'sys/select.h',
  'sys/socket.h',
  'sys/uio.h',
  'sys/un.h',
  'unistd.h',
];

/** `#include` lines for `before`. */
export const include = (...headers: readonly string[]): string =>
  headers.map((header) => `#include <${header}>\n`).join('');

/** Runs a C program with this body of `main` and returns its standard output. `before` is placed ahead of `main`. */
export function runC(main: string, before = ''): string {
  const directory = mkdtempSync(join(tmpdir(), 'c-program-'));
  try {
    const source = join(directory, 'program.c');
    const binary = join(directory, 'program');
    writeFileSync(
      source,
      `#define _GNU_SOURCE\n#define _DARWIN_C_SOURCE\n${include(...HEADERS)}${before}\nint main(void) {\n${main}\nreturn 0; }\n`,
    );
    // No preloaded sanitizer: it would report on the compiler and on this program.
    const env = { ...process.env, LC_ALL: 'C', LD_PRELOAD: '' };
    const compiled = spawnSync(process.env.CC ?? 'cc', ['-w', '-o', binary, source], { encoding: 'utf8', env });
    if (compiled.status !== 0) throw new Error(compiled.stderr || String(compiled.error));
    const run = spawnSync(binary, { encoding: 'latin1', env });
    if (run.status !== 0) throw new Error(`the C program ended with ${run.status ?? run.signal}: ${run.stderr}`);
    return run.stdout;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The same, split into lines. */
export const outputLinesOfC = (main: string, before = ''): string[] => runC(main, before).trimEnd().split('\n');

/** The literal of a string in C's syntax, every byte as an octal escape. */
export const stringLiteralInC = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;

/** The name of the error that C's socket() fails with; "OK" if it succeeds. */
export function socketErrorInC(domain: number, type: number, protocol: number): string {
  const printed = runC(`printf("%d", socket(${domain}, ${type}, ${protocol}) < 0 ? errno : 0);`);
  return printed === '0' ? 'OK' : (strerrorname_np(Number(printed)) ?? printed);
}
