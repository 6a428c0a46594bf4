// Leaks: descriptors whose object was collected while they were open. They are closed, with a warning: after the collection, or at once where
// descriptors have run out (EMFILE), for a synchronous loop gives no finalization callback a turn.
import { getHeapStatistics } from 'node:v8';
import { native } from '../addon/binding.js';
import { closing } from '../addon/closing.js';
import { EBADF } from '../generated/constants.js';
import { withStack } from './stack.js';
import { ticketAt } from './tickets.js';

/** What a warning calls the object. */
export type Kind = 'Socket' | 'Poller';

/** Where descriptors were made, by ticket, if that is asked for. */
const origins = process.env.BSD_SOCKETS_TRACE_LEAKS === '1' ? new Map<number, string>() : undefined;
const HOW_TO_TRACE = 'Set BSD_SOCKETS_TRACE_LEAKS=1 to see where';
/** The tickets of the descriptors that are not a Socket's. */
const pollers = new Set<number>();
/** A leak's record is one number, the whole of what is kept of a descriptor beside its object: the ticket above, the descriptor below. */
const FD_BITS = 2 ** 22;

const registry = new FinalizationRegistry<number>((record) => {
  closeLeak(record % FD_BITS, Math.floor(record / FD_BITS));
});

interface Leak {
  readonly fd: number;
  readonly kind: Kind;
  readonly origin: string | undefined;
}
/** What was found in one collection. */
let found: Leak[] = [];
/** How many are reported one by one, before one line counts the rest. */
const REPORTED = 8;

/** The object that owns `fd`: if it is collected, the descriptor is closed. */
export function track(object: object, fd: number, ticket: number, kind: Kind): void {
  if (fd >= FD_BITS) return; // above every system's limit
  // Never unregistered: to find the entry again costs each socket more memory than all that it has itself.
  registry.register(object, ticket * FD_BITS + fd);
  native.own_track(fd, ticket, object);
  madeSinceLook++;
  if (kind === 'Poller') pollers.add(ticket);
  origins?.set(ticket, withStack(() => new Error('It was opened here:')).stack!);
}

/** The object closed its descriptor, or gave it up. */
export function untrack(ticket: number): void {
  if (pollers.size > 0) pollers.delete(ticket);
  origins?.delete(ticket);
}

function closeLeak(fd: number, ticket: number): Leak | undefined {
  if (ticketAt(fd) !== ticket) return undefined; // it was closed or given up
  const leak: Leak = { fd, kind: pollers.has(ticket) ? 'Poller' : 'Socket', origin: origins?.get(ticket) };
  untrack(ticket);
  closing(fd);
  // EBADF: others closed the number, and it is another file's now.
  if (native.own_close(fd, ticket) === -EBADF) return undefined;
  if (found.push(leak) === 1) process.nextTick(warnOfLeaks);
  return leak;
}

function warnOfLeaks(): void {
  const leaks = found;
  found = [];
  for (const { kind, fd, origin } of leaks.slice(0, REPORTED)) {
    warn(
      `${kind} (fd ${fd}) was garbage-collected without close(); its descriptor has been closed. ` +
        (origin ?? `${HOW_TO_TRACE} it was opened.`),
    );
  }
  if (leaks.length > REPORTED) warn(`${leaks.length - REPORTED} more were closed in the same collection.`);
}
const warn = (message: string): void =>
  process.emitWarning(message, { type: 'BsdSocketsLeakWarning', code: 'BSD_SOCKETS_LEAK' });

// ---- When descriptors run out

/** The most leaks that one look finds: the descriptor limit of most systems. */
const MOST = 65_536;
/** A look collects garbage. An accept loop without descriptors fails again and again, so looks take a fifth of the time at most. */
const SHARE = 4;
let nextLook = 0;
/** A look may also follow this many new descriptors. */
const NEW = 8;
let madeSinceLook = 0;

/** Closes what leaked, and says how much that was, for the message of EMFILE; '' where nothing leaked. */
export function closeLeaks(): string {
  const begin = performance.now();
  if (begin < nextLook && madeSinceLook < NEW) return '';
  madeSinceLook = 0;
  const lost = new Int32Array(2 * MOST);
  const count = native.own_lost(lost, getHeapStatistics().heap_size_limit);
  const places = new Map<string, number>();
  let closed = 0;
  for (let i = 0; i < count; i++) {
    const leak = closeLeak(lost[2 * i]!, lost[2 * i + 1]!);
    if (leak === undefined) continue;
    closed++;
    if (leak.origin !== undefined) places.set(leak.origin, (places.get(leak.origin) ?? 0) + 1);
  }
  const end = performance.now();
  nextLook = end + SHARE * (end - begin);
  if (closed === 0) return '';
  const [subject, verb] = closed === 1 ? ['socket lost its', 'is'] : ['sockets lost their', 'are'];
  const where = [...places].map(([stack, times]) => `\n${times} times: ${stack}`).join('');
  return `: ${closed} open ${subject} last reference without close(), and ${verb} closed now. ${where || `${HOW_TO_TRACE} they were opened.`}`;
}
