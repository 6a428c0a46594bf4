// Bytes of heap that the hot paths allocate. Most allocate none, so they never wait for the garbage collector; those that
// return something new have a ceiling.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Measured {
  readonly name: string;
  readonly collections: number;
  /** Of the heap, a call. */
  readonly bytes: number;
}

/** What allocates, with its ceiling: about a quarter more than the most that was measured with Node 20, 22 and 24. */
const ceilings: Readonly<Record<string, number>> = {
  'Poller.wait with a time-out': 20, // the clock's number
  'beyond 31 bits': 60, // such a number is an object of 16 bytes, unless the compiler inlines it all
  'for of an array of structs': 210,
  inet_ntop: 40,
  htobe64: 60,
  'Socket.sendto': 540,
  'Socket.recvfrom': 810,
  'Socket.tryRecvfrom: null': 200,
  'Socket.sendmsg': 520,
  'Socket.recvmsg': 1220,
  'Socket.accept, close': 900,
  'Socket.getsockname': 250,
  'Socket.getsockopt': 1440,
  'MessageBatch.data': 120,
  'MessageBatch.address': 370,
  'promises: send': 950,
  'promises: recv': 420,
  'promises: recv that waits': 2480, // a turn of the event loop included, which is the next row
  'a turn of the event loop': 1190,
};

/** Less than a number that is an object (16 bytes) in every thirtieth call. */
const NOTHING = 0.5;

// --single-threaded: code is compiled where it is asked for, not by a thread that a busy machine delays. Until then, objects that the
// compiler would leave out are allocated: Socket.sendmsg took 592 bytes beside other programs, and takes 112 so, at each run.
function measured(): readonly Measured[] {
  const program = fileURLToPath(new URL('hot_paths.mjs', import.meta.url));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--single-threaded', '--expose-gc', '--max-semi-space-size=1', program],
    {
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
  if (status !== 0) throw new Error(`hot_paths.mjs ended with ${status}: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured);
}

const linux = process.platform === 'linux';
if (!linux) console.log('skipped: among the hot paths are calls that only Linux has');
const rows = linux ? measured() : [];

test.skipIf(!linux)('every ceiling belongs to a path', () => {
  const names = new Set(rows.map(({ name }) => name));
  expect(names).toContain('pair');
  expect(Object.keys(ceilings).filter((name) => !names.has(name))).toEqual([]);
});

for (const { name, collections, bytes } of rows) {
  const ceiling = ceilings[name];
  test(`${name}: ${ceiling === undefined ? 'nothing' : `at most ${ceiling} bytes a call`}`, () => {
    expect(bytes).toBeLessThan(ceiling ?? NOTHING);
    expect(bytes).toBeGreaterThan(-NOTHING); // the meter itself
    if (ceiling === undefined) expect(collections).toBe(0);
  });
}
