// The line that perror and herror write to descriptor 2.
import { native } from '../addon/binding.js';
import { bytesOf, type ConstPointer, mem, shown, typeError } from '../ctypes/index.js';

/** Writes `s: message`, or the message alone if `s` is null or empty. */
export function printError(call: string, s: ConstPointer, message: string): void {
  const bytes = bytesOf(s);
  if (bytes === undefined && s !== null && typeof s !== 'string') {
    throw typeError(`${call}(): argument 1 (s) must be a string, memory or null, got ${shown(s)}`);
  }
  const empty = s === null || s === '' || bytes?.[0] === 0;
  native.fprintf(0, 2, empty ? '%.0s%s\n' : '%s: %s\n', mem(s), message);
}
