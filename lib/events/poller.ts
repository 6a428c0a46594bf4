// Room: Poller: which of many descriptors are ready. Blocking, as epoll and kqueue are, or on the event loop.
import { native } from '../addon/binding.js';
import * as c from '../generated/constants.js';
import { check, socketError } from '../socket/errors.js';
import { isDescriptor, mark, unmark } from '../socket/ownership.js';
import { invalidType } from '../socket/validate.js';
import type { Pollable } from './poll.js';

/** What is ready. The records that are iterated are reused: do not keep them. */
export interface PollerEvent<S extends Pollable = Pollable> {
  /** What was added. */
  readonly socket: S;
  /** POLLIN, POLLOUT, …; POLLERR and POLLHUP come without being asked for. */
  readonly events: number;
}

/** How a descriptor is watched. */
export interface PollerOptions {
  /** Tells once of each change, not as long as the descriptor is ready (EPOLLET, EV_CLEAR). */
  readonly edge?: boolean;
  /** Tells once; `modify` arms it again (EPOLLONESHOT, EV_ONESHOT). */
  readonly oneshot?: boolean;
}

/** What is watched, by descriptor: two numbers for each, and no object. */
interface Entries {
  readonly sockets: (Pollable | undefined)[];
  /** Which registration it is: a number that goes to the kernel and comes back with its events. */
  readonly tags: number[];
}

const NO_OPTIONS: PollerOptions = {};
const [ADD, MODIFY, DELETE] = [0, 1, 2];
const [EDGE, ONESHOT] = [1, 2];
const BATCH = 1024;
const COLUMNS = 3;
/** Elsewhere than on Node libuv's functions may be stand-ins that abort; a thread waits there. */
const THREAD = process.versions.bun !== undefined || process.env.BSD_SOCKETS_WATCH === 'thread' ? 1 : 0;

/** Ready descriptors, in memory of their own, that are iterated once, with one record. */
class Ready<S extends Pollable> implements Iterable<PollerEvent<S>>, Iterator<PollerEvent<S>> {
  readonly memory = new Int32Array(COLUMNS * BATCH);
  readonly #entries: Entries;
  readonly #end: (ready: Ready<S>) => void;
  readonly #event = { socket: undefined as unknown as S, events: 0 };
  readonly #result = { done: false, value: this.#event } as IteratorYieldResult<PollerEvent<S>>;
  #next = 0;
  #count = 0;

  /** `end` is told when the iteration has come to its end. */
  constructor(entries: Entries, end: (ready: Ready<S>) => void) {
    this.#entries = entries;
    this.#end = end;
  }
  reset(count: number): this {
    this.#next = 0;
    this.#count = count;
    return this;
  }
  [Symbol.iterator](): this {
    return this;
  }
  next(): IteratorResult<PollerEvent<S>, undefined> {
    while (this.#next < this.#count) {
      const at = COLUMNS * this.#next++;
      const fd = this.memory[at]!;
      const socket = this.#entries.sockets[fd];
      // Deleted, or closed and its number reused, since the event was collected: it is nobody's.
      if (socket === undefined || this.#entries.tags[fd] !== this.memory[at + 1]) continue;
      if (typeof socket !== 'number' && socket.fd !== fd) continue;
      this.#event.socket = socket as S;
      this.#event.events = this.memory[at + 2]!;
      return this.#result;
    }
    return this.return();
  }
  return(): IteratorReturnResult<undefined> {
    if (this.#count > 0) {
      this.#count = 0;
      this.#end(this);
    }
    return END;
  }
}
/** One for all, and so nobody's to change. */
const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * A set of watched sockets and descriptors (`epoll(7)`, `kqueue(2)`). Takes Sockets of both entry points, plain descriptors, and anything
 * with `fd`. Close it, or declare it with `using`.
 */
export class Poller {
  #fd: number;
  #watch: object | undefined;
  #tag = 0;
  readonly #entries: Entries = { sockets: [], tags: [] };
  /** What the last wait gave, once it was iterated: a caller may wait again while it iterates. */
  #spare: Ready<Pollable> | undefined;
  /** One closure, not one a wait. */
  readonly #used = (ready: Ready<Pollable>): void => {
    this.#spare = ready;
  };

  /** @throws SocketError */
  constructor() {
    this.#fd = check(native.poller_create(), 'epoll_create1');
    mark(this.#fd);
  }

  /**
   * Watches a socket for `events` (POLLIN | POLLOUT | POLLPRI | POLLRDHUP).
   * @throws SocketError EEXIST if it is watched already, EPERM for a file that cannot be polled; BadDescriptorError; TypeError
   */
  add(socket: Pollable, events: number, options: PollerOptions = NO_OPTIONS): this {
    const fd = this.#descriptor(socket, events);
    this.#tag = (this.#tag + 1) | 0;
    this.#control(ADD, fd, this.#tag, events, flagsOf(options));
    this.#entries.sockets[fd] = socket;
    this.#entries.tags[fd] = this.#tag;
    return this;
  }

  /** Changes what a socket is watched for. @throws SocketError ENOENT if it is not watched; BadDescriptorError; TypeError */
  modify(socket: Pollable, events: number, options: PollerOptions = NO_OPTIONS): this {
    const fd = this.#descriptor(socket, events);
    if (this.#entries.sockets[fd] === undefined) throw socketError(c.ENOENT, 'epoll_ctl', { fd });
    this.#control(MODIFY, fd, this.#entries.tags[fd]!, events, flagsOf(options));
    return this;
  }

  /** Watches a socket no more. Closing it does so by itself. @throws SocketError ENOENT if it is not watched; BadDescriptorError; TypeError */
  delete(socket: Pollable): this {
    const fd = this.#descriptor(socket, 0);
    if (this.#entries.sockets[fd] === undefined) throw socketError(c.ENOENT, 'epoll_ctl', { fd });
    this.#entries.sockets[fd] = undefined;
    this.#control(DELETE, fd, 0, 0, 0);
    return this;
  }

  /** Blocks this thread until something is ready, at most `timeout` milliseconds (for ever without one). @throws SocketError, TypeError */
  wait<S extends Pollable = Pollable>(timeout?: number): Iterable<PollerEvent<S>> {
    if (timeout !== undefined && (typeof timeout !== 'number' || Number.isNaN(timeout))) {
      throw invalidType('timeout', 'a number of milliseconds', timeout);
    }
    const forever = timeout === undefined || timeout < 0 || timeout === Number.POSITIVE_INFINITY;
    const end = forever || timeout === 0 ? 0 : performance.now() + timeout;
    const ready = this.#spare ?? new Ready<Pollable>(this.#entries, this.#used);
    this.#spare = undefined;
    for (let left = timeout ?? 0; ; left = Math.max(0, end - performance.now())) {
      const slice = forever ? -1 : Math.min(Math.ceil(left), 0x7fff_ffff);
      const count = native.poller_wait(this.#open(), ready.memory, slice);
      if (count === -c.EINTR || (count === 0 && left > 0x7fff_ffff)) continue;
      if (count === 0) this.#spare = ready;
      return ready.reset(check(count, 'epoll_wait')) as Iterable<PollerEvent<Pollable>> as Iterable<PollerEvent<S>>;
    }
  }

  /**
   * Tells `listener`, on the event loop and once a turn, what became ready. Keeps the process alive until `stop()` or `unref()`.
   * @throws SocketError, TypeError; Error if it was started already
   */
  start<S extends Pollable = Pollable>(listener: (ready: Iterable<PollerEvent<S>>) => void): this {
    if (typeof listener !== 'function') throw invalidType('listener', 'a function', listener);
    const fd = this.#open();
    if (this.#watch) throw socketError(c.EALREADY, 'start');
    const ready = new Ready<S>(this.#entries, () => {});
    const watch = native.watch_start(fd, ready.memory, (count) => listener(ready.reset(count)), THREAD);
    if (typeof watch === 'number') throw socketError(-watch, 'start');
    this.#watch = watch;
    return this;
  }

  /** Ends what `start` began. */
  stop(): this {
    const watch = this.#watch;
    this.#watch = undefined;
    if (watch) native.watch_stop(watch);
    return this;
  }
  /** A started poller keeps the process alive. */
  ref(): this {
    if (this.#watch) native.watch_reference(this.#watch, 1);
    return this;
  }
  /** A started poller does not keep the process alive. */
  unref(): this {
    if (this.#watch) native.watch_reference(this.#watch, 0);
    return this;
  }

  /** Stops, and closes the poller's own descriptor. The sockets stay open. */
  close(): void {
    const fd = this.#fd;
    this.stop();
    this.#fd = -1;
    this.#entries.sockets.length = 0;
    if (fd < 0) return;
    unmark(fd);
    native.close(fd);
  }
  [Symbol.dispose](): void {
    this.close();
  }

  #control(op: number, fd: number, tag: number, events: number, flags: number): void {
    const result = native.poller_control(this.#fd, op, fd, tag, events, flags);
    if (result < 0) throw socketError(-result, 'epoll_ctl', { fd });
  }

  #open(): number {
    if (this.#fd < 0) throw socketError(c.EBADF, 'poller');
    return this.#fd;
  }

  #descriptor(socket: Pollable, events: number): number {
    this.#open();
    const fd = typeof socket === 'number' ? socket : (socket as { fd?: unknown } | null)?.fd;
    if (typeof fd !== 'number' || !Number.isInteger(fd))
      throw invalidType('socket', 'a socket or a descriptor', socket);
    if (!Number.isInteger(events)) throw invalidType('events', 'an integer', events);
    if (!isDescriptor(fd)) throw socketError(c.EBADF, 'epoll_ctl'); // native code would take the low 32 bits
    return fd;
  }
}

const flagsOf = ({ edge, oneshot }: PollerOptions): number => (edge ? EDGE : 0) | (oneshot ? ONESHOT : 0);
