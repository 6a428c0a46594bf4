// Tests of a Poller's arguments: events, options, time-outs, and a second start().
import {
  AF_UNIX,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  POLLPRI,
  POLLRDBAND,
  POLLRDHUP,
  POLLRDNORM,
  POLLWRBAND,
  POLLWRNORM,
  Poller,
  poll,
  SOCK_STREAM,
  Socket,
  select,
  WouldBlockError,
} from 'bsd-sockets';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { unixStream } from '../support/socket_kinds.js';
import { connectedPair, thrownError } from '../support/sockets.js';

const poller = (): Poller => closeAfterTest(new Poller());

describe.for(['add', 'modify'] as const)('events of %s', (method) => {
  const call = (events: number): unknown => {
    const [a] = connectedPair(unixStream);
    const p = poller();
    if (method === 'modify') p.add(a, POLLIN);
    return p[method](a, events);
  };
  const all = { POLLIN, POLLOUT, POLLPRI, POLLRDHUP, POLLRDNORM, POLLRDBAND, POLLWRNORM, POLLWRBAND };
  it.for(Object.entries(all))('%s is taken, alone and with POLLERR and POLLHUP', ([name, bit]) => {
    if (bit === undefined) return console.log(`skipped: ${name} is not of this platform`);
    call(bit);
    call(bit | POLLERR | POLLHUP);
  });
  it('POLLERR, POLLHUP and nothing are taken: they are reported anyway', () => {
    for (const events of [0, POLLERR, POLLHUP]) call(events);
  });
  it('every other bit is a RangeError', () => {
    const askable = Object.values(all).reduce<number>((bits, bit) => bits | (bit ?? 0), POLLERR | POLLHUP);
    for (let bit = 0; bit < 32; bit++) {
      const events = (1 << bit) >>> 0;
      if ((askable & events) !== 0) continue;
      expect(thrownError(() => call(events))).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    }
    for (const events of [-1, 2 ** 32, 2 ** 53, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(thrownError(() => call(events))).toBeInstanceOf(RangeError);
    for (const events of ['1', null, undefined, {}, 1n])
      expect(thrownError(() => call(events as never))).toBeInstanceOf(TypeError);
  });
});

it.runIf(process.platform === 'linux')('exclusive: an event wakes one of two pollers, or more, but not none', () => {
  const [a, b] = connectedPair(unixStream);
  const pollers = [poller(), poller()];
  for (const p of pollers) p.add(a, POLLIN, { exclusive: true });
  b.send('x');
  expect(pollers.flatMap((p) => [...p.wait(0)]).length).toBeGreaterThan(0);
  // What the kernel refuses beside it is the kernel's error.
  expect(thrownError(() => pollers[0]!.modify(a, POLLIN))).toMatchObject({ code: 'EINVAL', syscall: 'epoll_ctl' });
  expect(thrownError(() => poller().add(b, POLLIN, { exclusive: true, oneshot: true }))).toMatchObject({
    code: 'EINVAL',
  });
});

it('time-outs mean the same for wait, poll and select', () => {
  const [a] = connectedPair(unixStream);
  const p = poller().add(a, POLLOUT);
  const calls = [
    (timeout: unknown) => p.wait(timeout as number),
    (timeout: unknown) => poll([{ socket: a, events: POLLOUT }], timeout as number),
    (timeout: unknown) => select({ write: [a] }, timeout as number),
  ];
  for (const call of calls) {
    expect(thrownError(() => call(Number.NaN))).toMatchObject({ name: 'RangeError' });
    for (const timeout of ['1', {}, 1n, true])
      expect(thrownError(() => call(timeout))).toMatchObject({ name: 'TypeError' });
    // It is ready: none of these blocks.
    for (const timeout of [undefined, null, -1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0.5, 2 ** 40])
      call(timeout);
  }
});

it('a second start() is ERR_INVALID_STATE, no error of a system call, and the first goes on', async () => {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  closeAfterTest(b).send('x');
  const p = poller().add(closeAfterTest(a), POLLIN);
  const reported = new Promise<number>((resolve) => {
    p.start((ready) => {
      for (const { events } of ready) resolve(events);
      p.stop();
    });
  });
  const error = thrownError(() => p.start(() => {}));
  expect(error).toMatchObject({ code: 'ERR_INVALID_STATE' });
  expect(error).not.toBeInstanceOf(WouldBlockError);
  expect(await reported).toBe(POLLIN);
  p.start(() => {}).stop();
});
