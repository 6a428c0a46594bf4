// The space that control messages take: CMSG_ALIGN, CMSG_LEN and CMSG_SPACE of <sys/socket.h>, for both layers.
import { shown, typeError } from '../ctypes/index.js';
import { cmsghdr, int, size_t } from '../generated/structs.js';

/** Linux aligns control data to longs, macOS to ints: as the lengths in its header are. */
const ALIGNMENT = cmsghdr.size === 16 ? size_t.size : int.size;

const length = (name: string, value: number | bigint): number => {
  if (typeof value !== 'bigint' && !Number.isInteger(value)) {
    throw typeError(`${name}(): argument 1 (length) must be an integer, got ${shown(value)}`);
  }
  return Number(value);
};

const align = (n: number): number => Math.ceil(n / ALIGNMENT) * ALIGNMENT;

/** `size_t CMSG_ALIGN(size_t length)`: rounded up to the alignment of control data, in bytes. @throws TypeError @see cmsg(3) */
export const CMSG_ALIGN = (n: number | bigint): number => align(length('CMSG_ALIGN', n));
/** `size_t CMSG_SPACE(size_t length)`: the bytes that a message with `length` bytes of data takes up. @throws TypeError @see cmsg(3) */
export const CMSG_SPACE = (n: number | bigint): number => align(cmsghdr.size) + align(length('CMSG_SPACE', n));
/** `size_t CMSG_LEN(size_t length)`: what to store in `cmsg_len` for `length` bytes of data. @throws TypeError @see cmsg(3) */
export const CMSG_LEN = (n: number | bigint): number => align(cmsghdr.size) + length('CMSG_LEN', n);
