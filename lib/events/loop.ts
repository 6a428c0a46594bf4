// This thread's event loop for waiting calls: one selector, started with the first call that waits, and one edge-triggered registration for
// each descriptor. It keeps the process alive as long as a call waits.
import { native } from '../addon/binding.js';
import { onClosing } from '../addon/closing.js';
import * as c from '../generated/constants.js';
import { check, socketError } from '../socket/errors.js';
import { ticketAt } from '../socket/tickets.js';
import { THREAD } from './poller.js';
import { COLUMNS, DISPATCHING, EDGE, eventMemory, Registration, Selector, WAITERS } from './selector.js';
import { beginTurn } from './turn.js';

/** A direction of a socket: it receives, it sends, or it reads the error queue (MSG_ERRQUEUE). */
export type Interest = 0 | 1 | 2;
export const READ: Interest = 0;
export const WRITE: Interest = 1;
export const ERRORS: Interest = 2;

const ALL_EVENTS = c.POLLIN | c.POLLOUT | c.POLLPRI | (c.POLLRDHUP ?? 0);
/** The events that end a wait in each direction: an error or the peer's end is an answer for both. */
const ENDS_WAIT = [
  c.POLLIN | c.POLLPRI | c.POLLHUP | c.POLLERR | (c.POLLRDHUP ?? 0) | c.POLLNVAL,
  c.POLLOUT | c.POLLHUP | c.POLLERR | c.POLLNVAL,
  c.POLLERR,
] as const;

/** A direction in which calls wait. */
export interface Waiting {
  readonly interest: Interest;
  /** The descriptor is ready. */
  ready(): void;
  /** The descriptor was closed, by whichever owner: no event will follow. */
  lost(): void;
}

/** The registration of one descriptor, shared by all sockets on that number. It refers to a direction only while calls wait there. */
export class WaitRegistration extends Registration {
  /** Which ownership of the number it was made under: with another one, the number is another descriptor's. */
  readonly ticket: number;
  read: Waiting | undefined;
  write: Waiting | undefined;
  errors: Waiting | undefined;
  /** Directions of further sockets on the same number. */
  more: Waiting[] | undefined;

  constructor(fd: number) {
    super(fd);
    this.ticket = ticketAt(fd);
    this.read = undefined;
    this.write = undefined;
    this.errors = undefined;
    this.more = undefined;
  }

  enter(waiting: Waiting): void {
    const { interest } = waiting;
    const present = interest === READ ? this.read : interest === WRITE ? this.write : this.errors;
    if (present === waiting || this.more?.includes(waiting)) return;
    if (present !== undefined) (this.more ??= []).push(waiting);
    else if (interest === READ) this.read = waiting;
    else if (interest === WRITE) this.write = waiting;
    else this.errors = waiting;
  }

  leave(waiting: Waiting): void {
    if (this.read === waiting) this.read = undefined;
    else if (this.write === waiting) this.write = undefined;
    else if (this.errors === waiting) this.errors = undefined;
    else this.more = this.more?.filter((other) => other !== waiting);
  }

  /** Whether no call waits for the descriptor. */
  get idle(): boolean {
    return !this.read && !this.write && !this.errors && !this.more?.length;
  }

  dispatch(events: number): void {
    if (this.read !== undefined && (events & ENDS_WAIT[READ]) !== 0) this.read.ready();
    if (this.write !== undefined && (events & ENDS_WAIT[WRITE]) !== 0) this.write.ready();
    if (this.errors !== undefined && (events & ENDS_WAIT[ERRORS]) !== 0) this.errors.ready();
    if (this.more === undefined) return;
    for (const waiting of [...this.more]) if ((events & ENDS_WAIT[waiting.interest]) !== 0) waiting.ready();
  }

  lost(): void {
    for (const waiting of [this.read, this.write, this.errors, ...(this.more ?? [])]) waiting?.lost();
  }
}

class Loop {
  readonly #selector = new Selector<WaitRegistration>();
  readonly #memory = eventMemory();
  #watch: object;
  /** 1 for each number that is registered: where another thread closes it, native code calls `#loseDead` here. */
  #marks = new Uint8Array(4096);
  readonly #closedElsewhere = (): void => this.#loseDead();

  constructor() {
    try {
      check(native.own_watch(this.#marks, this.#closedElsewhere, null), 'start');
      this.#watch = this.#start();
    } catch (error) {
      this.#selector.close();
      throw error;
    }
    onClosing((fd) => this.#closing(fd));
  }

  #start(): object {
    const watch = native.watch_start(this.#selector.open(), this.#memory, (count) => this.#dispatch(count), THREAD);
    if (typeof watch === 'number') throw socketError(-watch, 'start');
    if (this.#memory[WAITERS] === 0) native.watch_reference(watch, 0);
    return watch;
  }

  /** One more call waits. While the listener runs, native code reads the count when it has run. */
  enter(): void {
    const memory = this.#memory;
    if (memory[WAITERS]!++ === 0 && memory[DISPATCHING] === 0) native.watch_reference(this.#watch, 1);
  }
  leave(count: number): void {
    const memory = this.#memory;
    if ((memory[WAITERS]! -= count) === 0 && memory[DISPATCHING] === 0) native.watch_reference(this.#watch, 0);
  }

  /**
   * The registration of a descriptor, made with the first call that waits for it. An edge that came before is no loss: adding reports what
   * is ready. `verify`: the number is someone else's, and may be another descriptor's by now. @throws SocketError
   */
  register(fd: number, verify: boolean): WaitRegistration {
    const known = this.#selector.get(fd);
    if (known !== undefined) {
      const same = known.ticket === ticketAt(fd);
      if (same && !verify) return known;
      if (same && this.#selector.modify(known, ALL_EVENTS, EDGE) === 0) return known;
      this.#forget(known);
    }
    // Marked before it is added: a close by another thread between the two is not lost.
    this.#mark(fd);
    const registration = new WaitRegistration(fd);
    const result = this.#selector.add(registration, ALL_EVENTS, EDGE);
    if (result >= 0) return registration;
    this.#marks[fd] = 0;
    throw socketError(-result, 'epoll_ctl', { fd });
  }
  #mark(fd: number): void {
    if (fd >= this.#marks.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(fd + 1)));
      larger.set(this.#marks);
      check(native.own_watch(larger, this.#closedElsewhere, this.#marks), 'start');
      this.#marks = larger;
    }
    this.#marks[fd] = 1;
  }

  /** A borrowed socket was closed, which only forgets its descriptor: another socket on the number may go on waiting. */
  forgetIfIdle(registration: WaitRegistration): void {
    if (registration.idle) this.#remove(registration);
  }

  #closing(fd: number): void {
    const registration = this.#selector.get(fd);
    if (registration !== undefined) this.#forget(registration);
  }
  #forget(registration: WaitRegistration): void {
    this.#remove(registration);
    registration.lost();
  }
  #remove(registration: WaitRegistration): void {
    this.#selector.remove(registration);
    if (this.#selector.get(registration.fd) === undefined) this.#marks[registration.fd] = 0;
  }

  /** Ends the registrations whose descriptor was closed by another thread, or without this package's knowledge. */
  #loseDead(): void {
    const dead = [...this.#selector.all()].filter(
      (each) =>
        each.ticket !== ticketAt(each.fd) ||
        // The kernel alone knows whether a borrowed number is the descriptor that it was.
        (each.ticket === 0 && this.#selector.modify(each, ALL_EVENTS, EDGE) < 0),
    );
    for (const registration of dead) this.#forget(registration);
  }

  #dispatch(count: number): void {
    const memory = this.#memory;
    const selector = this.#selector;
    let stale = false;
    selector.begin();
    beginTurn(count);
    for (let at = 0; at < count * COLUMNS; at += COLUMNS) {
      const fd = memory[at]!;
      const registration = selector.of(fd, memory[at + 1]!);
      if (registration !== undefined) registration.dispatch(memory[at + 2]!);
      else stale ||= selector.outlived(fd, memory[at + 1]!);
    }
    if (stale) this.#heal();
  }

  /** A registration outlived its descriptor, and cannot be removed alone. */
  #heal(): void {
    this.#loseDead();
    native.watch_stop(this.#watch);
    const lost = this.#selector.heal();
    this.#watch = this.#start();
    for (const registration of lost) {
      this.#marks[registration.fd] = 0;
      registration.lost();
    }
  }
}

let loop: Loop | undefined;
/** This thread's loop, made when the first call waits. @throws SocketError */
export function theLoop(): Loop {
  loop ??= new Loop();
  return loop;
}
