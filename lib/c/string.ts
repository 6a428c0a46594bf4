// <string.h>. These calls have no errno: what would overrun memory in C is a RangeError.
import { native } from '../addon/binding.js';
import { errnoName } from '../addon/errno.js';
import { bytesOf, type ConstPointer, type Pointer, rangeError, shown, typeError } from '../ctypes/index.js';
import { PointerStruct, reset } from './pointer_struct.js';
import { sizeof } from './stddef.js';

const encoder = new TextEncoder();

/** The bytes of an argument; a string's with their NUL, where C takes `const`. */
function bytes(call: string, argument: number, name: string, pointer: unknown, text = false): Uint8Array {
  if (text && typeof pointer === 'string') return encoder.encode(`${pointer}\0`);
  const memory = bytesOf(pointer);
  if (memory) return memory;
  throw typeError(
    `${call}(): argument ${argument} (${name}) must be memory${text ? ' or a string' : ''}, got ${shown(pointer)}`,
  );
}

function size(call: string, argument: number, n: number | bigint, ...memory: Uint8Array[]): number {
  if (typeof n !== 'bigint' && !Number.isInteger(n)) {
    throw typeError(`${call}(): argument ${argument} (n) must be an integer, got ${shown(n)}`);
  }
  for (const m of memory) {
    if (n < 0 || n > m.byteLength)
      throw rangeError(`${call}(): ${n} bytes do not lie within the ${m.byteLength} of the memory`);
  }
  return Number(n);
}

/** The text up to its NUL. */
function text(call: string, argument: number, name: string, pointer: unknown): Uint8Array {
  const memory = bytes(call, argument, name, pointer, true);
  const nul = memory.indexOf(0);
  if (nul < 0)
    throw rangeError(`${call}(): argument ${argument} (${name}) has no NUL within its ${memory.byteLength} bytes`);
  return memory.subarray(0, nul);
}

/** What memset and memcpy take and return: memory, or a struct that holds pointers. */
export type Settable = Pointer | PointerStruct;

/**
 * `void *memset(void *s, int c, size_t n)`: fills `n` bytes; gives `s`. A struct that holds pointers (`iovec`) is reset as a whole,
 * by the byte 0 and its own size alone.
 * @throws TypeError for what is no memory, RangeError beyond it. @see memset(3)
 */
export const memset = <T extends Settable>(s: T, c: number, n: number | bigint): T => {
  if (!Number.isInteger(c)) throw typeError(`memset(): argument 2 (c) must be an integer, got ${shown(c)}`);
  if (s instanceof PointerStruct) {
    if ((c & 0xff) !== 0)
      throw typeError(`memset(): a ${s.constructor.name} holds pointers: only the byte 0 resets it`);
    if (size('memset', 3, n) !== sizeof(s))
      throw rangeError(`memset(): a ${s.constructor.name} is reset as a whole (${sizeof(s)} bytes)`);
    reset(s);
    return s;
  }
  const memory = bytes('memset', 1, 's', s);
  memory.fill(c, 0, size('memset', 3, n, memory));
  return s;
};

function copy<T extends Settable>(call: string, dest: T, src: ConstPointer | PointerStruct, n: number | bigint): T {
  if (dest instanceof PointerStruct) {
    if (src?.constructor !== dest.constructor) throw typeError(`${call}(): both must be a ${dest.constructor.name}`);
    if (size(call, 3, n) !== sizeof(dest))
      throw rangeError(`${call}(): a ${dest.constructor.name} is copied as a whole`);
    Object.assign(dest, src);
    return dest;
  }
  const to = bytes(call, 1, 'dest', dest);
  const from = bytes(call, 2, 'src', src, true);
  const count = size(call, 3, n, to, from);
  to.set(from.subarray(0, count));
  return dest;
}

/** `void *memcpy(void *dest, const void *src, size_t n)`: gives `dest`. @throws TypeError for what is no memory, RangeError beyond it. @see memcpy(3) */
export const memcpy = <T extends Settable>(dest: T, src: ConstPointer | PointerStruct, n: number | bigint): T =>
  copy('memcpy', dest, src, n);

/** `void *memmove(void *dest, const void *src, size_t n)`: as memcpy; the two may overlap. @throws TypeError, RangeError @see memmove(3) */
export const memmove = <T extends Settable>(dest: T, src: ConstPointer | PointerStruct, n: number | bigint): T =>
  copy('memmove', dest, src, n);

function compare(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return (a[common] ?? 0) - (b[common] ?? 0);
}

/** `int memcmp(const void *s1, const void *s2, size_t n)`: negative, 0 or positive. @throws TypeError, RangeError @see memcmp(3) */
export const memcmp = (s1: ConstPointer, s2: ConstPointer, n: number | bigint): number => {
  const a = bytes('memcmp', 1, 's1', s1, true);
  const b = bytes('memcmp', 2, 's2', s2, true);
  const count = size('memcmp', 3, n, a, b);
  return compare(a.subarray(0, count), b.subarray(0, count));
};

/** `size_t strlen(const char *s)`: in bytes, without the NUL. @throws TypeError, RangeError where there is no NUL. @see strlen(3) */
export const strlen = (s: ConstPointer): number => text('strlen', 1, 's', s).length;

/** `char *strcpy(char *dest, const char *src)`: with the NUL; gives `dest`. @throws TypeError, RangeError if it does not fit. @see strcpy(3) */
export const strcpy = <T extends Pointer>(dest: T, src: ConstPointer): T => {
  const to = bytes('strcpy', 1, 'dest', dest);
  const from = text('strcpy', 2, 'src', src);
  size('strcpy', 2, from.length + 1, to);
  to.set(from);
  to[from.length] = 0;
  return dest;
};

/**
 * `char *strncpy(char *dest, const char *src, size_t n)`: at most `n` bytes, filled up with NULs; no NUL where `src` is longer.
 * @throws TypeError, RangeError if `n` bytes do not lie within `dest`. @see strncpy(3)
 */
export const strncpy = <T extends Pointer>(dest: T, src: ConstPointer, n: number | bigint): T => {
  const to = bytes('strncpy', 1, 'dest', dest);
  const count = size('strncpy', 3, n, to);
  const from = limited('strncpy', 2, 'src', src, count);
  to.fill(0, 0, count).set(from);
  return dest;
};

/** At most `n` bytes of a text: memory without a NUL serves if it has that many. */
function limited(call: string, argument: number, name: string, pointer: unknown, n: number): Uint8Array {
  const memory = bytes(call, argument, name, pointer, true);
  const head = memory.subarray(0, n);
  const nul = head.indexOf(0);
  if (nul < 0 && head.length < n)
    throw rangeError(`${call}(): argument ${argument} (${name}) has no NUL within its ${memory.byteLength} bytes`);
  return nul < 0 ? head : head.subarray(0, nul);
}

/** `int strcmp(const char *s1, const char *s2)`: negative, 0 or positive. @throws TypeError, RangeError @see strcmp(3) */
export const strcmp = (s1: ConstPointer, s2: ConstPointer): number =>
  compare(text('strcmp', 1, 's1', s1), text('strcmp', 2, 's2', s2));

/** `int strncmp(const char *s1, const char *s2, size_t n)`: of at most `n` bytes. @throws TypeError, RangeError @see strncmp(3) */
export const strncmp = (s1: ConstPointer, s2: ConstPointer, n: number | bigint): number => {
  const count = size('strncmp', 3, n);
  if (count < 0) throw rangeError(`strncmp(): ${n} is no number of bytes`);
  return compare(limited('strncmp', 1, 's1', s1, count), limited('strncmp', 2, 's2', s2, count));
};

/**
 * `char *strerror(int errnum)`: the message of an error number.
 * @throws TypeError if `errnum` is no integer. @see strerror(3)
 */
export const strerror = (errnum: number): string => native.strerror(errnum);

/** `const char *strerrorname_np(int errnum)`: `"EAGAIN"`, or null for a number that is no error. @throws TypeError @see strerrorname_np(3) */
export const strerrorname_np = (errnum: number): string | null => {
  if (!Number.isInteger(errnum))
    throw typeError(`strerrorname_np(): argument 1 (errnum) must be an integer, got ${shown(errnum)}`);
  return errnum === 0 ? '0' : (errnoName(errnum) ?? null);
};
