// Room: select and poll on sockets: they block this thread, as C's do.
import { native } from '../addon/binding.js';
import * as c from '../generated/constants.js';
import { pollfd } from '../generated/structs.js';
import { check, socketError } from '../socket/errors.js';
import { checkInteger, invalidType, outOfRange } from '../socket/validate.js';

/** A socket, or a plain descriptor. */
export type Pollable = number | { readonly fd: number };

/** What to wait for. */
export interface PollRequest<S extends Pollable = Pollable> {
  readonly socket: S;
  /** POLLIN, POLLOUT, POLLPRI. */
  readonly events: number;
}
/** What is ready: POLLERR, POLLHUP and POLLNVAL beside what was asked for. */
export type PollResult<S extends Pollable = Pollable> = PollRequest<S>;

function descriptor(socket: unknown, syscall: string): number {
  const fd = typeof socket === 'number' ? socket : (socket as { fd?: unknown } | null)?.fd;
  if (typeof fd !== 'number') throw invalidType('socket', 'a socket or a descriptor', socket);
  checkInteger('socket', fd, -0x8000_0000, 0x7fff_ffff);
  // poll(2) passes over negative descriptors: a closed socket would wait for ever.
  if (fd < 0) throw socketError(c.EBADF, syscall);
  return fd;
}

export function checkTimeout(timeout: unknown): number {
  if (timeout === undefined || timeout === null) return -1;
  if (typeof timeout !== 'number') throw invalidType('timeout', 'a number of milliseconds', timeout);
  if (Number.isNaN(timeout)) throw outOfRange('timeout', 'a number of milliseconds', timeout);
  return timeout < 0 || timeout === Number.POSITIVE_INFINITY ? -1 : timeout;
}

/** What a caller gave to iterate over. */
function listOf<T>(name: string, list: Iterable<T> | undefined): T[] {
  if (list === undefined) return [];
  if (typeof (list as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] !== 'function')
    throw invalidType(name, 'iterable', list);
  return [...list];
}

/** poll(2), repeated when a signal interrupts it, with what is left of the time-out. */
function wait(fds: Uint8Array, count: number, timeout: number): number {
  const end = performance.now() + timeout;
  for (let left = timeout; ; left = Math.max(0, end - performance.now())) {
    const slice = timeout < 0 ? -1 : Math.min(Math.ceil(left), 0x7fff_ffff);
    const result = native.poll(fds, count, slice);
    if (result === -c.EINTR || (result === 0 && timeout >= 0 && left > 0x7fff_ffff)) continue;
    return check(result, 'poll');
  }
}

/**
 * `poll(2)`: waits until one of the sockets is ready, at most `timeout` milliseconds (for ever without one); those that are. Several
 * requests for one socket are several entries.
 * @throws SocketError; BadDescriptorError for a closed socket; TypeError
 */
export function poll<S extends Pollable>(requests: Iterable<PollRequest<S>>, timeout?: number): PollResult<S>[] {
  if (requests === undefined) throw invalidType('requests', 'iterable', requests);
  const list = listOf('requests', requests);
  const fds = new Uint8Array(Math.max(1, list.length) * pollfd.size);
  const memory = new DataView(fds.buffer);
  for (const [i, request] of list.entries()) {
    if (typeof request !== 'object' || request === null)
      throw invalidType(`requests[${i}]`, '{ socket, events }', request);
    checkInteger(`requests[${i}].events`, request.events, -0x8000, 0xffff);
    const entry = pollfd.at(memory, i * pollfd.size);
    entry.fd = descriptor(request.socket, 'poll');
    entry.events = request.events;
  }
  const ready: PollResult<S>[] = [];
  if (wait(fds, list.length, checkTimeout(timeout)) === 0) return ready;
  for (const [i, { socket }] of list.entries()) {
    const { revents } = pollfd.at(memory, i * pollfd.size);
    if (revents !== 0) ready.push({ socket, events: revents & 0xffff });
  }
  return ready;
}

/**
 * `select(2)`, for descriptors of any size (it is carried out by poll): which of the sockets can be read, written, or have an
 * exceptional condition. Waits at most `timeout` milliseconds, for ever without one.
 * @throws SocketError; BadDescriptorError for a closed socket; TypeError
 */
export function select<R extends Pollable = never, W extends Pollable = never, E extends Pollable = never>(
  sets: { readonly read?: Iterable<R>; readonly write?: Iterable<W>; readonly except?: Iterable<E> },
  timeout?: number,
): { read: R[]; write: W[]; except: E[] } {
  if (typeof sets !== 'object' || sets === null) throw invalidType('sets', '{ read, write, except }', sets);
  // What select(2) counts as ready, in poll's terms: the end of a stream and errors make a socket readable, errors writable.
  const kinds = [
    ['read', c.POLLIN, c.POLLIN | c.POLLHUP | c.POLLERR],
    ['write', c.POLLOUT, c.POLLOUT | c.POLLERR],
    ['except', c.POLLPRI, c.POLLPRI],
  ] as const;
  const requests = kinds.flatMap(([name, events, counts]) =>
    listOf<Pollable>(`sets.${name}`, sets[name]).map((socket) => ({ name, events, counts, socket })),
  );
  const fds = new Uint8Array(Math.max(1, requests.length) * pollfd.size);
  const entries = requests.map(({ socket, events }, i) => {
    const entry = pollfd.at(fds, i * pollfd.size);
    entry.fd = descriptor(socket, 'select');
    entry.events = events;
    return entry;
  });
  const ready: { read: Pollable[]; write: Pollable[]; except: Pollable[] } = { read: [], write: [], except: [] };
  const limit = checkTimeout(timeout);
  const end = performance.now() + limit;
  for (let left = limit; wait(fds, requests.length, left) > 0; ) {
    let some = false;
    for (const [i, { name, counts, socket }] of requests.entries()) {
      const entry = entries[i]!;
      if (entry.revents & c.POLLNVAL) throw socketError(c.EBADF, 'select');
      if (entry.revents & counts) some = ready[name].push(socket) > 0;
      // poll tells of POLLHUP and POLLERR whoever asks; for select they end no wait for these events.
      else if (entry.revents !== 0) entry.fd = -1;
    }
    if (some) break;
    if (limit >= 0) left = Math.max(0, end - performance.now());
  }
  return ready as { read: R[]; write: W[]; except: E[] };
}
