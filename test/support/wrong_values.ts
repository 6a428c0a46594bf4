// Wrong values: those that a C compiler would refuse, but a JavaScript caller can pass.

import * as c from 'bsd-sockets/c';
import { detachBuffer, resizableBuffer } from './memory.js';

export type NamedValue = readonly [name: string, make: () => unknown];

/** The keys by which the library marks its own objects, as a forger finds them. */
const marks = [new c.int(), new c.sockaddr_in(), new (c.array(c.pollfd, 1))()].flatMap((object) => {
  const found: symbol[] = [];
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    found.push(...Object.getOwnPropertySymbols(at));
  }
  return found.filter((symbol) => symbol.description === 'bytes');
});

/** An object that claims to have memory. */
function forged(memory: unknown): object {
  const object = { byteLength: 1 << 20 };
  for (const mark of marks) Object.defineProperty(object, mark, { value: memory });
  return object;
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Nothing that C has: refused for every argument. */
export const notAnyArgument: readonly NamedValue[] = [
  ['undefined', () => undefined],
  ['true', () => true],
  ['a symbol', () => Symbol('s')],
  ['an object', () => ({})],
  ['an object with valueOf', () => ({ valueOf: () => 1 })],
  ['a list', () => []],
  ['a list of a number', () => [1]],
  ['a function', () => () => 0],
  ['a class', () => class {}],
  ['a regular expression', () => /x/],
  ['a date', () => new Date(0)],
  ['a Map', () => new Map()],
  ['an object without prototype', () => Object.create(null)],
  ['a Number object', () => new Number(1)],
  ['a String object', () => new String('1')],
  ['a Proxy of an object', () => new Proxy({}, {})],
  ['a Proxy of memory', () => new Proxy(new Uint8Array(64), {})],
  ['a Proxy of a box', () => new Proxy(new c.int(), {})],
  ['a revoked Proxy', () => revoked({})],
  ['a revoked Proxy of memory', () => revoked(new Uint8Array(64))],
  ['an object of the prototype of memory', () => Object.create(Uint8Array.prototype)],
  ['an object of the prototype of a struct', () => Object.create(c.sockaddr_in.prototype as object)],
  ['forged memory: a number', () => forged(1)],
  ['forged memory: a list', () => forged([1, 2, 3])],
  ['forged memory: a Proxy', () => forged(new Proxy(new Uint8Array(64), {}))],
  ['a type', () => c.int],
];

const pointers: readonly NamedValue[] = [
  ['memory', () => new Uint8Array(64)],
  ['a box', () => new c.int()],
  ['null', () => null],
];

/** Refused for an integer. */
export const notInteger: readonly NamedValue[] = [
  ...notAnyArgument,
  ...pointers,
  ['a string', () => '1'],
  ['a fraction', () => 1.5],
  ['NaN', () => Number.NaN],
  ['Infinity', () => Number.POSITIVE_INFINITY],
  ['-Infinity', () => Number.NEGATIVE_INFINITY],
  ['a small fraction', () => 5e-324],
];
/** Refused for an integer of fewer than 64 bits. */
export const notShortInteger: readonly NamedValue[] = [...notInteger, ['a bigint', () => 5n]];
/** Refused for memory that C only reads. */
export const notReadableMemory: readonly NamedValue[] = [
  ...notAnyArgument,
  ['a number', () => 5],
  ['a bigint', () => 5n],
  ['a pointer’s number', () => 2 ** 46],
];
/** Refused for memory that C writes. */
export const notWritableMemory: readonly NamedValue[] = [...notReadableMemory, ['a string', () => 'text']];

/** Memory without bytes, or that is no more: never followed. */
export const detachedMemory: readonly NamedValue[] = [
  ['null', () => null],
  ['a view of no bytes', () => new Uint8Array(0)],
  ['a buffer of no bytes', () => new ArrayBuffer(0)],
  ['a shared buffer of no bytes', () => new SharedArrayBuffer(0)],
  ['a DataView of no bytes', () => new DataView(new ArrayBuffer(8), 8)],
  ['a detached view', () => detachBuffer(new Uint8Array(64))],
  ['a detached DataView', () => detachBuffer(new DataView(new ArrayBuffer(64)))],
  ['a detached Float64Array', () => detachBuffer(new Float64Array(8))],
  ['a detached buffer', () => detachBuffer(new Uint8Array(64)).buffer],
  ['a detached struct', () => detachBuffer(new c.sockaddr_storage())],
  ['a detached box', () => detachBuffer(new c.long())],
  ['a detached array', () => detachBuffer(new (c.array(c.pollfd, 4))())],
  ['forged memory: detached', () => forged(detachBuffer(new Uint8Array(64)))],
  [
    'a view beyond a buffer that was made smaller',
    () => {
      const buffer = resizableBuffer(64);
      const view = new Uint8Array(buffer, 32, 32);
      buffer.resize(16);
      return view;
    },
  ],
];

/** Memory of one byte, of kinds that differ within. */
export const oneByteMemory: readonly NamedValue[] = [
  ['one byte', () => new Uint8Array(1)],
  ['one shared byte', () => new SharedArrayBuffer(1)],
  ['one byte of a resizable buffer', () => new Uint8Array(resizableBuffer(1))],
  ['one byte in a DataView', () => new DataView(new ArrayBuffer(3), 2)],
  ['forged memory: one byte', () => forged(new Uint8Array(1))],
  [
    'a buffer that was made smaller, to one byte',
    () => {
      const buffer = resizableBuffer(64);
      const view = new Uint8Array(buffer);
      buffer.resize(1);
      return view;
    },
  ],
];

/** Integers at the ends of C's types, and beyond. */
export const extremeIntegers: readonly NamedValue[] = [
  -1,
  -2,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 32 - 1,
  2 ** 53,
  -(2 ** 53),
  2 ** 62,
  2 ** 63 - 1024,
  -(2 ** 63),
  2 ** 63,
  2 ** 64 - 2048,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  -0,
].map((x) => [Object.is(x, -0) ? '-0' : String(x), () => x]);
/** Bigints for 64 bits. */
export const extremeBigints: readonly NamedValue[] = [
  -1n,
  2n ** 31n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  -(2n ** 63n),
  2n ** 1000n - 1n,
  -(2n ** 1000n) - 1n,
].map((x) => [`${x > 10n ** 30n || x < -(10n ** 30n) ? 'a huge bigint' : `${x}n`}`, () => x]);
