// Room: what waits for a socket on the event loop: queues, one registration a descriptor, and the process's reason to stay alive.

import * as c from '../generated/constants.js';
import { socketError } from '../socket/errors.js';
import { onRelease } from '../socket/ownership.js';
import { invalidType, outOfRange } from '../socket/validate.js';
import { Poller } from './poller.js';

/** How long a call may wait. */
export interface WaitOptions {
  /** Rejects the call with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Rejects the call with TimedOutError after so many milliseconds. */
  readonly timeout?: number | undefined;
}

/** A call without options waits for ever. */
export const NO_OPTIONS: WaitOptions = {};

/** A direction; the error queue (MSG_ERRQUEUE) is one of its own. */
export type Interest = 0 | 1 | 2;
export const READ: Interest = 0;
export const WRITE: Interest = 1;
export const ERRORS: Interest = 2;

/** What a stream's bytes alone bring: no end, no error, no urgent data. */
const ORDINARY = c.POLLIN | c.POLLOUT;
/** What wakes each direction: an error or the peer's end wakes both. */
const WAKES_READ = c.POLLIN | c.POLLPRI | c.POLLHUP | c.POLLERR | (c.POLLRDHUP ?? 0) | c.POLLNVAL;
const WAKES_WRITE = c.POLLOUT | c.POLLHUP | c.POLLERR | c.POLLNVAL;
const EVERYTHING = c.POLLIN | c.POLLOUT | c.POLLPRI | (c.POLLRDHUP ?? 0);
const EDGE = { edge: true } as const;
/** How many calls may go through without a wait before one lets the event loop turn. */
export const CALLS_A_TURN = 128;
let calls = 0;
/** The longest that a timer of Node's runs. */
const LONGEST = 0x7fff_ffff;

/** A descriptor that is registered, once and for as long as somebody has it; edge-triggered, in both directions. */
interface Watched {
  readonly fd: number;
  /** Mostly one; more where several sockets were made on one descriptor. */
  readonly members: Waiting[];
}

/** This thread's poller: started with the first waiter, and what keeps the process alive as long as there is one. */
class Loop {
  readonly #poller = new Poller();
  readonly #watched = new Map<number, Watched>();
  #waiters = 0;

  constructor() {
    try {
      this.#poller.start<Watched>((ready) => {
        for (const { socket, events } of ready) {
          // Backwards: a member may leave.
          for (let i = socket.members.length - 1; i >= 0; i--) socket.members[i]?.wake(events);
        }
      });
    } catch (error) {
      this.#poller.close();
      throw error;
    }
    this.#poller.unref();
    onRelease((fd) => this.#released(fd));
  }
  waits(): void {
    if (this.#waiters++ === 0) this.#poller.ref();
  }
  done(): void {
    if (--this.#waiters === 0) this.#poller.unref();
  }

  /** Registers a descriptor; one that is registered already is shared. */
  join(member: Waiting, fd: number): Watched {
    const known = this.#watched.get(fd);
    if (known) {
      try {
        // Its owner may have closed the descriptor behind our back, and the number may be another's: then the system knows nothing of it.
        this.#poller.modify(known, EVERYTHING, EDGE);
        if (!known.members.includes(member)) known.members.push(member);
        return known;
      } catch {
        this.#lose(known);
      }
    }
    const watched: Watched = { fd, members: [member] };
    this.#poller.add(watched, EVERYTHING, EDGE);
    this.#watched.set(fd, watched);
    return watched;
  }

  leave(member: Waiting, watched: Watched): void {
    const at = watched.members.indexOf(member);
    if (at >= 0) watched.members.splice(at, 1);
    if (watched.members.length > 0 || this.#watched.get(watched.fd) !== watched) return;
    this.#watched.delete(watched.fd);
    this.#forget(watched);
  }

  /** Whoever owned the descriptor in this thread closes it, or gives it up: nobody's wait for it can end otherwise. */
  #released(fd: number): void {
    const watched = this.#watched.get(fd);
    if (!watched) return;
    this.#forget(watched);
    this.#lose(watched);
  }

  #lose(watched: Watched): void {
    if (this.#watched.get(watched.fd) === watched) this.#watched.delete(watched.fd);
    for (const member of watched.members.splice(0)) member.lost();
  }

  /** The descriptor may live on elsewhere (detach, dup): its events are nobody's here any more. */
  #forget(watched: Watched): void {
    try {
      this.#poller.delete(watched);
    } catch {
      // Closed by its owner: the system has forgotten it already.
    }
  }
}
let loop: Loop | undefined;

/** Like Node's own. */
export class AbortError extends Error {
  readonly code = 'ABORT_ERR';
  constructor(cause: unknown) {
    super('The operation was aborted', { cause });
    this.name = 'AbortError';
  }
}

/** A signal, or nothing. */
export function checkSignal(signal: unknown): asserts signal is AbortSignal | undefined {
  if (signal === undefined) return;
  if (typeof signal !== 'object' || signal === null || !('aborted' in signal))
    throw invalidType('options.signal', 'an AbortSignal', signal);
}

/** What waits for a signal: one listener, however many calls share it. */
class Abortable extends Set<() => void> {
  readonly run = (): void => {
    for (const abort of [...this]) abort();
  };
}
const abortable = new WeakMap<AbortSignal, Abortable>();

/** Calls `abort` when the signal fires, until `offAbort`. */
export function onAbort(signal: AbortSignal, abort: () => void): void {
  let all = abortable.get(signal);
  if (!all) abortable.set(signal, (all = new Abortable()));
  if (all.size === 0) signal.addEventListener('abort', all.run);
  all.add(abort);
}
export function offAbort(signal: AbortSignal, abort: () => void): void {
  const all = abortable.get(signal);
  if (all?.delete(abort) && all.size === 0) signal.removeEventListener('abort', all.run);
}

/** The options of a waiting call, checked. */
function checkOptions(options: unknown): asserts options is WaitOptions {
  if (typeof options !== 'object' || options === null) throw invalidType('options', 'an object', options);
  const { signal, timeout } = options as WaitOptions;
  checkSignal(signal);
  if (timeout === undefined) return;
  if (typeof timeout !== 'number') throw invalidType('options.timeout', 'of type number', timeout);
  if (!(timeout >= 0)) throw outOfRange('options.timeout', 'a number of milliseconds >= 0', timeout);
}

/** A descriptor's owner that says when it is closed: Node's sockets and servers. */
export interface Closing {
  on(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

/** A call that may have to wait. */
export interface Call<T> {
  readonly interest: Interest;
  /** The descriptor to wait for. */
  readonly fd: number;
  /** Makes the call: null where it has to wait. */
  attempt(): T | null;
  readonly syscall: string;
  /** Whether there is nothing for it where the last one left nothing (`Waiting.drained`): then it waits untried. */
  readonly drains?: boolean;
  /** Tries again after so many milliseconds, too: for what the system tells nobody of. */
  readonly every?: number | undefined;
}

interface Queued {
  readonly syscall: string;
  /** True when the call has come to its end, either way. */
  attempt(): boolean;
  reject(error: unknown): void;
}

/** A call that waits, in a queue of its socket's. */
class Waiter<T> implements Queued {
  readonly promise: Promise<T>;
  readonly #waiting: Waiting;
  readonly #call: Call<T>;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;
  /** What ends the waiting from elsewhere: most calls have nothing of the kind. */
  #cleanup: (() => void) | undefined;
  #settled = false;

  constructor(waiting: Waiting, call: Call<T>, options: WaitOptions) {
    this.#waiting = waiting;
    this.#call = call;
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (options !== NO_OPTIONS || call.every !== undefined) this.#limit(options);
  }
  get syscall(): string {
    return this.#call.syscall;
  }

  attempt(): boolean {
    try {
      const result = this.#call.attempt();
      if (result === null) return this.#settled;
      if (this.#settle()) this.#resolve(result);
    } catch (error) {
      this.reject(error);
    }
    return true;
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Leaves nothing behind; false if that was done before. */
  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#cleanup?.();
    this.#waiting.remove(this.#call.interest, this);
    return true;
  }

  #limit({ signal, timeout }: WaitOptions): void {
    const { every, interest, syscall } = this.#call;
    const abort = (): void => this.#cancel(new AbortError(signal?.reason));
    let timer: NodeJS.Timeout | undefined;
    // Node's timers end at some 25 days.
    const wait = (left: number): void => {
      timer = setTimeout(
        () => {
          if (left > LONGEST) wait(left - LONGEST);
          else this.#cancel(socketError(c.ETIMEDOUT, syscall));
        },
        Math.min(left, LONGEST),
      );
    };
    if (signal) onAbort(signal, abort);
    if (timeout !== undefined && timeout !== Number.POSITIVE_INFINITY) wait(timeout);
    const ticker = every === undefined ? undefined : setInterval(() => this.#waiting.serve(interest), every);
    this.#cleanup = () => {
      clearTimeout(timer);
      clearInterval(ticker);
      if (signal) offAbort(signal, abort);
    };
  }

  #cancel(error: unknown): void {
    this.reject(error);
    // The socket may be ready for what comes behind it.
    this.#waiting.serve(this.#call.interest);
  }
}

/** The queue of a direction in which nobody has waited yet. Nothing is ever pushed to an empty one. */
const NOBODY: Queued[] = [];
const never = (): void => {};

/** The waiting calls of one socket. Refers to the socket only as long as something waits: an idle one may be garbage-collected. */
export class Waiting {
  readonly #queues: [Queued[], Queued[], Queued[]] = [NOBODY, NOBODY, NOBODY];
  readonly #borrowed: boolean;
  readonly #owner: Closing | undefined;
  readonly #ownerCloses: () => void;
  #watched: Watched | undefined;
  #ordinary = true;
  /** Everything that had come was received: what comes now will wake, whether the socket is registered already or will be. */
  drained = false;
  #pauses: Set<() => void> | undefined;

  /** `borrowed`: somebody else closes the descriptor; `owner` says when. */
  constructor(borrowed = false, owner?: Closing) {
    this.#borrowed = borrowed;
    this.#owner = owner;
    this.#ownerCloses = owner ? () => this.end() : never;
  }

  /** Tries a call, and again whenever the socket is ready, until it gives something else than null. In order with the others. */
  call<T>(call: Call<T>, options: WaitOptions): Promise<T> {
    let waiter: Waiter<T> | undefined;
    try {
      if (options !== NO_OPTIONS) checkOptions(options);
      if (options.signal?.aborted) throw new AbortError(options.signal.reason);
      const alone = this.#queues[call.interest].length === 0;
      // Calls that never have to wait would keep the event loop out for ever: now and then one lets it turn.
      const yields = alone && call.fd >= 0 && ++calls % CALLS_A_TURN === 0;
      const empty = call.drains && this.drained && this.#ordinary && options === NO_OPTIONS;
      // Behind others it waits its turn.
      if (alone && !yields && !empty) {
        const result = call.attempt();
        if (result !== null) return Promise.resolve(result);
      }
      // First, for it reads the options, whose getters may close the socket: there is nothing to register then.
      waiter = new Waiter(this, call, options);
      // The edge may have come before the registration: epoll tells of it then, kqueue too.
      this.#register(call.fd);
      if (this.#owner && this.#idle) this.#owner.on('close', this.#ownerCloses);
      // Not before now: the attempt may have run a getter of the caller's, in which another call began to wait.
      const queue = this.#queues[call.interest];
      // One that is alone has an array of its size: a first push would make room for seventeen.
      if (queue.length === 0) this.#queues[call.interest] = [waiter];
      else queue.push(waiter);
      loop!.waits();
      if (yields) this.soon(call.interest);
    } catch (error) {
      if (waiter === undefined) return Promise.reject(error);
      waiter.reject(error);
    }
    return waiter.promise;
  }

  /** Readiness arrived. */
  wake(events: number): void {
    if ((events & ~ORDINARY) !== 0) this.#ordinary = false;
    if ((events & WAKES_READ) !== 0) this.drained = false;
    if ((events & WAKES_READ) !== 0) this.serve(READ);
    if ((events & WAKES_WRITE) !== 0) this.serve(WRITE);
    if ((events & c.POLLERR) !== 0) this.serve(ERRORS);
  }

  /** Serves a direction's calls in order, as far as they go. */
  serve(interest: Interest): void {
    while (this.#queues[interest][0]?.attempt()) {}
  }

  /** Serves a direction after the event loop has turned. */
  soon(interest: Interest): void {
    setImmediate(() => this.serve(interest));
  }

  /** A waiter has come to its end. */
  remove(interest: Interest, waiter: Queued): void {
    const queue = this.#queues[interest];
    const at = queue.indexOf(waiter);
    if (at < 0) return;
    if (at === 0) queue.shift();
    else queue.splice(at, 1);
    loop!.done();
    if (this.#owner && this.#idle) this.#owner.off('close', this.#ownerCloses);
  }

  /** Waits a while, and no longer than the socket is open. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#pauses ??= new Set();
      const pauses = this.#pauses;
      const go = (): void => {
        clearTimeout(timer);
        pauses.delete(go);
        resolve();
      };
      const timer = setTimeout(go, milliseconds);
      pauses.add(go);
    });
  }

  /** The socket is being closed: what waits is rejected. */
  end(): void {
    const watched = this.#watched;
    this.#watched = undefined;
    if (watched) loop!.leave(this, watched);
    this.#rejectAll();
  }

  /** The descriptor was closed, or given up, by whoever owned it. */
  lost(): void {
    this.#watched = undefined;
    this.#rejectAll();
  }

  get #idle(): boolean {
    return this.#queues.every((queue) => queue.length === 0);
  }

  #rejectAll(): void {
    for (const queue of this.#queues) {
      for (const waiter of [...queue]) waiter.reject(socketError(c.EBADF, waiter.syscall));
    }
    for (const go of this.#pauses ?? []) go();
  }

  /** Once for a socket's life; a borrowed descriptor may have become another in between. */
  #register(fd: number): void {
    if (this.#watched?.fd === fd && !this.#borrowed) return;
    loop ??= new Loop();
    if (this.#watched && this.#watched.fd !== fd) loop.leave(this, this.#watched);
    this.#watched = undefined;
    this.#watched = loop.join(this, fd);
  }
}
