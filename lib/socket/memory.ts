// Memory that a call sends from or receives into. Its length is read by the engine's own accessors: a subclass's `length` is the caller's
// code, which must not run between the check of a descriptor and the system call.
import { types } from 'node:util';
import { mem } from '../ctypes/index.js';
import { invalidType, memoryChanged, outOfRange } from './validate.js';

/** What may be sent: memory, or a string (its UTF-8 bytes). */
export type Data = ArrayBufferView | ArrayBufferLike | string;
/** What may be received into. */
export type Memory = ArrayBufferView | ArrayBufferLike;

function getterOf<T>(prototype: object, name: string): (this: unknown) => T {
  return Object.getOwnPropertyDescriptor(prototype, name)!.get as (this: unknown) => T;
}
const TypedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const typedArrayLength = getterOf<number>(TypedArray, 'byteLength');
const typedArrayBuffer = getterOf<ArrayBufferLike>(TypedArray, 'buffer');
const typedArrayOffset = getterOf<number>(TypedArray, 'byteOffset');
const typedArrayName = getterOf<string | undefined>(TypedArray, Symbol.toStringTag as unknown as string);
const dataViewLength = getterOf<number>(DataView.prototype, 'byteLength');
const dataViewBuffer = getterOf<ArrayBufferLike>(DataView.prototype, 'buffer');
const dataViewOffset = getterOf<number>(DataView.prototype, 'byteOffset');

/** The length of a view in bytes; 0 once its buffer was detached, or shrank below the view. */
export const lengthOf = (view: Uint8Array): number => typedArrayLength.call(view);

const indexOf = (Uint8Array.prototype as { indexOf: (this: Uint8Array, value: number) => number }).indexOf;
/** The length of a view in bytes. @throws TypeError where its buffer was detached, or shrank below the view, since it was checked */
export function liveLength(view: Uint8Array): number {
  const length = lengthOf(view);
  if (length > 0) return length;
  try {
    indexOf.call(view, 0); // refuses a view without memory
  } catch {
    throw memoryChanged(0);
  }
  return 0;
}

/**
 * The memory of a call that waited, as long as it was when the call began: a view that follows a growing buffer is cut.
 * @throws TypeError with `bytes` where the buffer was detached, or shrank, since
 */
export function heldMemory(view: Uint8Array, length: number, bytes = 0): Uint8Array {
  const now = lengthOf(view);
  if (now < length) throw memoryChanged(bytes);
  return now === length ? view : new Uint8Array(typedArrayBuffer.call(view), typedArrayOffset.call(view), length);
}

/** A view of the library's own over the same bytes: none of a subclass's code, and a length that does not follow a growing buffer. */
export const ownView = (view: Uint8Array): Uint8Array =>
  new Uint8Array(typedArrayBuffer.call(view), typedArrayOffset.call(view), typedArrayLength.call(view));

/** A view or a buffer, of any realm, as a Uint8Array; undefined for anything else, and for one that is detached. */
function bytesOf(memory: unknown): Uint8Array | undefined {
  try {
    if (!ArrayBuffer.isView(memory)) return new Uint8Array(bufferOf(memory)!);
    if (memory instanceof Uint8Array && lengthOf(memory) > 0) return memory;
    if (typedArrayName.call(memory) === undefined)
      return new Uint8Array(dataViewBuffer.call(memory), dataViewOffset.call(memory), dataViewLength.call(memory));
    // A view without memory (its buffer is detached, or shrank below it) is refused: recv would give 0, which means the end of the stream.
    if (typedArrayLength.call(memory) === 0) indexOf.call(memory as Uint8Array, 0);
    return new Uint8Array(typedArrayBuffer.call(memory), typedArrayOffset.call(memory), typedArrayLength.call(memory));
  } catch {
    return undefined;
  }
}

const arrayBufferLength = getterOf<number>(ArrayBuffer.prototype, 'byteLength');
const sharedBufferLength = getterOf<number>(SharedArrayBuffer.prototype, 'byteLength');
/** A buffer, told by its own accessor: `instanceof` says no to one of another realm. Throws for anything else. */
function bufferOf(value: unknown): ArrayBufferLike | undefined {
  try {
    arrayBufferLength.call(value);
  } catch {
    sharedBufferLength.call(value);
  }
  return value as ArrayBufferLike;
}

/** The kinds of memory, for messages. */
export const MEMORY = 'a view, a buffer or a C-layer struct (not detached)';

/** Whether a value is memory, detached or not. */
export function isMemory(value: unknown): boolean {
  const memory = mem(value) as unknown;
  return ArrayBuffer.isView(memory) || types.isAnyArrayBuffer(memory);
}

/** An argument, or an element of one, as bytes. `expected` names the kinds that it may be. @throws TypeError */
export function memoryFor(name: string, data: unknown, expected: string = MEMORY, index?: number): Uint8Array {
  // A Uint8Array is what is mostly given.
  if (ArrayBuffer.isView(data) && data instanceof Uint8Array && lengthOf(data) > 0) return data;
  const bytes = bytesOf(ArrayBuffer.isView(data) ? data : mem(data));
  if (bytes === undefined) throw invalidType(index === undefined ? name : `${name}[${index}]`, expected, data);
  return bytes;
}

/** Data to send as bytes, or an element of it. @throws TypeError */
export const bytesFor = (name: string, data: unknown, index?: number): Uint8Array =>
  typeof data === 'string' ? Buffer.from(data) : memoryFor(name, data, DATA, index);
const DATA = `a string, ${MEMORY}`;

/** One piece of memory or several, each by `each`. */
export function listOf<T>(value: unknown, each: (piece: unknown, index?: number) => T, name = 'data'): T[] {
  if (!Array.isArray(value)) return [each(value)];
  const list: T[] = [];
  // By index: an array's own iterator is the caller's code. A proxy may say that it has no end.
  const { length } = value;
  if (!(length <= MOST_ELEMENTS)) throw outOfRange(name, `an array of at most ${MOST_ELEMENTS} elements`, value);
  for (let i = 0; i < length; i++) list.push(each((value as unknown[])[i], i));
  return list;
}
const MOST_ELEMENTS = 2 ** 20;

/** Several pieces of memory for a call that may wait: views of the library's own, and the lengths that they had when the call began. */
export class Pieces {
  readonly views: readonly Uint8Array[];
  readonly lengths: readonly number[];
  /** The sum of the lengths. */
  readonly total: number;

  constructor(views: readonly Uint8Array[]) {
    this.views = views.map(ownView);
    this.lengths = this.views.map(lengthOf);
    this.total = this.lengths.reduce((sum, length) => sum + length, 0);
  }

  /** Whether a buffer was detached, or shrank, since the call began. */
  get changed(): boolean {
    return this.views.some((view, i) => lengthOf(view) !== this.lengths[i]);
  }

  /** What is left after `done` bytes. @throws TypeError with `bytes` where the memory is not what it was */
  after(done: number): Uint8Array[] {
    if (this.changed) throw memoryChanged(done);
    if (done === 0) return this.views as Uint8Array[];
    const rest: Uint8Array[] = [];
    let skip = done;
    for (const [i, view] of this.views.entries()) {
      const length = this.lengths[i]!;
      if (skip < length) rest.push(skip === 0 ? view : view.subarray(skip));
      skip = Math.max(0, skip - length);
    }
    return rest;
  }
}
