// Poller: which of many descriptors are ready. It blocks, as epoll and kqueue do, or reports on the event loop.
import { native } from '../addon/binding.js';
import * as c from '../generated/constants.js';
import { type Attachment, descriptorOf, isDescriptor } from '../socket/descriptor.js';
import { check, socketError } from '../socket/errors.js';
import { checkInteger, invalidState, invalidType, outOfRange } from '../socket/validate.js';
import { checkTimeout, type Pollable } from './poll.js';
import {
  COLUMNS,
  EDGE,
  EXCLUSIVE,
  eventMemory,
  type Link,
  ONESHOT,
  Registration,
  Selector,
  WAITERS,
} from './selector.js';

/** A ready socket. The records that are iterated are reused: do not keep them. */
export interface PollerEvent<S extends Pollable = Pollable> {
  /** What was added. */
  readonly socket: S;
  /** POLLIN, POLLOUT, …; POLLERR and POLLHUP come without being asked for. */
  readonly events: number;
}

/** How a descriptor is watched. */
export interface PollerOptions {
  /** Reports each change once, not as long as the descriptor is ready (EPOLLET, EV_CLEAR). */
  readonly edge?: boolean;
  /** Reports once; `modify` arms it again (EPOLLONESHOT, EV_ONESHOT). */
  readonly oneshot?: boolean;
  /** Of several pollers that watch one listener, an event wakes at least one, not all (EPOLLEXCLUSIVE). kqueue has no such flag. */
  readonly exclusive?: boolean;
}

const NO_OPTIONS: PollerOptions = {};
const RDHUP = c.POLLRDHUP ?? 0;
/** What can be asked for. */
const ASKABLE = [
  c.POLLIN,
  c.POLLOUT,
  c.POLLPRI,
  RDHUP,
  c.POLLRDNORM,
  c.POLLRDBAND,
  c.POLLWRNORM,
  c.POLLWRBAND,
].reduce<number>((all, bit) => all | (bit ?? 0), 0);
/** What is reported without being asked for, and so ignored where it is. */
const ALWAYS = c.POLLERR | c.POLLHUP;

/** Runtimes other than Node have functions of libuv that abort; a thread waits there. */
export const THREAD =
  process.versions.bun !== undefined ||
  process.versions.deno !== undefined ||
  process.env.BSD_SOCKETS_WATCH === 'thread'
    ? 1
    : 0;

/** After this many reports of one registration, the kernel is asked whether its number is still its file's. */
const REPORTS = 256;

/** A socket or descriptor that a Poller watches. */
class Watched extends Registration implements Attachment {
  next: Attachment | undefined;
  readonly socket: Pollable;
  reports = 0;
  readonly #link: Link;
  constructor(fd: number, socket: Pollable, link: Link) {
    super(fd);
    this.socket = socket;
    this.#link = link;
  }
  released(): void {
    this.#link.leave(this);
  }
}

/** Events in memory of their own, iterated once, with one record. */
class Ready<S extends Pollable> implements Iterable<PollerEvent<S>>, Iterator<PollerEvent<S>> {
  readonly memory: Int32Array = eventMemory();
  readonly #find: (fd: number, tag: number) => Watched | undefined;
  readonly #end: (ready: Ready<S>) => void;
  readonly #event = { socket: undefined as unknown as S, events: 0 };
  readonly #result = { done: false, value: this.#event } as IteratorYieldResult<PollerEvent<S>>;
  #next = 0;
  #count = 0;

  /** `find` gives an event's registration; `end` is called when the iteration has come to its end. */
  constructor(find: (fd: number, tag: number) => Watched | undefined, end: (ready: Ready<S>) => void) {
    this.#find = find;
    this.#end = end;
    this.memory[WAITERS] = -1; // ref() and unref() alone decide
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
      const watched = this.#find(this.memory[at]!, this.memory[at + 1]!);
      if (watched === undefined) continue;
      this.#event.socket = watched.socket as S;
      this.#event.events = this.memory[at + 2]!;
      return this.#result;
    }
    return this.return();
  }
  /** Looks at the events that were not iterated: a registration that outlived its descriptor must be found all the same. */
  look(): void {
    for (let at = COLUMNS * this.#next; at < COLUMNS * this.#count; at += COLUMNS)
      this.#find(this.memory[at]!, this.memory[at + 1]!);
  }
  return(): IteratorReturnResult<undefined> {
    if (this.#count > 0) {
      this.#count = 0;
      this.#end(this);
    }
    return END;
  }
}
/** Shared by all iterators, hence frozen. */
const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * A set of watched sockets and descriptors (`epoll(7)`, `kqueue(2)`). Takes Sockets of both entry points, plain descriptors, and anything
 * with `fd`. Close it, or declare it with `using`.
 */
export class Poller {
  readonly #selector = new Selector<Watched>();
  #watch: object | undefined;
  #restart: (() => void) | undefined;
  /** The last wait's memory, once its events were iterated: a caller may wait again while it iterates. */
  #spare: Ready<Pollable> | undefined;
  /** One closure, not one a wait. */
  readonly #used = (ready: Ready<Pollable>): void => {
    this.#spare = ready;
  };
  readonly #find = (fd: number, tag: number): Watched | undefined => this.#watchedOf(fd, tag);

  /** The epoll or kqueue descriptor: it is readable while something is ready, so another poller can watch it. -1 once closed. */
  get fd(): number {
    return this.#selector.descriptor.fd;
  }

  /**
   * Watches a socket for `events` (POLLIN | POLLOUT | POLLPRI | POLLRDHUP). It leaves the poller when it is closed or detached.
   * @throws SocketError EEXIST if it is watched already, EPERM for a file that cannot be polled; BadDescriptorError; TypeError, RangeError
   */
  add(socket: Pollable, events: number, options: PollerOptions = NO_OPTIONS): this {
    const flags = flagsOf(options);
    const asked = eventsOf(events);
    const fd = this.#numberOf(socket);
    const watched = new Watched(fd, socket, this.#selector.link);
    const known = this.#selector.get(fd);
    const result = this.#selector.add(watched, asked, flags);
    if (result < 0) throw socketError(-result, 'epoll_ctl', { fd });
    // The number was another's, which was closed behind our back.
    if (known !== undefined) descriptorOf(known.socket)?.detachFrom(known);
    descriptorOf(socket)?.attach(watched);
    return this;
  }

  /** Changes the events that a socket is watched for. @throws SocketError ENOENT if it is not watched; BadDescriptorError; TypeError, RangeError */
  modify(socket: Pollable, events: number, options: PollerOptions = NO_OPTIONS): this {
    const flags = flagsOf(options);
    const asked = eventsOf(events);
    const watched = this.#registered(socket);
    const result = this.#selector.modify(watched, asked, flags);
    if (result < 0) throw socketError(-result, 'epoll_ctl', { fd: watched.fd });
    return this;
  }

  /** Watches a socket no more. Closing it does so by itself. @throws SocketError ENOENT if it is not watched; BadDescriptorError; TypeError */
  delete(socket: Pollable): this {
    const watched = this.#registered(socket);
    descriptorOf(watched.socket)?.detachFrom(watched);
    const result = this.#selector.remove(watched);
    if (result < 0) throw socketError(-result, 'epoll_ctl', { fd: watched.fd });
    return this;
  }

  /**
   * Blocks this thread until something is ready, at most `timeout` milliseconds (without one, or with a negative one, for ever).
   * @throws SocketError, TypeError, RangeError
   */
  wait<S extends Pollable = Pollable>(timeout?: number): Iterable<PollerEvent<S>> {
    const limit = checkTimeout(timeout);
    const end = limit > 0 ? performance.now() + limit : 0;
    const ready = this.#spare ?? new Ready<Pollable>(this.#find, this.#used);
    this.#spare = undefined;
    this.#selector.begin();
    for (let left = limit; ; left = Math.max(0, end - performance.now())) {
      const slice = limit < 0 ? -1 : Math.min(Math.ceil(left), 0x7fff_ffff);
      const count = native.poller_wait(this.#selector.open(), ready.memory, slice);
      if (count === -c.EINTR || (count === 0 && left > 0x7fff_ffff)) continue;
      if (count === 0) this.#spare = ready;
      return ready.reset(check(count, 'epoll_wait')) as unknown as Iterable<PollerEvent<S>>;
    }
  }

  /**
   * Reports what became ready to `listener`, on the event loop and once a turn. Keeps the process alive until `stop()` or `unref()`.
   * @throws SocketError, TypeError; Error (ERR_INVALID_STATE) if it was started already
   */
  start<S extends Pollable = Pollable>(listener: (ready: Iterable<PollerEvent<S>>) => void): this {
    if (typeof listener !== 'function') throw invalidType('listener', 'a function', listener);
    this.#selector.open();
    if (this.#watch) throw invalidState('The poller was started already: stop() it first');
    const ready = new Ready<S>(this.#find, () => {});
    const report = (count: number): void => {
      this.#selector.begin();
      try {
        listener(ready.reset(count));
      } finally {
        ready.look();
      }
    };
    this.#restart = () => {
      const watch = native.watch_start(this.#selector.open(), ready.memory, report, THREAD);
      if (typeof watch === 'number') throw socketError(-watch, 'start');
      this.#watch = watch;
    };
    this.#restart();
    return this;
  }

  /** Ends what `start` began. */
  stop(): this {
    const watch = this.#watch;
    this.#watch = undefined;
    this.#restart = undefined;
    if (watch) native.watch_stop(watch);
    return this;
  }
  #referenced = true;
  /** A started poller keeps the process alive. */
  ref(): this {
    return this.#reference(true);
  }
  /** A started poller does not keep the process alive. */
  unref(): this {
    return this.#reference(false);
  }
  #reference(keepAlive: boolean): this {
    if (!this.#watch) return this;
    this.#referenced = keepAlive;
    native.watch_reference(this.#watch, keepAlive ? 1 : 0);
    return this;
  }

  /** Stops, and closes the poller's own descriptor. The sockets stay open. */
  close(): void {
    this.stop();
    for (const watched of this.#selector.all()) descriptorOf(watched.socket)?.detachFrom(watched);
    this.#selector.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }

  /** An event's registration. Undefined where it is stale; one that outlived its descriptor ends here. */
  #watchedOf(fd: number, tag: number): Watched | undefined {
    const watched = this.#selector.of(fd, tag);
    if (watched !== undefined) {
      const { socket } = watched;
      if ((typeof socket === 'number' || socket.fd === fd) && !this.#isDead(watched)) {
        if ((watched.flags & ONESHOT) !== 0) watched.fired = true;
        return watched;
      }
      // Its owner gave the number up without this package's knowledge.
      if (this.#selector.remove(watched) < 0) this.#heal();
    } else if (!this.#selector.descriptor.closed && this.#selector.outlived(fd, tag)) this.#heal();
    return undefined;
  }

  /**
   * Whether the number was closed by others while a duplicate keeps the file ready. The kernel is asked once in many reports: a
   * level-triggered registration of that kind would be reported for ever.
   */
  #isDead(watched: Watched): boolean {
    watched.reports = (watched.reports + 1) % REPORTS;
    if (watched.reports !== 0 || (watched.flags & (EDGE | ONESHOT)) !== 0) return false;
    return this.#selector.modify(watched, watched.events, watched.flags) < 0;
  }

  #heal(): void {
    const restart = this.#restart;
    if (this.#watch) native.watch_stop(this.#watch);
    this.#watch = undefined;
    for (const watched of this.#selector.heal()) descriptorOf(watched.socket)?.detachFrom(watched);
    restart?.();
    if (this.#watch && !this.#referenced) native.watch_reference(this.#watch, 0);
  }

  #registered(socket: Pollable): Watched {
    const fd = this.#numberOf(socket);
    const watched = this.#selector.get(fd);
    if (watched === undefined) throw socketError(c.ENOENT, 'epoll_ctl', { fd });
    return watched;
  }

  #numberOf(socket: Pollable): number {
    this.#selector.open();
    const fd = typeof socket === 'number' ? socket : (socket as { fd?: unknown } | null)?.fd;
    if (typeof fd !== 'number' || !Number.isInteger(fd))
      throw invalidType('socket', 'a socket or a descriptor', socket);
    if (!isDescriptor(fd)) throw socketError(c.EBADF, 'epoll_ctl'); // native code would take the low 32 bits
    return fd;
  }
}

function flagsOf(options: PollerOptions): number {
  if (typeof options !== 'object' || options === null) throw invalidType('options', 'an object', options);
  const { edge, oneshot, exclusive } = options;
  return (edge ? EDGE : 0) | (oneshot ? ONESHOT : 0) | (exclusive ? EXCLUSIVE : 0);
}

/** The events to watch for. @throws TypeError, RangeError */
function eventsOf(events: unknown): number {
  checkInteger('events', events);
  const asked = events & ~ALWAYS;
  if ((asked & ~ASKABLE) !== 0)
    throw outOfRange('events', 'POLLIN, POLLOUT, POLLPRI, POLLRDHUP or their bands', events);
  return asked;
}
