// Memory of every kind that can stand for a pointer, and memory with guard bytes around it.
import { array, char, int, int64_t, struct, uint8_t, uint16_t, uint64_t, union, unsigned_char } from 'bsd-sockets/c';

/** What stands around guarded memory, and fills it. */
export const GUARD_BYTE = 0xa5;
const MARGIN = 64;

/** `length` bytes in the middle of a larger buffer that is filled with guard bytes. */
export class GuardedMemory {
  readonly #all: Uint8Array;
  readonly bytes: Uint8Array;

  constructor(length: number, contents?: Uint8Array) {
    this.#all = new Uint8Array(length + 2 * MARGIN).fill(GUARD_BYTE);
    this.bytes = this.#all.subarray(MARGIN, MARGIN + length);
    if (contents) this.bytes.set(contents);
  }

  /** Whether every byte around the memory is what it was. */
  get intact(): boolean {
    const { length } = this.bytes;
    return this.#all.every((byte, i) => (i >= MARGIN && i < MARGIN + length) || byte === GUARD_BYTE);
  }
}

export const message = struct('message', { a: uint16_t, b: unsigned_char, c: int });

type Memory = ArrayBufferView | ArrayBufferLike | { buffer: ArrayBufferLike; byteOffset: number; byteLength: number };

/** A pointer object of 8 bytes, of each kind there is. */
export const memoryOfEightBytes: readonly (readonly [name: string, make: () => Memory])[] = [
  ['a struct', () => new message()],
  ['a union', () => new (union('eight', { number: uint64_t, bytes: array(uint8_t, 8) }))()],
  ['a box', () => new int64_t()],
  ['a nested struct', () => new (struct('outer', { x: int, inner: message }))().inner],
  ['an array in a struct', () => new (struct('outer', { x: int, list: array(int, 2) }))().list],
  ['an element of an array of structs', () => new (array(message, 3))()[1]],
  ['an array of numbers', () => new (array(int, 2))()],
  ['an array of chars', () => new (array(char, 8))()],
  ['an array of 64-bit numbers', () => new (array(int64_t, 1))()],
  ['a struct laid over bytes', () => message.at(new Uint8Array(20), 5)],
  ['an unaligned array laid over bytes', () => array(int, 2).at(new Uint8Array(20), 3)],
  ['part of an array of chars', () => new (array(char, 20))().subarray(4, 12)],
  ['a Uint8Array', () => new Uint8Array(20).subarray(3, 11)],
  ['a Buffer', () => Buffer.alloc(8)],
  ['an Int16Array', () => new Int16Array(4)],
  ['a Float64Array', () => new Float64Array(1)],
  ['a BigUint64Array', () => new BigUint64Array(1)],
  ['a DataView', () => new DataView(new ArrayBuffer(20), 7, 8)],
  ['an ArrayBuffer', () => new ArrayBuffer(8)],
  ['a SharedArrayBuffer', () => new SharedArrayBuffer(8)],
  ['a view of shared memory', () => new Uint8Array(new SharedArrayBuffer(20), 2, 8)],
  ['a view of a resizable buffer', () => new Uint8Array(resizableBuffer(8))],
  ['a resizable buffer', () => resizableBuffer(8)],
];

/** An ArrayBuffer that can be made smaller and larger. (Not in this TypeScript library's types.) */
export function resizableBuffer(length: number, maxByteLength = 64): ArrayBuffer & { resize(length: number): void } {
  return Reflect.construct(ArrayBuffer, [length, { maxByteLength }]) as ArrayBuffer & { resize(length: number): void };
}

/** The bytes behind a pointer object. */
export function bytesOf(memory: Memory): Uint8Array {
  return memory instanceof ArrayBuffer || memory instanceof SharedArrayBuffer
    ? new Uint8Array(memory)
    : new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
}

/** Takes the memory away from every view of a buffer. */
export function detachBuffer<T extends { buffer: ArrayBufferLike }>(view: T): T {
  structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
  return view;
}

const decoder = new TextDecoder();
/** Decodes bytes as UTF-8. */
export const decodeText = (bytes: Uint8Array): string => decoder.decode(bytes);
