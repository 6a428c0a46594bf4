// array(): elements, text, copies and limits.
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { bytesOf, detachBuffer } from '../support/memory.js';

const point = c.struct('point', { x: c.short, y: c.int });

describe.each([
  ['char', c.char],
  ['short', c.short],
  ['unsigned_int', c.unsigned_int],
  ['long', c.long],
  ['size_t', c.size_t],
  ['double', c.double],
] as const)('an array of %s', (_, type) => {
  const Three = c.array(type, 3);

  test('is indexed like a JavaScript array, and is contiguous', () => {
    const a = new Three([1, 2, 3]);
    expect([a.length, a[0], a[1], a[2]]).toEqual([3, 1, 2, 3]);
    a[1] = 5;
    expect([...a]).toEqual([1, 5, 3]);
    expect(type.at(a, type.size).value).toBe(5);
    expect(sizeof(a)).toBe(3 * type.size);
    expect(Three.name).toBe(`${type.name}[3]`);
    expect(a).toBeInstanceOf(Three);
    expect(Array.from(a, (x) => x * 2)).toEqual([2, 10, 6]);
  });

  test('has no elements beyond its length', () => {
    const a = new Three();
    expect(a[3]).toBeUndefined();
    expect(() => new Three([1, 2, 3, 4])).toThrow(RangeError);
  });

  test('shares memory that it is laid over, aligned or not', () => {
    const bytes = new Uint8Array(64);
    for (const offset of [0, 1, 3, 8]) {
      const a = Three.at(bytes, offset);
      a[2] = 7;
      expect(type.at(bytes, offset + 2 * type.size).value).toBe(7);
      expect([a.length, a.byteOffset, a.byteLength]).toEqual([3, offset, 3 * type.size]);
      expect(a).toBeInstanceOf(Three);
      expect([...a]).toEqual([a[0], a[1], a[2]]);
      bytes.fill(0);
    }
    expect(() => Three.at(bytes, 64 - 3 * type.size + 1)).toThrow(RangeError);
  });

  test('copies memory of its own size', () => {
    const a = new Three([1, 2, 3]);
    const b = new Three(a);
    a[0] = 9;
    expect([...b]).toEqual([1, 2, 3]);
    expect(() => new Three(new Uint8Array(3 * type.size + 1) as never)).toThrow(RangeError);
    expect([...new Three(bytesOf(b).slice() as never)]).toEqual([1, 2, 3]);
  });

  test('throws TypeError for an initialiser with wrong values', () => {
    for (const wrong of [['1'], [null], [{}], [undefined], 5, {}, true, null]) {
      expect(() => new Three(wrong as never)).toThrow(TypeError);
    }
    if (type !== c.char) expect(() => new Three('text' as never)).toThrow(TypeError);
    if (type !== c.double) expect(() => new Three([1.5])).toThrow(TypeError);
  });

  test('has no elements after its memory was detached', () => {
    const a = new Three([1, 2, 3]);
    detachBuffer(a);
    expect(() => {
      const x: unknown = a[0];
      if (x !== undefined) throw new Error('an element was read');
      throw new TypeError('no element');
    }).toThrow(TypeError);
  });
});

describe('an array of structs', () => {
  const Two = c.array(point, 2);

  test('has views as elements, the same each time', () => {
    const a = new Two();
    a[1].y = 5;
    expect(a[1]).toBe(a[1]);
    expect(point.at(a, 8).y).toBe(5);
    expect([...a].map(({ y }) => y)).toEqual([0, 5]);
    expect(a.length).toBe(2);
  });

  test('copies the bytes of an assigned element', () => {
    const a = new Two();
    const p = new point({ x: 1, y: 2 });
    a[0] = p;
    a[1] = a[0];
    p.y = 99;
    expect([a[0].y, a[1].y]).toEqual([2, 2]);
    expect(a[0]).not.toBe(p);
    expect(() => {
      a[0] = { x: 1, y: 2 } as never;
    }).toThrow(TypeError);
  });

  test('has no element beyond its length, and only its own properties', () => {
    const a = new Two() as unknown as Record<string | number, unknown> & { length: number };
    expect(() => {
      a[2] = new point();
    }).toThrow(RangeError);
    expect(() => {
      a.length = 5;
    }).toThrow(TypeError);
    expect(() => {
      a.other = 5;
    }).toThrow(TypeError);
    expect(() => delete a[0]).toThrow(TypeError);
    expect(a.length).toBe(2);
  });

  test('takes objects and instances as initialisers', () => {
    const a = new Two([{ x: 1 }, new point({ y: 2 })]);
    expect([a[0].x, a[1].y]).toEqual([1, 2]);
    expect(() => new Two([{}, {}, {}])).toThrow(RangeError);
  });
});

test('arrays may hold arrays', () => {
  const grid = new (c.array(c.array(c.int, 3), 2))([[1, 2, 3], [4]]);
  grid[1][2] = 9;
  expect([...grid].map((row) => [...row])).toEqual([
    [1, 2, 3],
    [4, 0, 9],
  ]);
  expect(sizeof(grid)).toBe(24);
  expect(c.int.at(grid, 20).value).toBe(9);
});

describe('an array of chars', () => {
  const Eight = c.array(c.char, 8);

  test('is text up to its first NUL', () => {
    const a = new Eight('h\u00e9llo');
    expect(String(a)).toBe('h\u00e9llo');
    expect(c.strlen(a)).toBe(6);
    c.strcpy(a, 'x');
    expect(`${a}`).toBe('x');
    a[0] = 0;
    expect(String(a)).toBe('');
  });

  test('has no NUL if text fills it, as in C, and throws RangeError for longer text', () => {
    expect(String(new Eight('12345678'))).toBe('12345678');
    expect(() => new Eight('123456789')).toThrow(RangeError);
    expect(() => new Eight('1234567\u00e9')).toThrow(RangeError);
  });

  test('has parts that are text too', () => {
    const a = new Eight('abcdef');
    expect(String(a.subarray(2))).toBe('cdef');
    expect(String(a.subarray(2, 4))).toBe('cd');
    c.strcpy(a.subarray(2), 'X');
    expect(String(a)).toBe('abX');
  });

  test('may be laid over shared and unaligned memory', () => {
    const shared = new SharedArrayBuffer(16);
    const a = Eight.at(shared, 3);
    c.strcpy(a, 'text');
    expect(String(a)).toBe('text');
  });

  test('ends at the first NUL of its text', () => {
    expect(String(new Eight('ab\0cd'))).toBe('ab');
    expect(c.strlen(new Eight('ab\0cd'))).toBe(2);
  });
});

test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 33, 2 ** 53])(
  'array() throws RangeError for a length of %d',
  (length) => {
    expect(() => c.array(c.int, length)).toThrow(RangeError);
  },
);

test('array() throws TypeError for a length of a wrong type', () => {
  for (const wrong of [undefined, null, '3', 3n, {}, true]) {
    expect(() => c.array(c.int, wrong as never)).toThrow(TypeError);
  }
});

test('an array may have no elements', () => {
  const none = new (c.array(c.int, 0))();
  expect([none.length, sizeof(none)]).toEqual([0, 0]);
  expect(sizeof(new (c.array(point, 0))())).toBe(0);
});
