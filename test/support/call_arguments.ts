// The arguments of C's functions: for each a good value, and wrong values.
import * as c from 'bsd-sockets/c';
import { closeAfterTest } from './cleanup.js';
import { connectedPair, must } from './descriptors.js';
import { GuardedMemory, resizableBuffer } from './memory.js';
import { tcp4, udp4, unixStream } from './socket_kinds.js';
import {
  detachedMemory,
  extremeBigints,
  extremeIntegers,
  type NamedValue,
  notAnyArgument,
  notInteger,
  notReadableMemory,
  notShortInteger,
  notWritableMemory,
  oneByteMemory,
} from './wrong_values.js';

/** What the calls of one test work on: descriptors that never block, and memory with guard bytes. */
export class CallFixture {
  /** A connected stream, and its peer, which has sent nothing. */
  readonly stream: number;
  readonly peer: number;
  /** A stream with data to read. */
  readonly ready: number;
  readonly datagram: number;
  readonly listener: number;
  readonly reader: number;
  readonly writer: number;
  readonly epoll: number;
  /** A number that no descriptor has. */
  readonly closed: number;
  readonly #guarded: GuardedMemory[] = [];
  readonly #spare: number[] = [];

  constructor() {
    const nonblocking = (fd: number): number => {
      must(c.fcntl(fd, c.F_SETFL, c.O_NONBLOCK));
      return fd;
    };
    [this.stream, this.peer] = connectedPair(unixStream).map(nonblocking) as [number, number];
    const [ready, other] = connectedPair(tcp4).map(nonblocking) as [number, number];
    must(c.send(other, 'ready', 5, 0));
    must(c.poll(new c.pollfd({ fd: ready, events: c.POLLIN }), 1, -1));
    this.ready = ready;
    this.datagram = nonblocking(connectedPair(udp4)[0]);
    this.listener = nonblocking(closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM, 0)));
    must(c.listen(this.listener, 1));
    const ends = new (c.array(c.int, 2))();
    must(c.pipe(ends));
    this.reader = nonblocking(closeAfterTest(ends[0]));
    this.writer = nonblocking(closeAfterTest(ends[1]));
    this.epoll = process.platform === 'linux' ? closeAfterTest(c.epoll_create1(0)) : -1;
    this.closed = must(c.fcntl(this.stream, c.F_DUPFD, 900));
    must(c.close(this.closed));
  }

  /** `length` bytes with guard bytes around them, filled with these or with `contents`. */
  memory(length: number, contents?: Uint8Array): Uint8Array {
    const guarded = new GuardedMemory(length, contents);
    this.#guarded.push(guarded);
    return guarded.bytes;
  }
  /** Whether no guard byte was written; forgets the memory. */
  intact(): boolean {
    return this.#guarded.splice(0).every((guarded) => guarded.intact);
  }

  /** A descriptor that the call may close. */
  spare(): number {
    const fd = must(c.fcntl(this.stream, c.F_DUPFD, 950));
    this.#spare.push(fd);
    return fd;
  }
  /** Closes a descriptor that a call gave. */
  given(fd: number): void {
    if (fd >= 0 && !this.#spare.includes(fd)) must(c.close(fd));
  }
  /** Closes the spare descriptors that the calls left open. */
  close(): void {
    for (const fd of this.#spare.splice(0)) c.close(fd);
  }
}

export interface Argument {
  /** As in the prototype. */
  readonly name: string;
  readonly good: (f: CallFixture) => unknown;
  /** What must be a TypeError. */
  readonly wrong: readonly NamedValue[];
  /** What C takes, and no good comes of: an errno, a RangeError, or what C says; never a TypeError of the type. */
  readonly bad: readonly NamedValue[] | ((f: CallFixture) => readonly NamedValue[]);
  /** A random call may put any number here, or any memory of about this length. */
  readonly any?: 'int' | 'size' | number;
  /** Without it the call waits for ever, unless all others are good. */
  readonly waits?: boolean;
}

type Descriptor = 'stream' | 'ready' | 'datagram' | 'listener' | 'reader' | 'writer' | 'epoll' | 'closed' | 'spare';

/** A descriptor: any number that wraps to none that is open. */
export const fd = (name: string, which: Descriptor): Argument => ({
  name,
  good: (f) => (which === 'spare' ? f.spare() : f[which]),
  wrong: notShortInteger,
  bad: (f) => [
    ['a closed descriptor', () => f.closed],
    ...[-1, -2, -(2 ** 31), 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 40 - 1, -(2 ** 40) - 1].map(
      (x): NamedValue => [String(x), () => x],
    ),
  ],
});

/** An `int`, which the extremes do no harm to. */
export const int = (name: string, good = 0): Argument => ({
  name,
  good: () => good,
  wrong: notShortInteger,
  bad: extremeIntegers,
  any: 'int',
});
/** The same argument, with nothing random in its place: what it names could do harm. */
export const chosen = ({ any: _, ...argument }: Argument): Argument => argument;
/** An `int` that must stay as it is: a time to wait, a resource. */
export const fixed = (name: string, good: number | undefined): Argument => ({
  name,
  good: () => good ?? 0,
  wrong: notShortInteger,
  bad: [],
});
/** A `size_t` or another integer of 64 bits. */
export const size = (name: string, good: number | bigint): Argument => ({
  name,
  good: () => good,
  wrong: notInteger,
  bad: [...extremeIntegers, ...extremeBigints],
  any: 'size',
});

const unusual = (length: number, contents?: Uint8Array): NamedValue[] => {
  const filled = <T extends ArrayBufferLike>(buffer: T): T => {
    if (contents) new Uint8Array(buffer).set(contents);
    return buffer;
  };
  return [
    ['shared memory', () => new Uint8Array(filled(new SharedArrayBuffer(length)))],
    ['a shared buffer', () => filled(new SharedArrayBuffer(length))],
    ['a DataView', () => new DataView(filled(new ArrayBuffer(length)))],
    ['a resizable buffer', () => filled(resizableBuffer(length, 1 << 20))],
  ];
};

/** Memory that C writes: `length` bytes. */
export const outMemory = (name: string, length: number, contents?: Uint8Array): Argument => ({
  name,
  good: (f) => f.memory(length, contents),
  any: length,
  wrong: notWritableMemory,
  bad: (f) => [
    ...detachedMemory,
    ...oneByteMemory,
    ...unusual(length, contents),
    ['a byte too few', () => f.memory(length - 1, contents?.subarray(0, length - 1))],
  ],
});
/** Memory that C reads: `length` bytes; a string serves too. */
export const memory = (name: string, length: number, contents?: Uint8Array): Argument => ({
  ...outMemory(name, length, contents),
  wrong: notReadableMemory,
  bad: (f) => [
    ...detachedMemory,
    ...oneByteMemory,
    ...unusual(length, contents),
    ['a byte too few', () => f.memory(length - 1, contents?.subarray(0, length - 1))],
    ['the empty string', () => ''],
    ['a string with NULs', () => '\0\0\0\0'],
    ['half of a surrogate pair', () => '\ud800'],
  ],
});
/** Text that ends with a NUL. */
export const text = (name: string, good: string, bad: readonly NamedValue[] = []): Argument => ({
  name,
  good: () => good,
  wrong: notReadableMemory,
  bad: [
    ...detachedMemory,
    ['memory without a NUL', () => new Uint8Array(64).fill(0x41)],
    ['shared memory without a NUL', () => new Uint8Array(new SharedArrayBuffer(64)).fill(0x41)],
    ['numbers without a NUL byte', () => new Float64Array(8).fill(-1.1)],
    ...bad,
  ],
});
/** A value-result length of 4 bytes. */
export const length = (name: string, good: number): Argument => ({
  ...outMemory(name, 4, new Uint8Array(new Uint32Array([good]).buffer)),
  bad: (f) => [
    ...detachedMemory,
    ...oneByteMemory,
    ...[good + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, -1].map(
      (x): NamedValue => [`the length ${x}`, () => f.memory(4, new Uint8Array(new Uint32Array([x]).buffer))],
    ),
  ],
});

/** An instance of a class that only its own kind may stand for. */
export const instance = (
  name: string,
  good: (f: CallFixture) => unknown,
  bad: readonly NamedValue[] = [],
): Argument => ({
  name,
  good,
  wrong: [
    ...notAnyArgument,
    ['a number', () => 5],
    ['a bigint', () => 5n],
    ['a string', () => 'text'],
    ['memory', () => new Uint8Array(256)],
    ['a box', () => new c.int()],
  ],
  bad,
});

/** The same argument with fewer wrong values: C, or this library, takes these. */
export const accepting = (argument: Argument, ...names: string[]): Argument => ({
  ...argument,
  wrong: argument.wrong.filter(([name]) => !names.includes(name)),
});

/** The bytes of a struct. */
export const bytesOfStruct = (x: c.Pointee): Uint8Array => new Uint8Array(x.buffer, x.byteOffset, x.byteLength);
