// Benchmark: what the contestants of other packages share; ../contestant.ts is its twin.
import { createInterface } from 'node:readline';

/**
 * For each line "n" on standard input: makes n rounds, and prints their nanoseconds.
 * @param {(n: number) => Promise<void> | void} rounds
 */
export async function contest(rounds) {
  for await (const line of createInterface({ input: process.stdin })) {
    const start = process.hrtime.bigint();
    await rounds(Number.parseInt(line, 10));
    process.stdout.write(`${process.hrtime.bigint() - start}\n`);
  }
  process.exit(0);
}

/**
 * The same for a socket that tells of what came by an event: a round is a `send` and the event, upon which `received` is to be called.
 * @param {() => void} send
 */
export function contestByEvents(send) {
  let left = 0;
  let done = () => {};
  const received = () => {
    if (--left === 0) done();
    else send();
  };
  void contest(
    (n) =>
      new Promise((resolve) => {
        [left, done] = [n, resolve];
        send();
      }),
  );
  return received;
}
