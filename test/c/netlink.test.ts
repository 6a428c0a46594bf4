// The macros of netlink(3) and rtnetlink(3), on buffers with any content.
import * as c from 'bsd-sockets/c';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { include, runC } from '../support/c_program.js';

const linux = process.platform === 'linux';

describe.runIf(linux)('lengths', () => {
  test('return what C’s macros return', () => {
    const lengths = [0, 1, 3, 4, 5, 16, 17, 1000];
    const printed = runC(
      `int n[] = {${lengths}};
       for (int i = 0; i < ${lengths.length}; i++) {
         struct nlmsghdr nlh = {.nlmsg_len = n[i] + 64};
         struct rtattr rta = {.rta_len = n[i] + 64};
         printf("%d %d %d %d %d %d\\n", NLMSG_ALIGN(n[i]), (int)NLMSG_LENGTH(n[i]), (int)NLMSG_SPACE(n[i]),
                (int)NLMSG_PAYLOAD(&nlh, n[i]), (int)RTA_LENGTH(n[i]), (int)RTA_PAYLOAD(&rta));
       }`,
      include('linux/netlink.h', 'linux/rtnetlink.h'),
    );
    const ours = lengths.map((n) => {
      const nlh = new c.nlmsghdr({ nlmsg_len: n + 64 });
      const rta = new c.rtattr({ rta_len: n + 64 });
      const spaces = [c.NLMSG_ALIGN(n), c.NLMSG_LENGTH(n), c.NLMSG_SPACE(n)];
      return `${[...spaces, c.NLMSG_PAYLOAD(nlh, n), c.RTA_LENGTH(n), c.RTA_PAYLOAD(rta)].join(' ')}\n`;
    });
    expect(ours.join('')).toBe(printed);
  });
});

/** As a program walks: every message, and every attribute of it. */
function walk(bytes: Uint8Array, len: c.Box<number>): { messages: number; attributes: number } {
  let [messages, attributes] = [0, 0];
  const within = (view: Uint8Array): void => {
    expect(view.buffer).toBe(bytes.buffer);
    expect(view.byteOffset + view.byteLength).toBeLessThanOrEqual(bytes.buffer.byteLength);
  };
  for (let nlh = c.nlmsghdr.at(bytes); c.NLMSG_OK(nlh, len); nlh = c.NLMSG_NEXT(nlh, len)) {
    expect(++messages).toBeLessThanOrEqual(bytes.length / 16 + 1);
    expect(nlh.byteOffset + nlh.nlmsg_len).toBeLessThanOrEqual(bytes.buffer.byteLength);
    const data = c.NLMSG_DATA(nlh);
    within(data);
    const rest = new c.int(c.NLMSG_PAYLOAD(nlh, 0));
    if (data.length < c.rtattr.size) continue;
    for (let rta = c.rtattr.at(data); c.RTA_OK(rta, rest); rta = c.RTA_NEXT(rta, rest)) {
      expect(++attributes).toBeLessThanOrEqual(bytes.length * bytes.length);
      within(c.RTA_DATA(rta));
      expect(rta.byteOffset + rta.rta_len).toBeLessThanOrEqual(nlh.byteOffset + c.NLMSG_ALIGN(nlh.nlmsg_len));
    }
  }
  return { messages, attributes };
}

describe.runIf(linux)('NLMSG_OK and NLMSG_NEXT, RTA_OK and RTA_NEXT', () => {
  /** Messages with attributes of these lengths. */
  function built(...messages: number[][]): Uint8Array {
    const bytes = new Uint8Array(1024);
    let offset = 0;
    for (const attributes of messages) {
      const nlh = c.nlmsghdr.at(bytes, offset);
      let end = offset + c.NLMSG_LENGTH(0);
      for (const length of attributes) {
        c.rtattr.at(bytes, end).rta_len = c.RTA_LENGTH(length);
        end += c.NLMSG_ALIGN(c.RTA_LENGTH(length));
      }
      nlh.nlmsg_len = end - offset;
      offset = end;
    }
    return bytes.slice(0, offset);
  }

  test('visit a well-formed buffer to its end', () => {
    const bytes = built([4, 1, 0], [], [8]);
    const len = new c.int(bytes.length);
    expect(walk(bytes, len)).toEqual({ messages: 3, attributes: 4 });
    expect(len.value).toBe(0);
    expect(c.NLMSG_OK(c.nlmsghdr.at(bytes), bytes.length)).toBe(1);
    expect(c.NLMSG_OK(c.nlmsghdr.at(bytes), 15)).toBe(0);
    expect(c.NLMSG_OK(c.nlmsghdr.at(bytes), -1)).toBe(0);
  });

  test('take a box of any integer type as the remaining length', () => {
    const bytes = built([4], [8]);
    for (const Box of [c.int, c.unsigned_int, c.ssize_t, c.size_t, c.socklen_t]) {
      expect(walk(bytes, new Box(bytes.length))).toEqual({ messages: 2, attributes: 2 });
    }
  });

  test('end the list at a malformed length', () => {
    for (const length of [0, 1, 15, 1000, 0x7fff_ffff, 0xffff_ffff]) {
      const bytes = built([4], [8]);
      c.nlmsghdr.at(bytes).nlmsg_len = length;
      expect(walk(bytes, new c.int(bytes.length)).messages).toBe(0);
      const nlh = c.nlmsghdr.at(bytes);
      const len = new c.int(bytes.length);
      // A program that goes on in spite of NLMSG_OK comes to an end as well.
      expect(c.NLMSG_OK(c.NLMSG_NEXT(nlh, len), len)).toBe(0);
    }
    for (const length of [0, 3, 100, 0xffff]) {
      const bytes = built([4]);
      c.rtattr.at(bytes, 16).rta_len = length;
      expect(walk(bytes, new c.int(bytes.length))).toEqual({ messages: 1, attributes: 0 });
    }
  });

  test('end the list at a length beyond the buffer', () => {
    const bytes = built([4], [8]);
    expect(walk(bytes, new c.int(100_000)).messages).toBe(2);
    c.nlmsghdr.at(bytes).nlmsg_len = 50_000;
    expect(walk(bytes, new c.int(100_000)).messages).toBe(0);
  });

  test('throw TypeError for values that are not headers', () => {
    for (const wrong of [null, undefined, 5, {}]) {
      expect(() => c.NLMSG_DATA(wrong as c.nlmsghdr)).toThrow(TypeError);
      expect(() => c.NLMSG_OK(wrong as c.nlmsghdr, 16)).toThrow(TypeError);
      expect(() => c.NLMSG_NEXT(wrong as c.nlmsghdr, new c.int(16))).toThrow(TypeError);
      expect(() => c.RTA_OK(wrong as c.rtattr, 16)).toThrow(TypeError);
      expect(() => c.RTA_DATA(wrong as c.rtattr)).toThrow(TypeError);
    }
  });

  test('end the list for any bytes, and never return a view beyond the buffer', () => {
    const buffers = fc.record({
      bytes: fc.uint8Array({ minLength: 16, maxLength: 256 }),
      lengths: fc.array(fc.tuple(fc.nat(63), fc.nat(80)), { maxLength: 12 }),
      more: fc.integer({ min: -16, max: 64 }),
    });
    fc.assert(
      fc.property(buffers, ({ bytes, lengths, more }) => {
        const memory = bytes.slice();
        const words = new DataView(memory.buffer);
        for (const [word, length] of lengths)
          if (4 * word + 4 <= memory.length) words.setUint32(4 * word, length, true);
        walk(memory, new c.int(memory.length + more));
      }),
      { numRuns: 2000 },
    );
  });
});
