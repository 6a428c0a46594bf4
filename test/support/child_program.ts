// Child processes. Their output is awaited line by line or at the end; each has a time limit, and none outlives the tests.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const alive = new Set<ChildProgram>();
process.on('exit', () => {
  for (const child of alive) child.kill();
});

/** Kills the children that still run, and waits until they have ended. */
export async function killChildren(): Promise<void> {
  const rest = [...alive];
  for (const child of rest) child.kill();
  await Promise.allSettled(rest.map((child) => child.ended));
}

interface Waiter {
  readonly pattern: RegExp;
  resolve(match: RegExpExecArray): void;
  reject(error: Error): void;
}

/** One output stream of a child: its text, its lines, and the promise of a line that is yet to come. */
class Output {
  text = '';
  readonly lines: string[] = [];
  #unfinishedLine = '';
  #next = 0;
  #waiter: Waiter | undefined;

  append(text: string): void {
    this.text += text;
    this.#appendLines(text);
  }

  end(error: Error): void {
    if (this.#unfinishedLine) this.#appendLines('\n');
    this.#waiter?.reject(error);
    this.#waiter = undefined;
  }

  /** The next line that matches; skips the lines before it. */
  wait(pattern: RegExp): Promise<RegExpExecArray> {
    if (this.#waiter) throw new Error(`${this.#waiter.pattern} is already being awaited`);
    return new Promise((resolve, reject) => {
      this.#waiter = { pattern, resolve, reject };
      this.#match();
    });
  }

  #appendLines(text: string): void {
    const lines = (this.#unfinishedLine + text).split('\n');
    this.#unfinishedLine = lines.pop()!;
    this.lines.push(...lines);
    this.#match();
  }

  #match(): void {
    while (this.#waiter && this.#next < this.lines.length) {
      const match = this.#waiter.pattern.exec(this.lines[this.#next++]!);
      if (!match) continue;
      this.#waiter.resolve(match);
      this.#waiter = undefined;
    }
  }
}

/** How a child ended, and the text that it wrote. */
export interface Ended {
  /** The exit status, or the signal that killed the child. */
  readonly status: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** The same, in lines. */
export interface Outcome {
  readonly status: number | NodeJS.Signals;
  /** The lines of the standard output. */
  readonly lines: readonly string[];
  /** The lines of the standard error. */
  readonly errors: readonly string[];
}

export interface Options {
  /** Added to this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the child is killed. */
  readonly limit?: number;
}

export class ChildProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #out = new Output();
  readonly #err = new Output();
  readonly ended: Promise<Ended>;
  readonly outcome: Promise<Outcome>;

  constructor([command, ...args]: readonly string[], { env = {}, limit = 20_000 }: Options = {}) {
    const child = spawn(command!, args, { env: { ...process.env, ...env } });
    this.#child = child;
    alive.add(this);
    const timer = setTimeout(() => child.kill('SIGKILL'), limit);
    child.stdin.on('error', () => {}); // EPIPE once the child has ended; `ended` reports that
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#out.append(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#err.append(text));
    this.ended = new Promise((resolve, reject) => {
      child.on('error', (error) => {
        clearTimeout(timer);
        alive.delete(this);
        reject(error);
      });
      child.on('close', (status, signal) => {
        clearTimeout(timer);
        alive.delete(this);
        for (const output of [this.#out, this.#err]) {
          const heard = JSON.stringify([...this.#out.lines, ...this.#err.lines]);
          output.end(new Error(`${args.join(' ')} ended (${signal ?? status}) before the awaited line: ${heard}`));
        }
        resolve({ status: signal ?? status!, stdout: this.#out.text, stderr: this.#err.text });
      });
    });
    this.outcome = this.ended.then(({ status }) => ({ status, lines: this.#out.lines, errors: this.#err.lines }));
    this.outcome.catch(() => {}); // a test that awaits it gets the rejection; the others do not need it
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The next line of the standard output that matches. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#out.wait(pattern);
  }

  /** The next line of the standard error that matches. */
  error(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#err.wait(pattern);
  }

  /** The port in the next line that names one. */
  async port(): Promise<string> {
    return (await this.line(/port ([1-9]\d*)/))[1]!;
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Ends the child's standard input, after this text. */
  end(text?: string): void {
    this.#child.stdin.end(text);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}

/** Runs a command to its end; `input` is its standard input. */
export function run(
  command: string,
  args: readonly string[],
  { input, ...options }: Options & { input?: string } = {},
): Promise<Ended> {
  const child = new ChildProgram([command, ...args], options);
  child.end(input);
  return child.ended;
}

/** The command that runs a program of this test suite, with `gc()` exposed: `new URL('program.mjs', import.meta.url)`. */
export const nodeProgram = (program: URL, ...args: readonly (string | number)[]): string[] => [
  process.execPath,
  '--expose-gc',
  fileURLToPath(program),
  ...args.map(String),
];

/** Runs such a program to its end. */
export const runProgram = (
  program: URL,
  args: readonly (string | number)[] = [],
  options: Options = {},
): Promise<Ended> => run(process.execPath, nodeProgram(program, ...args).slice(1), options);
