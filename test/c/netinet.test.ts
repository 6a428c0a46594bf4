// The macros of <netinet/in.h>, <netinet/icmp6.h>, <netinet/ether.h> and <sys/un.h>.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { include, runC } from '../support/c_program.js';

const MACROS = {
  IN6_IS_ADDR_UNSPECIFIED: c.IN6_IS_ADDR_UNSPECIFIED,
  IN6_IS_ADDR_LOOPBACK: c.IN6_IS_ADDR_LOOPBACK,
  IN6_IS_ADDR_MULTICAST: c.IN6_IS_ADDR_MULTICAST,
  IN6_IS_ADDR_LINKLOCAL: c.IN6_IS_ADDR_LINKLOCAL,
  IN6_IS_ADDR_SITELOCAL: c.IN6_IS_ADDR_SITELOCAL,
  IN6_IS_ADDR_V4MAPPED: c.IN6_IS_ADDR_V4MAPPED,
  IN6_IS_ADDR_V4COMPAT: c.IN6_IS_ADDR_V4COMPAT,
  IN6_IS_ADDR_MC_NODELOCAL: c.IN6_IS_ADDR_MC_NODELOCAL,
  IN6_IS_ADDR_MC_LINKLOCAL: c.IN6_IS_ADDR_MC_LINKLOCAL,
  IN6_IS_ADDR_MC_SITELOCAL: c.IN6_IS_ADDR_MC_SITELOCAL,
  IN6_IS_ADDR_MC_ORGLOCAL: c.IN6_IS_ADDR_MC_ORGLOCAL,
  IN6_IS_ADDR_MC_GLOBAL: c.IN6_IS_ADDR_MC_GLOBAL,
};

const ADDRESSES = [
  '::',
  '::1',
  '::2',
  '::100',
  '::127.0.0.1',
  '::1:0:0',
  '::ffff:1.2.3.4',
  '::fffe:1.2.3.4',
  '1::ffff:1.2.3.4',
  'fe80::1',
  'febf::',
  'fec0::1',
  'feff::',
  'ff00::',
  'ff01::1',
  'ff02::1',
  'ff12::1',
  'ff05::2',
  'ff08::',
  'ff0e::1',
  '2001:db8::',
  'fd00::1',
];

describe('IN6_', () => {
  test('return what C’s macros return', () => {
    const printed = runC(
      `const char *texts[] = {${ADDRESSES.map((text) => `"${text}"`)}};
       for (int i = 0; i < ${ADDRESSES.length}; i++) {
         struct in6_addr a;
         inet_pton(AF_INET6, texts[i], &a);
         ${Object.keys(MACROS)
           .map((macro) => `printf("%d", !!${macro}(&a));`)
           .join('')}
         puts("");
       }`,
      include('netinet/in.h', 'arpa/inet.h'),
    );
    const ours = ADDRESSES.map((text) => {
      const address = new c.in6_addr();
      expect(c.inet_pton(c.AF_INET6, text, address)).toBe(1);
      return Object.values(MACROS)
        .map((macro) => macro(address))
        .join('');
    });
    expect(ours).toEqual(printed.trimEnd().split('\n'));
  });

  test('IN6_ARE_ADDR_EQUAL compares 16 bytes, and throws TypeError for anything else', () => {
    const bytes = new Uint8Array(16);
    expect(c.IN6_ARE_ADDR_EQUAL(bytes, c.in6addr_any)).toBe(1);
    bytes[15] = 1;
    expect(c.IN6_ARE_ADDR_EQUAL(bytes, c.in6addr_any)).toBe(0);
    expect(c.IN6_ARE_ADDR_EQUAL(bytes, c.in6addr_loopback)).toBe(1);
    for (const wrong of [null, undefined, '::1', new Uint8Array(15)]) {
      expect(() => c.IN6_IS_ADDR_LOOPBACK(wrong as Uint8Array)).toThrow(TypeError);
      expect(() => c.IN6_ARE_ADDR_EQUAL(bytes, wrong as Uint8Array)).toThrow(TypeError);
    }
  });
});

test('IN_CLASS and IN_MULTICAST take an address in host byte order', () => {
  const classes = ['10.0.0.1', '128.0.0.1', '191.255.0.1', '192.0.2.1', '224.0.0.1', '239.255.255.255', '240.0.0.1'];
  const ours = classes.map((text) => {
    const address = c.ntohl(c.inet_addr(text));
    return [c.IN_CLASSA, c.IN_CLASSB, c.IN_CLASSC, c.IN_CLASSD, c.IN_MULTICAST].map((macro) => macro(address)).join('');
  });
  expect(ours).toEqual(['10000', '01000', '01000', '00100', '00011', '00011', '00000']);
  expect(() => c.IN_MULTICAST('224.0.0.1' as unknown as number)).toThrow(TypeError);
});

describe('SUN_LEN', () => {
  test('counts a path without its NUL, and a path that fills the field', () => {
    const address = new c.sockaddr_un({ sun_path: '/tmp/x' });
    expect(c.SUN_LEN(address)).toBe(c.offsetof(c.sockaddr_un, 'sun_path') + 6);
    c.memset(address.sun_path, 120, c.sizeof(address.sun_path));
    expect(c.SUN_LEN(address)).toBe(c.sizeof(address));
    expect(c.SUN_LEN(new c.sockaddr_un())).toBe(2);
    expect(() => c.SUN_LEN(new Uint8Array(110) as unknown as c.sockaddr_un)).toThrow(TypeError);
  });
});

describe('ether_', () => {
  test('aton and ntoa return what C returns', () => {
    const texts = [
      '1:2:3:4:5:6',
      '00:1B:44:11:3A:b7',
      '1:2:3:4:5:67zz',
      '1:2:3:4:5:678',
      '1:2:3:4:5:6z',
      '1:2:3:4:5:6 x',
      '1:2:3:4:5',
      '1:2:3:4:5:',
      '1:2:3:4:5:6:7',
      '001:2:3:4:5:6',
      ' 1:2:3:4:5:6',
      '',
    ];
    const printed = runC(
      `const char *texts[] = {${texts.map((text) => `"${text}"`)}};
       for (int i = 0; i < ${texts.length}; i++) {
         struct ether_addr *e = ether_aton(texts[i]);
         puts(e ? ether_ntoa(e) : "-");
       }`,
      include('netinet/ether.h'),
    );
    const ours = texts.map((text) => {
      const address = c.ether_aton(text);
      return address ? c.ether_ntoa(address) : '-';
    });
    expect(ours).toEqual(printed.trimEnd().split('\n'));
    expect(c.ether_aton(new TextEncoder().encode('a:b:c:d:e:f\0rest'))).not.toBe(null);
  });

  test('throw TypeError for arguments that are not addresses', () => {
    expect(() => c.ether_ntoa(new Uint8Array(5))).toThrow(TypeError);
    expect(() => c.ether_ntoa(null)).toThrow(TypeError);
    expect(() => c.ether_aton(5 as unknown as string)).toThrow(TypeError);
  });
});

describe('ICMP6_FILTER_', () => {
  test('set and clear the bits that C’s macros do', () => {
    const printed = runC(
      `struct icmp6_filter f;
       ICMP6_FILTER_SETBLOCKALL(&f); ICMP6_FILTER_SETPASS(129, &f); ICMP6_FILTER_SETPASS(0, &f);
       ICMP6_FILTER_SETPASS(255, &f); ICMP6_FILTER_SETPASS(31, &f); ICMP6_FILTER_SETBLOCK(0, &f);
       for (int i = 0; i < sizeof f; i++) printf("%02x", ((unsigned char *)&f)[i]);
       ICMP6_FILTER_SETPASSALL(&f); ICMP6_FILTER_SETBLOCK(32, &f);
       for (int i = 0; i < sizeof f; i++) printf("%02x", ((unsigned char *)&f)[i]);`,
      include('netinet/icmp6.h'),
    );
    const filter = new c.icmp6_filter();
    const hex = () => Buffer.from(filter.buffer, filter.byteOffset, filter.byteLength).toString('hex');
    c.ICMP6_FILTER_SETBLOCKALL(filter);
    for (const type of [129, 0, 255, 31]) c.ICMP6_FILTER_SETPASS(type, filter);
    c.ICMP6_FILTER_SETBLOCK(0, filter);
    const first = hex();
    expect([0, 31, 32, 129, 255].map((type) => c.ICMP6_FILTER_WILLPASS(type, filter))).toEqual([0, 1, 0, 1, 1]);
    expect([0, 31, 32, 129, 255].map((type) => c.ICMP6_FILTER_WILLBLOCK(type, filter))).toEqual([1, 0, 1, 0, 0]);
    c.ICMP6_FILTER_SETPASSALL(filter);
    c.ICMP6_FILTER_SETBLOCK(32, filter);
    expect(first + hex()).toBe(printed);
  });

  test('throw TypeError for types and filters out of range', () => {
    const filter = new c.icmp6_filter();
    for (const type of [-1, 256, 0.5, '1']) {
      expect(() => c.ICMP6_FILTER_SETPASS(type as number, filter)).toThrow(TypeError);
      expect(() => c.ICMP6_FILTER_WILLPASS(type as number, filter)).toThrow(TypeError);
    }
    expect(() => c.ICMP6_FILTER_SETPASSALL(new Uint8Array(31))).toThrow(TypeError);
    expect(() => c.ICMP6_FILTER_SETPASSALL(null)).toThrow(TypeError);
  });
});

describe.runIf(process.platform === 'linux')('SO_EE_OFFENDER', () => {
  test('returns the memory behind the error', () => {
    const bytes = new Uint8Array(32);
    const error = c.sock_extended_err.at(bytes);
    const offender = c.SO_EE_OFFENDER(error);
    expect([offender.byteOffset, offender.length]).toEqual([16, 16]);
    expect(c.SO_EE_OFFENDER(new c.sock_extended_err())).toHaveLength(0);
    expect(() => c.SO_EE_OFFENDER(bytes as unknown as c.sock_extended_err)).toThrow(TypeError);
  });
});
