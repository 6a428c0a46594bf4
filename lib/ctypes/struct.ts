// Room: structs and unions. A field is an accessor over the instance's bytes; a nested struct or array is a view into them.

import type { CArray, CharArray } from './array.js';
import {
  AT,
  BYTES,
  type ByteMemory,
  bytesAt,
  bytesOf,
  CODEC,
  type Codec,
  type CType,
  isType,
  Memory,
  nested,
  type Pointee,
  type Pointer,
  rangeError,
  shown,
  typeError,
  view,
} from './memory.js';
import type { ScalarType } from './scalar.js';

/** What a field may be initialised with: a number, nested initialisers, a text for a char array. */
export type InitValue<V> = V extends number | bigint
  ? number | bigint
  : V extends CharArray
    ? string | V | ArrayBufferView | Iterable<number>
    : V extends CArray<infer E>
      ? V | ArrayBufferView | Iterable<InitValue<E>>
      : V extends Pointee
        ? Init<V>
        : V;
/** A struct's initialiser: another instance (copied), or some of its fields. */
export type Init<T> = T | { readonly [K in Exclude<keyof T, keyof Pointee>]?: InitValue<T[K]> };

/** A struct or union type. */
export interface StructType<T> {
  /** A struct: zeroed, initialised by fields, or a copy. @throws TypeError for a value of a wrong type or an unknown field. */
  new (init?: Init<T>): T;
  /** `(T *)((char *)pointer + byteOffset)`. @throws TypeError for the null pointer, RangeError beyond the memory. */
  at(pointer: Pointer, byteOffset?: number): T;
  readonly name: string;
  readonly size: number;
  readonly alignment: number;
  readonly [CODEC]: Codec<T>;
  readonly [FIELDS]: ReadonlyMap<string, Field>;
}

/** Types by field name, in C's order. */
export type Fields = Readonly<Record<string, CType>>;
/** The value of a field of type `T`. */
export type ValueOf<T> = T extends ScalarType<infer V> ? V : T extends { new (...args: never): infer I } ? I : never;
/** An instance of `struct(name, fields)`. */
export type StructOf<F extends Fields> = ByteMemory & { -readonly [K in keyof F]: ValueOf<F[K]> };

export const FIELDS: unique symbol = Symbol('fields');

export interface Field {
  readonly type: CType;
  /** In bytes from the struct's start. */
  readonly offset: number;
  /** A bit-field: its bits within the integer at `offset`. */
  readonly bits?: { readonly shift: number; readonly width: number };
}

function defineField(prototype: object, name: string, { type, offset, bits }: Field): void {
  const codec = type[CODEC];
  const { set } = codec;
  let get: (this: Memory) => unknown;
  let put: (this: Memory, value: unknown) => void = function (value) {
    set(view(this), offset, value);
  };
  if (codec.aggregate) {
    get = function () {
      const views = nested(this);
      let value = views.get(name);
      if (value === undefined) views.set(name, (value = codec.get(view(this), offset)));
      return value;
    };
  } else if (bits) {
    const mask = 2 ** bits.width - 1;
    get = function () {
      return ((codec.get(view(this), offset) as number) >>> bits.shift) & mask;
    };
    put = function (value) {
      if (!Number.isInteger(value)) throw typeError(`${name}: the value must be an integer, got ${shown(value)}`);
      const rest = (codec.get(view(this), offset) as number) & ~(mask << bits.shift);
      set(view(this), offset, rest | (((value as number) & mask) << bits.shift));
    };
  } else {
    const read = codec.get;
    get = function () {
      return read(view(this), offset);
    };
  }
  Object.defineProperty(prototype, name, { get, set: put, enumerable: true, configurable: true });
}

/** Copies a value's bytes to `size` bytes of memory. @throws TypeError for what is no memory, RangeError for another size. */
export function copyBytes(type: string, size: number, target: DataView, offset: number, value: unknown): void {
  const source = bytesOf(value);
  if (source === undefined) throw typeError(`${type}: the value must be memory to copy, got ${shown(value)}`);
  if (source.byteLength !== size) {
    throw rangeError(`${type}: the value has ${source.byteLength} bytes, and ${size} are to be copied`);
  }
  new Uint8Array(target.buffer, target.byteOffset + offset, size).set(source);
}

/**
 * The class of a struct or union. Its fields get their places and accessors when they are first needed: a program uses few of the
 * system's structs, and to make all of them costs milliseconds at import.
 */
export function makeType<T>(
  name: string,
  size: number,
  alignment: number,
  place: () => ReadonlyMap<string, Field>,
): StructType<T> {
  let placed: ReadonlyMap<string, Field> | undefined;
  const fields = (): ReadonlyMap<string, Field> => {
    if (placed === undefined) {
      placed = place();
      for (const [key, field] of placed) defineField(Struct.prototype, key, field);
    }
    return placed;
  };

  class Struct extends Memory {
    static readonly size = size;
    static readonly alignment = alignment;
    static get [FIELDS](): ReadonlyMap<string, Field> {
      return fields();
    }
    static readonly [CODEC]: Codec<T> = {
      aggregate: true,
      get: (v, offset) => new Struct(AT, new Uint8Array(v.buffer, v.byteOffset + offset, size)) as unknown as T,
      set: (v, offset, value) => {
        if (!(value instanceof Struct)) throw typeError(`${name}: the value must be a ${name}, got ${shown(value)}`);
        copyBytes(name, size, v, offset, value);
      },
      init: (v, offset, value) => {
        initialise(new Struct(AT, new Uint8Array(v.buffer, v.byteOffset + offset, size)), value);
      },
    };
    static at(pointer: Pointer, byteOffset = 0): T {
      return new Struct(AT, bytesAt(Struct, size, pointer, byteOffset)) as unknown as T;
    }

    constructor(init?: unknown, bytes?: Uint8Array) {
      if (placed === undefined) fields();
      super(init === AT ? bytes! : new Uint8Array(size));
      if (init !== undefined && init !== AT) initialise(this, init);
    }

    [Symbol.for('nodejs.util.inspect.custom')](
      _depth: number,
      options: object,
      inspect: (x: unknown, o: object) => string,
    ) {
      const shownFields = Object.fromEntries([...fields().keys()].map((key) => [key, (this as never)[key]]));
      return `${name} ${inspect(shownFields, options)}`;
    }
  }

  function initialise(struct: Memory, init: unknown): void {
    const v = view(struct);
    if (init instanceof Struct) return copyBytes(name, size, v, 0, init);
    if (typeof init !== 'object' || init === null || BYTES in init || ArrayBuffer.isView(init)) {
      throw typeError(`${name}: the initialiser must be a ${name} or an object of its fields, got ${shown(init)}`);
    }
    for (const [key, value] of Object.entries(init)) {
      const field = fields().get(key);
      if (field === undefined) throw typeError(`${name}: there is no field '${key}'`);
      if (field.bits) (struct as unknown as Record<string, unknown>)[key] = value;
      else if (value !== undefined) field.type[CODEC].init(v, field.offset, value);
    }
  }

  Object.defineProperty(Struct, 'name', { value: name });
  return Struct as unknown as StructType<T>;
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

function userType<F extends Fields>(
  what: string,
  name: string,
  fields: F,
  place: (type: CType) => number,
  size: (align: number) => number,
) {
  if (typeof name !== 'string') throw typeError(`${what}(): argument 1 (name) must be a string, got ${shown(name)}`);
  if (typeof fields !== 'object' || fields === null) {
    throw typeError(`${what}(): argument 2 (fields) must be an object of types, got ${shown(fields)}`);
  }
  const placed = new Map<string, Field>();
  let alignment = 1;
  for (const [key, type] of Object.entries(fields)) {
    if (!isType(type)) {
      throw typeError(`${what} ${name}: field '${key}' must be a C type (int, a struct, an array), got ${shown(type)}`);
    }
    placed.set(key, { type, offset: place(type) });
    alignment = Math.max(alignment, type.alignment);
  }
  return { placed, alignment, size: size(alignment) };
}

/**
 * `struct name { … }`: a new type with the compiler's layout (natural alignment, padding, the machine's byte order).
 * `{ packed: true }` leaves the padding out (`__attribute__((packed))`).
 * @throws TypeError for a field that is no C type.
 */
export function struct<const F extends Fields>(
  name: string,
  fields: F,
  options?: { packed?: boolean },
): StructType<StructOf<F>> {
  const packed = options?.packed === true;
  let end = 0;
  const place = (type: CType): number => {
    const offset = packed ? end : roundUp(end, type.alignment);
    end = offset + type.size;
    return offset;
  };
  const layout = userType('struct', name, fields, place, (alignment) => (packed ? end : roundUp(end, alignment)));
  return makeType(name, layout.size, packed ? 1 : layout.alignment, () => layout.placed);
}

/** `union name { … }`: all fields at offset 0. @throws TypeError for a field that is no C type. */
export function union<const F extends Fields>(name: string, fields: F): StructType<StructOf<F>> {
  let largest = 0;
  const place = (type: CType): number => {
    largest = Math.max(largest, type.size);
    return 0;
  };
  const layout = userType('union', name, fields, place, (alignment) => roundUp(largest, alignment));
  return makeType(name, layout.size, layout.alignment, () => layout.placed);
}
