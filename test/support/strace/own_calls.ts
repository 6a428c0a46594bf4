// Picks a program's own calls from a trace: those on descriptors that it made.
import { descriptorsIn, replaceDescriptors } from './notation.js';
import type { Call, Trace } from './trace.js';

/** A call on descriptors that the program made; these have the names that they got when they were made. */
export interface OwnCall extends Call {
  /** The kind of the descriptor that the call is on, as strace describes it: `TCP`, `UDP`, `UNIX-STREAM`, `pipe`. */
  readonly kind: string;
}

const NETWORK =
  /^(socket|socketpair|bind|listen|accept4?|connect|shutdown|get(sock|peer)name|[gs]etsockopt|(send|recv)(to|from|msg|mmsg)?)$/;
const MAKES_NEW =
  /^(socket|socketpair|accept4?|pipe2?|epoll_create1?|eventfd2?|signalfd4?|timerfd_create|memfd_create)$/;
const COPIES = /^(dup[23]?|fcntl)$/;

/**
 * Where the program's own part begins. Node opens many descriptors as it starts, and reads the program's files; all that
 * the program itself does goes through the addon, so its part begins when the main thread has opened that. In C: at once.
 */
function beginning(calls: readonly Call[]): number {
  return calls.findLastIndex(({ name, args }) => name === 'openat' && /\.node"$/.test(args[1] ?? '')) + 1;
}

/** Descriptor numbers: each descriptor is named after the order in which the program made it. */
class Names {
  #made = 0;
  readonly #open = new Map<number, string>();
  readonly #closed = new Map<number, string>();

  /** Names a descriptor that is new to the program. */
  make(number: number): void {
    this.#open.set(number, `#${++this.#made}`);
    this.#closed.delete(number);
  }

  close(number: number): void {
    const name = this.#open.get(number);
    if (name === undefined) return;
    this.#open.delete(number);
    this.#closed.set(number, `closed ${name}`);
  }

  owns(number: number): boolean {
    return this.#open.has(number);
  }

  of(number: number): string | undefined {
    return this.#open.get(number) ?? this.#closed.get(number);
  }
}

/** Descriptor numbers give way to names. */
const nameDescriptors = (text: string, names: Names): string =>
  replaceDescriptors(text, ({ number }) => names.of(number) ?? String(number));

/** In what `select` and `poll` found, descriptors have no description: `(in [3 4])`, `([{fd=3, revents=POLLIN}])`. */
const nameFound = (note: string, names: Names): string =>
  note.replace(/(?<=\bfd=|\b(?:in|out|except) \[[\d ]*)\d+/g, (number) => names.of(Number(number)) ?? number);

/** `select`'s set lists numbers in their order: here the names in theirs. */
const sortSet = (text: string): string =>
  text.replace(/\[((?:#\d+ ?)+)\]/g, (_, set: string) => {
    const sorted = set.split(' ').sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
    return `[${sorted.join(' ')}]`;
  });

/** `select`'s first argument is a descriptor's number + 1. */
function nameHighest(count: string, names: Names): string {
  const highest = names.of(Number(count) - 1);
  return highest === undefined ? count : `${highest} + 1`;
}

/** Notes which descriptors a call has made, out of nothing or as copies. */
function noteMade({ name, args, result }: Call, names: Names): void {
  if (MAKES_NEW.test(name) || COPIES.test(name)) {
    for (const { number } of descriptorsIn(result)) names.make(number);
  }
  // socketpair(), pipe() and a message with rights leave descriptors in their arguments.
  if (/^(socketpair|pipe2?|recvmsg)$/.test(name)) {
    for (const { number } of args.flatMap(descriptorsIn)) if (!names.owns(number)) names.make(number);
  }
}

/** Is the call on descriptors of the program, or does it ask for new ones? */
function isOwn({ name, args, result }: Call, names: Names): boolean {
  if (NETWORK.test(name) || MAKES_NEW.test(name)) return true;
  if (args.flatMap(descriptorsIn).some(({ number }) => names.owns(number))) return true;
  return result === '-1 EBADF' && names.of(Number(args[0])) !== undefined;
}

/** Descriptor numbers: picks the calls on descriptors that the program made, and names these. */
export function ownCalls(trace: Trace): OwnCall[] {
  const names = new Names();
  const own: OwnCall[] = [];
  for (const call of trace.calls.slice(beginning(trace.calls))) {
    if (!isOwn(call, names)) continue;
    noteMade(call, names);
    const { name, args, result, note } = call;
    const named = args.map((arg) => sortSet(nameDescriptors(arg, names)));
    const [on] = descriptorsIn(args[0] ?? '');
    // These descriptors have no description: strace describes only what is open as the call begins.
    if (result === '-1 EBADF') named[0] = names.of(Number(args[0])) ?? named[0]!;
    if (/^dup[23]$/.test(name)) named[1] = nameDescriptors(result, names);
    if (/^p?select6?$/.test(name)) named[0] = nameHighest(args[0]!, names);
    own.push({
      name,
      args: named,
      result: nameDescriptors(result, names),
      note: sortSet(nameFound(note, names)),
      kind: on?.description.replace(/:.*/s, '') ?? '',
    });
    if (name === 'close' && on && result === '0') names.close(on.number);
  }
  return own;
}
