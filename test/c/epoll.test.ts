// epoll_create(2), epoll_create1(2), epoll_ctl(2), epoll_wait(2) and epoll_pwait(2). Linux.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, errnoName, must } from '../support/descriptors.js';
import { unixStream } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';

describe.runIf(linux)('epoll', () => {
  const { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EPOLLIN, EPOLLOUT, EPOLLET, EPOLLONESHOT } =
    c as unknown as Record<string, number>;
  const [ADD, DEL, MOD] = [EPOLL_CTL_ADD!, EPOLL_CTL_DEL!, EPOLL_CTL_MOD!];
  const event = (events: number, fd: number): c.epoll_event => new c.epoll_event({ events, data: { fd } });

  test('epoll_create and epoll_create1 return a descriptor', () => {
    closeAfterTest(c.epoll_create(1));
    const fd = closeAfterTest(c.epoll_create1(c.EPOLL_CLOEXEC!));
    expect(c.fcntl(fd, c.F_GETFD)).toBe(c.FD_CLOEXEC);
    expect(errnoName(() => c.epoll_create(0))).toBe('EINVAL');
    expect(errnoName(() => c.epoll_create1(1))).toBe('EINVAL');
    expect(() => c.epoll_create1('0' as unknown as number)).toThrow(TypeError);
  });

  test.each(['epoll_wait', 'epoll_pwait'] as const)('%s returns the ready descriptors', (name) => {
    const wait = (epfd: number, events: c.Pointer, maxevents: number, timeout: number): number =>
      name === 'epoll_wait'
        ? c.epoll_wait(epfd, events, maxevents, timeout)
        : c.epoll_pwait(epfd, events, maxevents, timeout, new c.sigset_t());
    const epfd = closeAfterTest(c.epoll_create1(0));
    const [a, b] = connectedPair(unixStream);
    must(c.epoll_ctl(epfd, ADD, a, event(c.flags(EPOLLIN), a)));
    must(c.epoll_ctl(epfd, ADD, b, event(c.flags(EPOLLIN, EPOLLOUT), b)));
    const events = new (c.array(c.epoll_event, 8))();
    expect(wait(epfd, events, 8, 0)).toBe(1);
    expect([events[0].data.fd, events[0].events]).toEqual([b, EPOLLOUT]);
    must(c.send(b, 'x', 1, 0));
    expect(wait(epfd, events, 8, 1000)).toBe(2);
    const ready = new Map([events[0], events[1]].map(({ data, events: bits }) => [data.fd, bits]));
    expect(ready.get(a)).toBe(EPOLLIN);
    must(c.epoll_ctl(epfd, MOD, b, event(0, b)));
    must(c.epoll_ctl(epfd, DEL, a, null));
    expect(wait(epfd, events, 8, 0)).toBe(0);
    expect(wait(epfd, new c.epoll_event(), 1, 1)).toBe(0); // one is a vector of one
  });

  test('returns data as it was stored, as fd, u32 or u64', () => {
    const epfd = closeAfterTest(c.epoll_create1(0));
    const [a] = connectedPair(unixStream);
    const given = new c.epoll_event({ events: EPOLLOUT! });
    given.data.u64 = 0xfedc_ba98_7654_3210n;
    must(c.epoll_ctl(epfd, ADD, a, given));
    const got = new c.epoll_event();
    expect(c.epoll_wait(epfd, got, 1, 0)).toBe(1);
    expect(got.data.u64).toBe(0xfedc_ba98_7654_3210n);
    expect(got.data.u32).toBe(0x7654_3210);
    expect(c.sizeof(c.epoll_event)).toBe(process.arch === 'x64' ? 12 : 16);
  });

  test('supports EPOLLET and EPOLLONESHOT', () => {
    const epfd = closeAfterTest(c.epoll_create1(0));
    const [a, b] = connectedPair(unixStream);
    const got = new c.epoll_event();
    must(c.epoll_ctl(epfd, ADD, a, event(c.flags(EPOLLIN, EPOLLET), a)));
    must(c.send(b, 'x', 1, 0));
    expect(c.epoll_wait(epfd, got, 1, 0)).toBe(1);
    expect(c.epoll_wait(epfd, got, 1, 0)).toBe(0);
    must(c.epoll_ctl(epfd, MOD, a, event(c.flags(EPOLLIN, EPOLLONESHOT), a)));
    expect(c.epoll_wait(epfd, got, 1, 0)).toBe(1);
    must(c.send(b, 'x', 1, 0));
    expect(c.epoll_wait(epfd, got, 1, 0)).toBe(0);
  });

  test('fails for closed descriptors and invalid counts', () => {
    const epfd = closeAfterTest(c.epoll_create1(0));
    const [a] = connectedPair(unixStream);
    const one = event(EPOLLIN!, a);
    expect(errnoName(() => c.epoll_ctl(epfd, ADD, epfd, one))).toBe('EINVAL');
    expect(errnoName(() => c.epoll_ctl(epfd, ADD, -1, one))).toBe('EBADF');
    expect(errnoName(() => c.epoll_ctl(epfd, MOD, a, one))).toBe('ENOENT');
    expect(errnoName(() => c.epoll_ctl(a, ADD, a, one))).toBe('EINVAL');
    expect(errnoName(() => c.epoll_ctl(epfd, 99, a, one))).toBe('EINVAL');
    expect(errnoName(() => c.epoll_ctl(epfd, ADD, a, null))).toBe('EFAULT');
    expect(errnoName(() => c.epoll_ctl(epfd, ADD, a, new Uint8Array(c.sizeof(one) - 1)))).toBe('EFAULT');
    must(c.epoll_ctl(epfd, ADD, a, one));
    expect(errnoName(() => c.epoll_ctl(epfd, ADD, a, one))).toBe('EEXIST');
    const events = new (c.array(c.epoll_event, 2))();
    for (const maxevents of [0, -1]) expect(errnoName(() => c.epoll_wait(epfd, events, maxevents, 0))).toBe('EINVAL');
    for (const maxevents of [3, 0x7fff_ffff]) {
      expect(errnoName(() => c.epoll_wait(epfd, events, maxevents, 0))).toBe('EFAULT');
      expect(errnoName(() => c.epoll_pwait(epfd, events, maxevents, 0, null))).toBe('EFAULT');
      expect(errnoName(() => c.epoll_wait(epfd, new Uint8Array(24), maxevents, 0))).toBe('EFAULT');
    }
    expect(errnoName(() => c.epoll_pwait(epfd, events, 2, 0, new Uint8Array(64)))).toBe('EFAULT');
    expect(errnoName(() => c.epoll_wait(-1, events, 2, 0))).toBe('EBADF');
    for (const wrong of [undefined, 5, '0', {}, [one]]) {
      expect(() => c.epoll_wait(epfd, wrong as c.Pointer, 1, 0)).toThrow(TypeError);
      expect(() => c.epoll_ctl(epfd, ADD, a, wrong as c.Pointer)).toThrow(TypeError);
    }
    expect(() => c.epoll_wait(epfd, events, 1.5, 0)).toThrow(TypeError);
    expect(() => c.epoll_wait(epfd, events, 1, undefined as unknown as number)).toThrow(TypeError);
    expect(() => c.epoll_wait(epfd, events, 1n as unknown as number, 0)).toThrow(TypeError);
  });

  test('treats a detached buffer as the null pointer', () => {
    const epfd = closeAfterTest(c.epoll_create1(0));
    const [a] = connectedPair(unixStream);
    must(c.epoll_ctl(epfd, ADD, a, event(EPOLLOUT!, a)));
    const bytes = new Uint8Array(64);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(errnoName(() => c.epoll_wait(epfd, bytes, 1, 0))).toBe('EFAULT');
    expect(errnoName(() => c.epoll_wait(epfd, null, 1, 0))).toBe('EFAULT');
  });
});

test.runIf(!linux)('the epoll functions fail with ENOSYS on macOS', () => {
  expect(errnoName(() => c.epoll_create1(0))).toBe('ENOSYS');
  expect(errnoName(() => c.epoll_wait(0, null, 1, 0))).toBe('ENOSYS');
});
