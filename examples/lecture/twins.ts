// Lecture: the C twins. Compiles them into a directory of their own, several at a time.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Twins {
  /** Where the compiled twins lie, each under its name. */
  readonly directory: string;
  /** What the compiler had to say, by the name of the twin. */
  readonly errors: ReadonlyMap<string, string>;
}

interface Result {
  readonly ok: boolean;
  readonly output: string;
}

function run(command: string, args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(command, args, (error, stdout, stderr) => {
      const output = (stderr || stdout).trim();
      if (error === null) resolve({ ok: true, output });
      else
        resolve({ ok: false, output: 'code' in error && error.code === 'ENOENT' ? `${command}: not found` : output });
    });
  });
}

/** Is there a C compiler? Its first line of self-description, or why there is none. */
export async function compiler(): Promise<Result> {
  const { ok, output } = await run('cc', ['--version']);
  const [line] = output.split('\n');
  return { ok, output: line || 'cc does not work' };
}

/** Compiles `<source>/<name>.c` for each name. The directory is removed when this process exits. */
export async function compile(
  source: string,
  names: readonly string[],
  onProgress: (done: number) => void,
): Promise<Twins> {
  const directory = mkdtempSync(join(tmpdir(), 'lecture-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const errors = new Map<string, string>();
  const queue = [...names];
  let done = 0;
  async function work(): Promise<void> {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const args = ['-Wall', '-Wextra', '-O1', '-o', join(directory, name), join(source, `${name}.c`)];
      const { ok, output } = await run('cc', args);
      if (!ok) errors.set(name, output);
      onProgress(++done);
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return { directory, errors };
}
