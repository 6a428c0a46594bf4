// <stdlib.h>.
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
    throw typeError(`exit(): argument 1 (status) must be an integer, got ${shown(status)}`);
  return process.exit(status & 0xff);
};
