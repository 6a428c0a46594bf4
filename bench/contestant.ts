// Benchmark: what every TypeScript contestant shares; contestant.h is its C twin.
import { createInterface } from 'node:readline';
import { array, char, perror, printf, read } from 'bsd-sockets/c';

/** Ends the process with standard input. For each line "n" on standard input: makes n rounds, and prints their nanoseconds (its own figure, where `rounds` gives one). */
export function contest(rounds: (n: number) => bigint | undefined): never {
  const line = new (array(char, 32))();
  for (;;) {
    const length = read(0, line, 32);
    if (length <= 0) process.exit(0);
    const n = Number.parseInt(String(line.subarray(0, length)), 10);
    const start = process.hrtime.bigint();
    const own = rounds(n);
    printf('%lld\n', own ?? process.hrtime.bigint() - start);
  }
}

/** The same for what lives on the event loop. */
export async function contestOnTheLoop(rounds: (n: number) => Promise<bigint | undefined>): Promise<never> {
  for await (const line of createInterface({ input: process.stdin })) {
    const start = process.hrtime.bigint();
    const own = await rounds(Number.parseInt(line, 10));
    process.stdout.write(`${own ?? process.hrtime.bigint() - start}\n`);
  }
  process.exit(0);
}

/** C's way out. */
export function die(what: string): never {
  perror(what);
  process.exit(1);
}
