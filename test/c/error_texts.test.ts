// Error texts of bsd-sockets/c are true: over every function and argument, a wrong value is a TypeError that names the function and the
// argument, by the position and the name of C's prototype, and describes the caller's own value.
import { runInNewContext } from 'node:vm';
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { cCalls } from '../support/c_calls.js';
import { cMacros } from '../support/c_macros.js';
import { CallFixture } from '../support/call_arguments.js';

const functions = c as unknown as Record<string, (...args: unknown[]) => unknown>;
const rows = [...cCalls, ...cMacros];

/** What a message may say of a value. */
function descriptions(value: unknown): string[] {
  if (typeof value === 'string') return [`"${value}"`];
  if (typeof value === 'bigint') return [`${value}n`];
  if (typeof value === 'symbol') return ['a symbol'];
  if (typeof value === 'function') return ['a function'];
  if (typeof value !== 'object' || value === null) return [String(value)];
  try {
    if (Array.isArray(value)) return ['an array'];
    const name = (value as { constructor?: { name?: string } }).constructor?.name ?? '';
    return [name === '' || name === 'Object' ? 'a plain object' : `an instance of ${name}`];
  } catch {
    return ['a plain object', 'an object']; // a revoked Proxy
  }
}

describe.each(rows.map((row, i) => [`${row.name} (${i})`, row] as const))('%s', (_, { name, args }) => {
  test.each(args.map((argument, i) => [i + 1, argument.name, argument, i] as const))(
    'argument %i, %s',
    (position, argumentName, argument, i) => {
      const f = new CallFixture();
      for (const [described, make] of argument.wrong) {
        const value = make();
        const given = args.map(({ good }, k) => (k === i ? value : good(f)));
        let error: (Error & { code?: string }) | undefined;
        try {
          functions[name]!(...given);
        } catch (thrown) {
          error = thrown as Error;
        }
        const what = `${described} for argument ${position} of ${name}()`;
        expect(error, what).toBeInstanceOf(TypeError);
        if (error!.code === undefined) continue; // what a Proxy or a class throws of its own
        const [, number, named, expected, got] =
          /^[\w]+\(\): argument (\d+) \((\w+)\) must be (.+), got (.+)$/s.exec(error!.message) ?? [];
        expect([number, named], `${what}: ${error!.message}`).toEqual([String(position), argumentName]);
        expect(expected, what).not.toBe('');
        const taken = memoryOf(value);
        expect(
          [
            ...descriptions(value),
            ...(taken === undefined ? [] : descriptions(taken)),
            ...(described === 'a list of a number' ? ['an array whose element 0 is 1'] : []),
          ],
          `${what}: ${error!.message}`,
        ).toContain(got);
      }
      f.close();
    },
  );
});

/** What a forged object claims as its memory: the library takes it for the object. */
function memoryOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    const mark = Object.getOwnPropertySymbols(value).find(({ description }) => description === 'bytes');
    return mark && (value as Record<symbol, unknown>)[mark];
  } catch {
    return undefined;
  }
}

describe('what stands in the place of a struct that holds pointers', () => {
  const texts: Record<string, () => unknown> = {
    'setsockopt(): argument 4 (optval) must be .*, got an array': () =>
      c.setsockopt(0, c.SOL_SOCKET, c.SO_KEEPALIVE, [1] as never, 4),
    'setsockopt(): argument 4 (optval) must be .*, got an instance of sock_fprog': () =>
      c.setsockopt(0, c.SOL_SOCKET, c.SO_KEEPALIVE, new c.sock_fprog(), 4),
    'ioctl(): argument 3 (argp) must be .*, got an array': () => c.ioctl(0, c.FIONREAD, [1, 2] as never),
    'ioctl(): argument 3 (argp) must be .*, got an instance of ifconf': () => c.ioctl(0, c.FIONREAD, new c.ifconf()),
    'readv(): argument 2 (iov) must be .*, got an array whose element 1 is a plain object': () =>
      c.readv(0, [new c.iovec(), {}] as never, 1),
    'sendmsg(): argument 2 (msg) must be .*, got a plain object': () => c.sendmsg(0, {} as never, 0),
    'sendmsg(): argument 2 (msg_iov) must be .*, got an array whose element 0 is null': () =>
      c.sendmsg(0, new c.msghdr({ msg_iov: [null as never] }), 0),
    'getaddrinfo(): argument 3 (hints) must be an addrinfo or null, got an array': () =>
      c.getaddrinfo('127.0.0.1', null, [0, 0, 0, 0] as never, new c.pointer()),
    'getaddrinfo(): argument 3 (ai_family) must be an integer, got "inet"': () =>
      c.getaddrinfo('127.0.0.1', null, new c.addrinfo({ ai_family: 'inet' as never }), new c.pointer()),
    'printf(): argument 2 (%d) must be an integer, got "x"': () => c.printf('%d', 'x'),
    'fprintf(): argument 4 (%s) must be .*, got 5': () => c.fprintf(c.stderr, '%d%s', 1, 5),
  };
  test.each(Object.entries(texts))('%s', (text, call) => {
    const pattern = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('\\.\\*', '.*');
    expect(call).toThrow(new RegExp(`^${pattern}$`));
  });
});

test('memory of another realm is memory everywhere', () => {
  for (const type of ['ArrayBuffer', 'SharedArrayBuffer']) {
    const buffer = runInNewContext(`new ${type}(16)`) as ArrayBuffer;
    expect([ArrayBuffer, SharedArrayBuffer].some((own) => (buffer as object) instanceof own)).toBe(false);
    expect(c.inet_aton('1.2.3.4', buffer)).toBe(1);
    expect(c.inet_ntoa(c.in_addr.at(buffer))).toBe('1.2.3.4');
    expect(c.sizeof(buffer)).toBe(16);
    expect(c.memcmp(buffer, new Uint8Array([1, 2, 3, 4]), 4)).toBe(0);
    expect(new Uint8Array(c.memset(buffer, 0xff, 2))).toEqual(
      new Uint8Array([0xff, 0xff, 3, 4, ...new Array(12).fill(0)]),
    );
    expect(c.setsockopt(-1, c.SOL_SOCKET, c.SO_KEEPALIVE, buffer, 4)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    const message = new c.msghdr({ msg_iov: new c.iovec({ iov_base: buffer, iov_len: 16 }), msg_iovlen: 1 });
    expect([c.sendmsg(-1, message, 0), c.errno]).toEqual([-1, c.EBADF]);
  }
});
