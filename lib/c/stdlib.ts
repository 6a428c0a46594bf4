// Room: <stdlib.h>, and the macros MAX and MIN of <sys/param.h>.
import { native } from '../addon/binding.js';
import { shown, typeError } from '../ctypes/index.js';

/** `void abort(void)`: ends the process by SIGABRT, at once. @see abort(3) */
export const abort: () => never = () => native.abort();

/**
 * `void exit(int status)`: ends the process (a worker: its thread) with the low 8 bits of `status`, after `process.on('exit')`.
 * @throws TypeError if `status` is no integer. @see exit(3)
 */
export const exit: (status: number) => never = (status) => {
  if (!Number.isInteger(status))
    throw typeError(`exit(): argument 1 (status) must be an integer, not ${shown(status)}`);
  return process.exit(status & 0xff);
};

function number(macro: string, argument: number, value: unknown): void {
  if (typeof value === 'number' || typeof value === 'bigint') return;
  throw typeError(`${macro}(): argument ${argument} must be a number, not ${shown(value)}`);
}

/** `MAX(a, b)`: the larger one. @throws TypeError for what is no number. @see <sys/param.h> */
export const MAX = <T extends number | bigint>(a: T, b: T): T => {
  number('MAX', 1, a);
  number('MAX', 2, b);
  return a > b ? a : b;
};
/** `MIN(a, b)`: the smaller one. @throws TypeError for what is no number. @see <sys/param.h> */
export const MIN = <T extends number | bigint>(a: T, b: T): T => {
  number('MIN', 1, a);
  number('MIN', 2, b);
  return a < b ? a : b;
};
