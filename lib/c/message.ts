// Room: messages on descriptor 2, of perror and herror.
import { native } from '../addon/binding.js';
import { bytesOf, type ConstPointer, mem, shown, typeError } from '../ctypes/index.js';

/** `s: message`, or the message alone where there is no `s`, or an empty one. */
export function prefixed(call: string, s: ConstPointer, message: string): void {
  const bytes = bytesOf(s);
  if (bytes === undefined && s !== null && typeof s !== 'string') {
    throw typeError(`${call}(): argument 1 (s) must be a string, memory or null, not ${shown(s)}`);
  }
  const empty = s === null || s === '' || bytes?.[0] === 0;
  native.fprintf(0, 2, empty ? '%.0s%s\n' : '%s: %s\n', mem(s), message);
}
