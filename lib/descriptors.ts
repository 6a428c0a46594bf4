// Room: who owns a descriptor. What a socket leaks is closed after garbage collection, with a warning; what a message brought is
// closed unless somebody takes it.
import { native } from './binding.js';

/** A descriptor that an object owns, and where that was made. */
interface Owned {
  readonly fd: number;
  readonly where: string | undefined;
}

const TRACE = process.env.BSD_SOCKETS_TRACE_LEAKS === '1';

const leaks = new FinalizationRegistry<Owned>(({ fd, where }) => {
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
  leaks.register(owner, { fd, where: TRACE ? new Error('It was opened here:').stack : undefined }, owner);
}
/** `owner` has closed its descriptor, or given it up. */
export function disown(owner: object): void {
  leaks.unregister(owner);
}

/** Descriptors that messages brought and nobody has taken, with the set of the message that each belongs to. */
const untaken = new Map<number, Set<number>>();
const messages = new FinalizationRegistry<Set<number>>(closeUntaken);

/** The descriptors belong to `message` until they are taken. */
export function hold(message: object, fds: readonly number[]): Set<number> {
  const held = new Set(fds);
  for (const fd of held) untaken.set(fd, held);
  if (held.size > 0) messages.register(message, held, held);
  return held;
}

/** Somebody owns the descriptor from now on. */
export function take(fd: number): void {
  untaken.get(fd)?.delete(fd);
  untaken.delete(fd);
}

/** Closes what nobody has taken of a message. */
export function closeUntaken(held: Set<number>): void {
  messages.unregister(held);
  for (const fd of held) {
    untaken.delete(fd);
    native.close(fd);
  }
  held.clear();
}
