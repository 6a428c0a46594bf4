// Room: select and poll on sockets: they block this thread, as C's do.
import { native } from './binding.js';
import { type Caller, check, invalidType, socketError } from './errors.js';
import * as c from './generated/constants.js';
import { pollfd } from './generated/structs.js';

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

function descriptor(socket: Pollable, caller: Caller): number {
  const fd = typeof socket === 'number' ? socket : (socket as { fd?: unknown } | null)?.fd;
  if (typeof fd !== 'number' || !Number.isInteger(fd))
    throw invalidType('socket', 'a socket or a descriptor', socket, caller);
  // poll(2) passes over negative descriptors: a closed socket would wait for ever.
  if (fd < 0) throw socketError(c.EBADF, 'poll', caller);
  return fd;
}

function checkTimeout(timeout: unknown, caller: Caller): number {
  if (timeout === undefined || timeout === null) return -1;
  if (typeof timeout !== 'number' || Number.isNaN(timeout))
    throw invalidType('timeout', 'a number of milliseconds', timeout, caller);
  return timeout < 0 || timeout === Number.POSITIVE_INFINITY ? -1 : timeout;
}

/** poll(2), repeated when a signal interrupts it, with what is left of the time-out. */
function wait(fds: Uint8Array, count: number, timeout: number, caller: Caller): number {
  const end = performance.now() + timeout;
  for (let left = timeout; ; left = Math.max(0, end - performance.now())) {
    const slice = timeout < 0 ? -1 : Math.min(Math.ceil(left), 0x7fff_ffff);
    const result = native.poll(fds, count, slice);
    if (result === -c.EINTR || (result === 0 && timeout >= 0 && left > 0x7fff_ffff)) continue;
    return check(result, 'poll', caller);
  }
}

/**
 * `poll(2)`: waits until one of the sockets is ready, at most `timeout` milliseconds (for ever without one); those that are. Several
 * requests for one socket are several entries.
 * @throws SocketError; BadDescriptorError for a closed socket; TypeError
 */
export function poll<S extends Pollable>(requests: Iterable<PollRequest<S>>, timeout?: number): PollResult<S>[] {
  const list = [...requests];
  const fds = new Uint8Array(Math.max(1, list.length) * pollfd.size);
  const memory = new DataView(fds.buffer);
  for (const [i, request] of list.entries()) {
    if (typeof request !== 'object' || request === null || !Number.isInteger(request.events)) {
      throw invalidType(`requests[${i}]`, '{ socket, events }', request, poll);
    }
    const entry = pollfd.at(memory, i * pollfd.size);
    entry.fd = descriptor(request.socket, poll);
    entry.events = request.events;
  }
  const ready: PollResult<S>[] = [];
  if (wait(fds, list.length, checkTimeout(timeout, poll), poll) === 0) return ready;
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
  if (typeof sets !== 'object' || sets === null) throw invalidType('sets', '{ read, write, except }', sets, select);
  // What select(2) counts as ready, in poll's terms: the end of a stream and errors make a socket readable, errors writable.
  const kinds = [
    [sets.read, c.POLLIN, c.POLLIN | c.POLLHUP | c.POLLERR],
    [sets.write, c.POLLOUT, c.POLLOUT | c.POLLERR],
    [sets.except, c.POLLPRI, c.POLLPRI],
  ] as const;
  const requests = kinds.flatMap(([set, events], kind) =>
    [...(set ?? [])].map((socket) => ({
      socket: descriptor(socket as Pollable, select),
      events,
      kind,
      own: socket as Pollable,
    })),
  );
  const fds = new Uint8Array(Math.max(1, requests.length) * pollfd.size);
  for (const [i, { socket, events }] of requests.entries()) {
    const entry = pollfd.at(fds, i * pollfd.size);
    entry.fd = socket;
    entry.events = events;
  }
  const ready: [Pollable[], Pollable[], Pollable[]] = [[], [], []];
  if (wait(fds, requests.length, checkTimeout(timeout, select), select) > 0) {
    for (const [i, { kind, own }] of requests.entries()) {
      const { revents } = pollfd.at(fds, i * pollfd.size);
      if (revents & c.POLLNVAL) throw socketError(c.EBADF, 'select', select);
      if (revents & kinds[kind]![2]) ready[kind]!.push(own);
    }
  }
  const [read, write, except] = ready;
  return { read: read as R[], write: write as W[], except: except as E[] };
}
