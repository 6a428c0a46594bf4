// Benchmark: a program that is told lines, and answers with lines.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export class Child {
  readonly #name: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, [command, ...args]: readonly string[]) {
    this.#name = name;
    this.#process = spawn(command!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }
  get pid(): number {
    return this.#process.pid!;
  }
  /** The next line that it prints. */
  async line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done)
      throw new Error(`${this.#name}: ended in mid-run (exit ${this.#process.exitCode ?? this.#process.signalCode})`);
    return value;
  }
  /** Its answer to a line. */
  ask(line: string): Promise<string> {
    this.#process.stdin.write(`${line}\n`);
    return this.line();
  }
  /** Every program here ends with its standard input. */
  end(): void {
    this.#process.stdin.end();
  }
}
