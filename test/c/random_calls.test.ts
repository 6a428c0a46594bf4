// Calls with random arguments: any function with a mix of good, wrong and random ones. RANDOM_SECONDS is the duration.
import * as c from 'bsd-sockets/c';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Call, cCalls } from '../support/c_calls.js';
import { cMacros } from '../support/c_macros.js';
import { type Argument, CallFixture } from '../support/call_arguments.js';
import { closeAll } from '../support/cleanup.js';

const seconds = Number(process.env.RANDOM_SECONDS ?? 2);
const functions = c as unknown as Record<string, (...args: unknown[]) => unknown>;
const rows = [...cCalls, ...cMacros].filter(({ unsafe }) => !unsafe);

/** How an argument is chosen: by a die, an index into a list, and a number. */
type Choice = readonly [die: number, index: number, number: number];
const choice = fc.tuple(fc.nat(9), fc.nat(1000), fc.oneof(fc.integer({ min: -3, max: 80 }), fc.maxSafeInteger()));
const made = fc.tuple(fc.nat(rows.length - 1), fc.array(choice, { minLength: 7, maxLength: 7 }));

function value(argument: Argument, [die, index, number]: Choice, f: CallFixture): unknown {
  const { any, wrong } = argument;
  const bad = typeof argument.bad === 'function' ? argument.bad(f) : argument.bad;
  if (die === 9) return wrong[index % wrong.length]![1]();
  if (argument.waits) return argument.good(f);
  if (die >= 7 && bad.length > 0) return bad[index % bad.length]![1]();
  if (die >= 4 && any !== undefined) {
    if (any === 'int') return number;
    if (any === 'size') return index % 2 ? BigInt(number) : number;
    const bytes = f.memory(index % (2 * any + 1));
    return die === 4 ? bytes.fill(number) : bytes;
  }
  return argument.good(f);
}

function make({ name, args, gives }: Call, choices: readonly Choice[], f: CallFixture): void {
  const values = args.map((argument, i) => value(argument, choices[i]!, f));
  c.set_errno(0);
  let result: unknown;
  try {
    result = functions[name]!(...values);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return;
    throw error;
  }
  if (gives === 'a descriptor') f.given(result as number);
  if (gives === 'descriptors' && result === 0) {
    for (const fd of c.array(c.int, 2).at(values[name === 'pipe2' ? 0 : values.length - 1] as c.Pointer)) f.given(fd);
  }
  if (result === -1 && gives !== undefined) expect(c.errno).toBeGreaterThan(0);
}

test(`random calls for ${seconds} s`, { timeout: (seconds + 60) * 1000 }, () => {
  let calls = 0;
  const property = fc.property(fc.array(made, { minLength: 1, maxLength: 60 }), (list) => {
    const f = new CallFixture();
    try {
      for (const [row, choices] of list) {
        calls++;
        make(rows[row]!, choices, f);
        expect(f.intact(), rows[row]!.name).toBe(true);
      }
    } finally {
      f.close();
      closeAll();
    }
  });
  fc.assert(property, { numRuns: 1_000_000_000, interruptAfterTimeLimit: seconds * 1000 });
  console.log(`${calls} random calls`);
});
