// inet(3), inet_pton(3) and inet_ntop(3).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { outputLinesOfC, stringLiteralInC } from '../support/c_program.js';
import { bytesOf, detachBuffer, GuardedMemory } from '../support/memory.js';

/** By their names. */
const named: typeof c = c;

const texts4 = [
  '1.2.3.4',
  '0.0.0.0',
  '255.255.255.255',
  '127.1',
  '127.0x1',
  '0x7f.1',
  '017700000001',
  '10.0.0.256',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.4 x',
  ' 1.2.3.4',
  '1.2.3.',
  '',
  'localhost',
  '4294967295',
  '4294967296',
  '1.2.65535',
  '01.02.03.04',
  '1.2.3.4\n',
  '٣.1.1.1',
  '-1.2.3.4',
];
const texts6 = [
  '::',
  '::1',
  '2001:db8::8:800:200c:417a',
  '::ffff:1.2.3.4',
  'fe80::1',
  'fe80::1%lo',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7',
  '1::2::3',
  ':::',
  'g::',
  '',
  '::1.2.3',
  '12345::',
  'FFFF:ABCD::',
];
const hex = (memory: Parameters<typeof bytesOf>[0]): string => Buffer.from(bytesOf(memory)).toString('hex');
const hexC =
  'static void hex(const void *p, size_t n) { while (n--) printf("%02x", *(const unsigned char *)p++); printf("\\n"); }';

describe('the results are those of the C library', () => {
  const printed4 = outputLinesOfC(
    texts4
      .map(
        (text) => `{ struct in_addr a = { 0xa5a5a5a5 }; int r = inet_aton(${stringLiteralInC(text)}, &a);
          printf("%d %u %u %u\\n", r, r ? a.s_addr : 0xa5a5a5a5u, inet_addr(${stringLiteralInC(text)}), inet_network(${stringLiteralInC(text)})); }`,
      )
      .join('\n'),
  );
  test.each(texts4.map((text, i) => [text, i] as const))('inet_aton, inet_addr, inet_network of %j', (text, i) => {
    const addr = new c.in_addr({ s_addr: 0xa5a5a5a5 });
    const result = c.inet_aton(text, addr);
    const seen = [result, result ? addr.s_addr : 0xa5a5a5a5, c.inet_addr(text), c.inet_network(text)];
    expect(seen.join(' ')).toBe(printed4[i]);
  });

  const printedPton = outputLinesOfC(
    [...texts4.map((text) => [text, 'AF_INET']), ...texts6.map((text) => [text, 'AF_INET6'])]
      .map(
        ([text, af]) => `{ unsigned char a[16]; memset(a, 0xa5, 16);
          printf("%d ", inet_pton(${af}, ${stringLiteralInC(text!)}, a)); hex(a, 16); }`,
      )
      .join('\n'),
    hexC,
  );
  test.each([
    ...texts4.map((text) => [text, 'AF_INET'] as const),
    ...texts6.map((text) => [text, 'AF_INET6'] as const),
  ])('inet_pton(%j, %s)', (text, af) => {
    const i = af === 'AF_INET' ? texts4.indexOf(text) : texts4.length + texts6.indexOf(text);
    const memory = new GuardedMemory(16);
    c.set_errno(77);
    const result = c.inet_pton(named[af], text, memory.bytes);
    expect(c.errno).toBe(77);
    // After a 0 the memory has no defined content.
    if (result === 1) expect(`${result} ${hex(memory.bytes)}`).toBe(printedPton[i]);
    else expect(`${result}`).toBe(printedPton[i]!.split(' ')[0]);
    expect(memory.intact).toBe(true);
  });

  const addresses6 = texts6.filter((text) => c.inet_pton(c.AF_INET6, text, new c.in6_addr()) === 1);
  const printedNtop = outputLinesOfC(
    addresses6
      .map(
        (text) =>
          `{ unsigned char a[16]; char t[64]; inet_pton(AF_INET6, ${stringLiteralInC(text)}, a); puts(inet_ntop(AF_INET6, a, t, 64)); }`,
      )
      .join('\n'),
  );
  test.each(addresses6.map((text, i) => [text, i] as const))('inet_ntop of %s', (text, i) => {
    const addr = new c.in6_addr();
    c.inet_pton(c.AF_INET6, text, addr);
    const dst = new (c.array(c.char, c.INET6_ADDRSTRLEN))();
    expect(c.inet_ntop(c.AF_INET6, addr, dst, sizeof(dst))).toBe(printedNtop[i]);
    expect(String(dst)).toBe(printedNtop[i]);
  });

  test('inet_makeaddr, inet_lnaof and inet_netof for each class', () => {
    const nets = [0, 10, 127, 128, 0x8001, 0xc0a801, 0xe0000000, 0xffffff];
    const printed = outputLinesOfC(
      nets
        .map(
          (net) =>
            `{ struct in_addr a = inet_makeaddr(${net}u, 5); printf("%u %u %u\\n", a.s_addr, inet_lnaof(a), inet_netof(a)); }`,
        )
        .join('\n'),
    );
    const seen = nets.map((net) => {
      const addr = c.inet_makeaddr(net, 5);
      return `${addr.s_addr} ${c.inet_lnaof(addr)} ${c.inet_netof(addr)}`;
    });
    expect(seen).toEqual(printed);
  });
});

describe('inet_addr', () => {
  test('returns the number whose memory is in network byte order', () => {
    expect([...bytesOf(new c.unsigned_int(c.inet_addr('1.2.3.4')))]).toEqual([1, 2, 3, 4]);
    expect(c.inet_addr('255.255.255.255')).toBe(c.INADDR_NONE);
    expect(c.INADDR_NONE).toBe(0xffff_ffff);
  });

  test('takes text in memory up to its NUL', () => {
    const text = new (c.array(c.char, 20))('1.2.3.4');
    expect(c.inet_addr(text)).toBe(c.inet_addr('1.2.3.4'));
    expect(c.inet_addr('1.2.3.4\0 and more')).toBe(c.inet_addr('1.2.3.4'));
  });

  test('fails with EFAULT for memory without a NUL and for null', () => {
    for (const bad of [Buffer.from('1.2.3.4'), new Uint8Array(0), null, detachBuffer(new Uint8Array(9))]) {
      c.set_errno(0);
      expect(c.inet_addr(bad)).toBe(c.INADDR_NONE);
      expect(c.errno).toBe(c.EFAULT);
      expect(c.inet_network(bad)).toBe(c.INADDR_NONE);
      expect(c.inet_aton(bad, new c.in_addr())).toBe(0);
      expect(c.inet_pton(c.AF_INET, bad, new c.in_addr())).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
  });
});

describe('inet_ntoa', () => {
  test('formats any four bytes', () => {
    expect(c.inet_ntoa(new c.in_addr({ s_addr: c.inet_addr('10.20.30.40') }))).toBe('10.20.30.40');
    expect(c.inet_ntoa(new Uint8Array([1, 2, 3, 4]))).toBe('1.2.3.4');
    expect(c.inet_ntoa(new c.sockaddr_in({ sin_addr: { s_addr: 0 } }).sin_addr)).toBe('0.0.0.0');
  });

  test('throws TypeError for fewer than four bytes', () => {
    for (const bad of [new Uint8Array(3), null, detachBuffer(new c.in_addr()), 'text', 5, undefined]) {
      expect(() => c.inet_ntoa(bad as never)).toThrow(TypeError);
    }
  });
});

describe('inet_pton', () => {
  test('fails with EFAULT if the memory is too small, and writes nothing', () => {
    for (const [af, text, size] of [
      [c.AF_INET, '1.2.3.4', 4],
      [c.AF_INET6, '::1', 16],
    ] as const) {
      const memory = new GuardedMemory(size - 1);
      expect(c.inet_pton(af, text, memory.bytes)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
      expect(memory.intact && memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
      expect(c.inet_pton(af, text, null)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
  });

  test('fails with EAFNOSUPPORT for an unknown family', () => {
    expect(c.inet_pton(12345, '1.2.3.4', new Uint8Array(16))).toBe(-1);
    expect(c.errno).toBe(c.EAFNOSUPPORT);
    expect(c.inet_ntop(12345, new Uint8Array(16), null, 64)).toBe(null);
    expect(c.errno).toBe(c.EAFNOSUPPORT);
  });
});

describe('inet_ntop', () => {
  const addr = new Uint8Array([1, 2, 3, 4]);

  test('fails with ENOSPC if the size is too small, and writes nothing', () => {
    const memory = new GuardedMemory(16);
    for (const size of [0, 1, 7]) {
      expect(c.inet_ntop(c.AF_INET, addr, memory.bytes, size)).toBe(null);
      expect(c.errno).toBe(c.ENOSPC);
    }
    expect(memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
    expect(c.inet_ntop(c.AF_INET, addr, memory.bytes, 8)).toBe('1.2.3.4');
    expect(memory.intact && memory.bytes[8] === 0xa5).toBe(true);
  });

  test('returns the text alone if dst is null', () => {
    expect(c.inet_ntop(c.AF_INET, addr, null, 16)).toBe('1.2.3.4');
  });

  test('fails with EFAULT if size is beyond dst, and if src is too short or null', () => {
    const memory = new GuardedMemory(15);
    for (const size of [16, 2 ** 32 + 1, -1, -1n]) {
      expect(c.inet_ntop(c.AF_INET, addr, memory.bytes, size)).toBe(null);
      expect(c.errno).toBe(c.EFAULT);
    }
    expect(memory.intact && memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
    for (const src of [new Uint8Array(3), null, detachBuffer(new c.in_addr())]) {
      expect(c.inet_ntop(c.AF_INET, src, null, 16)).toBe(null);
      expect(c.errno).toBe(c.EFAULT);
    }
    expect(c.inet_ntop(c.AF_INET6, new Uint8Array(15), null, 64)).toBe(null);
    expect(c.errno).toBe(c.EFAULT);
  });
});

test('in6addr_any is ::, and in6addr_loopback is ::1', () => {
  expect(c.inet_ntop(c.AF_INET6, c.in6addr_any, null, 64)).toBe('::');
  expect(c.inet_ntop(c.AF_INET6, c.in6addr_loopback, null, 64)).toBe('::1');
});
