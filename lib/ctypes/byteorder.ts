// Byte order: the conversions of <arpa/inet.h> and <endian.h>. Both entry points export them.
import { LITTLE_ENDIAN, wrongArgument } from './memory.js';

const words = new DataView(new ArrayBuffer(8));

function integer(name: string, argument: string, value: unknown): number {
  if (!Number.isInteger(value)) throw wrongArgument(name, 1, argument, 'an integer', value);
  return value as number;
}
function long(name: string, argument: string, value: unknown): bigint {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
    throw wrongArgument(name, 1, argument, 'a bigint or a safe integer', value);
  }
  return BigInt(value as bigint | number);
}

/** Conversions between this machine's order and another one, in either direction (they are their own inverse). */
const swap16 =
  (name: string, argument: string, swap: boolean) =>
  (x: number): number => {
    const n = integer(name, argument, x) & 0xffff;
    return swap ? ((n & 0xff) << 8) | (n >> 8) : n;
  };
const swap32 =
  (name: string, argument: string, swap: boolean) =>
  (x: number): number => {
    words.setUint32(0, integer(name, argument, x));
    return words.getUint32(0, swap);
  };
const swap64 =
  (name: string, argument: string, swap: boolean) =>
  (x: number | bigint): bigint => {
    words.setBigUint64(0, long(name, argument, x));
    return words.getBigUint64(0, swap);
  };

/** `uint16_t htons(uint16_t)`: host to network order. @throws TypeError for what is no integer. @see byteorder(3) */
export const htons: (hostshort: number) => number = swap16('htons', 'hostshort', LITTLE_ENDIAN);
/** `uint16_t ntohs(uint16_t)`: network to host order. @throws TypeError for what is no integer. @see byteorder(3) */
export const ntohs: (netshort: number) => number = swap16('ntohs', 'netshort', LITTLE_ENDIAN);
/** `uint32_t htonl(uint32_t)`: host to network order. @throws TypeError for what is no integer. @see byteorder(3) */
export const htonl: (hostlong: number) => number = swap32('htonl', 'hostlong', LITTLE_ENDIAN);
/** `uint32_t ntohl(uint32_t)`: network to host order. @throws TypeError for what is no integer. @see byteorder(3) */
export const ntohl: (netlong: number) => number = swap32('ntohl', 'netlong', LITTLE_ENDIAN);
/** `uint16_t htobe16(uint16_t)`: host order to big-endian. @throws TypeError for what is no integer. @see endian(3) */
export const htobe16: (host: number) => number = swap16('htobe16', 'host', LITTLE_ENDIAN);
/** `uint16_t htole16(uint16_t)`: host order to little-endian. @throws TypeError for what is no integer. @see endian(3) */
export const htole16: (host: number) => number = swap16('htole16', 'host', !LITTLE_ENDIAN);
/** `uint16_t be16toh(uint16_t)`: big-endian to host order. @throws TypeError for what is no integer. @see endian(3) */
export const be16toh: (big: number) => number = swap16('be16toh', 'big', LITTLE_ENDIAN);
/** `uint16_t le16toh(uint16_t)`: little-endian to host order. @throws TypeError for what is no integer. @see endian(3) */
export const le16toh: (little: number) => number = swap16('le16toh', 'little', !LITTLE_ENDIAN);
/** `uint32_t htobe32(uint32_t)`: host order to big-endian. @throws TypeError for what is no integer. @see endian(3) */
export const htobe32: (host: number) => number = swap32('htobe32', 'host', LITTLE_ENDIAN);
/** `uint32_t htole32(uint32_t)`: host order to little-endian. @throws TypeError for what is no integer. @see endian(3) */
export const htole32: (host: number) => number = swap32('htole32', 'host', !LITTLE_ENDIAN);
/** `uint32_t be32toh(uint32_t)`: big-endian to host order. @throws TypeError for what is no integer. @see endian(3) */
export const be32toh: (big: number) => number = swap32('be32toh', 'big', LITTLE_ENDIAN);
/** `uint32_t le32toh(uint32_t)`: little-endian to host order. @throws TypeError for what is no integer. @see endian(3) */
export const le32toh: (little: number) => number = swap32('le32toh', 'little', !LITTLE_ENDIAN);
/** `uint64_t htobe64(uint64_t)`: host order to big-endian. @throws TypeError for no bigint or safe integer. @see endian(3) */
export const htobe64: (host: number | bigint) => bigint = swap64('htobe64', 'host', LITTLE_ENDIAN);
/** `uint64_t htole64(uint64_t)`: host order to little-endian. @throws TypeError for no bigint or safe integer. @see endian(3) */
export const htole64: (host: number | bigint) => bigint = swap64('htole64', 'host', !LITTLE_ENDIAN);
/** `uint64_t be64toh(uint64_t)`: big-endian to host order. @throws TypeError for no bigint or safe integer. @see endian(3) */
export const be64toh: (big: number | bigint) => bigint = swap64('be64toh', 'big', LITTLE_ENDIAN);
/** `uint64_t le64toh(uint64_t)`: little-endian to host order. @throws TypeError for no bigint or safe integer. @see endian(3) */
export const le64toh: (little: number | bigint) => bigint = swap64('le64toh', 'little', !LITTLE_ENDIAN);
