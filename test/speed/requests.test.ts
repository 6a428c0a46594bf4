// What one request costs an echo server on the event loop, in instructions outside the kernel and in bytes of heap, and what a connection
// costs that waits.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { noCallgrind, totalOf, underCallgrind } from './callgrind.js';

/** The most that a request may take, by how its recv went; and the heap of an idle connection. About a tenth above what Node 20 takes. */
interface Budget {
  /** The recv finds nothing, waits, and is woken. */
  readonly waiting: { readonly instructions: number; readonly bytes: number };
  /** The recv finds the request: of two requests on each connection, the second. */
  readonly tried?: { readonly instructions: number; readonly bytes: number };
  readonly idle: number;
}
const budgets: Readonly<Record<string, Budget>> = {
  recv: { waiting: { instructions: 5500, bytes: 700 }, tried: { instructions: 2800, bytes: 530 }, idle: 1400 },
  recvBytes: { waiting: { instructions: 8000, bytes: 1000 }, tried: { instructions: 4300, bytes: 820 }, idle: 1200 },
  Poller: { waiting: { instructions: 2100, bytes: 1 }, idle: 400 },
};

/** What requests.mjs prints. */
interface Printed {
  readonly connections: number;
  readonly counted: number;
  /** Of a turn with no request, with one a connection, with two. */
  readonly bytesOfTurns: readonly number[];
  readonly idle: number;
}
const commandOf = (server: string): string[] => [
  '--single-threaded', // code is compiled at once, at each run after the same call
  '--expose-gc',
  fileURLToPath(new URL('requests.mjs', import.meta.url)),
  server,
];
const median = (list: readonly number[]): number => list.toSorted((x, y) => x - y)[list.length >> 1]!;

/** Of turns with no request, one, two …: what the first request takes, then what the second takes. */
const perRequest = (turns: readonly number[], connections: number): number[] =>
  turns.slice(1).map((turn, i) => (turn - turns[i]!) / connections);

/** Another version's V8 compiles otherwise. */
const otherNode = process.versions.node.startsWith('20.') ? '' : 'the budgets are of Node 20';
const notLinux = process.platform === 'linux' ? '' : 'the program raises its limit of descriptors as Linux has it';

describe.each(Object.entries(budgets))('%s', (server, { waiting, tried, idle }) => {
  test('bytes', { timeout: 60_000 }, ({ skip }) => {
    const reason = otherNode || notLinux;
    skip(reason !== '', reason);
    const { stdout, stderr, status } = spawnSync(process.execPath, commandOf(server), { encoding: 'utf8' });
    if (status !== 0) throw new Error(`requests.mjs ended with ${status}: ${stderr}`);
    const printed = JSON.parse(stdout) as Printed;
    const found = perRequest(printed.bytesOfTurns, printed.connections);
    console.log(`${server}: ${found.map(Math.round).join(', ')} bytes a request; ${Math.round(printed.idle)} idle`);
    expect.soft(found[0]).toBeLessThanOrEqual(waiting.bytes);
    if (tried !== undefined) expect.soft(found[1]).toBeLessThanOrEqual(tried.bytes);
    expect.soft(printed.idle).toBeLessThanOrEqual(idle);
    expect.soft(Math.min(...found)).toBeGreaterThan(-1); // the meter itself
    expect.soft(printed.idle).toBeGreaterThan(0);
  });

  test('instructions', { timeout: 180_000 }, async ({ skip }) => {
    const reason = otherNode || noCallgrind;
    skip(reason !== '', reason);
    const found = await underCallgrind(commandOf(server), (output, profile) => {
      const { connections, counted, bytesOfTurns } = JSON.parse(output) as Printed;
      // Two marks a turn: every second one ends it.
      const turns = bytesOfTurns.map((_, kind) =>
        median(Array.from({ length: counted }, (_, i) => totalOf(profile(2 * (kind * counted + i) + 2)))),
      );
      return perRequest(turns, connections);
    });
    console.log(`${server}: ${found.map(Math.round).join(', ')} instructions a request`);
    expect.soft(found[0]).toBeLessThanOrEqual(waiting.instructions);
    if (tried !== undefined) expect.soft(found[1]).toBeLessThanOrEqual(tried.instructions);
    expect.soft(Math.min(...found)).toBeGreaterThan(0);
  });
});
