// Room: structs that hold pointers, on their way to native code: their fields become arguments of the call, one after the other.
// Native code reads an argument in a fraction of the time that an array's element takes.
import { mem, rangeError } from '../ctypes/index.js';

/** As many arguments as go on the stack. */
const MOST = 16_384;

/** Makes a call whose arguments are flattened structs; if there are too many, native code takes one array of them. */
export const callFlat = (f: (...args: unknown[]) => number, args: unknown[]): number =>
  args.length <= MOST ? Reflect.apply(f, undefined, args) : f(args);

/** More than any call can use, and less than ends the process: an array may say that it has no end. */
const LIMIT = 2 ** 20;

/** UIO_MAXIOV: as many messages as the kernel takes at once. */
const MESSAGES = 1024;

/** A call's arguments in C's order, and room for what it writes back. It is used again: a call leaves no garbage. */
export class Flat {
  /** What the kernel writes back, four numbers a message. */
  readonly results: Int32Array = new Int32Array(4 * MESSAGES);
  readonly #items: unknown[] = [];
  #length = 0;

  push(value: unknown): void {
    if (this.#length > LIMIT) throw rangeError(`the structs of a call must have at most ${LIMIT} fields`);
    this.#items[this.#length++] = value;
  }

  pointer(value: unknown): void {
    this.push(ArrayBuffer.isView(value) ? value : mem(value));
  }

  /** Begins a vector of structs. How many it has is known at its end: a getter of the caller's may change an array meanwhile. */
  begin(): number {
    return this.#length++;
  }

  end(beginning: number, count: number): void {
    this.#items[beginning] = count;
  }

  /** The null pointer in the place of a vector. */
  none(): void {
    this.push(-1);
  }

  /** What stands in the place of a vector, or makes it none: native code refuses it. */
  wrong(value: unknown, beginning: number = this.#length): void {
    this.#length = beginning;
    this.push(-2);
    this.push(value);
  }

  /** The arguments as an array. */
  take(): unknown[] {
    const items = this.#items.slice(0, this.#length);
    this.free();
    return items;
  }

  /** Makes the call. */
  call(f: (...args: unknown[]) => number): number {
    const items = this.#items;
    if (items.length !== this.#length) items.length = this.#length;
    return callFlat(f, items);
  }

  /** To be used again. The caller's memory is not kept. */
  free(): void {
    if (this.#length > MOST) return;
    for (let i = 0; i < this.#length; i++) this.#items[i] = null;
    this.#length = 0;
    spare = this;
  }
}

let spare: Flat | undefined;

/** A call's arguments, to be filled. A call that begins before this one is free (in a getter of the caller's) gets others. */
export function flat(): Flat {
  const list = spare ?? new Flat();
  spare = undefined;
  return list;
}
