// The functions of <string.h>.
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { outputLinesOfC, stringLiteralInC } from '../support/c_program.js';
import { bytesOf, detachBuffer, GuardedMemory, memoryOfEightBytes } from '../support/memory.js';

const text = (memory: Parameters<typeof bytesOf>[0]): string => Buffer.from(bytesOf(memory)).toString('latin1');

describe.each(memoryOfEightBytes)('with memory of %s', (_, make) => {
  test('memset, memcpy, memmove and memcmp work as in C', () => {
    const memory = make() as c.Pointee;
    expect(c.memset(memory, 0x41, 8)).toBe(memory);
    expect(text(memory)).toBe('AAAAAAAA');
    expect(c.memset(memory, 0x142, 3)).toBe(memory);
    expect(text(memory)).toBe('BBBAAAAA');
    expect(c.memcpy(memory, 'hello', 5)).toBe(memory);
    expect(text(memory)).toBe('helloAAA');
    expect(c.memmove(memory, Buffer.from('xyz'), 2n)).toBe(memory);
    expect(text(memory)).toBe('xylloAAA');
    expect(c.memcmp(memory, 'xylloAAB', 8)).toBeLessThan(0);
    expect(c.memcmp(memory, 'xylloAAB', 7)).toBe(0);
    expect(c.memcmp('xz', memory, 2)).toBeGreaterThan(0);
    expect(c.memcmp(memory, 'xz', 0)).toBe(0);
  });

  test('lengths beyond the memory throw RangeError, and nothing is written', () => {
    const memory = make() as c.Pointee;
    for (const n of [9, 2 ** 40, -1, 9n, -1n, 2n ** 64n]) {
      expect(() => c.memset(memory, 1, n)).toThrow(RangeError);
      expect(() => c.memcpy(memory, new Uint8Array(100), n)).toThrow(RangeError);
      expect(() => c.memmove(new Uint8Array(100), memory, n)).toThrow(RangeError);
      expect(() => c.memcmp(memory, new Uint8Array(100), n)).toThrow(RangeError);
    }
    expect(() => c.strcpy(memory, '12345678')).toThrow(RangeError);
    expect(() => c.strncpy(memory, '12345678', 9)).toThrow(RangeError);
    expect(bytesOf(memory).every((byte) => byte === 0)).toBe(true);
  });

  test('strcpy, strncpy, strlen, strcmp and strncmp work as in C', () => {
    const memory = make() as c.Pointee;
    c.memset(memory, 0x41, 8);
    expect(c.strcpy(memory, 'hello')).toBe(memory);
    expect(text(memory)).toBe('hello\0AA');
    expect(c.strlen(memory)).toBe(5);
    expect(c.strcmp(memory, 'hello')).toBe(0);
    expect(c.strncmp(memory, 'help', 3)).toBe(0);
    expect(c.strncpy(memory, 'xy', 4)).toBe(memory);
    expect(text(memory)).toBe('xy\0\0o\0AA');
    expect(c.strncpy(memory, '12345678', 8)).toBe(memory);
    expect(text(memory)).toBe('12345678');
    expect(() => c.strlen(memory)).toThrow(RangeError);
    expect(() => c.strcmp(memory, 'x')).toThrow(RangeError);
    expect(() => c.strcpy(new Uint8Array(20), memory)).toThrow(RangeError);
    expect(c.strncmp(memory, '12345678', 8)).toBe(0);
  });
});

describe('results compared with C', () => {
  const words = ['', 'a', 'b', 'ab', 'abc', 'abd', 'B', '\u00e9', '\u00ff', 'abc\u{1f600}'];
  const pairs = words.flatMap((a) => words.map((b) => [a, b] as const));

  test('strcmp and strncmp have the sign that C gives, and strlen the length', () => {
    const sign = 'static int sign(int x) { return (x > 0) - (x < 0); }';
    const printed = outputLinesOfC(
      [
        ...pairs.map(
          ([a, b]) =>
            `printf("%d %d\\n", sign(strcmp(${stringLiteralInC(a)}, ${stringLiteralInC(b)})), sign(strncmp(${stringLiteralInC(a)}, ${stringLiteralInC(b)}, 2)));`,
        ),
        ...words.map((a) => `printf("%d\\n", (int)strlen(${stringLiteralInC(a)}));`),
      ].join('\n'),
      sign,
    );
    const seen = [
      ...pairs.map(([a, b]) => `${Math.sign(c.strcmp(a, b))} ${Math.sign(c.strncmp(a, b, 2))}`),
      ...words.map((a) => String(c.strlen(a))),
    ];
    expect(seen).toEqual(printed);
  });
});

test('memmove copies overlapping memory', () => {
  const memory = new GuardedMemory(10, Buffer.from('0123456789'));
  c.memmove(memory.bytes.subarray(2), memory.bytes, 6);
  expect(text(memory.bytes)).toBe('0101234589');
  c.memmove(memory.bytes, memory.bytes.subarray(2), 6);
  expect(text(memory.bytes)).toBe('0123454589');
  expect(memory.intact).toBe(true);
});

test('memset and memcpy take a whole struct by its sizeof', () => {
  const sin = new c.sockaddr_in({ sin_family: c.AF_INET, sin_port: 5 });
  const copy = new c.sockaddr_in();
  c.memcpy(copy, sin, sizeof(sin));
  expect(copy.sin_port).toBe(5);
  c.memset(sin, 0, sizeof(sin));
  expect([sin.sin_family, sin.sin_port]).toEqual([0, 0]);
});

describe('structs that hold pointers', () => {
  test('can be reset and copied as a whole', () => {
    const base = new Uint8Array(4);
    const iov = new c.iovec({ iov_base: base, iov_len: 4 });
    const copy = c.memcpy(new c.iovec(), iov, sizeof(iov));
    expect(copy.iov_base).toBe(base);
    expect(c.memset(iov, 0, sizeof(iov))).toBe(iov);
    expect([iov.iov_base, iov.iov_len]).toEqual([null, 0]);
  });

  test('throw for other values and lengths', () => {
    const iov = new c.iovec();
    expect(() => c.memset(iov, 1, sizeof(iov))).toThrow(TypeError);
    expect(() => c.memset(iov, 0, 3)).toThrow(RangeError);
    expect(() => c.memset(iov, 0, '16' as never)).toThrow(TypeError);
    expect(() => c.memcpy(iov, new Uint8Array(16), 16)).toThrow(TypeError);
    expect(() => c.memcpy(new Uint8Array(16), iov, 16)).toThrow(TypeError);
    expect(() => c.memcpy(iov, new c.hostent(), 16)).toThrow(TypeError);
  });
});

test('arguments of a wrong type throw TypeError', () => {
  const memory = new Uint8Array(8);
  for (const wrong of [
    undefined,
    null,
    5,
    5n,
    true,
    {},
    [],
    Symbol('s'),
    () => 0,
    detachBuffer(new DataView(new ArrayBuffer(8))),
  ]) {
    expect(() => c.memset(wrong as never, 0, 1)).toThrow(TypeError);
    expect(() => c.memcpy(wrong as never, memory, 1)).toThrow(TypeError);
    expect(() => c.memcpy(memory, wrong as never, 1)).toThrow(TypeError);
    expect(() => c.strlen(wrong as never)).toThrow(TypeError);
    expect(() => c.strcpy(memory, wrong as never)).toThrow(TypeError);
    expect(() => c.strcmp('x', wrong as never)).toThrow(TypeError);
  }
  for (const wrong of [undefined, null, '1', true, 1.5, Number.NaN, {}]) {
    expect(() => c.memset(memory, 0, wrong as never)).toThrow(TypeError);
    expect(() => c.memset(memory, wrong as never, 1)).toThrow(TypeError);
    expect(() => c.memcmp(memory, memory, wrong as never)).toThrow(TypeError);
    expect(() => c.strncmp('a', 'b', wrong as never)).toThrow(TypeError);
    expect(() => c.strncpy(memory, 'b', wrong as never)).toThrow(TypeError);
  }
  for (const call of [c.memset, c.memcpy, c.strcpy, c.strncpy]) {
    expect(() => (call as (...args: unknown[]) => unknown)('text', 'b', 1), call.name).toThrow(TypeError);
  }
});
