// Benchmark, group echo: servers that stay up side by side, and one load generator that goes round them.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { SIZE } from './server.js';

/** A server, as a program. */
export interface Server {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** A server that is up, with its connections. */
export interface Echo {
  readonly name: string;
  readonly pid: number;
  /** Nanoseconds that `requests` took: by the clock, and of the server's CPU. */
  run(requests: number): Promise<{ wall: number; cpu: number }>;
  /** Has the server collect its garbage. */
  collect(): Promise<void>;
  /** Ends the server; the last one ends the load generator, too. */
  close(): void;
}

/** A program that answers lines with lines. */
class Program {
  readonly #name: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor({ name, command, args }: Server) {
    this.#name = name;
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }
  get pid(): number {
    return this.#process.pid!;
  }
  async line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`${this.#name}: ended (exit ${this.#process.exitCode ?? this.#process.signalCode})`);
    return value;
  }
  ask(line: string): Promise<string> {
    this.#process.stdin.write(`${line}\n`);
    return this.line();
  }
  end(): void {
    this.#process.stdin.end();
  }
}

/** Starts the servers, and opens `connections` to each. */
export async function startEcho(
  servers: readonly Server[],
  connections: number,
  loadBinary: string,
): Promise<readonly Echo[]> {
  const programs: Program[] = [];
  try {
    const addresses: string[] = [];
    for (const server of servers) {
      const program = new Program(server);
      programs.push(program);
      addresses.push(`${await program.line()}:${program.pid}`);
    }
    const load = new Program({ name: 'load', command: loadBinary, args: [`${connections}`, `${SIZE}`, ...addresses] });
    await load.line();
    let open = programs.length;
    return programs.map((program, i) => ({
      name: servers[i]!.name,
      pid: program.pid,
      async run(requests) {
        const [wall, cpu] = (await load.ask(`${i} ${requests}`)).split(' ');
        return { wall: Number(wall), cpu: Number(cpu) };
      },
      async collect() {
        await program.ask('gc');
      },
      close() {
        program.end();
        if (--open === 0) load.end();
      },
    }));
  } catch (error) {
    for (const program of programs) program.end();
    throw error;
  }
}
