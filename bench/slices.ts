// Benchmark: contestants take turns in short slices, and ratios are taken within a turn, so that a machine whose speed drifts slows
// all of them alike.
import type { Contestant } from './contestants.js';

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

/** How turns are taken. */
export interface Turns {
  readonly turns: number;
  /** How long a slice should be; a contestant's number of rounds follows from it, if `rounds` does not say it. */
  readonly sliceMs: number;
  readonly rounds?: number | undefined;
  /** All at once: where what is measured is not time. */
  readonly together?: boolean | undefined;
  readonly progress: (done: number, of: number) => void;
}

const WARM_UPS = 6;

/** How many rounds fill a slice, once the contestant is warm. */
async function roundsIn(contestant: Contestant, sliceMs: number): Promise<number> {
  let n = 64;
  for (let i = 0; i < WARM_UPS; i++) {
    const start = performance.now();
    await contestant.run(n);
    // From few to many by steps: the first rounds of all are slow.
    n = Math.max(64, Math.min(100 * n, Math.round((n * sliceMs) / (performance.now() - start))));
  }
  return n;
}

/** What each contestant took for a round, in each turn. */
export async function takeTurns(
  contestants: readonly Contestant[],
  { turns, sliceMs, rounds, together, progress }: Turns,
): Promise<number[][]> {
  const sizes: number[] = [];
  for (const contestant of contestants) sizes.push(rounds ?? (await roundsIn(contestant, sliceMs)));
  const samples: number[][] = contestants.map(() => []);
  for (let turn = 0; turn < turns; turn++) {
    // Every other turn backwards: nobody always runs behind the same one.
    const order = contestants.map((_, i) => (turn % 2 ? contestants.length - 1 - i : i));
    const run = async (i: number): Promise<void> => {
      samples[i]!.push((await contestants[i]!.run(sizes[i]!)) / sizes[i]!);
    };
    if (together) await Promise.all(order.map(run));
    else for (const i of order) await run(i);
    progress(turn + 1, turns);
  }
  return samples;
}
