// Checks of arguments: TypeErrors and RangeErrors with Node's codes and Node's wording.
import { withStack } from './stack.js';

/** A value in an error's message, as Node shows it. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return `${value}`;
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') {
    const name: unknown = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null)?.constructor
      ?.name;
    if (name === 'Object' || typeof name !== 'string' || name === '') return 'a plain object';
    return `an instance of ${name}`;
  }
  const text = typeof value === 'string' ? `'${value}'` : String(value);
  return `type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** A TypeError with Node's code, whose stack begins at the caller's line. */
export function invalidType(name: string, expected: string, value: unknown): TypeError {
  const message = `The "${name}" argument must be ${expected}. Received ${shown(value)}`;
  return withStack(() => Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' as const }));
}

/** A TypeError for a value of the right type that is no value of this argument. */
export const invalidValue = (name: string, expected: string, value: unknown, code?: string): TypeError =>
  Object.assign(invalidType(name, expected, value), { code: code ?? 'ERR_INVALID_ARG_VALUE' });

/** A RangeError with Node's code, whose stack begins at the caller's line. */
export function outOfRange(name: string, expected: string, value: unknown): RangeError {
  const message = `The value of "${name}" is out of range. It must be ${expected}. Received ${shown(value)}`;
  return withStack(() => Object.assign(new RangeError(message), { code: 'ERR_OUT_OF_RANGE' as const }));
}

/** A whole number within bounds; by default what fits in a C int, signed or not. @throws TypeError, RangeError */
export function checkInteger(
  name: string,
  value: unknown,
  min = -0x8000_0000,
  max = 0xffff_ffff,
): asserts value is number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value) || value < min || value > max)
    throw outOfRange(name, `a whole number from ${min} to ${max}`, value);
}

/** The flags of a call. @throws TypeError, RangeError */
export function checkFlags(flags: unknown): asserts flags is number {
  checkInteger('flags', flags);
}

/** The error of a call whose memory was detached, or shrank, while it waited. `bytes`: how many had been transferred. */
export function memoryChanged(bytes: number): TypeError {
  const message =
    'The memory of a waiting call was detached or has shrunk: it must stay what it was until the call ends';
  return withStack(() => Object.assign(new TypeError(message), { code: 'ERR_INVALID_STATE' as const, bytes }));
}

/** An Error with Node's code for a call that the object's state does not allow. */
export const invalidState = (message: string): Error =>
  withStack(() => Object.assign(new Error(message), { code: 'ERR_INVALID_STATE' as const }));
