// sendfile and splice: <sys/sendfile.h> and <fcntl.h>.

import { type ArgumentList, argumentList } from '../addon/argument_list.js';
import { native } from '../addon/binding.js';
import { missing, ret } from '../addon/errno.js';
import { mem, type Pointer } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { PointerStruct } from './pointer_struct.js';
import { type iovec, pushIovecs } from './sys_uio.js';

/** `struct sf_hdtr`: what macOS's sendfile sends before and after the file. @see sendfile(2) */
export class sf_hdtr extends PointerStruct {
  /** `sizeof(struct sf_hdtr)`. */
  static readonly size: number = structSizes.sf_hdtr;
  /** Sent before the file. */
  headers: iovec | iovec[] | null = null;
  /** How many. */
  hdr_cnt = 0;
  /** Sent after the file. */
  trailers: iovec | iovec[] | null = null;
  /** How many. */
  trl_cnt = 0;

  constructor(init?: Partial<Pick<sf_hdtr, 'headers' | 'hdr_cnt' | 'trailers' | 'trl_cnt'>>) {
    super();
    this.assign(init);
  }
}

/** Appends the fields of an sf_hdtr. */
function pushHdtr(list: ArgumentList, { headers, hdr_cnt, trailers, trl_cnt }: sf_hdtr): void {
  pushIovecs(list, headers, 'headers');
  list.push(hdr_cnt);
  pushIovecs(list, trailers, 'trailers');
  list.push(trl_cnt);
}

/** Which argument is the pointer to an off_t, and which the sf_hdtr, counted from 0. */
const [POINTER, HDTR] = native.splice ? [2, -1] : [3, 4];

interface Sendfile {
  /** Linux: `ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count)`. */
  (out_fd: number, in_fd: number, offset: Pointer, count: number | bigint): number;
  /** macOS: `int sendfile(int fd, int s, off_t offset, off_t *len, struct sf_hdtr *hdtr, int flags)`. */
  (fd: number, s: number, offset: number | bigint, len: Pointer, hdtr: sf_hdtr | null, flags: number): number;
}

/**
 * Copies from a file to a socket within the kernel, with each platform's own arguments.
 * Linux: `(out_fd, in_fd, offset, count)`; `offset` is an `off_t` box or null, and the result the number of bytes.
 * macOS: `(fd, s, offset, len, hdtr, flags)`; `len` is an `off_t` box, and the result 0 or -1.
 * @throws TypeError for an argument of a wrong type. @see sendfile(2)
 */
export const sendfile: Sendfile = (...args: unknown[]): number => {
  const list = argumentList('sendfile', 5);
  for (const [i, arg] of args.entries()) {
    if (i === POINTER) list.pointer(arg);
    else list.push(arg);
  }
  if (args[HDTR] instanceof sf_hdtr) pushHdtr(list, args[HDTR]);
  const result = list.call(native.sendfile);
  list.free();
  return ret(result);
};

/**
 * `ssize_t splice(int fd_in, loff_t *off_in, int fd_out, loff_t *off_out, size_t len, unsigned int flags)`: moves bytes between a
 * pipe and another descriptor. macOS: `ENOSYS`.
 * @throws TypeError for an argument of a wrong type. @see splice(2)
 */
export const splice = (
  fd_in: number,
  off_in: Pointer,
  fd_out: number,
  off_out: Pointer,
  len: number | bigint,
  flags: number,
): number => (native.splice ? ret(native.splice(fd_in, mem(off_in), fd_out, mem(off_out), len, flags)) : missing());
