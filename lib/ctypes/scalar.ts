// Room: C's scalar types. Each is a class of boxes: `new int(1)` is the variable that `&x` points to.
import {
  AT,
  BYTES,
  type ByteMemory,
  bytesAt,
  CODEC,
  type Codec,
  LITTLE_ENDIAN,
  Memory,
  type Pointer,
  shown,
  typeError,
  view,
} from './memory.js';

/** A variable of a scalar type: `value` reads and writes it. */
export interface Box<V> extends ByteMemory {
  value: V;
}

/** A scalar type: `new int(1)` makes a variable, `int.at(p, n)` is `*(int *)((char *)p + n)`. */
export interface ScalarType<V> {
  /** A variable, zeroed or initialised. @throws TypeError for a value that C's type cannot be given (a fraction, a string). */
  new (value?: number | bigint): Box<V>;
  /** A view of the memory behind `pointer`. @throws TypeError for the null pointer, RangeError beyond the memory. */
  at(pointer: Pointer, byteOffset?: number): Box<V>;
  readonly name: string;
  readonly size: number;
  readonly alignment: number;
  readonly [CODEC]: Codec<V>;
  /** The typed array whose elements are this type's values, where there is one. */
  readonly [CELLS]: CellsType | undefined;
}

/** The type `char`, whose arrays are texts. */
export interface CharType extends ScalarType<number> {
  readonly [CHAR]: true;
}
declare const CHAR: unique symbol;

/** How a scalar's 64 bits are read: as a number (a bigint only beyond 2^53), or always as a bigint. */
export type Wide = 'number' | 'bigint';

export const CELLS: unique symbol = Symbol('cells');
/** A typed array's constructor: of whatever element, since they differ in nothing that is used here. */
export interface CellsType {
  new (length: number): Uint8Array;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Uint8Array;
  readonly BYTES_PER_ELEMENT: number;
}

const SIGNED = 1;
const FLOATING = 2;

function cellsFor(size: number, flags: number): CellsType | undefined {
  if (flags & FLOATING) return (size === 4 ? Float32Array : Float64Array) as unknown as CellsType;
  const pair = { 1: [Uint8Array, Int8Array], 2: [Uint16Array, Int16Array], 4: [Uint32Array, Int32Array] }[size];
  return pair?.[flags & SIGNED] as CellsType | undefined;
}

/** The integer that a value stands for, or the TypeError of C's compiler. */
function integer(type: string, value: unknown, wide: boolean): number | bigint {
  if (Number.isInteger(value) || (wide && typeof value === 'bigint')) return value as number | bigint;
  throw typeError(`${type}: the value must be an integer${wide ? ' or a bigint' : ''}, got ${shown(value)}`);
}

const TWO_32 = 0x1_0000_0000;
const [LOW, HIGH] = LITTLE_ENDIAN ? [0, 4] : [4, 0];

/** Two 32-bit halves: no bigint is made for the sizes and times that fit a number. */
function getLong(v: DataView, offset: number, signed: boolean): number | bigint {
  const high = signed ? v.getInt32(offset + HIGH, LITTLE_ENDIAN) : v.getUint32(offset + HIGH, LITTLE_ENDIAN);
  const value = high * TWO_32 + v.getUint32(offset + LOW, LITTLE_ENDIAN);
  if (Number.isSafeInteger(value)) return value;
  return signed ? v.getBigInt64(offset, LITTLE_ENDIAN) : v.getBigUint64(offset, LITTLE_ENDIAN);
}

function setLong(v: DataView, offset: number, value: number | bigint): void {
  if (typeof value === 'bigint') return v.setBigInt64(offset, value, LITTLE_ENDIAN);
  if (!Number.isSafeInteger(value)) return v.setBigInt64(offset, BigInt(value), LITTLE_ENDIAN);
  v.setUint32(offset + LOW, value, LITTLE_ENDIAN); // DataView takes an integer modulo 2^32
  v.setInt32(offset + HIGH, Math.floor(value / TWO_32), LITTLE_ENDIAN);
}

type Accessor = [
  get: (v: DataView, offset: number) => number | bigint,
  set: (v: DataView, offset: number, x: unknown) => void,
];

function accessor(name: string, size: number, flags: number, wide: Wide): Accessor {
  const signed = (flags & SIGNED) !== 0;
  const int = (x: unknown) => integer(name, x, false) as number;
  if (flags & FLOATING) {
    const number = (x: unknown): number => {
      if (typeof x === 'number') return x;
      throw typeError(`${name}: the value must be a number, got ${shown(x)}`);
    };
    return size === 4
      ? [(v, o) => v.getFloat32(o, LITTLE_ENDIAN), (v, o, x) => v.setFloat32(o, number(x), LITTLE_ENDIAN)]
      : [(v, o) => v.getFloat64(o, LITTLE_ENDIAN), (v, o, x) => v.setFloat64(o, number(x), LITTLE_ENDIAN)];
  }
  switch (size) {
    case 1:
      return [signed ? (v, o) => v.getInt8(o) : (v, o) => v.getUint8(o), (v, o, x) => v.setInt8(o, int(x))];
    case 2:
      return [
        signed ? (v, o) => v.getInt16(o, LITTLE_ENDIAN) : (v, o) => v.getUint16(o, LITTLE_ENDIAN),
        (v, o, x) => v.setInt16(o, int(x), LITTLE_ENDIAN),
      ];
    case 4:
      return [
        signed ? (v, o) => v.getInt32(o, LITTLE_ENDIAN) : (v, o) => v.getUint32(o, LITTLE_ENDIAN),
        (v, o, x) => v.setInt32(o, int(x), LITTLE_ENDIAN),
      ];
    default: {
      const set: Accessor[1] = (v, o, x) => setLong(v, o, integer(name, x, true));
      if (wide === 'number') return [(v, o) => getLong(v, o, signed), set];
      return [signed ? (v, o) => v.getBigInt64(o, LITTLE_ENDIAN) : (v, o) => v.getBigUint64(o, LITTLE_ENDIAN), set];
    }
  }
}

/** Makes the class of a scalar type. `flags`: 1 signed, 2 floating. */
export function scalar<V>(name: string, size: number, flags: number, wide: Wide = 'number'): ScalarType<V> {
  const [get, set] = accessor(name, size, flags, wide);
  const Cells = cellsFor(size, flags);

  class Scalar extends Memory implements Box<V> {
    static readonly size = size;
    static readonly alignment = size;
    static readonly [CODEC]: Codec<V> = { aggregate: false, get: get as Codec<V>['get'], set, init: set };
    static readonly [CELLS] = Cells;
    static at(pointer: Pointer, byteOffset = 0): Box<V> {
      return new Scalar(AT, bytesAt(Scalar, size, pointer, byteOffset));
    }

    constructor(value?: number | bigint | typeof AT, bytes?: ArrayBufferView) {
      // Its own cell is a typed array of one element, far cheaper than a DataView.
      super(value === AT ? bytes! : Cells ? new Cells(1) : new Uint8Array(size));
      if (value !== undefined && value !== AT) set(view(this), 0, value);
    }

    get value(): V {
      return get(view(this), 0) as V;
    }
    set value(value: V) {
      set(view(this), 0, value);
    }
    override toString(): string {
      return String(this.value);
    }
    [Symbol.for('nodejs.util.inspect.custom')](): string {
      return `${name}(${this.value})`;
    }
  }
  if (Cells && !(flags & FLOATING)) {
    // The usual box: no DataView at all.
    Object.defineProperty(Scalar.prototype, 'value', {
      configurable: true,
      get(this: Scalar) {
        const cell = this[BYTES];
        return cell instanceof Cells ? cell[0] : get(view(this), 0);
      },
      set(this: Scalar, value: unknown) {
        const cell = this[BYTES];
        if (cell instanceof Cells) cell[0] = integer(name, value, false) as number;
        else set(view(this), 0, value);
      },
    });
  }
  Object.defineProperty(Scalar, 'name', { value: name });
  return Scalar as unknown as ScalarType<V>;
}
