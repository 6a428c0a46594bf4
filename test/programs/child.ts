// Tests, programs: child processes. Their output is awaited line by line; each has a time limit, and none outlives the test.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

const TIME_LIMIT = 10_000;

const alive = new Set<Child>();
process.on('exit', () => {
  for (const child of alive) child.kill();
});

/** Kills what still runs, and waits until it has ended. */
export async function killAll(): Promise<void> {
  const rest = [...alive];
  for (const child of rest) child.kill();
  await Promise.allSettled(rest.map((child) => child.outcome));
}

interface Waiter {
  readonly pattern: RegExp;
  resolve(match: RegExpExecArray): void;
  reject(error: Error): void;
}

/** One of the child's outputs, in lines. */
class Lines {
  readonly lines: string[] = [];
  #rest = '';
  #next = 0;
  #waiter: Waiter | undefined;

  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    this.lines.push(...lines);
    this.#look();
  }

  end(error: Error): void {
    if (this.#rest) this.take('\n');
    this.#waiter?.reject(error);
    this.#waiter = undefined;
  }

  /** The next line that matches; those before it are passed over. */
  wait(pattern: RegExp): Promise<RegExpExecArray> {
    if (this.#waiter) throw new Error(`${this.#waiter.pattern} is awaited already`);
    return new Promise((resolve, reject) => {
      this.#waiter = { pattern, resolve, reject };
      this.#look();
    });
  }

  #look(): void {
    while (this.#waiter && this.#next < this.lines.length) {
      const match = this.#waiter.pattern.exec(this.lines[this.#next++]!);
      if (!match) continue;
      this.#waiter.resolve(match);
      this.#waiter = undefined;
    }
  }
}

export interface Outcome {
  /** Its exit status, or the signal that killed it. */
  readonly status: number | NodeJS.Signals;
  /** What it wrote to its standard output, in lines. */
  readonly lines: readonly string[];
  readonly errors: readonly string[];
}

export class Child {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #out = new Lines();
  readonly #err = new Lines();
  /** How it ended, and what it wrote. */
  readonly outcome: Promise<Outcome>;

  constructor([command, ...args]: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const child = spawn(command!, args, { env: { ...process.env, ...environment } });
    this.#child = child;
    alive.add(this);
    const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT);
    child.stdin.on('error', () => {}); // it has ended: its outcome says so
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#out.take(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#err.take(text));
    this.outcome = new Promise((resolve, reject) => {
      child.on('error', (error) => {
        clearTimeout(timer);
        alive.delete(this);
        reject(error);
      });
      child.on('close', (status, signal) => {
        clearTimeout(timer);
        alive.delete(this);
        for (const output of [this.#out, this.#err]) {
          output.end(new Error(`${args.join(' ')} ended (${signal ?? status}) before it said so: ${this.#heard()}`));
        }
        resolve({ status: signal ?? status!, lines: this.#out.lines, errors: this.#err.lines });
      });
    });
    this.outcome.catch(() => {}); // whoever awaits it hears of it
  }

  #heard(): string {
    return JSON.stringify([...this.#out.lines, ...this.#err.lines]);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The next line on its standard output that matches. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#out.wait(pattern);
  }

  /** The next line on its standard error that matches. */
  error(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#err.wait(pattern);
  }

  /** The port that it says. */
  async port(): Promise<string> {
    return (await this.line(/port ([1-9]\d*)/))[1]!;
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Ends its standard input. */
  end(): void {
    this.#child.stdin.end();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
