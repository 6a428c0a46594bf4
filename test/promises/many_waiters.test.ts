// Tests of many calls that wait on one socket: closing it, aborting them by one signal, and their time-outs cost as much for each of many as
// for each of few, and every call is rejected.
import { AF_UNIX, BadDescriptorError, SOCK_STREAM } from 'bsd-sockets';
import { Socket, type WaitOptions } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import '../support/promise_sockets.js'; // makes the event loop's own poller before the tests

const buffer = new Uint8Array(1);
interface Way {
  readonly code: string;
  readonly options?: (signal: AbortSignal) => WaitOptions;
  readonly end?: (socket: Socket, stop: AbortController) => void;
}
const ways: Readonly<Record<string, Way>> = {
  close: { code: 'EBADF', end: (socket) => socket.close() },
  'close, of calls with options': {
    code: 'EBADF',
    options: () => ({ timeout: 600_000 }),
    end: (socket) => socket.close(),
  },
  detach: { code: 'EBADF', end: (socket) => void closeAfterTest(socket.detach()) },
  'an abort': { code: 'ABORT_ERR', options: (signal) => ({ signal }), end: (_, stop) => stop.abort() },
  'time-outs': { code: 'ETIMEDOUT', options: () => ({ timeout: 100 }) },
};
/** The processor's microseconds that the end of that many waiting calls takes. */
async function cost({ code, options, end }: Way, count: number): Promise<number> {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  closeAfterTest(a);
  closeAfterTest(b);
  const stop = new AbortController();
  const limits = options?.(stop.signal);
  const waiting = Array.from({ length: count }, () => (limits ? a.recv(buffer, limits) : a.recv(buffer)));
  const settled = Promise.allSettled(waiting);
  const before = process.cpuUsage();
  end?.(a, stop);
  const results = await settled;
  const { user, system } = process.cpuUsage(before);
  const codes = new Set(
    results.map((result) => (result.status === 'rejected' ? (result.reason as { code: string }).code : 'served')),
  );
  expect([...codes]).toEqual([code]);
  // Each has an error of its own.
  expect(new Set(results.map((result) => (result as PromiseRejectedResult).reason as unknown)).size).toBe(count);
  return user + system;
}

describe.for(Object.entries(ways))('%s', ([, way]) => {
  it('costs grow linearly', async () => {
    await cost(way, 2000);
    const [few, many] = [await cost(way, 4000), await cost(way, 32_000)];
    // Eight times as many. A quadratic cost is sixty-four times as high.
    expect(many / Math.max(few, 1000)).toBeLessThan(30);
  }, 60_000);
});

it('errors of many are errors: class, call, a stack, and no unhandled rejection', async () => {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  closeAfterTest(b);
  const errors = Array.from({ length: 200 }, (_, i) =>
    (i % 2 ? a.recv(buffer) : a.recvExactly(buffer)).then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  a.close();
  const all = await Promise.all(errors);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  for (const [i, error] of all.entries()) {
    expect(error).toBeInstanceOf(BadDescriptorError);
    expect(error).toMatchObject({ code: 'EBADF', syscall: 'recv', ...(i % 2 ? {} : { bytes: 0 }) });
    expect((error as Error).stack).toMatch(/^BadDescriptorError: recv EBADF\n {4}at .*many_waiters\.test/);
  }
});
