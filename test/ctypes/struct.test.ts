// struct() and union(): layout, fields, copies and initialisers.
import { inspect } from 'node:util';
import * as c from 'bsd-sockets/c';
import { offsetof, sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { outputLinesOfC } from '../support/c_program.js';
import { bytesOf, detachBuffer } from '../support/memory.js';

const point = c.struct('point', { x: c.short, y: c.int });
const mixed = c.struct('mixed', {
  a: c.char,
  b: c.double,
  c: c.array(c.short, 3),
  d: point,
  e: c.array(point, 2),
  f: c.unsigned_char,
  g: c.long,
  h: c.array(c.char, 5),
});
const packed = c.struct(
  'packed',
  { a: c.char, b: c.double, c: c.array(c.short, 3), d: point, e: c.int64_t },
  { packed: true },
);
const either = c.union('either', { number: c.uint32_t, bytes: c.array(c.uint8_t, 5), point });
const outer = c.struct('outer', { kind: c.char, value: either, p: packed, last: c.short });
const my_pkt_hdr = c.struct(
  'my_pkt_hdr',
  { length: c.unsigned_short, type: c.unsigned_char, source_addr: c.unsigned_int, dest_addr: c.unsigned_int },
  { packed: true },
);

describe('the layout is the compiler’s', () => {
  const types = { point, mixed, packed, outer, my_pkt_hdr };
  const fields = {
    point: ['x', 'y'],
    mixed: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    packed: ['a', 'b', 'c', 'd', 'e'],
    outer: ['kind', 'value', 'p', 'last'],
    my_pkt_hdr: ['length', 'type', 'source_addr', 'dest_addr'],
  } as const;
  const declarations = `
    struct point { short x; int y; };
    struct mixed { char a; double b; short c[3]; struct point d; struct point e[2]; unsigned char f; long g; char h[5]; };
    struct __attribute__((packed)) packed { char a; double b; short c[3]; struct point d; int64_t e; };
    union either { uint32_t number; uint8_t bytes[5]; struct point point; };
    struct outer { char kind; union either value; struct packed p; short last; };
    struct __attribute__((packed)) my_pkt_hdr { unsigned short length; unsigned char type; unsigned int source_addr, dest_addr; };`;
  const names = Object.keys(types) as (keyof typeof types)[];
  const printed = outputLinesOfC(
    `printf("%d %d\\n", (int)sizeof(union either), (int)_Alignof(union either));
    ${names
      .map(
        (name) =>
          `printf("%d %d${' %d'.repeat(fields[name].length)}\\n", (int)sizeof(struct ${name}), (int)_Alignof(struct ${name}), ${fields[name].map((field) => `(int)offsetof(struct ${name}, ${field})`).join(', ')});`,
      )
      .join('\n')}`,
    declarations,
  );

  test('a union, too', () => {
    expect(`${sizeof(either)} ${either.alignment}`).toBe(printed[0]);
    expect([offsetof(either, 'number'), offsetof(either, 'bytes'), offsetof(either, 'point')]).toEqual([0, 0, 0]);
  });

  test.each(names.map((name, i) => [name, i] as const))('struct %s', (name, i) => {
    const type = types[name];
    const offsets = fields[name].map((field) => offsetof(type as never, field as never));
    expect([sizeof(type), type.alignment, ...offsets].join(' ')).toBe(printed[i + 1]);
    expect(sizeof(new type())).toBe(sizeof(type));
    expect(type.name).toBe(name);
  });

  test('the lecture’s header has 11 bytes, and 12 without packed', () => {
    expect(sizeof(my_pkt_hdr)).toBe(11);
    const natural = c.struct('natural', {
      length: c.unsigned_short,
      type: c.unsigned_char,
      s: c.unsigned_int,
      d: c.unsigned_int,
    });
    expect(sizeof(natural)).toBe(12);
  });
});

describe('fields', () => {
  test('have their own bytes', () => {
    const x = new mixed();
    x.a = -1;
    x.b = 0.5;
    x.c[2] = 7;
    x.d.y = -5;
    x.e[1].x = 3;
    x.f = 255;
    x.g = -(2 ** 40);
    expect([x.a, x.b, x.c[2], x.d.y, x.e[1].x, x.f, x.g]).toEqual([-1, 0.5, 7, -5, 3, 255, -(2 ** 40)]);
    expect([x.c[0], x.d.x, x.e[0].x, String(x.h)]).toEqual([0, 0, 0, '']);
  });

  test('wrap as C converts', () => {
    const p = new point({ x: 65_536 + 5 });
    expect(p.x).toBe(5);
    p.y = 2 ** 31;
    expect(p.y).toBe(-(2 ** 31));
  });

  test('keep their value when a wrong one throws TypeError', () => {
    const p = new point({ x: 1, y: 2 });
    for (const wrong of [undefined, null, '1', true, 1.5, Number.NaN, {}, 5n, new c.int(5)]) {
      expect(() => {
        p.y = wrong as never;
      }).toThrow(TypeError);
    }
    expect(p.y).toBe(2);
  });

  test('are views if they are structs, the same each time', () => {
    const x = new mixed();
    const { d } = x;
    d.y = 9;
    expect(x.d).toBe(d);
    expect(x.d.y).toBe(9);
    expect(d.buffer).toBe(x.buffer);
    expect(d.byteOffset).toBe(x.byteOffset + offsetof(mixed, 'd'));
  });

  test('may be unaligned in a packed struct', () => {
    const x = new packed();
    x.b = 0.25;
    x.c[1] = -2;
    x.d.y = 77;
    x.e = -1n;
    expect([x.b, x.c[1], x.d.y, x.e]).toEqual([0.25, -2, 77, -1n]);
    expect(x.c).toHaveLength(3);
  });

  test('share their bytes in a union', () => {
    const u = new either({ number: 0x01020304 });
    expect([...u.bytes].slice(0, 4).sort()).toEqual([1, 2, 3, 4]);
    u.bytes[0] = 0;
    u.bytes[3] = 0;
    expect(u.number & 0xff0000ff).toBe(0);
  });
});

describe('copies', () => {
  test('assigning a struct or an array copies its bytes', () => {
    const x = new mixed();
    const p = new point({ x: 1, y: 2 });
    x.d = p;
    x.e[0] = p;
    x.c = new (c.array(c.short, 3))([1, 2, 3]);
    p.y = 99;
    expect([x.d.y, x.e[0].y, x.c[2]]).toEqual([2, 2, 3]);
  });

  test('new T(other) copies', () => {
    const a = new point({ x: 1, y: 2 });
    const b = new point(a);
    a.y = 5;
    expect([b.x, b.y]).toEqual([1, 2]);
  });

  test('another type throws TypeError, another size RangeError', () => {
    const x = new mixed();
    expect(() => {
      x.d = new my_pkt_hdr() as never;
    }).toThrow(TypeError);
    expect(() => {
      x.d = new Uint8Array(sizeof(point)) as never;
    }).toThrow(TypeError);
    expect(() => {
      x.c = new (c.array(c.short, 2))() as never;
    }).toThrow(RangeError);
    expect(() => new point(new my_pkt_hdr() as never)).toThrow(TypeError);
  });
});

describe('initialisers', () => {
  test('may be nested, lists and text; fields left out are zero', () => {
    const x = new mixed({ a: 1, c: [1, 2], d: { y: 5 }, e: [{ x: 1 }, new point({ y: 2 })], g: 5n, h: 'text' });
    expect([x.a, x.b, [...x.c], x.d.y, x.d.x, x.e[0].x, x.e[1].y, x.g, String(x.h)]).toEqual([
      1,
      0,
      [1, 2, 0],
      5,
      0,
      1,
      2,
      5,
      'text',
    ]);
  });

  test('with an unknown field or a wrong type throw TypeError', () => {
    for (const wrong of [{ z: 1 }, { x: '1' }, { x: 1.5 }, null, 5, 'x', true, [1], new Uint8Array(8), { x: null }]) {
      expect(() => new point(wrong as never)).toThrow(TypeError);
    }
  });

  test('that do not fit throw RangeError', () => {
    expect(() => new mixed({ c: [1, 2, 3, 4] })).toThrow(RangeError);
    expect(() => new mixed({ h: 'longer' })).toThrow(RangeError);
    expect(String(new mixed({ h: 'tight' }).h)).toBe('tight');
  });
});

describe('at', () => {
  test('overlays the type on memory, aligned or not', () => {
    const bytes = new Uint8Array(32);
    for (const offset of [0, 1, 3, 8, 24]) {
      const p = point.at(bytes, offset);
      p.y = 0x01020304;
      expect(c.int.at(bytes, offset + 4).value).toBe(0x01020304);
      expect(p.buffer).toBe(bytes.buffer);
      expect(p.byteOffset).toBe(offset);
    }
  });

  test('overlays it on a struct, as a cast does', () => {
    const storage = new c.sockaddr_storage();
    const sin = c.sockaddr_in.at(storage);
    sin.sin_family = c.AF_INET;
    expect(storage.ss_family).toBe(c.AF_INET);
    expect(c.sockaddr.at(sin).sa_family).toBe(c.AF_INET);
  });

  test('throws TypeError for null, for values that are not memory, and for a fraction', () => {
    for (const wrong of [null, undefined, {}, [], 'text', 5, detachBuffer(new DataView(new ArrayBuffer(64)))]) {
      expect(() => point.at(wrong as never)).toThrow(TypeError);
      expect(() => c.int.at(wrong as never)).toThrow(TypeError);
      expect(() => c.array(c.int, 2).at(wrong as never)).toThrow(TypeError);
    }
    for (const wrong of [1.5, '1', null, Number.NaN, 1n]) {
      expect(() => point.at(new Uint8Array(64), wrong as never)).toThrow(TypeError);
    }
  });

  test('throws RangeError beyond the memory', () => {
    const bytes = new Uint8Array(16);
    for (const offset of [9, 16, 17, 2 ** 31, 2 ** 53, -1]) {
      expect(() => point.at(bytes, offset)).toThrow(RangeError);
      expect(() => c.int64_t.at(bytes, offset)).toThrow(RangeError);
      expect(() => c.array(c.int, 2).at(bytes, offset)).toThrow(RangeError);
    }
    expect(() => point.at(bytes.subarray(9))).toThrow(RangeError);
    expect(() => point.at(detachBuffer(new Uint8Array(64)))).toThrow(RangeError);
  });
});

test('reading a field of detached memory throws', () => {
  const p = detachBuffer(new point({ x: 1 }));
  expect(() => p.x).toThrow(TypeError);
  expect(() => {
    p.x = 1;
  }).toThrow(TypeError);
  expect(p.byteLength).toBe(0);
});

test('struct() and union() throw TypeError for values that are not types', () => {
  for (const wrong of [undefined, null, 5, 'int', {}, [], () => 0, class {}, new c.int()]) {
    expect(() => c.struct('wrong', { x: wrong as never })).toThrow(TypeError);
    expect(() => c.union('wrong', { x: wrong as never })).toThrow(TypeError);
    expect(() => c.array(wrong as never, 3)).toThrow(TypeError);
  }
  expect(() => c.struct(5 as never, {})).toThrow(TypeError);
  expect(() => c.struct('wrong', null as never)).toThrow(TypeError);
});

test('an instance shows and lists its fields', () => {
  const p = new point({ x: 1, y: -2 });
  expect(inspect(p)).toBe('point { x: 1, y: -2 }');
  expect(p).toBeInstanceOf(point);
  expect(bytesOf(p)).toHaveLength(8);
});

describe('sizeof and offsetof', () => {
  test('take types, instances, views, buffers and text', () => {
    expect([sizeof(point), sizeof(new point()), sizeof(c.array(point, 3)), sizeof(new (c.array(c.char, 7))())]).toEqual(
      [8, 8, 24, 7],
    );
    expect([
      sizeof(new Float64Array(3)),
      sizeof(new ArrayBuffer(5)),
      sizeof(new SharedArrayBuffer(6)),
      sizeof(new DataView(new ArrayBuffer(9), 2)),
    ]).toEqual([24, 5, 6, 7]);
    expect([sizeof(''), sizeof('text'), sizeof('\u00e9'), sizeof('\u{1f600}')]).toEqual([1, 5, 3, 5]);
    expect(sizeof(new mixed().e)).toBe(16);
  });

  test('throw TypeError for other values', () => {
    for (const wrong of [undefined, null, 5, 5n, true, {}, [], () => 0, Symbol('s')]) {
      expect(() => sizeof(wrong as never)).toThrow(TypeError);
    }
    for (const [type, field] of [
      [point, 'z'],
      [point, undefined],
      [c.int, 'value'],
      [new point(), 'x'],
      [undefined, 'x'],
      [null, 'x'],
    ]) {
      expect(() => offsetof(type as never, field as never)).toThrow(TypeError);
    }
  });
});
