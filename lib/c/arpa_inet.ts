// Room: <arpa/inet.h>, and <endian.h>: addresses as text, and byte order.
import { native } from '../binding.js';
import { type ConstPointer, LITTLE_ENDIAN, mem, type Pointer, shown, typeError } from '../ctypes.js';
import { fail, ret, ret_null } from '../errno.js';
import { INADDR_NONE } from '../generated/constants.js';
import { in_addr, in6_addr } from '../generated/structs.js';

const words = new DataView(new ArrayBuffer(8));

function integer(name: string, value: unknown): number {
  if (!Number.isInteger(value)) throw typeError(`${name}(): argument 1 must be an integer, not ${shown(value)}`);
  return value as number;
}
function long(name: string, value: unknown): bigint {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
    throw typeError(`${name}(): argument 1 must be a bigint or a safe integer, not ${shown(value)}`);
  }
  return BigInt(value as bigint | number);
}

/** Conversions between this machine's order and another one, in either direction (they are their own inverse). */
const swap16 =
  (name: string, swap: boolean) =>
  (x: number): number => {
    const n = integer(name, x) & 0xffff;
    return swap ? ((n & 0xff) << 8) | (n >> 8) : n;
  };
const swap32 =
  (name: string, swap: boolean) =>
  (x: number): number => {
    words.setUint32(0, integer(name, x));
    return words.getUint32(0, swap);
  };
const swap64 =
  (name: string, swap: boolean) =>
  (x: number | bigint): bigint => {
    words.setBigUint64(0, long(name, x));
    return words.getBigUint64(0, swap);
  };

/** `uint16_t htons(uint16_t)`: host to network order. @throws TypeError for what is no integer. @see byteorder(3) */
export const htons: (hostshort: number) => number = swap16('htons', LITTLE_ENDIAN);
/** `uint16_t ntohs(uint16_t)`: network to host order. @throws TypeError for what is no integer. @see byteorder(3) */
export const ntohs: (netshort: number) => number = swap16('ntohs', LITTLE_ENDIAN);
/** `uint32_t htonl(uint32_t)`: host to network order. @throws TypeError for what is no integer. @see byteorder(3) */
export const htonl: (hostlong: number) => number = swap32('htonl', LITTLE_ENDIAN);
/** `uint32_t ntohl(uint32_t)`: network to host order. @throws TypeError for what is no integer. @see byteorder(3) */
export const ntohl: (netlong: number) => number = swap32('ntohl', LITTLE_ENDIAN);
/** `uint16_t htobe16(uint16_t)`: host order to big-endian. @throws TypeError for what is no integer. @see endian(3) */
export const htobe16: (host: number) => number = swap16('htobe16', LITTLE_ENDIAN);
/** `uint16_t htole16(uint16_t)`: host order to little-endian. @throws TypeError for what is no integer. @see endian(3) */
export const htole16: (host: number) => number = swap16('htole16', !LITTLE_ENDIAN);
/** `uint16_t be16toh(uint16_t)`: big-endian to host order. @throws TypeError for what is no integer. @see endian(3) */
export const be16toh: (big: number) => number = swap16('be16toh', LITTLE_ENDIAN);
/** `uint16_t le16toh(uint16_t)`: little-endian to host order. @throws TypeError for what is no integer. @see endian(3) */
export const le16toh: (little: number) => number = swap16('le16toh', !LITTLE_ENDIAN);
/** `uint32_t htobe32(uint32_t)`: host order to big-endian. @throws TypeError for what is no integer. @see endian(3) */
export const htobe32: (host: number) => number = swap32('htobe32', LITTLE_ENDIAN);
/** `uint32_t htole32(uint32_t)`: host order to little-endian. @throws TypeError for what is no integer. @see endian(3) */
export const htole32: (host: number) => number = swap32('htole32', !LITTLE_ENDIAN);
/** `uint32_t be32toh(uint32_t)`: big-endian to host order. @throws TypeError for what is no integer. @see endian(3) */
export const be32toh: (big: number) => number = swap32('be32toh', LITTLE_ENDIAN);
/** `uint32_t le32toh(uint32_t)`: little-endian to host order. @throws TypeError for what is no integer. @see endian(3) */
export const le32toh: (little: number) => number = swap32('le32toh', !LITTLE_ENDIAN);
/** `uint64_t htobe64(uint64_t)`: host order to big-endian. @throws TypeError for no bigint or safe integer. @see endian(3) */
export const htobe64: (host: number | bigint) => bigint = swap64('htobe64', LITTLE_ENDIAN);
/** `uint64_t htole64(uint64_t)`: host order to little-endian. @throws TypeError for no bigint or safe integer. @see endian(3) */
export const htole64: (host: number | bigint) => bigint = swap64('htole64', !LITTLE_ENDIAN);
/** `uint64_t be64toh(uint64_t)`: big-endian to host order. @throws TypeError for no bigint or safe integer. @see endian(3) */
export const be64toh: (big: number | bigint) => bigint = swap64('be64toh', LITTLE_ENDIAN);
/** `uint64_t le64toh(uint64_t)`: little-endian to host order. @throws TypeError for no bigint or safe integer. @see endian(3) */
export const le64toh: (little: number | bigint) => bigint = swap64('le64toh', !LITTLE_ENDIAN);

/** An unsigned result: negative numbers are failures of ours (memory that ends before its text does). */
const unsigned = (result: number): number => (result < 0 ? fail(result, INADDR_NONE) : result);

/**
 * `in_addr_t inet_addr(const char *cp)`: the number whose memory is the address in network order (`inet_addr("1.2.3.4")` is
 * 0x04030201 on a little-endian machine); INADDR_NONE for a text that is none.
 * @throws TypeError for an argument of a wrong type. @see inet(3)
 */
export const inet_addr = (cp: ConstPointer): number => unsigned(native.inet_addr(mem(cp)));

/**
 * `int inet_aton(const char *cp, struct in_addr *inp)`: 1, and the address in `inp`; 0 for a text that is none.
 * @throws TypeError for an argument of a wrong type. @see inet(3)
 */
export const inet_aton = (cp: ConstPointer, inp: Pointer): number => {
  const result = native.inet_aton(mem(cp), mem(inp));
  return result < 0 ? fail(result, 0) : result;
};

/** `in_addr_t inet_network(const char *cp)`: a network number in host order, or INADDR_NONE. @throws TypeError @see inet(3) */
export const inet_network = (cp: ConstPointer): number => unsigned(native.inet_network(mem(cp)));

/** `struct in_addr inet_makeaddr(in_addr_t net, in_addr_t host)`: both in host order. @throws TypeError @see inet(3) */
export const inet_makeaddr = (net: number, host: number): in_addr =>
  new in_addr({ s_addr: native.inet_makeaddr(net, host) });

/** `in_addr_t inet_lnaof(struct in_addr in)`: the host part, in host order. @throws TypeError @see inet(3) */
export const inet_lnaof = (addr: Pointer): number => unsigned(native.inet_lnaof(mem(addr)));

/** `in_addr_t inet_netof(struct in_addr in)`: the network part, in host order. @throws TypeError @see inet(3) */
export const inet_netof = (addr: Pointer): number => unsigned(native.inet_netof(mem(addr)));

/**
 * `char *inet_ntoa(struct in_addr in)`: the text of an IPv4 address.
 * @throws TypeError for an argument of a wrong type, or memory of less than 4 bytes. @see inet(3)
 */
export const inet_ntoa = (addr: Pointer): string => {
  const text = native.inet_ntoa(mem(addr));
  if (typeof text === 'number') throw typeError('inet_ntoa(): argument 1 (in) must be a struct in_addr: 4 bytes');
  return text;
};

/**
 * `int inet_pton(int af, const char *src, void *dst)`: 1, and the address in `dst` (4 or 16 bytes, else `EFAULT`); 0 for a text
 * that is none; -1 with `EAFNOSUPPORT`.
 * @throws TypeError for an argument of a wrong type. @see inet_pton(3)
 */
export const inet_pton = (af: number, src: ConstPointer, dst: Pointer): number =>
  ret(native.inet_pton(af, mem(src), mem(dst)));

/**
 * `const char *inet_ntop(int af, const void *src, char *dst, socklen_t size)`: the text of an address, also left in `dst` (`size`
 * bytes) if that is not null; `null` with `ENOSPC`, `EAFNOSUPPORT`, or `EFAULT` where `src` or `dst` is smaller than said.
 * @throws TypeError for an argument of a wrong type. @see inet_ntop(3)
 */
export const inet_ntop = (af: number, src: Pointer, dst: Pointer, size: number | bigint): string | null =>
  ret_null(native.inet_ntop(af, mem(src), mem(dst), size));

/** `const struct in6_addr in6addr_any`: `::`. @see ipv6(7) */
export const in6addr_any: in6_addr = new in6_addr();
/** `const struct in6_addr in6addr_loopback`: `::1`. @see ipv6(7) */
export const in6addr_loopback: in6_addr = new in6_addr({ s6_addr: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] });
