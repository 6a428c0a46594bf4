// A network namespace with nothing in it but a loopback interface and what the test adds.
import { spawnSync } from 'node:child_process';
import { ChildProgram } from './child_program.js';

// Who is not root is root in a user namespace of its own.
const isRoot = process.getuid?.() === 0;
const UNSHARE = ['unshare', ...(isRoot ? [] : ['-r']), '-n'];
const NSENTER = ['nsenter', ...(isRoot ? [] : ['-U', '--preserve-credentials']), '-n'];

/** Why there can be no network namespace here; undefined if there can. */
export function whyNoNetworkNamespace(): string | undefined {
  const works = (command: readonly string[]): boolean => spawnSync(command[0]!, command.slice(1)).status === 0;
  if (!works(['ip', '-V'])) return 'there is no ip(8)';
  if (!works(['nsenter', '--version'])) return 'there is no nsenter(1)';
  if (!works([...UNSHARE, 'ip', 'link', 'set', 'lo', 'up'])) return 'unshare(1) makes no network namespace here';
  return undefined;
}

export class NetworkNamespace {
  readonly #holder: ChildProgram;

  private constructor(holder: ChildProgram) {
    this.#holder = holder;
  }

  /** Makes one, and runs these commands in it. It lasts as long as a process in it. */
  static async make(commands: readonly string[]): Promise<NetworkNamespace> {
    const holder = new ChildProgram([...UNSHARE, 'sh', '-c', `set -e\n${commands.join('\n')}\necho made\nexec cat`]);
    await holder.line(/^made$/);
    return new NetworkNamespace(holder);
  }

  /** The command that runs a command in it, under the same process id. */
  inside(command: readonly string[]): readonly string[] {
    return [...NSENTER, '-t', String(this.#holder.pid), ...command];
  }

  /** The kernel removes it after its last process. */
  async remove(): Promise<void> {
    this.#holder.end();
    await this.#holder.outcome;
  }
}
