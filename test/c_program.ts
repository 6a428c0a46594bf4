// Room: what C says: a C program is compiled and run, and its output compared.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** The standard output of a C program with this `main`; `before` stands ahead of it. */
export function runC(main: string, before = ''): string {
  const directory = mkdtempSync(join(tmpdir(), 'c-program-'));
  try {
    const source = join(directory, 'program.c');
    const binary = join(directory, 'program');
    const includes = HEADERS.map((header) => `#include <${header}>\n`).join('');
    writeFileSync(
      source,
      `#define _GNU_SOURCE\n#define _DARWIN_C_SOURCE\n${includes}${before}\nint main(void) {\n${main}\nreturn 0; }\n`,
    );
    // Under the sanitizers' preload the compiler and the program are not what is to be watched.
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

/** The lines of its output. */
export const linesOfC = (main: string, before = ''): string[] => runC(main, before).trimEnd().split('\n');

/** A C string literal. */
export const literal = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
