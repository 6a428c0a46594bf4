// Room: who owns a descriptor. What a socket leaks is closed after garbage collection, with a warning; what a message brought is
// closed unless somebody takes it.
import { isMainThread } from 'node:worker_threads';
import { native } from './binding.js';

/** A descriptor that an object owns, and where that was made. */
interface Owned {
  readonly fd: number;
  readonly where: string | undefined;
}

/** A byte for each descriptor: 1 while an object of this thread owns it. A terminated worker's are closed by native code. */
let owned = new Uint8Array(4096);
const WORKER = isMainThread ? 0 : 1;
native.own_table(owned, WORKER);

/** An object of this thread owns the descriptor from now on. */
export function mark(fd: number): void {
  if (fd >= owned.length) {
    const larger = new Uint8Array(2 ** Math.ceil(Math.log2(fd + 1)));
    larger.set(owned);
    owned = larger;
    native.own_table(owned, WORKER);
  }
  owned[fd] = 1;
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

const TRACE = process.env.BSD_SOCKETS_TRACE_LEAKS === '1';

const leaks = new FinalizationRegistry<Owned>(({ fd, where }) => {
  unmark(fd);
  native.close(fd);
  const hint = where ?? 'Set BSD_SOCKETS_TRACE_LEAKS=1 to see where it was opened.';
  process.emitWarning(
    `Descriptor ${fd} of a Socket that was garbage-collected is closed now. Sockets must be closed. ${hint}`,
    {
      type: 'BsdSocketsLeakWarning',
      code: 'BSD_SOCKETS_LEAK',
    },
  );
});

/** `owner` owns `fd` from now on. */
export function own(owner: object, fd: number): void {
  take(fd); // a number that a message still holds was closed behind its back
  mark(fd);
  leaks.register(owner, { fd, where: TRACE ? new Error('It was opened here:').stack : undefined }, owner);
}
/** `owner` has closed its descriptor, or given it up. */
export function disown(owner: object, fd: number): void {
  unmark(fd);
  leaks.unregister(owner);
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
