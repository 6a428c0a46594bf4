// Runs a program under valgrind's callgrind, which counts instructions outside the kernel: no clock, and the same count at each run.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** Why instructions cannot be counted here; empty where they can. */
export const noCallgrind =
  process.platform !== 'linux' || process.arch !== 'x64'
    ? 'the budgets are for Linux on x64'
    : process.env.BSD_SOCKETS_BINARY !== undefined
      ? 'the budgets are for build/Release'
      : spawnSync('valgrind', ['--version']).error
        ? 'no valgrind'
        : '';

/** Runs Node with `args`. `profile(n)` is what was counted before the program's n-th getppid(), from 1, and after the one before. */
export async function underCallgrind<T>(
  args: readonly string[],
  read: (output: string, profile: (n: number) => string) => T,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'callgrind-'));
  try {
    const out = join(folder, 'out');
    const valgrind = [
      '--tool=callgrind',
      `--callgrind-out-file=${out}`,
      '--dump-before=getppid',
      '--dump-line=no',
      '--compress-strings=no',
      '--compress-pos=no',
    ];
    const child = spawn('valgrind', [...valgrind, process.execPath, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 170_000,
    });
    const [output, errors, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (status !== 0) throw new Error(`valgrind ended with ${status}: ${errors}`);
    return read(output, (n) => readFileSync(`${out}.${n}`, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All instructions of a profile. */
export const totalOf = (profile: string): number => Number(/^totals: (\d+)/m.exec(profile)![1]);
