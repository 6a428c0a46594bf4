// The macros of <netinet/in.h>, <netinet/icmp6.h>, <netinet/ether.h>, <sys/un.h> and <linux/errqueue.h>.
import { bytesOf, type ConstPointer, LITTLE_ENDIAN, type Pointer, wrongArgument } from '../ctypes/index.js';
import { ether_addr, in6_addr, sock_extended_err, sockaddr_un } from '../generated/structs.js';
import { offsetof } from './stddef.js';

function address6(macro: string, addr: Pointer, position = 1, name = 'a'): Uint8Array {
  const bytes = bytesOf(addr);
  if (bytes === undefined || bytes.byteLength < in6_addr.size) {
    throw wrongArgument(macro, position, name, 'an in6_addr', addr);
  }
  return bytes.subarray(0, in6_addr.size);
}

const is6 =
  (macro: string, test: (a: Uint8Array) => boolean) =>
  (addr: Pointer): number =>
    test(address6(macro, addr)) ? 1 : 0;
const zero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const multicast = (scope: number) => (a: Uint8Array) => a[0] === 0xff && (a[1]! & 0x0f) === scope;

/** `IN6_IS_ADDR_UNSPECIFIED(a)`: 1 for `::`. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_UNSPECIFIED = is6('IN6_IS_ADDR_UNSPECIFIED', zero);
/** `IN6_IS_ADDR_LOOPBACK(a)`: 1 for `::1`. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_LOOPBACK = is6('IN6_IS_ADDR_LOOPBACK', (a) => zero(a.subarray(0, 15)) && a[15] === 1);
/** `IN6_IS_ADDR_MULTICAST(a)`: 1 for ff00::/8. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_MULTICAST = is6('IN6_IS_ADDR_MULTICAST', (a) => a[0] === 0xff);
/** `IN6_IS_ADDR_LINKLOCAL(a)`: 1 for fe80::/10. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_LINKLOCAL = is6('IN6_IS_ADDR_LINKLOCAL', (a) => a[0] === 0xfe && (a[1]! & 0xc0) === 0x80);
/** `IN6_IS_ADDR_SITELOCAL(a)`: 1 for fec0::/10. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_SITELOCAL = is6('IN6_IS_ADDR_SITELOCAL', (a) => a[0] === 0xfe && (a[1]! & 0xc0) === 0xc0);
/** `IN6_IS_ADDR_V4MAPPED(a)`: 1 for ::ffff:0:0/96. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_V4MAPPED = is6(
  'IN6_IS_ADDR_V4MAPPED',
  (a) => zero(a.subarray(0, 10)) && a[10] === 0xff && a[11] === 0xff,
);
/** `IN6_IS_ADDR_V4COMPAT(a)`: 1 for ::/96 beyond `::1`. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_V4COMPAT = is6(
  'IN6_IS_ADDR_V4COMPAT',
  (a) => zero(a.subarray(0, 12)) && !(zero(a.subarray(12, 15)) && a[15]! <= 1),
);
/** `IN6_IS_ADDR_MC_NODELOCAL(a)`: 1 for a multicast address of scope 1. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_MC_NODELOCAL = is6('IN6_IS_ADDR_MC_NODELOCAL', multicast(1));
/** `IN6_IS_ADDR_MC_LINKLOCAL(a)`: 1 for a multicast address of scope 2. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_MC_LINKLOCAL = is6('IN6_IS_ADDR_MC_LINKLOCAL', multicast(2));
/** `IN6_IS_ADDR_MC_SITELOCAL(a)`: 1 for a multicast address of scope 5. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_MC_SITELOCAL = is6('IN6_IS_ADDR_MC_SITELOCAL', multicast(5));
/** `IN6_IS_ADDR_MC_ORGLOCAL(a)`: 1 for a multicast address of scope 8. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_MC_ORGLOCAL = is6('IN6_IS_ADDR_MC_ORGLOCAL', multicast(8));
/** `IN6_IS_ADDR_MC_GLOBAL(a)`: 1 for a multicast address of scope 14. @throws TypeError @see ipv6(7) */
export const IN6_IS_ADDR_MC_GLOBAL = is6('IN6_IS_ADDR_MC_GLOBAL', multicast(14));
/** `IN6_ARE_ADDR_EQUAL(a, b)`: 1 or 0. @throws TypeError @see ipv6(7) */
export const IN6_ARE_ADDR_EQUAL = (a: Pointer, b: Pointer): number => {
  const other = address6('IN6_ARE_ADDR_EQUAL', b, 2, 'b');
  return address6('IN6_ARE_ADDR_EQUAL', a).every((byte, i) => byte === other[i]) ? 1 : 0;
};

/** The high bits of an address in host order. */
const high = (macro: string, address: number, bits: number): number => {
  if (!Number.isInteger(address)) throw wrongArgument(macro, 1, 'a', 'an integer', address);
  return address >>> (32 - bits);
};
/** `IN_CLASSA(a)`: of an address in host order, 1 or 0. @throws TypeError @see <netinet/in.h> */
export const IN_CLASSA = (a: number): number => (high('IN_CLASSA', a, 1) === 0 ? 1 : 0);
/** `IN_CLASSB(a)`: of an address in host order, 1 or 0. @throws TypeError @see <netinet/in.h> */
export const IN_CLASSB = (a: number): number => (high('IN_CLASSB', a, 2) === 0b10 ? 1 : 0);
/** `IN_CLASSC(a)`: of an address in host order, 1 or 0. @throws TypeError @see <netinet/in.h> */
export const IN_CLASSC = (a: number): number => (high('IN_CLASSC', a, 3) === 0b110 ? 1 : 0);
/** `IN_CLASSD(a)`: of an address in host order, 1 or 0. @throws TypeError @see <netinet/in.h> */
export const IN_CLASSD = (a: number): number => (high('IN_CLASSD', a, 4) === 0b1110 ? 1 : 0);
/** `IN_MULTICAST(a)`: of an address in host order, 1 or 0. @throws TypeError @see <netinet/in.h> */
export const IN_MULTICAST = (a: number): number => (high('IN_MULTICAST', a, 4) === 0b1110 ? 1 : 0);

/** `SUN_LEN(su)`: the length in bytes of a Unix address whose path ends with a NUL. @throws TypeError @see unix(7) */
export const SUN_LEN = (su: sockaddr_un): number => {
  if (!(su instanceof sockaddr_un)) throw wrongArgument('SUN_LEN', 1, 'su', 'a sockaddr_un', su);
  const path = bytesOf(su.sun_path)!;
  const nul = path.indexOf(0);
  return offsetof(sockaddr_un, 'sun_path') + (nul < 0 ? path.length : nul);
};

/** `char *ether_ntoa(const struct ether_addr *addr)`: `1:2:3:a:b:c`, without leading zeros. @throws TypeError @see ether_ntoa(3) */
export const ether_ntoa = (addr: Pointer): string => {
  const bytes = bytesOf(addr);
  if (bytes === undefined || bytes.byteLength < 6) {
    throw wrongArgument('ether_ntoa', 1, 'addr', 'an ether_addr: 6 bytes', addr);
  }
  return Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16)).join(':');
};

/** `struct ether_addr *ether_aton(const char *asc)`: the address of a text, or null. @throws TypeError @see ether_aton(3) */
export const ether_aton = (asc: ConstPointer): ether_addr | null => {
  const text = typeof asc === 'string' ? asc : bytesOf(asc);
  if (text === undefined) throw wrongArgument('ether_aton', 1, 'asc', 'a string', asc);
  // What follows two digits is not looked at; a single one must be the last.
  const found = /^((?:[0-9a-f]{1,2}:){5}(?:[0-9a-f]{2}|[0-9a-f](?=[ \t-\r\0]|$)))/i.exec(
    typeof text === 'string' ? text : Buffer.from(text).toString('latin1'),
  );
  if (!found) return null;
  const address = new ether_addr();
  bytesOf(address)!.set(found[1]!.split(':').map((byte) => Number.parseInt(byte, 16)));
  return address;
};

/** `struct sockaddr *SO_EE_OFFENDER(struct sock_extended_err *ee)`: the memory of the address behind the error. Linux. @throws TypeError @see ip(7) */
export const SO_EE_OFFENDER = (ee: sock_extended_err): Uint8Array => {
  if (!(ee instanceof sock_extended_err)) {
    throw wrongArgument('SO_EE_OFFENDER', 1, 'ee', 'a sock_extended_err', ee);
  }
  return new Uint8Array(ee.buffer, ee.byteOffset + ee.byteLength);
};

const filterBits = (macro: string, filter: Pointer, position: number): DataView => {
  const bytes = bytesOf(filter);
  if (bytes === undefined || bytes.byteLength < 32)
    throw wrongArgument(macro, position, 'filter', 'an icmp6_filter', filter);
  return new DataView(bytes.buffer, bytes.byteOffset, 32);
};
/** Linux blocks the types whose bit is set; BSD passes them. */
const PASSES = process.platform === 'linux' ? 0 : 1;
const fill = (macro: string, filter: Pointer, bit: number): void => {
  const words = filterBits(macro, filter, 1);
  for (let i = 0; i < 32; i += 4) words.setUint32(i, bit ? 0xffffffff : 0, LITTLE_ENDIAN);
};
const checkType = (macro: string, type: number): void => {
  if (!Number.isInteger(type) || type < 0 || type > 255)
    throw wrongArgument(macro, 1, 'type', 'an integer from 0 to 255', type);
};
const put = (macro: string, type: number, filter: Pointer, bit: number): void => {
  const words = filterBits(macro, filter, 2);
  checkType(macro, type);
  const at = (type >> 5) << 2;
  const mask = 1 << (type & 31);
  const word = words.getUint32(at, LITTLE_ENDIAN);
  words.setUint32(at, bit ? word | mask : word & ~mask, LITTLE_ENDIAN);
};
const test = (macro: string, type: number, filter: Pointer, bit: number): number => {
  const words = filterBits(macro, filter, 2);
  checkType(macro, type);
  return ((words.getUint32((type >> 5) << 2, LITTLE_ENDIAN) >>> (type & 31)) & 1) === bit ? 1 : 0;
};

/** `ICMP6_FILTER_SETPASSALL(filter)`. @throws TypeError @see <netinet/icmp6.h> */
export const ICMP6_FILTER_SETPASSALL = (filter: Pointer): void => fill('ICMP6_FILTER_SETPASSALL', filter, PASSES);
/** `ICMP6_FILTER_SETBLOCKALL(filter)`. @throws TypeError @see <netinet/icmp6.h> */
export const ICMP6_FILTER_SETBLOCKALL = (filter: Pointer): void => fill('ICMP6_FILTER_SETBLOCKALL', filter, 1 - PASSES);
/** `ICMP6_FILTER_SETPASS(type, filter)`. @throws TypeError @see <netinet/icmp6.h> */
export const ICMP6_FILTER_SETPASS = (type: number, filter: Pointer): void =>
  put('ICMP6_FILTER_SETPASS', type, filter, PASSES);
/** `ICMP6_FILTER_SETBLOCK(type, filter)`. @throws TypeError @see <netinet/icmp6.h> */
export const ICMP6_FILTER_SETBLOCK = (type: number, filter: Pointer): void =>
  put('ICMP6_FILTER_SETBLOCK', type, filter, 1 - PASSES);
/** `ICMP6_FILTER_WILLPASS(type, filter)`: 1 or 0. @throws TypeError @see <netinet/icmp6.h> */
export const ICMP6_FILTER_WILLPASS = (type: number, filter: Pointer): number =>
  test('ICMP6_FILTER_WILLPASS', type, filter, PASSES);
/** `ICMP6_FILTER_WILLBLOCK(type, filter)`: 1 or 0. @throws TypeError @see <netinet/icmp6.h> */
export const ICMP6_FILTER_WILLBLOCK = (type: number, filter: Pointer): number =>
  test('ICMP6_FILTER_WILLBLOCK', type, filter, 1 - PASSES);
