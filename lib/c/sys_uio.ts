// Room: <sys/uio.h>.
import { native } from '../binding.js';
import { type ConstPointer, mem } from '../ctypes.js';
import { ret } from '../errno.js';
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

/** A vector as native code takes it: [base, length, base, length, …]. Anything that is no iovec goes through, to be refused. */
export function flattenVector(iov: unknown): unknown {
  if (iov instanceof iovec) return [mem(iov.iov_base), iov.iov_len];
  if (!Array.isArray(iov)) return iov;
  const flat: unknown[] = [];
  for (const piece of iov as unknown[]) {
    if (piece instanceof iovec) flat.push(mem(piece.iov_base), piece.iov_len);
    else flat.push(undefined, 0);
  }
  return flat;
}

/**
 * `ssize_t readv(int fd, const struct iovec *iov, int iovcnt)`: reads into several pieces of memory. `iovcnt` more than `iov` has,
 * or an `iov_len` more than its memory: `EFAULT`.
 * @throws TypeError for an argument of a wrong type. @see readv(2)
 */
export const readv = (fd: number, iov: iovec | readonly iovec[] | null, iovcnt: number): number =>
  ret(native.readv(fd, flattenVector(iov), iovcnt));

/**
 * `ssize_t writev(int fd, const struct iovec *iov, int iovcnt)`: writes several pieces of memory as one.
 * @throws TypeError for an argument of a wrong type. @see writev(2)
 */
export const writev = (fd: number, iov: iovec | readonly iovec[] | null, iovcnt: number): number =>
  ret(native.writev(fd, flattenVector(iov), iovcnt));
