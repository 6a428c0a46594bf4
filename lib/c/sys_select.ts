// <sys/select.h>.
import { native } from '../addon/binding.js';
import { ret } from '../addon/errno.js';
import { bytesOf, LITTLE_ENDIAN, Memory, mem, type Pointer, rangeError, wrongArgument } from '../ctypes/index.js';
import { FD_SETSIZE } from '../generated/constants.js';
import { structSizes } from '../generated/struct_sizes.js';
import { long } from '../generated/structs.js';

/** `fd_set`: a set of descriptors below FD_SETSIZE. @see select(2) */
export class fd_set extends Memory {
  /** `sizeof(fd_set)`. */
  static readonly size: number = structSizes.fd_set;
  static readonly alignment: number = long.alignment;

  /** An empty set, or a copy. @throws TypeError for what is no fd_set. */
  constructor(other?: fd_set) {
    super(new Uint8Array(fd_set.size));
    if (other !== undefined) FD_COPY(other, this);
  }
}

function bitsOf(macro: string, position: number, name: string, set: fd_set): Uint8Array {
  if (set instanceof fd_set) return bytesOf(set)!;
  throw wrongArgument(macro, position, name, 'an fd_set', set);
}

/** A descriptor's byte: the set is an array of longs in the machine's byte order. */
function byteOf(macro: string, fd: number): number {
  if (!Number.isInteger(fd)) throw wrongArgument(macro, 1, 'fd', 'an integer', fd);
  if (fd < 0 || fd >= FD_SETSIZE)
    throw rangeError(`${macro}(): the descriptor ${fd} is not below FD_SETSIZE (${FD_SETSIZE})`);
  return LITTLE_ENDIAN ? fd >> 3 : (fd >> 3) ^ (long.size - 1);
}

/** `void FD_ZERO(fd_set *set)`: empties a set. @throws TypeError for what is no fd_set. @see select(2) */
export const FD_ZERO = (set: fd_set): void => {
  bitsOf('FD_ZERO', 1, 'set', set).fill(0);
};

/** `void FD_SET(int fd, fd_set *set)`. @throws RangeError for a descriptor outside [0, FD_SETSIZE). @see select(2) */
export const FD_SET = (fd: number, set: fd_set): void => {
  const bits = bitsOf('FD_SET', 2, 'set', set);
  bits[byteOf('FD_SET', fd)]! |= 1 << (fd & 7);
};

/** `void FD_CLR(int fd, fd_set *set)`. @throws RangeError for a descriptor outside [0, FD_SETSIZE). @see select(2) */
export const FD_CLR = (fd: number, set: fd_set): void => {
  const bits = bitsOf('FD_CLR', 2, 'set', set);
  bits[byteOf('FD_CLR', fd)]! &= ~(1 << (fd & 7));
};

/** `int FD_ISSET(int fd, fd_set *set)`: 1 or 0. @throws RangeError for a descriptor outside [0, FD_SETSIZE). @see select(2) */
export const FD_ISSET = (fd: number, set: fd_set): number =>
  (bitsOf('FD_ISSET', 2, 'set', set)[byteOf('FD_ISSET', fd)]! >> (fd & 7)) & 1;

/** `void FD_COPY(const fd_set *orig, fd_set *copy)`. @throws TypeError for what is no fd_set. @see select(2) */
export const FD_COPY = (orig: fd_set, copy: fd_set): void => {
  bitsOf('FD_COPY', 2, 'copy', copy).set(bitsOf('FD_COPY', 1, 'orig', orig));
};

/**
 * `int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timeval *timeout)`: waits until a descriptor
 * is ready; how many are. The sets are left with those that are; any may be `null`, and so may `timeout` (for ever).
 * Linux: the time that was left is written back into `timeout`. macOS: `timeout` stays as it is.
 * @throws TypeError for an argument of a wrong type. @see select(2)
 */
export const select = (
  nfds: number,
  readfds: Pointer,
  writefds: Pointer,
  exceptfds: Pointer,
  timeout: Pointer,
): number => ret(native.select(nfds, mem(readfds), mem(writefds), mem(exceptfds), mem(timeout)));

/**
 * `int pselect(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, const struct timespec *timeout, const sigset_t
 * *sigmask)`: select with a time-out in nanoseconds, which stays as it is, and a signal mask for the wait.
 * @throws TypeError for an argument of a wrong type. @see pselect(2)
 */
export const pselect = (
  nfds: number,
  readfds: Pointer,
  writefds: Pointer,
  exceptfds: Pointer,
  timeout: Pointer,
  sigmask: Pointer,
): number => ret(native.pselect(nfds, mem(readfds), mem(writefds), mem(exceptfds), mem(timeout), mem(sigmask)));
