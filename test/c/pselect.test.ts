// pselect(2).
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { connectedPair, errnoName, must } from '../support/descriptors.js';
import { unixStream } from '../support/socket_kinds.js';

test('pselect leaves the ready descriptors in the sets, and the time-out alone', () => {
  const [a, b] = connectedPair(unixStream);
  must(c.send(b, 'x', 1, 0));
  const [reads, writes] = [new c.fd_set(), new c.fd_set()];
  for (const fd of [a, b]) {
    c.FD_SET(fd, reads);
    c.FD_SET(fd, writes);
  }
  const timeout = new c.timespec({ tv_sec: 5, tv_nsec: 7 });
  expect(c.pselect(c.MAX(a, b) + 1, reads, writes, null, timeout, null)).toBe(3);
  expect([c.FD_ISSET(a, reads), c.FD_ISSET(b, reads), c.FD_ISSET(a, writes), c.FD_ISSET(b, writes)]).toEqual([
    1, 0, 1, 1,
  ]);
  expect([timeout.tv_sec, timeout.tv_nsec]).toEqual([5, 7]);
});

test('pselect takes a time-out and a signal mask', () => {
  const [a] = connectedPair(unixStream);
  const set = new c.fd_set();
  c.FD_SET(a, set);
  expect(c.pselect(a + 1, set, null, null, new c.timespec(), new c.sigset_t())).toBe(0);
  expect(c.FD_ISSET(a, set)).toBe(0);
  expect(c.pselect(0, null, null, null, new c.timespec({ tv_nsec: 1 }), null)).toBe(0);
  expect(errnoName(() => c.pselect(0, null, null, null, new c.timespec({ tv_nsec: 1e9 }), null))).toBe('EINVAL');
});

test('pselect fails if the memory is too small or a descriptor is invalid', () => {
  const [a] = connectedPair(unixStream);
  const set = new c.fd_set();
  expect(errnoName(() => c.pselect(-1, set, null, null, new c.timespec(), null))).toBe('EINVAL');
  expect(errnoName(() => c.pselect(a + 1, new Uint8Array(1), null, null, new c.timespec(), null))).toBe('EFAULT');
  expect(errnoName(() => c.pselect(0, null, null, null, new Uint8Array(15), null))).toBe('EFAULT');
  const mask = new Uint8Array(c.sizeof(c.sigset_t) - 1);
  expect(errnoName(() => c.pselect(0, null, null, null, new c.timespec(), mask))).toBe('EFAULT');
  const closed = must(c.dup(a));
  must(c.close(closed));
  c.FD_SET(closed, set);
  expect(errnoName(() => c.pselect(closed + 1, set, null, null, new c.timespec(), null))).toBe('EBADF');
  expect(() => c.pselect(0, null, null, null, 5 as unknown as c.Pointer, null)).toThrow(TypeError);
});
