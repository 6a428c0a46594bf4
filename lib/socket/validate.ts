// Checks of arguments: TypeErrors and RangeErrors with Node's codes and Node's wording. The name in a message is the caller's own: the
// argument's name, or the path of a property (`control[1].fds[0]`).
import { inspect } from 'node:util';
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
  const text = inspect(value);
  return `type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** A TypeError with Node's code, whose stack begins at the caller's line. */
export function invalidType(name: string, expected: string, value: unknown): TypeError {
  const message = `The "${name}" argument must be ${expected}. Received ${shown(value)}`;
  return withStack(() => Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' as const }));
}

/** A TypeError for a value of the right type that this argument does not take. */
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

/** The same for a property that may be left out: its default then. @throws TypeError, RangeError */
export function integerOr(fallback: number, name: string, value: unknown, min: number, max: number): number {
  if (value === undefined) return fallback;
  checkInteger(name, value, min, max);
  return value;
}

/** A string that C takes whole: a NUL within would end it. @throws TypeError */
export function checkText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value);
  if (value.includes('\0')) throw invalidValue(name, 'a string without null bytes', value);
}

/** The properties of an object argument, not read yet. The reader takes each of them once, into a local. */
export type Fields = Readonly<Record<string, unknown>>;
/** The names of the properties that an object argument may have. */
export type Keys = ReadonlySet<string>;
export const keys = (...names: readonly string[]): Keys => new Set(names);

/**
 * An object without properties that nothing would read: a misspelt one must not be taken for one that was left out. Reads no property.
 * @throws TypeError that names the unknown property and guesses what was meant
 */
export function checkFields(name: string, value: unknown, known: Keys): asserts value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidType(name, `an object with the properties ${[...known].join(', ')}`, value);
  for (const key in value) if (!known.has(key)) throw unknownKey(name, key, known);
}

function unknownKey(name: string, key: string, known: Keys): TypeError {
  const guess = closest(key, known);
  const message =
    `The "${name}" argument must be an object with no other properties than ${[...known].join(', ')}. ` +
    `Received one with "${key}"${guess === undefined ? '' : ` (did you mean "${guess}"?)`}`;
  return withStack(() => Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' as const }));
}

/** What other libraries call a property of ours. */
const SYNONYMS: Readonly<Record<string, string>> = {
  host: 'address',
  hostname: 'address',
  ip: 'address',
  device: 'interface',
  iface: 'interface',
  ifindex: 'interface',
  ifname: 'interface',
  zone: 'scopeId',
  timeout: 'seconds',
};

/** The known name that a misspelt one most likely stands for, if there is a likely one. */
function closest(key: string, known: Keys): string | undefined {
  const synonym = Object.hasOwn(SYNONYMS, key) ? SYNONYMS[key] : undefined;
  if (synonym !== undefined && known.has(synonym)) return synonym;
  if (key.length > 32) return undefined;
  const [nearest] = [...known]
    .map((name) => [name, distance(key.toLowerCase(), name.toLowerCase())] as const)
    .filter(([name, edits]) => edits <= Math.min(2, name.length / 2))
    .sort(([, a], [, b]) => a - b);
  return nearest?.[0];
}

/** How many letters to insert, delete or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
