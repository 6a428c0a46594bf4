// flags(): constants combined, with an error for one that the platform lacks. Both entry points export it.
import { rangeError, shown, typeError } from './memory.js';

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
    if (!Number.isInteger(value)) throw typeError(`flags(): argument ${i + 1} must be an integer, got ${shown(value)}`);
    all |= value;
    signed ||= value < 0;
  }
  return signed ? all : all >>> 0;
};
