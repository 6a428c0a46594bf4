// <sys/param.h>: MAX and MIN.
import { wrongArgument } from '../ctypes/index.js';

function number(macro: string, position: number, name: string, value: unknown): void {
  if (typeof value === 'number' || typeof value === 'bigint') return;
  throw wrongArgument(macro, position, name, 'a number or a bigint', value);
}

/** `MAX(a, b)`: the larger one. @throws TypeError for an argument other than a number. @see <sys/param.h> */
export const MAX = <T extends number | bigint>(a: T, b: T): T => {
  number('MAX', 1, 'a', a);
  number('MAX', 2, 'b', b);
  return a > b ? a : b;
};
/** `MIN(a, b)`: the smaller one. @throws TypeError for an argument other than a number. @see <sys/param.h> */
export const MIN = <T extends number | bigint>(a: T, b: T): T => {
  number('MIN', 1, 'a', a);
  number('MIN', 2, 'b', b);
  return a < b ? a : b;
};
