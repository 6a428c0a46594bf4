// Room: arrays. `array(T, n)` is `T[n]`: contiguous memory whose instances index like JavaScript arrays.
import {
  AT,
  BYTES,
  bytesAt,
  CODEC,
  type Codec,
  type CType,
  isType,
  type Pointee,
  type Pointer,
  rangeError,
  shown,
  typeError,
  viewOf,
} from './memory.js';
import { CELLS, type CellsType, type CharType } from './scalar.js';
import { copyBytes, type InitValue, type ValueOf } from './struct.js';

/** An array of C values. Its length is fixed; an element that is a struct is a view, and assigning one copies its bytes. */
export interface CArray<V> extends Pointee, Iterable<V> {
  readonly length: number;
  [index: number]: V;
}
/** A `char` array: `String(x)` is its text up to the first NUL, as UTF-8. */
export interface CharArray extends CArray<number> {
  toString(): string;
  subarray(begin?: number, end?: number): CharArray;
}

/** The elements of a short array by their own names, so that `sv[0]` is never `undefined` to a strict compiler. */
type Tuple<V, N extends number, T extends V[] = []> = T['length'] extends N | 64 ? T : Tuple<V, N, [...T, V]>;
type Named<V, N extends number> = number extends N ? unknown : { [K in keyof Tuple<V, N> & `${number}`]: V };
type Instance<T, N extends number> = (T extends CharType ? CharArray : CArray<ValueOf<T>>) & Named<ValueOf<T>, N>;

/** The type `T[n]`. */
export interface ArrayType<T, N extends number> {
  /** Zeroed, or initialised by a list of values, by memory of the same size, a `char` array by a text. @throws RangeError if that does not fit. */
  new (init?: InitValue<Instance<T, N>>): Instance<T, N>;
  /** The array at `pointer + byteOffset`. @throws TypeError for the null pointer, RangeError beyond the memory. */
  at(pointer: Pointer, byteOffset?: number): Instance<T, N>;
  readonly name: string;
  readonly size: number;
  readonly alignment: number;
  readonly [CODEC]: Codec<Instance<T, N>>;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** `char *`: what `String()` of it gives, wherever it was cut from a char array. */
function charText(this: ArrayBufferView): string {
  const bytes = new Uint8Array(this.buffer, this.byteOffset, this.byteLength);
  const nul = bytes.indexOf(0);
  const text = nul < 0 ? bytes : bytes.subarray(0, nul);
  return decoder.decode(text.buffer instanceof ArrayBuffer ? text : text.slice()); // TextDecoder takes no shared memory
}

const chars = new Map<CellsType, CellsType>();
/** The typed array of `char`s: parts that are cut from it are texts too. */
function charCells(Cells: CellsType): CellsType {
  const known = chars.get(Cells);
  if (known) return known;
  const CharCells = class extends Cells {};
  Object.defineProperty(CharCells.prototype, 'toString', { value: charText, writable: true, configurable: true });
  Object.defineProperty(CharCells, 'name', { value: 'char[]' });
  chars.set(Cells, CharCells);
  return CharCells;
}

/**
 * `T[length]`, contiguous. To assign a struct to an element copies its bytes, as in C; that is watched for, and so `events[i]` takes some
 * 0.1 µs. Where that counts, `const all = [...events]` has the same elements, at a field's price.
 * @throws TypeError for what is no type, RangeError for a length that is none.
 */
export function array<T extends CType, const N extends number>(type: T, length: N): ArrayType<T, N> {
  if (!isType(type)) {
    throw typeError(`array(): argument 1 (type) must be a C type (int, a struct, an array), got ${shown(type)}`);
  }
  if (typeof length !== 'number')
    throw typeError(`array(): argument 2 (length) must be a number, got ${shown(length)}`);
  if (!Number.isInteger(length) || length < 0 || length * type.size > 2 ** 32) {
    throw rangeError(
      `array(): argument 2 (length) must be a whole number of elements that fit into memory, not ${length}`,
    );
  }
  const Cells = (type as { [CELLS]?: CellsType })[CELLS];
  const made = Cells ? scalarArray(type, length, Cells) : elementArray(type, length);
  Object.defineProperty(made, 'name', { value: `${type.name}[${length}]` });
  return made as unknown as ArrayType<T, N>;
}

interface Constructor {
  new (init?: unknown, bytes?: Uint8Array): object;
}

/** What both kinds of array share. `Laid` is the class that can be laid over any memory, aligned or not. */
function statics(type: CType, length: number, name: string, lay: (bytes: Uint8Array) => object) {
  const size = type.size * length;
  const isChar = type.name === 'char';
  const init = (v: DataView, offset: number, value: unknown): void => {
    if (typeof value === 'string') {
      if (!isChar) throw typeError(`${name}: only a char array can be initialised with a string`);
      const text = encoder.encode(value);
      // As in C, the NUL alone may be left out where the text fills the array.
      if (text.length > size)
        throw rangeError(`${name}: the string has ${text.length} bytes of UTF-8 and does not fit`);
      new Uint8Array(v.buffer, v.byteOffset + offset, size).fill(0).set(text);
      return;
    }
    if (
      typeof value === 'object' &&
      value !== null &&
      Symbol.iterator in value &&
      !(BYTES in value) &&
      !ArrayBuffer.isView(value)
    ) {
      let i = 0;
      for (const element of value as Iterable<unknown>) {
        if (i >= length) throw rangeError(`${name}: the initialiser has more than ${length} elements`);
        type[CODEC].init(v, offset + type.size * i++, element);
      }
      return;
    }
    copyBytes(name, size, v, offset, value);
  };
  const codec: Codec<unknown> = {
    aggregate: true,
    get: (v, offset) => lay(new Uint8Array(v.buffer, v.byteOffset + offset, size)),
    set: (v, offset, value) => copyBytes(name, size, v, offset, value),
    init,
  };
  const at = (pointer: Pointer, byteOffset = 0): object => lay(bytesAt({ name }, size, pointer, byteOffset));
  return { size, codec, at };
}

/** Numbers: a typed array, the fastest there is. Memory that is not aligned for one is laid out element by element. */
function scalarArray(type: CType, length: number, Cells: CellsType): Constructor {
  const Base = type.name === 'char' ? charCells(Cells) : Cells;
  const name = `${type.name}[${length}]`;
  const aligned = (bytes: Uint8Array): boolean => bytes.byteOffset % Cells.BYTES_PER_ELEMENT === 0;
  let Unaligned: Constructor | undefined;
  const lay = (bytes: Uint8Array): object => {
    if (aligned(bytes)) return new ScalarArray(AT, bytes);
    Unaligned ??= elementArray(type, length);
    return new Unaligned(AT, bytes);
  };
  const { size, codec, at } = statics(type, length, name, lay);

  class ScalarArray extends Base {
    static readonly size = size;
    static readonly alignment = type.alignment;
    static readonly [CODEC] = codec;
    static readonly at = at;
    // Parts and copies are plain typed arrays (`char *` for a char array), not arrays of this length.
    static get [Symbol.species](): CellsType {
      return Base;
    }
    static override [Symbol.hasInstance](x: unknown): boolean {
      return (
        typeof x === 'object' &&
        x !== null &&
        (Object.getPrototypeOf(x) === ScalarArray.prototype || (Unaligned !== undefined && x instanceof Unaligned))
      );
    }
    constructor(init?: unknown, bytes?: Uint8Array) {
      if (init === AT) super(bytes!.buffer, bytes!.byteOffset, length);
      else super(length);
      if (init !== undefined && init !== AT) codec.init(viewOf(this), 0, init);
    }
  }
  return ScalarArray as unknown as Constructor;
}

const INDEX = /^(?:0|[1-9]\d*)$/;

/**
 * Everything else: a JavaScript array of elements that were built once. Reading goes straight to them (no trap), so that
 * `events[i].data.fd` in a loop stays cheap; only writing is intercepted, to copy bytes. Scalars that no typed array holds (long,
 * size_t, unaligned ones) are read through a trap as well.
 */
function elementArray(type: CType, length: number): Constructor {
  const name = `${type.name}[${length}]`;
  const element = type[CODEC];
  const { size, codec, at } = statics(type, length, name, (bytes) => new ElementArray(AT, bytes));

  class ElementArray {
    static readonly size = size;
    static readonly alignment = type.alignment;
    static readonly [CODEC] = codec;
    static readonly at = at;

    constructor(init?: unknown, own?: Uint8Array) {
      const bytes = init === AT ? own! : new Uint8Array(size);
      const view = viewOf(bytes);
      const target = Reflect.construct(Array, [], new.target) as unknown[];
      for (let i = 0; i < length; i++) target.push(element.aggregate ? element.get(view, i * type.size) : 0);
      Object.defineProperty(target, 'length', { writable: false });
      Object.defineProperty(target, BYTES, { value: bytes });
      if (init !== undefined && init !== AT) codec.init(view, 0, init);
      const handler: ProxyHandler<unknown[]> = {
        set: (_target, key, value) => {
          if (typeof key !== 'string' || !INDEX.test(key)) return false;
          if (Number(key) >= length) throw rangeError(`${name}: there is no element ${key}`);
          element.set(view, Number(key) * type.size, value);
          return true;
        },
        defineProperty: () => false,
        deleteProperty: () => false,
      };
      if (!element.aggregate) {
        handler.get = (array, key, self) =>
          typeof key === 'string' && INDEX.test(key) && Number(key) < length
            ? element.get(view, Number(key) * type.size)
            : Reflect.get(array, key, self);
      }
      // biome-ignore lint/correctness/noConstructorReturn: the proxy is the instance
      return new Proxy(target, handler) as unknown as ElementArray;
    }
    get buffer(): ArrayBufferLike {
      return bytesIn(this).buffer;
    }
    get byteOffset(): number {
      return bytesIn(this).byteOffset;
    }
    get byteLength(): number {
      return size;
    }
    subarray(begin?: number, end?: number): Uint8Array {
      return bytesIn(this).subarray(begin, end);
    }
    static get [Symbol.species](): ArrayConstructor {
      return Array; // map() and filter() give plain arrays
    }
  }
  Object.setPrototypeOf(ElementArray.prototype, Array.prototype);
  if (type.name === 'char') Object.defineProperty(ElementArray.prototype, 'toString', { value: charText });
  return ElementArray as unknown as Constructor;
}

const bytesIn = (instance: object): Uint8Array => (instance as { [BYTES]: Uint8Array })[BYTES];
