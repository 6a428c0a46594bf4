// `npm run watch` runs the tests that a change affects: through imports, through programs that a test starts, and through the bundle.
import { expect, it } from 'vitest';
import { affectedTests } from '../../scripts/affected.mjs';

it.each([
  ['a test', 'test/c/send.test.ts', ['test/c/send.test.ts'], ['test/c/recv.test.ts']],
  ['a fixture', 'test/support/memory.ts', ['test/c/send.test.ts'], ['test/c/epoll.test.ts']],
  ['a program that a test starts', 'test/socket/leak.mjs', ['test/socket/ownership.test.ts'], ['test/c/send.test.ts']],
  ['the streams', 'lib/events/streams.ts', ['test/promises/streams.test.ts'], ['test/socket/pair.test.ts']],
  ['the typed layer', 'lib/socket/batch.ts', ['test/socket/message_batch.test.ts'], ['test/c/send.test.ts']],
  ['the C layer', 'lib/c/poll.ts', ['test/c/poll.test.ts'], []],
  ['an example', 'examples/programs/ping.c', ['test/programs/examples.test.ts'], ['test/c/send.test.ts']],
])('a change of %s (%s)', (_name, changed, affected, others) => {
  const tests = affectedTests([changed]);
  for (const test of affected) expect(tests).toContain(test);
  for (const test of others) expect(tests).not.toContain(test);
});

it('a change of the addon affects every test', () => {
  expect(affectedTests(['native/call.cpp']).length).toBeGreaterThan(100);
});
