// The CMSG_ macros, on buffers with any content.
import * as c from 'bsd-sockets/c';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runC } from '../support/c_program.js';

const header = c.sizeof(c.cmsghdr);
const messageOf = (control: c.Pointer, length: number | bigint): c.msghdr =>
  new c.msghdr({ msg_control: control, msg_controllen: length });

/** Every header of a list; a list that does not end would be longer than its bytes allow. */
function walk(msg: c.msghdr, bytes: Uint8Array): { offset: number; length: number }[] {
  const found: { offset: number; length: number }[] = [];
  for (let cmsg = c.CMSG_FIRSTHDR(msg); cmsg; cmsg = c.CMSG_NXTHDR(msg, cmsg)) {
    const data = c.CMSG_DATA(cmsg);
    expect(data.buffer).toBe(bytes.buffer);
    expect(data.byteOffset).toBeGreaterThanOrEqual(bytes.byteOffset);
    expect(data.byteOffset + data.byteLength).toBeLessThanOrEqual(bytes.byteOffset + bytes.byteLength);
    found.push({ offset: cmsg.byteOffset - bytes.byteOffset, length: Number(cmsg.cmsg_len) });
    expect(found.length).toBeLessThanOrEqual(bytes.length / header + 1);
  }
  return found;
}

describe('CMSG_ALIGN, CMSG_SPACE, CMSG_LEN', () => {
  test('return what C’s macros return', () => {
    const lengths = [0, 1, 4, 7, 8, 9, 12, 100, 1000];
    const printed = runC(`size_t n[] = {${lengths}};
       for (int i = 0; i < ${lengths.length}; i++)
         printf("%zu %zu %zu\\n", CMSG_ALIGN(n[i]), CMSG_SPACE(n[i]), CMSG_LEN(n[i]));`);
    const ours = lengths.map((n) => `${c.CMSG_ALIGN(n)} ${c.CMSG_SPACE(n)} ${c.CMSG_LEN(n)}\n`);
    expect(ours.join('')).toBe(printed);
    expect(c.CMSG_SPACE(4n)).toBe(c.CMSG_SPACE(4));
    for (const macro of [c.CMSG_ALIGN, c.CMSG_SPACE, c.CMSG_LEN]) {
      for (const wrong of ['4', 0.5, Number.NaN, undefined, null]) {
        expect(() => macro(wrong as number)).toThrow(TypeError);
      }
    }
  });
});

describe('CMSG_FIRSTHDR and CMSG_NXTHDR', () => {
  test('find no header without a buffer, or in one too short for a header', () => {
    expect(c.CMSG_FIRSTHDR(new c.msghdr())).toBe(null);
    expect(c.CMSG_FIRSTHDR(messageOf(null, 64))).toBe(null);
    expect(c.CMSG_FIRSTHDR(messageOf(new Uint8Array(64), header - 1))).toBe(null);
    expect(c.CMSG_FIRSTHDR(messageOf(new Uint8Array(header), header))).not.toBe(null);
    expect(c.CMSG_FIRSTHDR(messageOf(new Uint8Array(64), 0n))).toBe(null);
    for (const wrong of [null, undefined, {}, new Uint8Array(56)]) {
      expect(() => c.CMSG_FIRSTHDR(wrong as c.msghdr)).toThrow(TypeError);
      expect(() => c.CMSG_NXTHDR(wrong as c.msghdr, new c.cmsghdr())).toThrow(TypeError);
    }
    expect(() => c.CMSG_NXTHDR(messageOf(new Uint8Array(64), 64), {} as c.cmsghdr)).toThrow(TypeError);
    expect(() => c.CMSG_DATA({} as c.cmsghdr)).toThrow(TypeError);
  });

  test('return a view: writing its fields writes the buffer', () => {
    const bytes = new Uint8Array(64);
    const msg = messageOf(bytes, 64);
    const first = c.CMSG_FIRSTHDR(msg)!;
    first.cmsg_len = c.CMSG_LEN(4);
    first.cmsg_level = 0x01020304;
    expect(c.cmsghdr.at(bytes).cmsg_level).toBe(0x01020304);
    c.CMSG_DATA(first)[0] = 9;
    expect(bytes[c.CMSG_LEN(0)]).toBe(9);
    const second = c.CMSG_NXTHDR(msg, first)!;
    expect(second.byteOffset).toBe(c.CMSG_SPACE(4));
    expect(c.CMSG_NXTHDR(msg, null)!.byteOffset).toBe(0);
  });

  test('accept a last message without padding, which the kernel omits if the buffer is full', () => {
    const bytes = new Uint8Array(c.CMSG_SPACE(4) + c.CMSG_LEN(4));
    const msg = messageOf(bytes, bytes.length);
    const first = c.CMSG_FIRSTHDR(msg)!;
    first.cmsg_len = c.CMSG_LEN(4);
    c.cmsghdr.at(bytes, c.CMSG_SPACE(4)).cmsg_len = c.CMSG_LEN(4);
    const second = c.CMSG_NXTHDR(msg, first)!;
    expect(c.CMSG_DATA(second).length).toBe(4);
    expect(c.CMSG_NXTHDR(msg, second)).toBe(null);
  });

  test('end the list at a malformed length', () => {
    const bytes = new Uint8Array(128);
    const msg = messageOf(bytes, bytes.length);
    for (const length of [0, 1, header - 1, 129, 2 ** 31, 2 ** 32 + header, 2 ** 53, 2n ** 64n - 1n, 2n ** 64n - 8n]) {
      const first = c.CMSG_FIRSTHDR(msg)!;
      first.cmsg_len = length as number;
      expect(c.CMSG_NXTHDR(msg, first)).toBe(null);
      first.cmsg_len = c.CMSG_LEN(4);
      c.cmsghdr.at(bytes, c.CMSG_SPACE(4)).cmsg_len = length as number;
      expect(walk(msg, bytes).length).toBeLessThanOrEqual(2);
    }
  });

  test('stop at the memory’s end if msg_controllen is beyond it, and at a header of other memory', () => {
    const bytes = new Uint8Array(32);
    const msg = messageOf(bytes, 1e6);
    const first = c.CMSG_FIRSTHDR(msg)!;
    first.cmsg_len = 1000;
    expect(c.CMSG_DATA(first).length).toBe(16);
    expect(c.CMSG_NXTHDR(msg, first)).toBe(null);
    expect(c.CMSG_NXTHDR(msg, new c.cmsghdr({ cmsg_len: 16 }))).toBe(null);
    expect(c.CMSG_DATA(new c.cmsghdr())).toHaveLength(0);
  });

  test('end the list for any bytes, and never return a view beyond the buffer', () => {
    const buffers = fc.record({
      bytes: fc.uint8Array({ maxLength: 256 }),
      // Lengths that look like ones are likelier to be followed.
      lengths: fc.array(fc.tuple(fc.nat(31), fc.nat(300)), { maxLength: 6 }),
      before: fc.nat(16),
      controllen: fc.oneof(fc.nat(300), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    });
    fc.assert(
      fc.property(buffers, ({ bytes, lengths, before, controllen }) => {
        const memory = new Uint8Array(before + bytes.length + 8).subarray(before, before + bytes.length);
        memory.set(bytes);
        for (const [word, length] of lengths) {
          if (8 * word + 8 <= memory.length) c.size_t.at(memory, 8 * word).value = length;
        }
        const found = walk(messageOf(memory, controllen), memory);
        for (const [i, { offset, length }] of found.entries()) {
          expect(offset).toBeGreaterThanOrEqual(i * header);
          if (i + 1 < found.length) expect(found[i + 1]!.offset).toBe(offset + c.CMSG_ALIGN(length));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('visit the same messages as C in a well-formed list', () => {
    const lists = [
      [[4], 64],
      [[4, 8], 64],
      [[4, 8, 0], 64],
      [[1, 1, 1], c.CMSG_SPACE(1) * 3],
      [[1, 1, 1], c.CMSG_SPACE(1) * 2 + c.CMSG_LEN(1)],
    ] as const;
    for (const [lengths, size] of lists) {
      const bytes = new Uint8Array(size);
      let offset = 0;
      for (const length of lengths) {
        c.cmsghdr.at(bytes, offset).cmsg_len = c.CMSG_LEN(length);
        offset += c.CMSG_SPACE(length);
      }
      const printed = runC(`unsigned char bytes[] = {${[...bytes]}};
         struct msghdr m = {.msg_control = bytes, .msg_controllen = sizeof bytes};
         for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h))
           printf("%d ", (int)((unsigned char *)h - bytes));`);
      const ours = walk(messageOf(bytes, size), bytes).map(({ offset }) => `${offset} `);
      expect(ours.join('')).toBe(printed);
    }
  });
});
