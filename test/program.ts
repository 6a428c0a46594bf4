// Room: child programs: what they print, and how they end.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit status; null for one that a signal ended. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a program of test/process to its end. */
export function run(name: string, ...args: string[]): Ended {
  const file = fileURLToPath(new URL(`process/${name}.mjs`, import.meta.url));
  const { error, stdout, stderr, status, signal } = spawnSync(process.execPath, [file, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (error) throw error;
  return { stdout, stderr, status, signal };
}
