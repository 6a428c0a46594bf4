// Room: memory as C sees it. What stands for a pointer, and the base of everything that has bytes of its own.
import { types } from 'node:util';

/** What stands for a pointer: an object with memory behind it. `p + n` is `p.subarray(n)` or `T.at(p, n)`. */
export interface Pointee {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
  subarray(begin?: number, end?: number): Pointee;
}

/** Memory whose parts are views of its bytes: what a struct, a union and a box are. */
export interface ByteMemory extends Pointee {
  subarray(begin?: number, end?: number): Uint8Array;
}

/** A pointer argument (`void *`): a struct, a box, an array, any buffer or view, or the null pointer. */
export type Pointer = Pointee | ArrayBufferView | ArrayBufferLike | null;
/** A `const void *` or `const char *` argument: a string serves too, as its UTF-8 bytes and a terminating NUL. */
export type ConstPointer = Pointer | string;

/** Key of the view over an object's own bytes. Whatever stands there is checked by native code: forging it gains nothing. */
export const BYTES: unique symbol = Symbol('bytes');
/** First argument of a constructor that lays a type over memory that is there already. */
export const AT: unique symbol = Symbol('at');
/** Key of a type's codec: how its values are read and written within memory. */
export const CODEC: unique symbol = Symbol('codec');

/** Reads and writes a type's value at an offset. An aggregate's value is a view of that memory. */
export interface Codec<V> {
  /** The value is a view (struct, union, array), not a number. */
  readonly aggregate: boolean;
  get(view: DataView, offset: number): V;
  set(view: DataView, offset: number, value: unknown): void;
  /** What an initialiser may hold beyond what may be assigned: a text for a char array, plain objects and lists. */
  init(view: DataView, offset: number, value: unknown): void;
}

/** A C type: its size and alignment in bytes, and how its values are kept. */
export interface CType<V = unknown> {
  readonly name: string;
  /** `sizeof(T)`, in bytes. */
  readonly size: number;
  /** `_Alignof(T)`, in bytes. */
  readonly alignment: number;
  readonly [CODEC]: Codec<V>;
}

/** Whether a value is a C type. */
export const isType = (x: unknown): boolean => typeof x === 'function' && CODEC in x;

/** This machine's byte order. */
export const LITTLE_ENDIAN: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A TypeError with Node's code. */
export const typeError = (message: string): TypeError =>
  Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
/** A RangeError with Node's code. */
export const rangeError = (message: string): RangeError =>
  Object.assign(new RangeError(message), { code: 'ERR_OUT_OF_RANGE' });

/** The most of a text that an error message shows. */
const SHOWN = 40;
const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);

/** The name of an object's class; empty where it has none, or where a getter or a Proxy throws. */
function classOf(object: object): string {
  try {
    const { name } = (object as { constructor: { name: unknown } }).constructor;
    return typeof name === 'string' ? name : '';
  } catch {
    return '';
  }
}

/** How an error message describes a value: as native/arguments.cpp does. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${shortened(value)}"`;
  if (typeof value === 'bigint') return `${shortened(String(value))}n`;
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (isArray(value)) return 'an array';
  const name = classOf(value);
  return name === '' || name === 'Object' ? 'a plain object' : `an instance of ${shortened(name)}`;
}

/** The TypeError for an argument: its position and name as C's prototype has them, what it must be, and what it is. */
export const wrongArgument = (
  call: string,
  position: number,
  name: string,
  expected: string,
  value: unknown,
): TypeError => typeError(`${call}(): argument ${position} (${name}) must be ${expected}, got ${shown(value)}`);

/** Array.isArray, which throws for a revoked Proxy. */
function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Structs, unions and boxes: an object over bytes of its own, or of an object around it. */
export abstract class Memory implements ByteMemory {
  // Private, not symbols: a struct has no property but its fields, and defining hidden ones costs more than all the rest.
  readonly #bytes: ArrayBufferView;
  #view: DataView | undefined;
  #nested: Map<string, unknown> | undefined;

  constructor(bytes: ArrayBufferView) {
    this.#bytes = bytes;
  }

  get [BYTES](): ArrayBufferView {
    return this.#bytes;
  }
  get buffer(): ArrayBufferLike {
    return this.#bytes.buffer;
  }
  get byteOffset(): number {
    return this.#bytes.byteOffset;
  }
  get byteLength(): number {
    return this.#bytes.byteLength;
  }
  /** `(char *)p + begin`: a view of the same memory, in bytes. */
  subarray(begin?: number, end?: number): Uint8Array {
    return asBytes(this.#bytes).subarray(begin, end);
  }

  /** A DataView of an object's bytes, made when it is first needed: creating one costs more than the object. */
  static view(memory: Memory): DataView {
    return (memory.#view ??= viewOf(memory.#bytes));
  }
  /** The views of nested fields that were made so far. */
  static nested(memory: Memory): Map<string, unknown> {
    return (memory.#nested ??= new Map());
  }
}

export const { view, nested } = Memory;

export const viewOf = (bytes: ArrayBufferView): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const asBytes = (v: ArrayBufferView): Uint8Array =>
  v instanceof Uint8Array ? v : new Uint8Array(v.buffer, v.byteOffset, v.byteLength);

/** Buffers are told by what they are, not by `instanceof`: those of another realm (node:vm) are buffers, too. */
const isShared = (x: unknown): x is SharedArrayBuffer =>
  typeof x === 'object' && !ArrayBuffer.isView(x) && types.isSharedArrayBuffer(x);

/** What native code takes for a pointer argument. A value that is no pointer goes through as it is: native code refuses it. */
export function mem<T>(pointer: T): T extends string ? T : ArrayBufferView | ArrayBuffer | null {
  const bytes = (pointer as { [BYTES]?: ArrayBufferView } | null | undefined)?.[BYTES];
  if (bytes !== undefined) return bytes as never;
  return (isShared(pointer) ? new Uint8Array(pointer) : pointer) as never;
}

/** The bytes behind a pointer, or undefined where it is none (null among these). */
export function bytesOf(pointer: unknown): Uint8Array | undefined {
  const memory = mem(pointer) as unknown;
  if (ArrayBuffer.isView(memory)) return asBytes(memory);
  return types.isArrayBuffer(memory) ? new Uint8Array(memory) : undefined;
}

/** The `size` bytes at `pointer + offset`. @throws TypeError for what is no memory, RangeError beyond it. */
export function bytesAt(type: { readonly name: string }, size: number, pointer: unknown, offset: number): Uint8Array {
  const bytes = bytesOf(pointer);
  if (bytes === undefined)
    throw typeError(`${type.name}.at(): argument 1 (pointer) must be memory, got ${shown(pointer)}`);
  if (!Number.isInteger(offset)) {
    throw typeError(`${type.name}.at(): argument 2 (byteOffset) must be an integer, got ${shown(offset)}`);
  }
  if (offset < 0 || offset + size > bytes.byteLength) {
    throw rangeError(
      `${type.name}.at(): ${size} bytes at offset ${offset} do not lie within the ${bytes.byteLength} bytes of the memory`,
    );
  }
  return bytes.subarray(offset, offset + size);
}

/** The bytes of a struct, or of a part of one: a view. */
export const bytesOfStruct = (struct: Pick<Pointee, 'buffer' | 'byteOffset' | 'byteLength'>): Uint8Array =>
  new Uint8Array(struct.buffer, struct.byteOffset, struct.byteLength);
