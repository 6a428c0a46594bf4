// Room: who owns a descriptor. What a socket leaks is closed after garbage collection, with a warning; what a message brought is
// closed unless somebody takes it.
import { isMainThread } from 'node:worker_threads';
import { native } from '../addon/binding.js';

/** A byte for each descriptor: 1 while an object of this thread owns it. A terminated worker's are closed by native code. */
let owned = new Uint8Array(4096);
/** Which object owns each descriptor: a number that no other owner has, for a closed descriptor's own is used again. */
let owners = new Float64Array(owned.length);
const WORKER = isMainThread ? 0 : 1;
native.own_table(owned, WORKER);

/** An object of this thread owns the descriptor from now on. */
export function mark(fd: number): void {
  if (fd >= owned.length) {
    const larger = new Uint8Array(2 ** Math.ceil(Math.log2(fd + 1)));
    larger.set(owned);
    owned = larger;
    native.own_table(owned, WORKER);
    const longer = new Float64Array(owned.length);
    longer.set(owners);
    owners = longer;
  }
  owned[fd] = 1;
  owners[fd] = 0; // one that had the number before was closed behind its owner's back
}
/** It owns it no more: close it, or give it up, after this. */
export function unmark(fd: number): void {
  if (fd < owned.length) owned[fd] = 0;
  released?.(fd);
}
let released: ((fd: number) => void) | undefined;
/** `listener` hears of each descriptor that its owner closes, or gives up, before that happens. */
export function onRelease(listener: (fd: number) => void): void {
  released = listener;
}

/** Where owners were made, by their numbers, if that is asked for. */
const origins = process.env.BSD_SOCKETS_TRACE_LEAKS === '1' ? new Map<number, string>() : undefined;
/** An owner's number has its descriptor in the lowest bits: the whole of what is known of it after its end. */
const FD_BITS = 2 ** 24;
const LAST = Number.MAX_SAFE_INTEGER - FD_BITS;
let last = 0;

/** What an object owned when it was collected. One that had closed its descriptor, or given it up, owns it no more. */
const leaks = new FinalizationRegistry<number>((owner) => {
  const fd = owner % FD_BITS;
  if (owners[fd] !== owner) return;
  owners[fd] = 0;
  unmark(fd);
  native.close(fd);
  if (leaked.push(owner) === 1) process.nextTick(warn);
});
/** What was found in one collection. */
let leaked: number[] = [];
/** So many are told of one by one; where it was thousands, the rest in a line. */
const TOLD = 8;

function warn(): void {
  const found = leaked;
  leaked = [];
  for (const owner of found.slice(0, TOLD)) {
    const hint = origins?.get(owner) ?? 'Set BSD_SOCKETS_TRACE_LEAKS=1 to see where it was opened.';
    tell(`Descriptor ${owner % FD_BITS} of a Socket that was garbage-collected is closed now`, hint);
  }
  if (found.length > TOLD) tell(`So are those of ${found.length - TOLD} Sockets more`, '');
  for (const owner of found) origins?.delete(owner);
}
const tell = (what: string, hint: string): void =>
  process.emitWarning(`${what}. Sockets must be closed. ${hint}`.trimEnd(), {
    type: 'BsdSocketsLeakWarning',
    code: 'BSD_SOCKETS_LEAK',
  });

/** `owner` owns `fd` from now on. */
export function own(owner: object, fd: number): void {
  take(fd); // a number that a message still holds was closed behind its back
  mark(fd);
  if (fd >= FD_BITS) return; // more than a system's tables hold
  last = last < LAST ? last + FD_BITS : FD_BITS;
  const number = last + fd;
  owners[fd] = number;
  // Not to be unregistered: to look for it in a table would cost each socket more memory than all that it has itself.
  leaks.register(owner, number);
  origins?.set(number, new Error('It was opened here:').stack!);
}
/** The owner of `fd` has closed it, or given it up. */
export function disown(fd: number): void {
  unmark(fd);
  origins?.delete(owners[fd]!);
  owners[fd] = 0;
}

/** Descriptors that messages brought and nobody has taken, with the set of the message that each belongs to. */
const untaken = new Map<number, Set<number>>();
const messages = new FinalizationRegistry<Set<number>>(closeUntaken);

/** The descriptors belong to `message` until they are taken. */
export function hold(message: object, fds: readonly number[]): Set<number> {
  const held = new Set(fds);
  for (const fd of held) {
    take(fd);
    mark(fd);
    untaken.set(fd, held);
  }
  if (held.size > 0) messages.register(message, held, held);
  return held;
}

/** Somebody owns the descriptor from now on. */
export function take(fd: number): void {
  if (untaken.has(fd)) unmark(fd);
  untaken.get(fd)?.delete(fd);
  untaken.delete(fd);
}

/** Closes what nobody has taken of a message. */
export function closeUntaken(held: Set<number>): void {
  messages.unregister(held);
  for (const fd of held) {
    untaken.delete(fd);
    unmark(fd);
    native.close(fd);
  }
  held.clear();
}

/** Who owns a descriptor that `Socket.from` was given, asked at each call; -1 for one that is gone. */
export function descriptorOf(source: unknown): (() => number) | undefined {
  if (typeof source === 'number') return () => source;
  if (typeof source !== 'object' || source === null) return undefined;
  const owner = source as Record<PropertyKey, unknown>;
  const handleOf = (read: () => unknown) => () => {
    const fd = (read() as { readonly fd?: unknown } | null | undefined)?.fd;
    return isDescriptor(fd) ? fd : -1;
  };
  if ('fd' in source && typeof source.fd === 'number') return handleOf(() => owner);
  // dgram.Socket keeps its handle behind a symbol (the property of the usual name prints a deprecation); net.Socket, net.Server and what
  // is built on them keep it here.
  const state = Object.getOwnPropertySymbols(source).find(({ description }) => description === 'state symbol');
  if (state !== undefined) return handleOf(() => (owner[state] as { handle?: unknown } | undefined)?.handle);
  return '_handle' in source ? handleOf(() => owner._handle) : undefined;
}

/** What the system may have as a descriptor: an owner's own word is not trusted. */
export const isDescriptor = (fd: unknown): fd is number =>
  typeof fd === 'number' && Number.isInteger(fd) && fd >= 0 && fd <= 0x7fff_ffff;
