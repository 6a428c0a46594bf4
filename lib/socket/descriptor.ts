// One object for one open descriptor: its number, whether it is owned or borrowed, and what is attached to it (registrations in pollers,
// waiting calls). Each Socket of both typed layers, each Poller, and each descriptor that a message brought has one.
//
// Invariants:
//  1. Release (close, detach, garbage collection) ends the attachments first: registrations leave their pollers, waiting calls are
//     rejected. Then the number is closed or given up. A registration never outlives its descriptor, also where a duplicate lives on.
//  2. `open()` is the last thing before a system call: no caller's code runs between the two. Arguments are read and checked before.
//  3. An owned number is checked against the process's table (native/ownership.cpp): where another call of this package closed it, in any
//     layer and any thread, `open()` throws EBADF, and `close()` closes nothing.
//  4. Ownership begins in native code, in the call that made the descriptor, and ends there when the worker ends.
import { native } from '../addon/binding.js';
import { closing } from '../addon/closing.js';
import * as c from '../generated/constants.js';
import { check, socketError } from './errors.js';
import { type Kind, track, untrack } from './leaks.js';
import { ticketOf, tickets } from './tickets.js';
import { invalidState } from './validate.js';

/** What ends with a descriptor: a registration, or the waiting calls of a socket. A descriptor's attachments form a list. */
export interface Attachment {
  next: Attachment | undefined;
  /** The descriptor is about to be closed or given up: nothing may refer to its number any more. */
  released(): void;
}

export class Descriptor {
  /** The number of an owned descriptor; -1 once released, and for a borrowed one. */
  number: number;
  /** Which ownership of the number it is; 0 for a borrowed descriptor. */
  readonly ticket: number;
  /** Asks a borrowed descriptor's owner for the number. */
  borrowed: (() => number) | undefined;
  domain: number | undefined;
  type: number | undefined;
  protocol: number | undefined;
  #attached: Attachment | undefined;

  private constructor(number: number, ticket: number, borrowed?: () => number) {
    this.number = number;
    this.ticket = ticket;
    this.borrowed = borrowed;
    this.domain = undefined;
    this.type = undefined;
    this.protocol = undefined;
    this.#attached = undefined;
  }

  /** The descriptor of a native call that made `fd`, and owns it already. */
  static owned(fd: number, kind: Kind = 'Socket'): Descriptor {
    return Descriptor.#tracked(fd, ticketOf(fd), kind);
  }
  static #tracked(fd: number, ticket: number, kind: Kind): Descriptor {
    const descriptor = new Descriptor(fd, ticket);
    track(descriptor, fd, ticket, kind);
    return descriptor;
  }

  /** Takes over a descriptor that no object owns; one that came with a message, from the message. @throws SocketError, Error */
  static adopt(fd: number): Descriptor {
    const held = untaken.get(fd);
    const ticket = held?.get(fd);
    if (ticket !== undefined && tickets[fd] === ticket) {
      held!.delete(fd);
      untaken.delete(fd);
      native.own_identify(fd, ticket);
      return Descriptor.#tracked(fd, ticket, 'Socket');
    }
    const result = native.own_adopt(fd);
    if (result === -c.EEXIST)
      throw invalidState(`Descriptor ${fd} is owned by another object: detach() it there, or use Socket.from()`);
    check(result, 'fcntl', { fd });
    return Descriptor.owned(fd);
  }

  /** A descriptor that someone else owns, who is asked for its number at each call. */
  static borrow(number: () => number): Descriptor {
    return new Descriptor(-1, 0, number);
  }

  /** The number, for the system call that follows at once. @throws BadDescriptorError */
  open(syscall: string): number {
    const { borrowed } = this;
    if (borrowed === undefined) {
      const fd = this.number;
      if (tickets[fd] === this.ticket) return fd;
      this.#end(false);
    } else {
      const fd = borrowed();
      if (fd >= 0) return fd;
    }
    throw socketError(c.EBADF, syscall);
  }

  /** The number as a program may show it; -1 for a descriptor that is closed. */
  get fd(): number {
    if (this.borrowed !== undefined) return this.borrowed();
    return tickets[this.number] === this.ticket ? this.number : -1;
  }
  /** Whether it was closed or given up, here or behind its owner's back. */
  get closed(): boolean {
    return this.borrowed === undefined && (this.number < 0 || tickets[this.number] !== this.ticket);
  }

  attach(attachment: Attachment): void {
    attachment.next = this.#attached;
    this.#attached = attachment;
  }
  detachFrom(attachment: Attachment): void {
    if (this.#attached === attachment) {
      this.#attached = attachment.next;
    } else {
      for (let at = this.#attached; at !== undefined; at = at.next) {
        if (at.next !== attachment) continue;
        at.next = attachment.next;
        break;
      }
    }
    attachment.next = undefined;
  }

  /** Gives up ownership: the number, which is the caller's from now on. @throws BadDescriptorError */
  release(): number {
    const fd = this.open('detach');
    this.#end(this.ticket !== 0);
    if (this.ticket !== 0) native.own_release(fd, this.ticket);
    return fd;
  }

  /** Closes an owned descriptor, forgets a borrowed one. Does nothing the second time. @throws SocketError */
  close(): void {
    const { number, ticket } = this;
    const owned = tickets[number] === ticket && ticket !== 0;
    this.#end(owned);
    // EBADF: it was closed, or replaced, behind our back, and nothing is closed. Otherwise the descriptor is gone whatever the kernel says.
    const result = owned ? native.own_close(number, ticket) : number >= 0 ? -c.EBADF : 0;
    if (result < 0 && result !== -c.EINTR && result !== -c.EINPROGRESS)
      throw socketError(-result, 'close', { fd: number });
  }

  /** Ends the attachments, before the number is closed or given up. `owned`: it is still this object's. */
  #end(owned: boolean): void {
    const fd = this.number;
    this.number = -1;
    this.borrowed = undefined;
    for (let at = this.#attached; at !== undefined; ) {
      const { next } = at;
      at.next = undefined;
      at.released();
      at = next;
    }
    this.#attached = undefined;
    if (owned) closing(fd);
    if (this.ticket !== 0) untrack(this.ticket);
  }
}

// ---- Objects that have a descriptor

/** Each class whose instances have a Descriptor says how to find it. */
const finders: ((object: object) => Descriptor | undefined)[] = [];
export const findDescriptors = (finder: (object: object) => Descriptor | undefined): number => finders.push(finder);

/** The Descriptor of a Socket of either layer; undefined for a number and for any other object. */
export function descriptorOf(socket: unknown): Descriptor | undefined {
  if (typeof socket !== 'object' || socket === null) return undefined;
  for (const find of finders) {
    const descriptor = find(socket);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

// ---- Descriptors that messages brought

/** Descriptors of one message that were not taken yet, with their tickets. */
export type Held = Map<number, number>;
/** Which message's set each of them belongs to. */
const untaken = new Map<number, Held>();
const messages = new FinalizationRegistry<Held>(closeHeld);

/** The descriptors, which native code owns for this thread, belong to `message` until they are taken. */
export function hold(message: object, fds: readonly number[]): Held {
  const held: Held = new Map();
  for (const fd of fds) {
    const ticket = ticketOf(fd);
    if (ticket === 0) continue;
    held.set(fd, ticket);
    untaken.set(fd, held);
  }
  if (held.size > 0) messages.register(message, held, held);
  return held;
}

/** Takes all descriptors of a message that were not taken yet: the caller closes them. */
export function takeHeld(held: Held): number[] {
  const fds: number[] = [];
  for (const [fd, ticket] of held) {
    if (untaken.get(fd) === held) untaken.delete(fd);
    if (native.own_release(fd, ticket) === 1) fds.push(fd);
  }
  held.clear();
  return fds;
}

/** Closes the descriptors of a message that were not taken. */
export function closeHeld(held: Held): void {
  messages.unregister(held);
  for (const [fd, ticket] of held) {
    if (untaken.get(fd) === held) untaken.delete(fd);
    native.own_close(fd, ticket);
  }
  held.clear();
}

// ---- Borrowed descriptors

/** Asks the owner that `Socket.from` was given for its descriptor; -1 for one that is gone. Undefined for what has none. */
export function numberOf(source: unknown): (() => number) | undefined {
  if (typeof source === 'number') return () => source;
  if (typeof source !== 'object' || source === null) return undefined;
  const owner = source as Record<PropertyKey, unknown>;
  const handleOf = (read: () => unknown) => () => {
    const fd = (read() as { readonly fd?: unknown } | null | undefined)?.fd;
    return isDescriptor(fd) ? fd : -1;
  };
  if ('fd' in source && typeof source.fd === 'number') return handleOf(() => owner);
  // dgram.Socket keeps its handle behind a symbol: the property of the usual name prints a deprecation. net.Socket and net.Server, and
  // classes that extend them, keep it in `_handle`.
  const state = Object.getOwnPropertySymbols(source).find(({ description }) => description === 'state symbol');
  if (state !== undefined) return handleOf(() => (owner[state] as { handle?: unknown } | undefined)?.handle);
  return '_handle' in source ? handleOf(() => owner._handle) : undefined;
}

/** A number that a system may have as a descriptor. */
export const isDescriptor = (fd: unknown): fd is number =>
  typeof fd === 'number' && Number.isInteger(fd) && fd >= 0 && fd <= 0x7fff_ffff;
