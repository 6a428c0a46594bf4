// What this machine has: commands, and features of the kernel that a test cannot do without.
import { spawnSync } from 'node:child_process';

/** Whether a command is installed. Runs it with these arguments; its exit status does not matter. */
export const hasCommand = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args.length > 0 ? args : ['--version']).error === undefined;

/** Prints that this machine lacks a feature, for a test that then ends early. */
export function reportMissing(feature: string, reason: string): void {
  process.stdout.write(`this machine lacks ${feature}: ${reason}\n`);
}

/** Why strace cannot trace here; undefined if it can. */
export function whyNoStrace(): string | undefined {
  const { error, status, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (error) return 'strace is not installed';
  return status === 0 ? undefined : `strace cannot trace here: ${stderr.trim()}`;
}
