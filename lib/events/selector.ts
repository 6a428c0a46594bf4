// The registrations of one epoll or kqueue descriptor, by descriptor number. Poller and the event loop's waiters stand on it.
//
// A registration has a tag, a number that goes to the kernel and comes back with each event. An event whose tag is not the number's own
// is stale: its registration was removed after the event was collected, or it outlived its descriptor (the number was closed behind our
// back while a duplicate keeps the file open). The second kind would wake the poller for ever, and EPOLL_CTL_DEL cannot reach it, for it
// finds a registration by number. `heal` then replaces the epoll descriptor under its number, and registers what is alive.
import { native } from '../addon/binding.js';
import { Descriptor } from '../socket/descriptor.js';
import { check } from '../socket/errors.js';
import { ticketAt } from '../socket/tickets.js';

const [ADD, MODIFY, DELETE] = [0, 1, 2];
/** How a descriptor is watched: bits that native code maps to epoll's and kqueue's. */
export const EDGE = 1;
export const ONESHOT = 2;
export const EXCLUSIVE = 4;

/** How many events one wait collects at most. */
export const BATCH = 1024;
/** Columns of a collected event: descriptor number, tag, POLL bits. */
export const COLUMNS = 3;
/** Where the watch's shared words stand, behind the events: whether its listener runs, and how many calls wait. */
export const DISPATCHING = BATCH * COLUMNS;
export const WAITERS = DISPATCHING + 1;
/** Memory for the events of one wait, and a watch's shared words. */
export const eventMemory = (): Int32Array => new Int32Array(BATCH * COLUMNS + 2);

/** One registration. What it stands for (a socket, waiters) is the subclass's. */
export abstract class Registration {
  readonly fd: number;
  tag = 0;
  events = 0;
  flags = 0;
  /** A oneshot registration has fired: the kernel keeps it, disarmed, until it is modified. */
  fired = false;
  /** `heal` left it out, for it had fired: the kernel does not have it. */
  absent = false;
  /** Whether the selector has it. */
  registered = false;
  constructor(fd: number) {
    this.fd = fd;
  }
}

/** What a registration needs in order to leave its selector. It does not keep the selector alive: a Poller that is dropped is collected. */
export class Link {
  readonly #fd: number;
  readonly #ticket: number;
  /** Registrations that left since events were last collected, number by tag: their events are stale, and no harm. */
  readonly removed = new Map<number, number>();
  constructor({ number, ticket }: Descriptor) {
    this.#fd = number;
    this.#ticket = ticket;
  }

  /** Takes a registration out of the kernel's set; 0 or -errno. */
  leave(registration: Registration): number {
    if (!registration.registered) return 0;
    registration.registered = false;
    this.removed.set(registration.tag, registration.fd);
    if (ticketAt(this.#fd) !== this.#ticket) return 0; // the selector was closed
    return native.poller_control(this.#fd, DELETE, registration.fd, 0, 0, 0);
  }
}

export class Selector<R extends Registration> {
  readonly descriptor: Descriptor;
  readonly link: Link;
  /** By number. One that left by its link alone stays until events are collected. */
  readonly #registrations: (R | undefined)[] = [];
  #lastTag = 0;

  constructor() {
    this.descriptor = Descriptor.owned(check(native.poller_create(), 'epoll_create1'), 'Poller');
    this.link = new Link(this.descriptor);
  }

  /** The number of the epoll or kqueue descriptor. @throws BadDescriptorError */
  open(): number {
    return this.descriptor.open('poller');
  }

  get(fd: number): R | undefined {
    const registration = this.#registrations[fd];
    return registration?.registered ? registration : undefined;
  }

  /** Registers; 0 or -errno. */
  add(registration: R, events: number, flags: number): number {
    const tag = (this.#lastTag + 1) | 0;
    const { fd } = registration;
    const result = native.poller_control(this.open(), ADD, fd, tag, events, flags);
    if (result < 0) return result;
    this.#lastTag = tag;
    registration.tag = tag;
    registration.events = events;
    registration.flags = flags;
    registration.registered = true;
    this.#registrations[fd] = registration;
    return 0;
  }

  /** Changes what is watched, or asks whether the registration is still there; 0 or -errno. */
  modify(registration: R, events: number, flags: number): number {
    const operation = registration.absent ? ADD : MODIFY;
    const result = native.poller_control(this.open(), operation, registration.fd, registration.tag, events, flags);
    if (result < 0) return result;
    registration.fired = false;
    registration.absent = false;
    registration.events = events;
    registration.flags = flags;
    return 0;
  }

  /** Removes a registration; 0 or -errno. It is forgotten in any case. */
  remove(registration: R): number {
    if (this.#registrations[registration.fd] === registration) this.#registrations[registration.fd] = undefined;
    return this.link.leave(registration);
  }

  /** Before events are collected. */
  begin(): void {
    const { removed } = this.link;
    if (removed.size === 0) return;
    for (const fd of removed.values())
      if (this.#registrations[fd]?.registered === false) this.#registrations[fd] = undefined;
    removed.clear();
  }

  /** The registration of a collected event, or undefined for a stale one. */
  of(fd: number, tag: number): R | undefined {
    const registration = this.#registrations[fd];
    return registration !== undefined && registration.tag === tag && registration.registered ? registration : undefined;
  }

  /** Whether a stale event is that of a registration which outlived its descriptor. One that can be removed is. */
  outlived(fd: number, tag: number): boolean {
    if (this.link.removed.has(tag)) return false;
    // Where the number is registered anew, DELETE would take the new registration.
    return this.get(fd) !== undefined || native.poller_control(this.open(), DELETE, fd, 0, 0, 0) < 0;
  }

  /** Replaces the descriptor under its number, and registers what is alive; gives what is not. */
  heal(): R[] {
    const fd = this.open();
    const lost: R[] = [];
    if (native.poller_replace(fd) < 0) return lost;
    for (const registration of this.#registrations) {
      if (!registration?.registered) continue;
      const { tag, events, flags } = registration;
      registration.absent = registration.fired;
      if (registration.absent) continue;
      const result = native.poller_control(fd, ADD, registration.fd, tag, events, flags);
      if (result >= 0) continue;
      this.#registrations[registration.fd] = undefined;
      registration.registered = false;
      lost.push(registration);
    }
    return lost;
  }

  /** Closes the descriptor, and forgets all registrations. */
  close(): void {
    this.#registrations.length = 0;
    this.descriptor.close();
  }

  /** All registrations. */
  *all(): Generator<R> {
    for (const registration of this.#registrations) if (registration?.registered) yield registration;
  }
}
