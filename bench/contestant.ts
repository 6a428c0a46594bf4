// Benchmark: what every TypeScript contestant shares; contestant.h is its C twin.
import { array, char, perror, printf, read } from 'bsd-sockets/c';

/** For each line "n" on standard input: makes n rounds, and prints their nanoseconds (its own figure, where `rounds` gives one). */
export function contest(rounds: (n: number) => bigint | undefined): void {
  const line = new (array(char, 32))();
  for (;;) {
    const length = read(0, line, 32);
    if (length <= 0) return;
    const n = Number.parseInt(String(line.subarray(0, length)), 10);
    const start = process.hrtime.bigint();
    const own = rounds(n);
    printf('%lld\n', own ?? process.hrtime.bigint() - start);
  }
}

/** C's way out. */
export function die(what: string): never {
  perror(what);
  process.exit(1);
}
