// Room: the arguments of C's functions: for each a good value, and what is wrong in its place.
import * as c from 'bsd-sockets/c';
import { keep } from './descriptors.js';
import { Guarded, resizable } from './memory.js';
import { ok, pair, tcp4, udp4, unixStream } from './pairs.js';
import {
  extremes,
  goneMemory,
  type Named,
  noInteger,
  noMemory,
  nonsense,
  noShortInteger,
  noText,
  shortMemory,
  wideExtremes,
} from './values.js';

/** What the calls of one test work on: descriptors that never block, and memory with guard bytes. */
export class Fixture {
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
  readonly #guarded: Guarded[] = [];
  readonly #spare: number[] = [];

  constructor() {
    const nonblocking = (fd: number): number => {
      ok(c.fcntl(fd, c.F_SETFL, c.O_NONBLOCK));
      return fd;
    };
    [this.stream, this.peer] = pair(unixStream).map(nonblocking) as [number, number];
    const [ready, other] = pair(tcp4).map(nonblocking) as [number, number];
    ok(c.send(other, 'ready', 5, 0));
    ok(c.poll(new c.pollfd({ fd: ready, events: c.POLLIN }), 1, -1));
    this.ready = ready;
    this.datagram = nonblocking(pair(udp4)[0]);
    this.listener = nonblocking(keep(c.socket(c.AF_INET, c.SOCK_STREAM, 0)));
    ok(c.listen(this.listener, 1));
    const ends = new (c.array(c.int, 2))();
    ok(c.pipe(ends));
    this.reader = nonblocking(keep(ends[0]));
    this.writer = nonblocking(keep(ends[1]));
    this.epoll = process.platform === 'linux' ? keep(c.epoll_create1(0)) : -1;
    this.closed = ok(c.fcntl(this.stream, c.F_DUPFD, 900));
    ok(c.close(this.closed));
  }

  /** `length` bytes with guard bytes around them, filled with these or with `contents`. */
  memory(length: number, contents?: Uint8Array): Uint8Array {
    const guarded = new Guarded(length, contents);
    this.#guarded.push(guarded);
    return guarded.bytes;
  }
  /** Whether no guard byte was written; forgets the memory. */
  intact(): boolean {
    return this.#guarded.splice(0).every((guarded) => guarded.intact);
  }

  /** A descriptor that the call may close. */
  spare(): number {
    const fd = ok(c.fcntl(this.stream, c.F_DUPFD, 950));
    this.#spare.push(fd);
    return fd;
  }
  /** Closes a descriptor that a call gave. */
  given(fd: number): void {
    if (fd >= 0 && !this.#spare.includes(fd)) ok(c.close(fd));
  }
  /** Closes the spare descriptors that the calls left open. */
  close(): void {
    for (const fd of this.#spare.splice(0)) c.close(fd);
  }
}

export interface Argument {
  /** As in the prototype. */
  readonly name: string;
  readonly good: (f: Fixture) => unknown;
  /** What must be a TypeError. */
  readonly wrong: readonly Named[];
  /** What C takes, and no good comes of: an errno, a RangeError, or what C says; never a TypeError of the type. */
  readonly bad: readonly Named[] | ((f: Fixture) => readonly Named[]);
  /** Any number may stand here, or any memory of about so many bytes. */
  readonly any?: 'int' | 'size' | number;
  /** Without it the call waits for ever, unless all others are good. */
  readonly waits?: boolean;
}

type Descriptor = 'stream' | 'ready' | 'datagram' | 'listener' | 'reader' | 'writer' | 'epoll' | 'closed' | 'spare';

/** A descriptor: any number that wraps to none that is open. */
export const fd = (name: string, which: Descriptor): Argument => ({
  name,
  good: (f) => (which === 'spare' ? f.spare() : f[which]),
  wrong: noShortInteger,
  bad: (f) => [
    ['a closed descriptor', () => f.closed],
    ...[-1, -2, -(2 ** 31), 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 40 - 1, -(2 ** 40) - 1].map(
      (x): Named => [String(x), () => x],
    ),
  ],
});

/** An `int`, which the extremes do no harm to. */
export const int = (name: string, good = 0): Argument => ({
  name,
  good: () => good,
  wrong: noShortInteger,
  bad: extremes,
  any: 'int',
});
/** The same argument, with nothing random in its place: what it names could do harm. */
export const chosen = ({ any: _, ...argument }: Argument): Argument => argument;
/** An `int` that must stay as it is: a time to wait, a resource. */
export const fixed = (name: string, good: number | undefined): Argument => ({
  name,
  good: () => good ?? 0,
  wrong: noShortInteger,
  bad: [],
});
/** A `size_t` or another integer of 64 bits. */
export const size = (name: string, good: number | bigint): Argument => ({
  name,
  good: () => good,
  wrong: noInteger,
  bad: [...extremes, ...wideExtremes],
  any: 'size',
});

const unusual = (length: number, contents?: Uint8Array): Named[] => {
  const filled = <T extends ArrayBufferLike>(buffer: T): T => {
    if (contents) new Uint8Array(buffer).set(contents);
    return buffer;
  };
  return [
    ['shared memory', () => new Uint8Array(filled(new SharedArrayBuffer(length)))],
    ['a shared buffer', () => filled(new SharedArrayBuffer(length))],
    ['a DataView', () => new DataView(filled(new ArrayBuffer(length)))],
    ['a resizable buffer', () => filled(resizable(length, 1 << 20))],
  ];
};

/** Memory that C writes: `length` bytes. */
export const out = (name: string, length: number, contents?: Uint8Array): Argument => ({
  name,
  good: (f) => f.memory(length, contents),
  any: length,
  wrong: noMemory,
  bad: (f) => [
    ...goneMemory,
    ...shortMemory,
    ...unusual(length, contents),
    ['a byte too few', () => f.memory(length - 1, contents?.subarray(0, length - 1))],
  ],
});
/** Memory that C reads: `length` bytes; a string serves too. */
export const memory = (name: string, length: number, contents?: Uint8Array): Argument => ({
  ...out(name, length, contents),
  wrong: noText,
  bad: (f) => [
    ...goneMemory,
    ...shortMemory,
    ...unusual(length, contents),
    ['a byte too few', () => f.memory(length - 1, contents?.subarray(0, length - 1))],
    ['the empty string', () => ''],
    ['a string with NULs', () => '\0\0\0\0'],
    ['half of a surrogate pair', () => '\ud800'],
  ],
});
/** Text that ends with a NUL. */
export const text = (name: string, good: string, bad: readonly Named[] = []): Argument => ({
  name,
  good: () => good,
  wrong: noText,
  bad: [
    ...goneMemory,
    ['memory without a NUL', () => new Uint8Array(64).fill(0x41)],
    ['shared memory without a NUL', () => new Uint8Array(new SharedArrayBuffer(64)).fill(0x41)],
    ['numbers without a NUL byte', () => new Float64Array(8).fill(-1.1)],
    ...bad,
  ],
});
/** A value-result length of 4 bytes. */
export const length = (name: string, good: number): Argument => ({
  ...out(name, 4, new Uint8Array(new Uint32Array([good]).buffer)),
  bad: (f) => [
    ...goneMemory,
    ...shortMemory,
    ...[good + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, -1].map(
      (x): Named => [`the length ${x}`, () => f.memory(4, new Uint8Array(new Uint32Array([x]).buffer))],
    ),
  ],
});

/** An instance of a class that only its own kind may stand for. */
export const only = (name: string, good: (f: Fixture) => unknown, bad: readonly Named[] = []): Argument => ({
  name,
  good,
  wrong: [
    ...nonsense,
    ['a number', () => 5],
    ['a bigint', () => 5n],
    ['a string', () => 'text'],
    ['memory', () => new Uint8Array(256)],
    ['a box', () => new c.int()],
  ],
  bad,
});

/** The same argument with fewer wrong values: C, or this library, takes these. */
export const taking = (argument: Argument, ...names: string[]): Argument => ({
  ...argument,
  wrong: argument.wrong.filter(([name]) => !names.includes(name)),
});

/** The bytes of a struct. */
export const bytesOf = (x: c.Pointee): Uint8Array => new Uint8Array(x.buffer, x.byteOffset, x.byteLength);
