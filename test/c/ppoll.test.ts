// ppoll(2). Linux.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { connectedPair, errnoName, must } from '../support/descriptors.js';
import { unixStream } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';

test.runIf(linux)('ppoll returns each descriptor’s events and leaves the time-out alone', () => {
  const [a, b] = connectedPair(unixStream);
  const fds = new (c.array(c.pollfd, 3))([
    { fd: a, events: c.POLLIN },
    { fd: b, events: c.flags(c.POLLIN, c.POLLOUT) },
    { fd: -1, events: c.POLLIN },
  ]);
  const timeout = new c.timespec({ tv_sec: 5, tv_nsec: 7 });
  expect(c.ppoll(fds, 3, timeout, null)).toBe(1);
  expect([fds[0].revents, fds[1].revents, fds[2].revents]).toEqual([0, c.POLLOUT, 0]);
  expect([timeout.tv_sec, timeout.tv_nsec]).toEqual([5, 7]);
  must(c.shutdown(b, c.SHUT_WR));
  fds[0].events = c.flags(c.POLLIN, c.POLLRDHUP);
  expect(c.ppoll(fds[0], 1, null, new c.sigset_t())).toBe(1);
  expect(fds[0].revents).toBe(c.flags(c.POLLIN, c.POLLRDHUP));
});

test.runIf(linux)('ppoll works without descriptors, with time-outs, and fails if the memory is too small', () => {
  const fds = new (c.array(c.pollfd, 2))();
  expect(c.ppoll(null, 0, new c.timespec(), null)).toBe(0);
  expect(c.ppoll(fds, 0, new c.timespec({ tv_nsec: 1 }), null)).toBe(0);
  expect(errnoName(() => c.ppoll(fds, 0, new c.timespec({ tv_sec: -1 }), null))).toBe('EINVAL');
  expect(errnoName(() => c.ppoll(fds, 3, new c.timespec(), null))).toBe('EFAULT');
  expect(errnoName(() => c.ppoll(fds, -1, new c.timespec(), null))).toBe('EFAULT');
  expect(errnoName(() => c.ppoll(fds, 2n ** 61n, new c.timespec(), null))).toBe('EFAULT');
  expect(errnoName(() => c.ppoll(fds, 0, new Uint8Array(15), null))).toBe('EFAULT');
  expect(errnoName(() => c.ppoll(fds, 0, new c.timespec(), new Uint8Array(64)))).toBe('EFAULT');
  expect(() => c.ppoll(fds, 0.5, null, null)).toThrow(TypeError);
});

test.runIf(!linux)('ppoll fails with ENOSYS on macOS', () => {
  expect(errnoName(() => c.ppoll(null, 0, null, null))).toBe('ENOSYS');
});
