// <arpa/inet.h>: internet addresses as text, and network byte order.
import { native } from '../addon/binding.js';
import { fail, ret, ret_null } from '../addon/errno.js';
import { type ConstPointer, mem, type Pointer, typeError } from '../ctypes/index.js';
import { INADDR_NONE } from '../generated/constants.js';
import { in_addr, in6_addr } from '../generated/structs.js';

export { htonl, htons, ntohl, ntohs } from '../ctypes/byteorder.js';

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
