// The arguments of a call whose structs hold pointers. The structs' fields become arguments of the call, one after the other: native
// code reads an argument in a fraction of the time that an array's element takes.
import { mem, rangeError, shown, typeError } from '../ctypes/index.js';
import { COLUMNS } from './msghdr.js';

/** The most arguments that go on the stack. */
const ON_THE_STACK = 16_384;

/** The most fields of a call. More than any call can use: a caller's array may claim to have no end. */
const LIMIT = 2 ** 20;

/** UIO_MAXIOV: the most messages that the kernel takes at once. */
const MESSAGES = 1024;

/** A function of the addon that takes such a list. */
type ListFunction = (...args: unknown[]) => number;

/** A call's arguments in C's order, and room for what it writes back. The object is used again, so that a call leaves no garbage. */
export class ArgumentList {
  /** The function, and which of its arguments is the vector: for TypeErrors. */
  function = '';
  position = 0;
  /** What the kernel writes back: the columns of msghdr.ts, a row a message. */
  readonly results: Int32Array = new Int32Array(COLUMNS * MESSAGES);
  readonly #items: unknown[] = [];
  #length = 0;
  readonly #structs: unknown[] = [];
  #kept = 0;

  push(value: unknown): void {
    if (this.#length > LIMIT) throw rangeError(`the structs of a call must have at most ${LIMIT} fields`);
    this.#items[this.#length++] = value;
  }

  pointer(value: unknown): void {
    this.push(ArrayBuffer.isView(value) ? value : mem(value));
  }

  /** Begins a vector of structs, whose number is known at its end. A getter may change the caller's array meanwhile. */
  begin(): number {
    return this.#length++;
  }

  end(beginning: number, count: number): void {
    this.#items[beginning] = count;
  }

  /** Appends the null pointer in the place of a vector. */
  nullVector(): void {
    this.push(-1);
  }

  /** The TypeError for what stands in the place of a vector, or of its element `i`; the list is free. */
  wrong(name: string, expected: string, value: unknown, i?: number): TypeError {
    this.free();
    const found = i === undefined ? shown(value) : `an array whose element ${i} is ${shown(value)}`;
    return typeError(`${this.function}(): argument ${this.position} (${name}) must be ${expected}, got ${found}`);
  }

  /** Remembers a struct that the call's results go to: the caller's array may hold another one when the call returns. */
  keep(struct: unknown): void {
    this.#structs[this.#kept++] = struct;
  }

  /** The `i`-th struct that was kept. */
  kept<T>(i: number): T {
    return this.#structs[i] as T;
  }

  /** The arguments as an array; the list is free. */
  take(): unknown[] {
    const items = this.#items.slice(0, this.#length);
    this.free();
    return items;
  }

  /** Makes the call. Arguments that are too many for the stack go as one array. */
  call(f: ListFunction): number {
    const items = this.#items;
    if (items.length !== this.#length) items.length = this.#length;
    return items.length <= ON_THE_STACK ? Reflect.apply(f, undefined, items) : f(items);
  }

  /** Lets the next call use the list. It keeps no memory of the caller's. */
  free(): void {
    if (this.#length > ON_THE_STACK) return;
    for (let i = 0; i < this.#length; i++) this.#items[i] = null;
    for (let i = 0; i < this.#kept; i++) this.#structs[i] = null;
    this.#length = 0;
    this.#kept = 0;
    spare = this;
  }
}

let spare: ArgumentList | undefined;

/**
 * An empty list for a call of `name`, whose argument `position` is a vector. A call that begins before another is done, in a getter of
 * the caller's, gets a list of its own.
 */
export function argumentList(name = '', position = 0): ArgumentList {
  const list = spare ?? new ArgumentList();
  spare = undefined;
  list.function = name;
  list.position = position;
  return list;
}

export { ArgumentList as Flat, argumentList as flat };
