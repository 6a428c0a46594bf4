// Benchmark: contestants that run side by side. Each is a process that makes n rounds when told so and says how long they took; they
// take turns in short slices, and ratios are taken within a turn, so that a machine whose speed drifts slows both alike.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** One program that measures itself. */
export class Contestant {
  readonly name: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  constructor(name: string, command: string, args: readonly string[]) {
    this.name = name;
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Nanoseconds that `n` rounds took. */
  async run(n: number): Promise<number> {
    this.#process.stdin.write(`${n}\n`);
    const answer = await this.#answers.next();
    if (answer.done)
      throw new Error(`${this.name}: ended in mid-run (exit ${this.#process.exitCode ?? this.#process.signalCode})`);
    return Number(answer.value);
  }

  close(): void {
    this.#process.stdin.end();
  }
}

/** A set of samples. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spread(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { min: sorted[0]!, median, max: sorted[sorted.length - 1]! };
}

export interface Row {
  readonly name: string;
  /** Nanoseconds a round. */
  readonly time: Spread;
  /** To the first contestant, slice by slice. */
  readonly ratio: Spread;
}

/** Lets the contestants take turns; the first one is what the others are compared with. */
export async function takeTurns(
  contestants: readonly Contestant[],
  { turns = 60, sliceMs = 60, progress = (_done: number, _of: number): void => {} } = {},
): Promise<Row[]> {
  const sizes: number[] = [];
  for (const contestant of contestants) {
    // Warm-up, until the code is compiled and a slice's length is known.
    let [n, took] = [1000, 0];
    for (let i = 0; i < 6; i++) {
      took = await contestant.run(n);
      n = Math.max(1000, Math.round((n * sliceMs * 1e6) / took));
    }
    sizes.push(n);
  }
  const times: number[][] = contestants.map(() => []);
  for (let turn = 0; turn < turns; turn++) {
    // Every other turn backwards: nobody always runs behind the same one.
    const order = contestants.map((_, i) => (turn % 2 ? contestants.length - 1 - i : i));
    for (const i of order) times[i]!.push((await contestants[i]!.run(sizes[i]!)) / sizes[i]!);
    progress(turn + 1, turns);
  }
  return contestants.map(({ name }, i) => ({
    name,
    time: spread(times[i]!),
    ratio: spread(times[i]!.map((time, turn) => time / times[0]![turn]!)),
  }));
}
