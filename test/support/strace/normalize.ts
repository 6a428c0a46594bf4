// Removes from a program's calls what may differ from run to run, and nothing else.

import { outsideStrings, QUOTED, quote, unquote } from './notation.js';
import { type OwnCall, ownCalls } from './own_calls.js';
import { type Call, SHOWN, type Trace } from './trace.js';

/** An address in which the kernel tells a port: the program's own, which it was given, or its peer's. */
const TELLS_PORT = /^(getsockname|accept4?|recvfrom|recvmsg)$/;
const PORT = /\b(sin6?_port=htons)\((\d+)\)/g;

/** Pointers: a buffer that the kernel did not fill is shown as its address. `NULL` stays what it is. */
export const hidePointers = (text: string): string =>
  outsideStrings(text, (part) => part.replace(/(?<![\w.])0x[0-9a-f]{5,}(?! \/\*)\b/g, 'pointer'));

/** Time left: the rest of the time-out that `select` or `pselect` writes back. */
export const hideTimeLeft = (text: string): string =>
  outsideStrings(text, (part) => part.replace(/\bleft \{[^}]*\}/g, 'left {...}'));

/** The ports that the kernel gave out, in these traces. */
export function ephemeralPorts(traces: Iterable<Trace>): Set<number> {
  const ports = new Set<number>();
  for (const { calls } of traces) {
    for (const { name, args } of calls) {
      if (!TELLS_PORT.test(name)) continue;
      for (const [, , port] of args.join().matchAll(PORT)) ports.add(Number(port));
    }
  }
  ports.delete(0); // of a socket that has none yet
  return ports;
}

/** Ephemeral ports: each is named after the order in which the program met it. */
export class PortNames {
  readonly #names = new Map<number, string>();
  readonly #ephemeral: ReadonlySet<number>;

  constructor(ephemeral: ReadonlySet<number>) {
    this.#ephemeral = ephemeral;
  }

  of(port: number): string | undefined {
    if (!this.#ephemeral.has(port)) return undefined;
    if (!this.#names.has(port)) this.#names.set(port, `port ${this.#names.size + 1}`);
    return this.#names.get(port);
  }
}

/** Ephemeral ports in addresses. */
export const hidePorts = (text: string, names: PortNames): string =>
  outsideStrings(text, (part) =>
    part.replace(PORT, (whole, field: string, port: string) => {
      const name = names.of(Number(port));
      return name === undefined ? whole : `${field}(${name})`;
    }),
  );

/** Strings in one notation, so that two can be put together; one that is an ephemeral port as it goes over the wire, named. */
export const rewriteStrings = (text: string, names: PortNames): string =>
  text.replace(QUOTED, (quoted) => {
    const bytes = unquote(quoted);
    const port = bytes.length === 2 ? names.of(bytes.charCodeAt(0) * 256 + bytes.charCodeAt(1)) : undefined;
    return port === undefined ? quote(bytes) + (quoted.endsWith('...') ? '...' : '') : `htons(${port})`;
  });

export const show = ({ name, args, result, note }: Call): string =>
  `${name}(${args.join(', ')}) = ${result}${note && ` ${note}`}`;

/** A run of equal calls that fail with EAGAIN counts as one. */
export function joinRefusals<T extends Call>(calls: readonly T[]): T[] {
  return calls.filter((call, i) => {
    const previous = calls[i - 1];
    return call.result !== '-1 EAGAIN' || previous === undefined || show(call) !== show(previous);
  });
}

/** A read from a stream that got something: where it read, how, for how much it asked, and what it got. */
function streamRead({ name, args, result, kind }: OwnCall) {
  const isRead = (name === 'read' && args.length === 3) || (name === 'recvfrom' && args.length === 6);
  const [fd, data, asked, ...rest] = args;
  if (!isRead || !/^(TCP|TCPv6|UNIX-STREAM|pipe)$/.test(kind) || !/^[1-9]\d*$/.test(result)) return undefined;
  if (!data?.startsWith('"') || rest[0]?.includes('MSG_PEEK')) return undefined;
  return { from: [name, fd, ...rest].join(), data, asked: Number(asked), got: Number(result) };
}

/**
 * Adjacent reads of one stream are added up: how its bytes are cut is the network's affair. Only reads by the same call,
 * that ask for as much as the first, or for the rest of that.
 */
export function joinReads(calls: readonly OwnCall[]): OwnCall[] {
  const joined: OwnCall[] = [];
  for (const call of calls) {
    const last = joined.at(-1);
    const read = streamRead(call);
    const before = last && streamRead(last);
    if (last && read && before?.from === read.from && [before.asked, before.asked - before.got].includes(read.asked)) {
      const got = before.got + read.got;
      const bytes = unquote(before.data) + (before.data.endsWith('...') ? '' : unquote(read.data));
      const data = quote(bytes.slice(0, SHOWN)) + (got > SHOWN ? '...' : '');
      joined[joined.length - 1] = { ...last, args: last.args.with(1, data), result: String(got) };
    } else {
      joined.push(call);
    }
  }
  return joined;
}

/** What a program did to its descriptors, a line for each call, and how it ended: the same in each of its runs. */
export function normalise(trace: Trace, ephemeral: ReadonlySet<number>): string[] {
  const ports = new PortNames(ephemeral);
  const rewrite = (text: string): string => rewriteStrings(hidePorts(hideTimeLeft(hidePointers(text)), ports), ports);
  const calls = ownCalls(trace).map((call) => ({
    ...call,
    args: call.args.map(rewrite),
    note: rewrite(call.note),
  }));
  return [...joinReads(joinRefusals(calls)).map(show), trace.end ?? 'strace did not see its end'];
}
