// Instructions that the addon’s own code spends on a call of send and recv, and the functions that it calls. Valgrind’s
// callgrind counts them, so the count is the same in each run.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { noCallgrind, underCallgrind } from './callgrind.js';

/** How many calls native_calls.mjs makes of each function. */
const CALLS = 1000;

interface Budget {
  /** Instructions of native/*.cpp a call: about 15 % more than g++ 12 needs. */
  readonly own: number;
  /** Whom it calls, of Node-API and of C: exactly these. Memory is not among them. */
  readonly calls: Readonly<Record<string, number>>;
}
const fast = (call: string): Budget => ({
  own: 67,
  calls: { napi_get_cb_info: 1, napi_get_typedarray_info: 1, [call]: 1 },
});
const checked = (call: string): Budget => ({
  own: 407,
  calls: { napi_get_cb_info: 1, napi_get_value_double: 3, napi_get_buffer_info: 1, [call]: 1, napi_create_double: 1 },
});
const budgets: Readonly<Record<string, Budget>> = {
  'send, fast': fast('send'),
  'send, checked': checked('send'),
  'recv, fast': fast('recv'),
  'recv, checked': checked('recv'),
};

interface Count {
  own: number;
  /** What the addon calls: how often, and the instructions of all that happens there. */
  readonly callees: Map<string, { calls: number; instructions: number }>;
}

/** What callgrind says of the addon (`ob=` names the binary of the lines that follow, `cob=` and `cfn=` a callee), a call. */
function countOf(profile: string): Count {
  const count: Count = { own: 0, callees: new Map() };
  let binary = '';
  let callee = { binary: '', name: '', calls: 0 };
  for (const line of profile.split('\n')) {
    const [, key, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key === 'ob') binary = value;
    else if (key === 'fn') callee = { binary, name: '', calls: 0 };
    else if (key === 'cob') callee.binary = value;
    else if (key === 'cfn')
      callee.name = value.replace(/^_+|@.*/g, ''); // __send, send@@GLIBC_2.2.5
    else if (key === 'calls') callee.calls = Number.parseInt(value, 10);
    const [, instructions] = /^\d+ (\d+)$/.exec(line) ?? [];
    if (instructions === undefined || !binary.endsWith('.node')) continue;
    if (callee.calls === 0) count.own += Number(instructions) / CALLS;
    else if (callee.binary !== binary) {
      const sum = count.callees.get(callee.name) ?? { calls: 0, instructions: 0 };
      sum.calls += callee.calls / CALLS;
      sum.instructions += Number(instructions) / CALLS;
      count.callees.set(callee.name, sum);
    }
    callee = { binary, name: '', calls: 0 };
  }
  return count;
}

const counted = (): Promise<Map<string, Count>> =>
  underCallgrind(
    // --jitless: less to translate, and no code that changes.
    ['--jitless', fileURLToPath(new URL('native_calls.mjs', import.meta.url))],
    // The first mark ends what came before; from then on every second one ends a thousand calls.
    (output, profile) =>
      new Map(
        output
          .trimEnd()
          .split('\n')
          .map((name, i) => [name, countOf(profile(2 * i + 2))]),
      ),
  );

test('instructions a call', { timeout: 180_000 }, async ({ skip }) => {
  skip(noCallgrind !== '', noCallgrind);
  const counts = await counted();
  for (const [name, { own, callees }] of counts) {
    const others = [...callees].map(
      ([callee, { calls, instructions }]) =>
        `${callee} ${instructions.toFixed(0)}${calls === 1 ? '' : ` (${calls} calls)`}`,
    );
    console.log(`${name}: ${own.toFixed(0)} instructions of its own; ${others.join(', ')}`);
  }
  expect([...counts.keys()]).toEqual(Object.keys(budgets));
  for (const [name, { own, callees }] of counts) {
    const budget = budgets[name]!;
    expect.soft(own, name).toBeGreaterThan(0);
    expect.soft(own, name).toBeLessThanOrEqual(budget.own);
    const calls = [...callees].map(([callee, { calls }]) => [callee, calls]);
    expect.soft(Object.fromEntries(calls), name).toEqual(budget.calls);
  }
});
