// byteorder(3) and endian(3), for 16, 32 and 64 bits.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { outputLinesOfC } from '../support/c_program.js';
import { bytesOf } from '../support/memory.js';

/** By their names. */
const named: typeof c = c;

const sixteen = ['htons', 'ntohs', 'htobe16', 'htole16', 'be16toh', 'le16toh'] as const;
const thirtyTwo = ['htonl', 'ntohl', 'htobe32', 'htole32', 'be32toh', 'le32toh'] as const;
const sixtyFour = ['htobe64', 'htole64', 'be64toh', 'le64toh'] as const;
const values = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x0102, 0x1234, 0x8000, 0xffff, 0x1_0000, 0x1234_5678, 0x8000_0000, 0xffff_ffff,
];
const wide = [...values.map(BigInt), 0x0102_0304_0506_0708n, 0x8000_0000_0000_0000n, 0xffff_ffff_ffff_ffffn, 1n << 53n];

const endian = '#if defined(__linux__)\n#include <endian.h>\n#else\n#include <sys/endian.h>\n#endif\n';

describe('byte order functions return what C returns', () => {
  const narrow = [...sixteen, ...thirtyTwo];
  const printed = outputLinesOfC(
    [
      ...narrow.flatMap((name) => values.map((x) => `printf("%llu\\n", (unsigned long long)${name}(${x}u));`)),
      ...sixtyFour.flatMap((name) => wide.map((x) => `printf("%llu\\n", (unsigned long long)${name}(${x}ull));`)),
    ].join('\n'),
    endian,
  );

  test.each(narrow.map((name, i) => [name, i] as const))('%s', (name, i) => {
    const expected = printed.slice(i * values.length, (i + 1) * values.length).map(Number);
    expect(values.map((x) => named[name](x))).toEqual(expected);
  });

  test.each(sixtyFour.map((name, i) => [name, i] as const))('%s', (name, i) => {
    const start = narrow.length * values.length + i * wide.length;
    expect(wide.map((x) => named[name](x))).toEqual(printed.slice(start, start + wide.length).map(BigInt));
  });
});

test('the 64-bit functions take a safe integer too, and return a bigint', () => {
  for (const name of sixtyFour) {
    expect(named[name](0x0102)).toBe(named[name](0x0102n));
    expect(typeof named[name](1)).toBe('bigint');
    expect(() => named[name](2 ** 53)).toThrow(TypeError);
    expect(named[name](-1)).toBe(0xffff_ffff_ffff_ffffn);
  }
});

test('arguments wrap as C converts them', () => {
  for (const name of sixteen) {
    expect(named[name](0x1_0001)).toBe(named[name](1));
    expect(named[name](-1)).toBe(0xffff);
    expect(named[name](2 ** 40 + 5)).toBe(named[name](5));
  }
  for (const name of thirtyTwo) {
    expect(named[name](2 ** 32 + 1)).toBe(named[name](1));
    expect(named[name](-1)).toBe(0xffff_ffff);
    expect(named[name](2 ** 40 + 5)).toBe(named[name](5));
  }
});

test('each byte order function is its own inverse', () => {
  for (const name of [...sixteen, ...thirtyTwo]) expect(named[name](named[name](0x1234))).toBe(0x1234);
  for (const name of sixtyFour) expect(named[name](named[name](0x1234_5678_9abc_def0n))).toBe(0x1234_5678_9abc_def0n);
});

test('a number in network order has its bytes in the order in which they are sent', () => {
  expect([...bytesOf(new c.uint16_t(c.htons(0x0102)))]).toEqual([1, 2]);
  expect([...bytesOf(new c.uint32_t(c.htonl(0x01020304)))]).toEqual([1, 2, 3, 4]);
  expect([...bytesOf(new c.uint64_t(c.htobe64(0x0102030405060708n)))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...bytesOf(new c.uint64_t(c.htole64(0x0102030405060708n)))]).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
});
