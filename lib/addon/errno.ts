// errno, and what becomes of a native result: a native call gives one number, the result or -errno.

import { wrongArgument } from '../ctypes/index.js';
import { ENOSYS } from '../generated/constants.js';
import { ERRNO_NAMES } from '../generated/error_names.js';
import { constants } from './binding.js';

/**
 * The number of the last failure of a `bsd-sockets/c` call in this thread: C's `errno`. A successful call leaves it alone.
 * A live binding: read it by this name (from CommonJS as `c.errno`; a destructured one never changes).
 * @see errno(3)
 */
export let errno: number = 0;

/** `errno = value`: 0 before a call whose failure only `errno` tells. @throws TypeError if `value` is no integer. @see errno(3) */
export function set_errno(value: number): void {
  if (!Number.isInteger(value)) throw wrongArgument('set_errno', 1, 'value', 'an integer', value);
  errno = value | 0;
}

/** C's convention: -1 and `errno` for a failure, the result as it is otherwise. */
export function ret(result: number): number {
  if (result >= 0) return result;
  errno = -result;
  return -1;
}

/** For a function whose failure is another value than -1. */
export function fail<T>(result: number, value: T): T {
  ret(result);
  return value;
}

/** For a function that this platform lacks: -1 with ENOSYS. */
export const missing = (): number => ret(-ENOSYS);

/** The same where a failure is the null pointer: native gives text or a list, or the number -errno. */
export function ret_null<T>(result: T | number): T | null {
  if (typeof result !== 'number') return result;
  errno = -result;
  return null;
}

/** Names for the numbers that have two: those that strerrorname_np(3) gives. */
const PREFERRED = new Set(['EAGAIN', 'EDEADLK', 'EOPNOTSUPP', 'EUCLEAN']);
let names: Map<number, string> | undefined;

/** The name of an errno (`'EAGAIN'`), or undefined for a number that is none. */
export function errnoName(number: number): string | undefined {
  if (names === undefined) {
    names = new Map();
    for (const [name, index] of ERRNO_NAMES) {
      const value = constants[index];
      if (value !== undefined && (!names.has(value) || PREFERRED.has(name))) names.set(value, name);
    }
  }
  return names.get(number);
}
