// flags() and strerrorname_np(3).
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { runC } from '../support/c_program.js';

describe('flags', () => {
  test('combines constants', () => {
    expect(c.flags()).toBe(0);
    expect(c.flags(c.O_RDWR, c.O_NONBLOCK)).toBe(c.O_RDWR | c.O_NONBLOCK);
    expect(c.flags(-1, 1)).toBe(-1);
  });

  test.runIf(c.EPOLLET)('returns a positive number, as an unsigned field holds it', () => {
    const event = new c.epoll_event({ events: c.flags(c.EPOLLIN, c.EPOLLET) });
    expect(event.events).toBe(c.flags(c.EPOLLIN, c.EPOLLET));
    expect(c.flags(c.EPOLLET)).toBe(0x8000_0000);
  });

  test('throws for a constant that this platform lacks, and for a value that is not an integer', () => {
    const missing = process.platform === 'linux' ? c.SO_NOSIGPIPE : c.SO_BINDTODEVICE;
    expect(missing).toBeUndefined();
    expect(() => c.flags(c.SOCK_STREAM, missing)).toThrow(RangeError);
    for (const wrong of [null, '1', 0.5, Number.NaN, 1n, true]) {
      expect(() => c.flags(wrong as number)).toThrow(TypeError);
    }
  });
});

describe('strerrorname_np', () => {
  test.runIf(process.platform === 'linux')('returns what C returns', () => {
    const printed = runC('for (int e = -2; e < 134; e++) { const char *s = strerrorname_np(e); puts(s ? s : "-"); }');
    const ours: string[] = [];
    for (let error = -2; error < 134; error++) ours.push(c.strerrorname_np(error) ?? '-');
    expect(ours).toEqual(printed.trimEnd().split('\n'));
  });

  test('returns null for a number without an error, and throws for other types', () => {
    expect(c.strerrorname_np(c.EAGAIN)).toBe('EAGAIN');
    expect(c.strerrorname_np(99999)).toBe(null);
    expect(() => c.strerrorname_np('EAGAIN' as unknown as number)).toThrow(TypeError);
    expect(() => c.strerrorname_np(0.5)).toThrow(TypeError);
  });
});
