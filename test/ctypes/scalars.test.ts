// The scalar types, and boxes of them.
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { outputLinesOfC } from '../support/c_program.js';
import { bytesOf } from '../support/memory.js';

/** By their names. */
const named: typeof c = c;

/** Name here, name in C. */
const scalars = {
  char: 'char',
  signed_char: 'signed char',
  unsigned_char: 'unsigned char',
  short: 'short',
  unsigned_short: 'unsigned short',
  int: 'int',
  unsigned_int: 'unsigned int',
  unsigned: 'unsigned',
  long: 'long',
  unsigned_long: 'unsigned long',
  long_long: 'long long',
  unsigned_long_long: 'unsigned long long',
  int8_t: 'int8_t',
  uint8_t: 'uint8_t',
  int16_t: 'int16_t',
  uint16_t: 'uint16_t',
  int32_t: 'int32_t',
  uint32_t: 'uint32_t',
  int64_t: 'int64_t',
  uint64_t: 'uint64_t',
  size_t: 'size_t',
  ssize_t: 'ssize_t',
  socklen_t: 'socklen_t',
  sa_family_t: 'sa_family_t',
  in_port_t: 'in_port_t',
  in_addr_t: 'in_addr_t',
  time_t: 'time_t',
  suseconds_t: 'suseconds_t',
  off_t: 'off_t',
  rlim_t: 'rlim_t',
  pid_t: 'pid_t',
  uid_t: 'uid_t',
  gid_t: 'gid_t',
} as const;
const names = Object.keys(scalars) as (keyof typeof scalars)[];
const values = [
  0,
  1,
  -1,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 40 + 5,
  -(2 ** 31),
  -(2 ** 40) - 1,
];

const printed = outputLinesOfC(
  names
    .map(
      (name) => `{ typedef ${scalars[name]} T; printf("%d %d", (int)sizeof(T), (int)_Alignof(T));
        long long v[] = { ${values.map((x) => `${x}LL`).join(', ')} };
        for (int i = 0; i < ${values.length}; i++) { T t = (T)v[i]; if ((T)-1 < 0) printf(" %lld", (long long)t); else printf(" %llu", (unsigned long long)t); }
        printf("\\n"); }`,
    )
    .join('\n'),
);

describe.each(names.map((name, i) => [name, i] as const))('%s', (name, i) => {
  const type = named[name];
  const [size, alignment, ...converted] = printed[i]!.split(' ');

  test('has C’s size and alignment', () => {
    expect([type.size, type.alignment, sizeof(type)]).toEqual([Number(size), Number(alignment), Number(size)]);
    expect(sizeof(new type())).toBe(Number(size));
    expect(type.name).toBe(name === 'unsigned' ? 'unsigned_int' : name);
  });

  test('converts as C does', () => {
    for (const [k, value] of values.entries()) {
      const box = new type(value);
      expect(BigInt(box.value)).toBe(BigInt(converted[k]!));
      box.value = 0 as never;
      box.value = value as never;
      expect(BigInt(box.value)).toBe(BigInt(converted[k]!));
      expect(BigInt(type.at(box).value)).toBe(BigInt(converted[k]!));
    }
  });

  test('is zero without a value', () => {
    expect(Number(new type().value)).toBe(0);
    expect(bytesOf(new type()).every((byte) => byte === 0)).toBe(true);
  });

  test('takes a bigint if C has 64 bits', () => {
    if (type.size === 8) {
      const box = new type(2n ** 64n + 5n);
      expect(BigInt(box.value)).toBe(5n);
      box.value = -1n as never;
      expect([-1n, 2n ** 64n - 1n]).toContain(BigInt(box.value));
    } else {
      expect(() => new type(5n)).toThrow(TypeError);
      expect(() => {
        new type().value = 5n as never;
      }).toThrow(TypeError);
    }
  });

  test('takes only integers', () => {
    const box = new type(7);
    for (const wrong of [
      null,
      true,
      '1',
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      {},
      [],
      Symbol('s'),
      () => 0,
      new Number(5),
    ]) {
      expect(() => new type(wrong as never), String(wrong)).toThrow(TypeError);
      expect(() => {
        box.value = wrong as never;
      }, String(wrong)).toThrow(TypeError);
    }
    expect(Number(box.value)).toBe(7);
  });

  test('is shown with its value', () => {
    expect(String(new type(5))).toBe('5');
  });
});

describe('types of 64 bits: a number, or a bigint beyond 2^53', () => {
  test.each(['size_t', 'ssize_t', 'time_t', 'off_t', 'long'] as const)('%s', (name) => {
    const box = new named[name](2 ** 53 - 1);
    expect(box.value).toBe(2 ** 53 - 1);
    box.value = (2n ** 53n + 1n) as never;
    expect(box.value).toBe(2n ** 53n + 1n);
    box.value = -1;
    expect(box.value).toBe(name === 'size_t' ? 2n ** 64n - 1n : -1);
  });

  test.each(['int64_t', 'uint64_t', 'long_long', 'unsigned_long_long'] as const)('%s is always a bigint', (name) => {
    expect(new named[name](5).value).toBe(5n);
  });

  test.each(['rlim_t', 'unsigned_long'] as const)('%s is a number or a bigint', (name) => {
    expect(new named[name](5).value).toBe(5);
    expect(new named[name](2n ** 64n - 1n).value).toBe(2n ** 64n - 1n);
  });

  test('returns a number up to the safe integers’ ends, and a bigint beyond', () => {
    for (const x of [2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 53, -(2 ** 53), 2 ** 62, -(2 ** 63), -(2 ** 32), 2 ** 33 - 1]) {
      expect(BigInt(new c.long(x).value)).toBe(BigInt(x));
      expect(new c.int64_t(x).value).toBe(BigInt(x));
    }
  });
});

describe('float and double', () => {
  test('hold fractions, infinities, NaN', () => {
    for (const type of [c.float, c.double]) {
      for (const x of [0.5, -1.25, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0]) {
        expect(new type(x).value).toBe(x);
      }
      expect(() => new type(5n)).toThrow(TypeError);
      expect(() => new type('1' as never)).toThrow(TypeError);
    }
    expect(new c.float(0.1).value).toBe(Math.fround(0.1));
    expect(new c.double(0.1).value).toBe(0.1);
    expect([sizeof(c.float), sizeof(c.double)]).toEqual([4, 8]);
  });
});

describe('a box', () => {
  test('is a pointer object: buffer, byteOffset, byteLength, subarray', () => {
    const box = new c.int(0x01020304);
    expect(box.byteLength).toBe(4);
    expect(bytesOf(box)).toHaveLength(4);
    const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
    expect([...bytesOf(box.subarray(1, 3))]).toEqual(little ? [3, 2] : [2, 3]);
    bytesOf(box.subarray(0, 4)).fill(0);
    expect(box.value).toBe(0);
  });

  test('has memory of its own', () => {
    const [a, b] = [new c.int(1), new c.int(2)];
    c.memset(a, 0xff, sizeof(a));
    expect([a.value, b.value]).toEqual([-1, 2]);
  });
});
