// Room: what the C layer adds to C: names of errors, and flags that a platform may lack.

import { rangeError, shown, typeError } from '../ctypes.js';
import { errnoName } from '../errno.js';

/**
 * `a | b | …` of constants that this platform may lack: `flags(SOCK_STREAM, SOCK_NONBLOCK)`. Of positive ones (EPOLLET) a positive
 * number, as an unsigned field reads it.
 * @throws RangeError for a missing one, TypeError for what is no integer.
 */
export const flags = (...values: readonly (number | undefined)[]): number => {
  let all = 0;
  let signed = false;
  for (const [i, value] of values.entries()) {
    if (value === undefined)
      throw rangeError(`flags(): argument ${i + 1} is a constant that ${process.platform} lacks`);
    if (!Number.isInteger(value)) throw typeError(`flags(): argument ${i + 1} must be an integer, not ${shown(value)}`);
    all |= value;
    signed ||= value < 0;
  }
  return signed ? all : all >>> 0;
};

/** `const char *strerrorname_np(int errnum)`: `"EAGAIN"`, or null for a number that is no error. @throws TypeError @see strerrorname_np(3) */
export const strerrorname_np = (errnum: number): string | null => {
  if (!Number.isInteger(errnum))
    throw typeError(`strerrorname_np(): argument 1 (errnum) must be an integer, not ${shown(errnum)}`);
  return errnum === 0 ? '0' : (errnoName(errnum) ?? null);
};
