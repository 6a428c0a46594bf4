// printf(3) and fprintf(3): what the C library formats.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { runC, stringLiteralInC } from '../support/c_program.js';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, must } from '../support/descriptors.js';
import { detachBuffer } from '../support/memory.js';
import { unixStream } from '../support/socket_kinds.js';

type Case = readonly [format: string, inC: string, ...args: (number | bigint | c.ConstPointer)[]];

const cases: readonly Case[] = [
  ['plain text', ''],
  ['100%%', ''],
  ['', ''],
  ['%d %i', '5, -5', 5, -5],
  ['%d', '(int)0x80000000', 2 ** 31],
  ['%u', '4294967295u', -1],
  ['%x %X %#x %o %#o', '255, 255, 255, 8, 8', 255, 255, 255, 8, 8],
  ['%5d|%-5d|%05d|%+d|% d', '42, 42, 42, 42, 42', 42, 42, 42, 42, 42],
  ['%*d|%-*d|%*d', '5, 42, 5, 42, -5, 42', 5, 42, 5, 42, -5, 42],
  ['%.3d|%8.3d', '7, 7', 7, 7],
  ['%hhd %hd %hhu %hu', '300, 70000, 300, 70000', 300, 70_000, 300, 70_000],
  ['%ld %lld %zu %jd %td', '-1L, -1LL, (size_t)7, (intmax_t)8, (ptrdiff_t)9', -1, -1n, 7, 8n, 9],
  ['%lu %llx', '18446744073709551615UL, 81985529216486895ULL', 2n ** 64n - 1n, 0x0123456789abcdefn],
  ['%lu', '(unsigned long)-1', -1],
  [
    '%f %.2f %10.3f|%-10.1f|%e %g %G',
    '3.25, 2.005, 1.23456, 2.5, 12345.678, 0.0001, 1e20',
    3.25,
    2.005,
    1.23456,
    2.5,
    12345.678,
    0.0001,
    1e20,
  ],
  ['%f %F %e', '1.0/0, -1.0/0, 0.0', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0],
  ['%a', '1.5', 1.5],
  ['%.*f', '2, 1.23456', 2, 1.23456],
  ['%s', '"hello"', 'hello'],
  ['%10s|%-10s|%.2s|%10.2s', '"hello", "hello", "hello", "hello"', 'hello', 'hello', 'hello', 'hello'],
  ['%.*s|%.*s|%.*s', '2, "hello", -1, "hello", 0, "hello"', 2, 'hello', -1, 'hello', 0, 'hello'],
  ['%s', '"h\\303\\251"', 'h\u00e9'],
  ['%s', '"abc"', 'abc\0def'],
  ['%c%c%c', "65, 'B', 0", 65, 'B', 0],
  ['%5c|%-5c|', '65, 65', 65, 65],
  ['%m', ''],
  ['%s: %s %d', '"a", "b", 1', 'a', 'b', 1],
];

/** What arrives of what `print` writes to a descriptor. */
function printed(print: (stream: c.FILE) => number): [result: number, text: string] {
  const [a, b] = connectedPair(unixStream);
  const result = print({ fd: a });
  const error = c.errno;
  const buf = Buffer.alloc(4096);
  const length = c.recv(b, buf, buf.length, c.MSG_DONTWAIT);
  c.set_errno(error);
  return [result, buf.toString('latin1', 0, Math.max(0, length))];
}

describe('formats as C does', () => {
  const output = runC(
    cases
      .map(
        ([format, args]) =>
          `errno = ENOENT; { int n = printf(${stringLiteralInC(format)}${args && `, ${args}`}); printf("\\1%d\\1", n); }`,
      )
      .join('\n'),
  ).split('\x01');

  test.each(cases.map(([format, , ...args], i) => [format, i, args] as const))('%j (%i)', (format, i, args) => {
    c.set_errno(c.ENOENT);
    expect(printed((stream) => c.fprintf(stream, format, ...args))).toEqual([Number(output[2 * i + 1]), output[2 * i]]);
    expect(c.errno).toBe(c.ENOENT);
  });
});

describe('%s', () => {
  test('takes memory up to its NUL or the precision', () => {
    expect(printed((stream) => c.fprintf(stream, '%s', Buffer.from('abc\0def')))).toEqual([3, 'abc']);
    expect(printed((stream) => c.fprintf(stream, '%s', new (c.array(c.char, 8))('hello')))).toEqual([5, 'hello']);
    expect(printed((stream) => c.fprintf(stream, '%.3s', Buffer.from('abcdef')))).toEqual([3, 'abc']);
    expect(printed((stream) => c.fprintf(stream, '%.3s', Buffer.from('abc')))).toEqual([3, 'abc']);
    expect(printed((stream) => c.fprintf(stream, '%s', null))).toEqual([6, '(null)']);
  });

  test('fails with EFAULT for memory without a NUL, and writes nothing', () => {
    for (const [format, ...args] of [
      ['x%s', Buffer.from('abc')],
      ['x%.4s', Buffer.from('abc')],
      ['x%.*s', -1, Buffer.from('abc')],
      ['x%s', new Uint8Array(0)],
    ] as const) {
      expect(
        printed((stream) => c.fprintf(stream, format as string, ...(args as unknown as c.PrintfArgument[]))),
      ).toEqual([-1, '']);
      expect(c.errno).toBe(c.EFAULT);
    }
  });
});

test('the format may be memory; without a NUL it fails with EFAULT', () => {
  expect(printed((stream) => c.fprintf(stream, Buffer.from('%d\0'), 5))).toEqual([1, '5']);
  for (const format of [Buffer.from('x'), null, new Uint8Array(0), detachBuffer(new Uint8Array(4))]) {
    expect(printed((stream) => c.fprintf(stream, format))).toEqual([-1, '']);
    expect(c.errno).toBe(c.EFAULT);
  }
});

test('%p prints null and other pointers', () => {
  expect(printed((stream) => c.fprintf(stream, '%p', null))[1]).toBe(runC('printf("%p", NULL);'));
  expect(printed((stream) => c.fprintf(stream, '%p', new Uint8Array(4)))[1]).toMatch(/^0x[0-9a-f]+$/);
});

test('long text is written whole', () => {
  const [a, b] = connectedPair(unixStream);
  const long = 'x'.repeat(50_000);
  expect(c.fprintf({ fd: a }, '%s\n', long)).toBe(50_001);
  const buf = new Uint8Array(60_000);
  let got = 0;
  for (let n = 1; n > 0; got += Math.max(0, n)) n = c.recv(b, buf, buf.length, c.MSG_DONTWAIT);
  expect(got).toBe(50_001);
});

test('wrong arguments and formats throw TypeError before anything is written', () => {
  const [a, b] = connectedPair(unixStream);
  const stream = { fd: a };
  for (const [format, ...args] of [
    ['%d'],
    ['%d', 'x'],
    ['%d', 1.5],
    ['%d', 5n],
    ['%d', null],
    ['%d', Number.NaN],
    ['%ld', 1.5],
    ['%f', 'x'],
    ['%f', 5n],
    ['%s', 5],
    ['%s'],
    ['%s', {}],
    ['%s', Symbol('s')],
    ['%c', 'ab'],
    ['%c', ''],
    ['%c', '\u00e9'],
    ['%c'],
    ['%p', 5],
    ['%n', new Int32Array(1)],
    ['%'],
    ['%5'],
    ['%y', 1],
    ['%l'],
    ['%*d', 'x', 1],
    ['%.-5d', 1],
    ['%9999999999d', 1],
    ['%.9999999999d', 1],
  ] as unknown as readonly [string, ...c.PrintfArgument[]][]) {
    expect(() => c.fprintf(stream, format, ...args), format).toThrow(TypeError);
  }
  for (const wrong of [undefined, null, {}, { fd: 'x' }, 5]) {
    expect(() => c.fprintf(wrong as never, 'x')).toThrow(TypeError);
  }
  for (const wrong of [undefined, 5, {}, true]) expect(() => c.fprintf(stream, wrong as never)).toThrow(TypeError);
  expect(() => c.printf(undefined as never)).toThrow(TypeError);
  expect(c.recv(b, new Uint8Array(9), 9, c.MSG_DONTWAIT)).toBe(-1);
});

test('a closed descriptor fails with EBADF, a pipe without a reader with EPIPE', () => {
  expect(c.fprintf({ fd: -1 }, 'x')).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
  const ends = new (c.array(c.int, 2))();
  must(c.pipe(ends));
  const [reader, writer] = [ends[0], closeAfterTest(ends[1])];
  c.close(reader);
  expect(c.fprintf({ fd: writer }, 'x')).toBe(-1);
  expect(c.errno).toBe(c.EPIPE);
});

test('stdout and stderr are the descriptors 1 and 2', () => {
  expect([c.stdout.fd, c.stderr.fd]).toEqual([1, 2]);
});
