// The calls that wait in one direction of a socket, in the order in which they were made.
//
// A call's states:
//
//     tried ──result──▶ settled
//       │ would block
//       ▼                 ready, timer, next turn
//     waiting ──────────────────────────────────▶ tried again (serve) ──▶ waiting, or settled
//       │ close, abort, time-out
//       ▼
//     settled (rejected)
//
// `serve` is the loop: try the first call; where it would block, wait; else settle it and go on with the next. Three things lead back to it:
// readiness (an edge of the registration), a timer (for conditions of which the kernel raises no event), and the next turn of the event loop
// (where this turn's budget is spent).
//
// Invariants: no call overtakes another. A byte leaves the kernel only for a call that is still in its place. A settled call has left its
// place before the caller's code runs. A call waits only after it was tried, or with a try to come. Every registration is made before the
// event loop blocks, and adding one reports what is ready.
//
// The plain call (a recv, recvBytes or send without flags and options, with no other call before it) is kept in fields of the lane itself:
// a connection that waits costs one lane and one promise.
import * as c from '../generated/constants.js';
import type { Attachment, Descriptor } from '../socket/descriptor.js';
import { socketError, wouldBlock } from '../socket/errors.js';
import { heldMemory } from '../socket/memory.js';
import { sharingStack, withLaterStack } from '../socket/stack.js';
import * as call from '../socket/system_calls.js';
import { abortError, after, NO_OPTIONS, offAbort, onAbort, readOptions, type WaitOptions } from './abort.js';
import { type Interest, theLoop, type Waiting, type WaitRegistration, WRITE } from './loop.js';
import { type Deferrable, defer, spend } from './turn.js';

/** The answer of a try that has to wait until the socket is ready. */
export const WAIT = Symbol('wait');
/** The answer of a try that has to wait for a timer alone: the kernel raises no event, or a false one at each try. */
export const PACED = Symbol('paced');
/** The answer of a try that has to wait for either. */
export const WAIT_OR_TIMER = Symbol('wait or timer');
/** The answer of a try that has spent the turn's budget: the socket may still be ready, so no edge would wake it. */
export const NEXT_TURN = Symbol('next turn');
type Pending = typeof WAIT | typeof PACED | typeof WAIT_OR_TIMER | typeof NEXT_TURN;

/** The intervals of a paced call in milliseconds: the first, doubled at each try up to the last. */
const FIRST_PACE = 1;
const LAST_PACE = 64;
/** More rejections than this at once share one stack. */
const OWN_STACKS = 64;

/** A try of a call on the descriptor's number: its result, or why it has to wait. It throws where the call fails. */
export type Attempt<T> = (fd: number) => T | Pending;

/** A waiting call that is not the plain one. */
class Waiter {
  previous: Waiter | undefined;
  next: Waiter | undefined;
  readonly attempt: Attempt<unknown>;
  readonly syscall: string;
  readonly resolve: (value: unknown) => void;
  /** How many bytes were transferred so far, for calls that may fail in the middle. */
  readonly bytes: (() => number) | undefined;
  settled = false;
  /** Ends the time-out, the abort listener and the pacing timer. */
  cleanup: (() => void) | undefined;
  pace = 0;
  /** Readiness is ignored until the timer fires. */
  paced = false;
  timer: NodeJS.Timeout | undefined;

  constructor(attempt: Attempt<unknown>, syscall: string, resolve: (value: unknown) => void, bytes?: () => number) {
    this.attempt = attempt;
    this.syscall = syscall;
    this.resolve = resolve;
    this.bytes = bytes;
  }
}

type Resolve = (value: unknown) => void;
let taken: Resolve | undefined;
const take = (resolve: Resolve): void => {
  taken = resolve;
};
/** The resolve function of the promise that was just made. It is not kept: it would keep the promise's error, and the error its stack. */
function taking(): Resolve {
  const resolve = taken!;
  taken = undefined;
  return resolve;
}

/**
 * Rejects a promise, with an error that is made after the promise was adopted: V8 then finds the frames that await it, and the stack begins
 * at the caller's line.
 */
function rejectLate(resolve: (value: unknown) => void, makeError: () => unknown): void {
  let go!: () => void;
  const late = new Promise<void>((done) => {
    go = done;
  }).then(() => {
    throw makeError();
  });
  resolve(late);
  queueMicrotask(go);
}

/** A failure in the middle of a call says how many bytes were transferred before. */
function withBytes(error: unknown, bytes: (() => number) | undefined): unknown {
  if (bytes !== undefined && typeof error === 'object' && error !== null && !('bytes' in error))
    Object.assign(error, { bytes: bytes() });
  return error;
}

/** A descriptor's owner that reports its closing: Node's sockets and servers. */
export interface Closing {
  on(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

export class Lane implements Attachment, Waiting, Deferrable {
  next: Attachment | undefined = undefined;
  readonly interest: Interest;
  deferred = false;
  readonly #descriptor: Descriptor;
  readonly #owner: Closing | undefined;
  #ownerCloses: (() => void) | undefined = undefined;
  #registration: WaitRegistration | undefined = undefined;
  /** The plain call: what settles it, its memory (none for recvBytes), and the memory's length when it began. */
  #resolve: ((value: unknown) => void) | undefined = undefined;
  #memory: Uint8Array | undefined = undefined;
  #length = 0;
  /** The other calls. */
  #first: Waiter | undefined = undefined;
  #last: Waiter | undefined = undefined;

  constructor(descriptor: Descriptor, interest: Interest, owner: Closing | undefined) {
    this.#descriptor = descriptor;
    this.interest = interest;
    this.#owner = owner;
    descriptor.attach(this);
  }

  /** Whether no call waits: the next one may be tried at once. */
  get idle(): boolean {
    return this.#resolve === undefined && this.#first === undefined;
  }

  /** A plain call waits: for `memory`, or without one for `length` bytes of a recvBytes. `tried`: it would block, else its try is to come. */
  wait(memory: Uint8Array | undefined, length: number, tried: boolean): Promise<unknown> {
    try {
      theLoop();
    } catch (error) {
      return Promise.reject(error);
    }
    if (!this.idle) return this.#queuePlain(memory, length);
    const promise = new Promise(take);
    this.#resolve = taking();
    this.#memory = memory;
    this.#length = length;
    this.#entered();
    if (tried) this.#await();
    else defer(this);
    return promise;
  }

  /** Tries a call, and again whenever that may help, until it has a result. In order with the others of this direction. */
  call<T>(attempt: Attempt<T>, syscall: string, options: WaitOptions = NO_OPTIONS, bytes?: () => number): Promise<T> {
    let tried: T | Pending = NEXT_TURN;
    let limits: WaitOptions;
    try {
      limits = readOptions(options);
      if (this.idle && spend()) {
        tried = attempt(this.#descriptor.open(syscall));
        if (!isPending(tried)) return Promise.resolve(tried);
      } else if (this.#descriptor.closed) throw socketError(c.EBADF, syscall);
      theLoop();
    } catch (error) {
      return Promise.reject(withBytes(error, bytes));
    }
    const promise = new Promise(take);
    const waiter = new Waiter(attempt as Attempt<unknown>, syscall, taking(), bytes);
    const alone = this.idle;
    this.#push(waiter);
    if (limits !== NO_OPTIONS) this.#limit(waiter, limits);
    if (alone) this.#pend(tried as Pending);
    return promise as Promise<T>;
  }

  ready(): void {
    if (this.#resolve === undefined && this.#first?.paced) return;
    this.serve();
  }

  serve(): void {
    for (;;) {
      const tried = this.#resolve !== undefined ? this.#tryPlain() : this.#tryFirst();
      if (tried === DONE) return;
      if (tried !== AGAIN) {
        this.#pend(tried);
        return;
      }
    }
  }

  /** Makes the plain call. */
  #tryPlain(): Pending | typeof AGAIN {
    if (!spend()) return NEXT_TURN;
    const memory = this.#memory;
    const length = this.#length;
    let result: number | Uint8Array;
    try {
      result = this.#plain(this.#descriptor.open(this.#plainName), memory, length);
    } catch (error) {
      // Taking the number may have found that the descriptor was closed: then every call has been rejected.
      if (this.#resolve !== undefined) rejectLate(this.#settlePlain(), () => withLaterStack(error));
      return AGAIN;
    }
    if (typeof result !== 'number' || result >= 0) {
      this.#settlePlain()(result);
      return AGAIN;
    }
    if (wouldBlock(result)) return WAIT;
    const syscall = this.#plainName;
    rejectLate(this.#settlePlain(), () => socketError(-result, syscall));
    return AGAIN;
  }
  /** The plain call's system call: its result, or -errno. @throws TypeError where the memory is not what it was */
  #plain(fd: number, memory: Uint8Array | undefined, length: number): number | Uint8Array {
    if (memory === undefined) return call.recvBytes(fd, length, c.MSG_DONTWAIT);
    const bytes = heldMemory(memory, length);
    return this.interest === WRITE ? call.send(fd, bytes, c.MSG_DONTWAIT) : call.recv(fd, bytes, c.MSG_DONTWAIT);
  }
  get #plainName(): string {
    return this.interest === WRITE ? 'send' : 'recv';
  }
  #settlePlain(): (value: unknown) => void {
    const resolve = this.#resolve!;
    this.#resolve = undefined;
    this.#memory = undefined;
    this.#left(1);
    return resolve;
  }

  /** Makes the first of the other calls. */
  #tryFirst(): Pending | typeof AGAIN | typeof DONE {
    const waiter = this.#first;
    if (waiter === undefined) return DONE;
    if (!spend()) return NEXT_TURN;
    let result: unknown;
    try {
      result = waiter.attempt(this.#descriptor.open(waiter.syscall));
    } catch (error) {
      if (!waiter.settled) this.#fail(waiter, () => withLaterStack(error));
      return AGAIN;
    }
    if (waiter.settled) return AGAIN;
    if (isPending(result)) return result;
    this.#settle(waiter);
    waiter.resolve(result);
    return AGAIN;
  }

  /** The first call has to wait. */
  #pend(why: Pending): void {
    if (why === NEXT_TURN) {
      defer(this);
      return;
    }
    const waiter = this.#first;
    if (why !== WAIT && this.#resolve === undefined && waiter !== undefined) {
      waiter.pace = waiter.pace === 0 ? FIRST_PACE : Math.min(LAST_PACE, 2 * waiter.pace);
      waiter.paced = why === PACED;
      clearTimeout(waiter.timer);
      waiter.timer = setTimeout(() => {
        waiter.paced = false;
        if (!waiter.settled) this.serve();
      }, waiter.pace);
    }
    if (why !== PACED) this.#await();
  }

  /** From now on an edge of the registration serves this direction. */
  #await(): void {
    const descriptor = this.#descriptor;
    const borrowed = descriptor.borrowed !== undefined;
    const known = this.#registration;
    if (known?.registered && !borrowed) {
      known.enter(this);
      return;
    }
    try {
      known?.leave(this);
      this.#registration = theLoop().register(descriptor.open(this.#name), borrowed);
      this.#registration.enter(this);
    } catch (error) {
      this.#registration = undefined;
      this.#rejectFirst(() => withLaterStack(error));
    }
  }
  get #name(): string {
    return this.#resolve !== undefined ? this.#plainName : (this.#first?.syscall ?? 'poll');
  }
  #rejectFirst(makeError: () => unknown): void {
    if (this.#resolve !== undefined) rejectLate(this.#settlePlain(), makeError);
    else if (this.#first !== undefined) this.#fail(this.#first, makeError);
    if (!this.idle) defer(this);
  }

  #fail(waiter: Waiter, makeError: () => unknown): void {
    this.#settle(waiter);
    rejectLate(waiter.resolve, () => withBytes(makeError(), waiter.bytes));
  }

  #queuePlain(memory: Uint8Array | undefined, length: number): Promise<unknown> {
    const attempt = (fd: number): unknown => {
      const result = this.#plain(fd, memory, length);
      if (typeof result !== 'number' || result >= 0) return result;
      if (wouldBlock(result)) return WAIT;
      throw socketError(-result, this.#plainName);
    };
    const promise = new Promise(take);
    this.#push(new Waiter(attempt, this.#plainName, taking()));
    return promise;
  }

  #push(waiter: Waiter): void {
    waiter.previous = this.#last;
    if (this.#last === undefined) this.#first = waiter;
    else this.#last.next = waiter;
    this.#last = waiter;
    this.#entered();
  }

  /** Takes a call off its place, and leaves nothing of it behind. */
  #settle(waiter: Waiter): void {
    waiter.settled = true;
    waiter.cleanup?.();
    clearTimeout(waiter.timer);
    const { previous, next } = waiter;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    this.#left(1);
  }

  #limit(waiter: Waiter, { signal, timeout }: WaitOptions): void {
    const cancel = (makeError: () => unknown): void => {
      const wasFirst = this.#first === waiter && this.#resolve === undefined;
      this.#fail(waiter, makeError);
      // The socket may be ready for the call behind it.
      if (wasFirst && !this.idle) this.serve();
    };
    const abort = (): void => cancel(() => abortError(signal));
    if (signal) onAbort(signal, abort);
    const stop =
      timeout === undefined ? undefined : after(timeout, () => cancel(() => socketError(c.ETIMEDOUT, waiter.syscall)));
    waiter.cleanup = () => {
      stop?.();
      if (signal) offAbort(signal, abort);
    };
  }

  #entered(): void {
    if (this.#owner !== undefined && this.#ownerCloses === undefined) {
      this.#ownerCloses = () => this.lost();
      this.#owner.on('close', this.#ownerCloses);
    }
    theLoop().enter();
  }
  #left(count: number): void {
    if (this.idle) {
      this.#registration?.leave(this);
      if (this.#ownerCloses !== undefined) {
        this.#owner?.off('close', this.#ownerCloses);
        this.#ownerCloses = undefined;
      }
    }
    theLoop().leave(count);
  }

  released(): void {
    const registration = this.#registration;
    this.lost();
    // An owned descriptor's registration is ended by its closing, for all sockets on the number.
    if (registration !== undefined && this.#descriptor.ticket === 0) theLoop().forgetIfIdle(registration);
  }

  lost(): void {
    this.#registration?.leave(this);
    this.#registration = undefined;
    const calls: { syscall: string; resolve: (value: unknown) => void; bytes?: (() => number) | undefined }[] = [];
    if (this.#resolve !== undefined) calls.push({ syscall: this.#plainName, resolve: this.#resolve });
    for (let waiter = this.#first; waiter !== undefined; waiter = waiter.next) {
      waiter.settled = true;
      waiter.cleanup?.();
      clearTimeout(waiter.timer);
      calls.push(waiter);
    }
    if (calls.length === 0) return;
    this.#resolve = undefined;
    this.#memory = undefined;
    this.#first = undefined;
    this.#last = undefined;
    this.#left(calls.length);
    const errorOf = ({ syscall, bytes }: (typeof calls)[number]): unknown =>
      withBytes(socketError(c.EBADF, syscall), bytes);
    if (calls.length <= OWN_STACKS) {
      for (const each of calls) rejectLate(each.resolve, () => errorOf(each));
      return;
    }
    const errors = sharingStack(() => calls.map(errorOf));
    for (const [i, { resolve }] of calls.entries()) resolve(new Rejection(errors[i]));
  }
}

/** A thenable that rejects. A rejected promise would be reported as unhandled until it is adopted, at a cost for each. */
class Rejection {
  readonly #error: unknown;
  constructor(error: unknown) {
    this.#error = error;
  }
  // biome-ignore lint/suspicious/noThenProperty: a promise that is resolved with it calls it
  then(_resolve: unknown, reject: (error: unknown) => void): void {
    reject(this.#error);
  }
}

const DONE = Symbol('done');
const AGAIN = Symbol('again');
const isPending = (result: unknown): result is Pending =>
  result === WAIT || result === PACED || result === WAIT_OR_TIMER || result === NEXT_TURN;
