// <sys/uio.h>.

import { type ArgumentList, argumentList } from '../addon/argument_list.js';
import { native } from '../addon/binding.js';
import { ret } from '../addon/errno.js';
import type { ConstPointer } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { PointerStruct } from './pointer_struct.js';

/** `struct iovec`: a piece of memory; `iov_len` in bytes. @see readv(2) */
export class iovec extends PointerStruct {
  /** `sizeof(struct iovec)`. */
  static readonly size: number = structSizes.iovec;
  /** The memory; a string serves where it is only read. */
  iov_base: ConstPointer = null;
  /** How many bytes of it. */
  iov_len: number | bigint = 0;

  constructor(init?: Partial<Pick<iovec, 'iov_base' | 'iov_len'>>) {
    super();
    this.assign(init);
  }
}

/** Appends a vector of iovecs: their number, then base and length of each. Each element and field is read once. */
export function pushIovecs(list: ArgumentList, iov: unknown, name = 'iov'): void {
  if (iov === null) return list.nullVector();
  const one = iov instanceof iovec;
  if (!one && !Array.isArray(iov)) throw list.wrong(name, EXPECTED, iov);
  const beginning = list.begin();
  let count = 0;
  for (; count < (one ? 1 : iov.length); count++) {
    const piece: unknown = one ? iov : iov[count];
    if (!(piece instanceof iovec)) throw list.wrong(name, EXPECTED, piece, count);
    list.pointer(piece.iov_base);
    list.push(piece.iov_len);
  }
  list.end(beginning, count);
}
const EXPECTED = 'an iovec or an array of them';

function callVector(name: string, f: (...args: unknown[]) => number, fd: number, iov: unknown, iovcnt: number): number {
  const list = argumentList(name, 2);
  list.push(fd);
  pushIovecs(list, iov);
  list.push(iovcnt);
  const result = list.call(f);
  list.free();
  return ret(result);
}

/**
 * `ssize_t readv(int fd, const struct iovec *iov, int iovcnt)`: reads into several pieces of memory. `iovcnt` more than `iov` has,
 * or an `iov_len` more than its memory: `EFAULT`.
 * @throws TypeError for an argument of a wrong type. @see readv(2)
 */
export const readv = (fd: number, iov: iovec | readonly iovec[] | null, iovcnt: number): number =>
  callVector('readv', native.readv, fd, iov, iovcnt);

/**
 * `ssize_t writev(int fd, const struct iovec *iov, int iovcnt)`: writes several pieces of memory as one.
 * @throws TypeError for an argument of a wrong type. @see writev(2)
 */
export const writev = (fd: number, iov: iovec | readonly iovec[] | null, iovcnt: number): number =>
  callVector('writev', native.writev, fd, iov, iovcnt);
