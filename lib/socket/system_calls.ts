// System calls of the typed layers, on a bare descriptor number. EINTR is retried, no send raises SIGPIPE, and a failure is still a number,
// -errno: the verbs decide what becomes of it.

import { type Flat, flat } from '../addon/argument_list.js';
import { native } from '../addon/binding.js';
import {
  hasAccept4,
  hasCmsgCloexec,
  hasMsgDontwaitOnSend,
  hasSockCloexec,
  hasSoDomain,
  hasSoNosigpipe,
  hasSoProtocol,
} from '../addon/platform.js';
import { REFUSED, recv_view, regs, send_view } from '../addon/registers.js';
import { mem } from '../ctypes/index.js';
import * as c from '../generated/constants.js';
import * as structs from '../generated/structs.js';
import { type Address, decodeAddress } from './address.js';
import { liveLength } from './memory.js';

/** Added to every send. macOS: the socket has SO_NOSIGPIPE instead. */
export const NOSIGNAL: number = hasSoNosigpipe ? 0 : c.MSG_NOSIGNAL;

/** Makes a call, again as long as a signal interrupts it. */
export function retry<A extends unknown[]>(call: (...args: A) => number, ...args: A): number {
  for (;;) {
    const result = call(...args);
    if (result !== -c.EINTR) return result;
  }
}

/** Whether a send of these flags needs O_NONBLOCK to return at once: the system heeds MSG_DONTWAIT in recv alone. */
const needsNonblock = (flags: number): boolean => !hasMsgDontwaitOnSend && (flags & c.MSG_DONTWAIT) !== 0;
/** Makes a call with O_NONBLOCK set. */
function withNonblock<A extends unknown[]>(fd: number, call: (...args: A) => number, ...args: A): number {
  const changed = setBlocking(fd, false);
  if (changed < 0) return changed;
  const result = call(...args);
  if (changed > 0) setBlocking(fd, true);
  return result;
}

/** send(2) of all of a view: how many bytes were taken, or -errno. */
export function send(fd: number, bytes: Uint8Array, flags: number): number {
  if (needsNonblock(flags)) return withNonblock(fd, send, fd, bytes, flags & ~c.MSG_DONTWAIT);
  for (;;) {
    regs[0] = fd;
    regs[2] = flags | NOSIGNAL;
    send_view(bytes);
    const result = regs[3]!;
    if (result === REFUSED) return retry(native.send, fd, bytes, liveLength(bytes), flags | NOSIGNAL);
    if (result !== -c.EINTR) return result;
  }
}

/** recv(2) into all of a view: how many bytes came, or -errno. */
export function recv(fd: number, bytes: Uint8Array, flags: number): number {
  for (;;) {
    regs[0] = fd;
    regs[2] = flags;
    recv_view(bytes);
    const result = regs[3]!;
    if (result === REFUSED) return retry(native.recv, fd, bytes, liveLength(bytes), flags);
    if (result !== -c.EINTR) return result;
  }
}

/** sendto(2) of all of a view: how many bytes were taken, or -errno. */
export const sendto = (fd: number, bytes: Uint8Array, flags: number, address: Uint8Array): number =>
  needsNonblock(flags)
    ? withNonblock(fd, sendto, fd, bytes, flags & ~c.MSG_DONTWAIT, address)
    : retry(native.sendto, fd, bytes, liveLength(bytes), flags | NOSIGNAL, address, address.byteLength);

/** Memory of this thread that a message is received into before its bytes are copied. */
const staging = new Uint8Array(65_536);
/** The part of it that the last call used: making a view costs more than receiving into it. */
let part = staging;

/** recv(2) of at most `limit` bytes: a copy of its own, or -errno. */
export function recvBytes(fd: number, limit: number, flags: number): Uint8Array | number {
  if (part.length !== limit) part = limit <= staging.length ? staging.subarray(0, limit) : staging;
  const memory = limit <= staging.length ? part : new Uint8Array(limit);
  const result = recv(fd, memory, flags);
  return result < 0 ? result : memory.slice(0, result);
}

/** The pollfd of waitFor, used again and again: no JavaScript runs while poll(2) does. */
const entry = new Int16Array(4);
const entryFd = new Int32Array(entry.buffer, 0, 1);

/** Waits until the descriptor is ready for `events`, at most `timeout` milliseconds (-1: for ever): the events that are, 0, or -errno. */
export function waitFor(fd: number, events: number, timeout: number): number {
  entryFd[0] = fd;
  entry[2] = events;
  const end = timeout > 0 ? performance.now() + timeout : 0;
  for (let left = timeout; ; left = Math.max(0, Math.ceil(end - performance.now()))) {
    const result = native.poll(entry, 1, timeout < 0 ? -1 : Math.min(left, 0x7fff_ffff));
    if (result === 0 && left > 0x7fff_ffff) continue;
    if (result !== -c.EINTR) return result > 0 ? entry[3]! : result;
  }
}

/** Room for an address, and its length as the kernel takes it. */
const name = new Uint8Array(structs.sockaddr_storage.size);
const namelen = new Uint32Array(1);

/** connect(2), made once; for a socket that does not block. */
export const connectOnce = (fd: number, address: Uint8Array): number =>
  retry(native.connect, fd, address, address.byteLength);

/** connect(2): interrupted by a signal, it goes on. */
export function connect(fd: number, address: Uint8Array): number {
  for (;;) {
    const result = native.connect(fd, address, address.byteLength);
    if (result !== -c.EINTR) return result;
    // A TCP connection goes on being made (a second call would say EALREADY), for as long as SO_SNDTIMEO lets it.
    const limit = new structs.timeval();
    native.getsockopt(fd, c.SOL_SOCKET, c.SO_SNDTIMEO, mem(limit), new Uint32Array([structs.timeval.size]));
    const timeout = Number(limit.tv_sec) * 1000 + Math.ceil(Number(limit.tv_usec) / 1000);
    const ready = waitFor(fd, c.POLLOUT, timeout === 0 ? -1 : timeout);
    if (ready <= 0) return ready === 0 ? -c.EINPROGRESS : ready;
    const error = option(fd, c.SO_ERROR);
    if (error !== 0) return -Math.abs(error);
    // A Unix socket's attempt is over: without a peer, it is made again.
    if (getpeername(fd) !== -c.ENOTCONN) return 0;
  }
}

/** An option of SOL_SOCKET that is an int, or -errno. */
export function option(fd: number, optname: number): number {
  const value = new Int32Array(1);
  const result = native.getsockopt(fd, c.SOL_SOCKET, optname, value, new Uint32Array([4]));
  return result < 0 ? result : value[0]!;
}

/** How many bytes wait to be received, or -errno. */
export function queued(fd: number): number {
  const value = new Int32Array(1);
  const result = native.ioctl(fd, c.FIONREAD, value);
  return result < 0 ? result : value[0]!;
}

/** The address family, or -errno. */
export function domainOf(fd: number): number {
  if (hasSoDomain && c.SO_DOMAIN !== undefined) return option(fd, c.SO_DOMAIN);
  // It stands in the address.
  const result = getsockname(fd);
  return result < 0 ? result : structs.sockaddr.at(name).sa_family;
}

/** The protocol, or -errno; 0 where the system does not tell it. */
export const protocolOf = (fd: number): number =>
  hasSoProtocol && c.SO_PROTOCOL !== undefined ? option(fd, c.SO_PROTOCOL) : Math.min(0, option(fd, c.SO_TYPE));

/** Sets or clears O_NONBLOCK: 1 where that changed it, 0 where it was so already, or -errno. */
export function setBlocking(fd: number, blocking: boolean): number {
  const flags = native.fcntl(fd, c.F_GETFL);
  if (flags < 0) return flags;
  const wanted = blocking ? flags & ~c.O_NONBLOCK : flags | c.O_NONBLOCK;
  if (wanted === flags) return 0;
  const result = native.fcntl(fd, c.F_SETFL, wanted);
  return result < 0 ? result : 1;
}

/** What the last of the calls below left as an address. */
export const lastAddress = (): Address => decodeAddress(name, c.AF_UNSPEC, namelen[0]);

/** accept(2): the connection, owned and close-on-exec, or -errno. `flags`: SOCK_NONBLOCK, where accept4 takes flags. */
export function accept(fd: number, flags = 0): number {
  namelen[0] = name.byteLength;
  const result = retry(native.own_accept, fd, name, namelen, hasAccept4 ? (c.SOCK_CLOEXEC ?? 0) | flags : 0);
  return result < 0 ? result : prepare(result, hasAccept4);
}

/** getsockname(2). */
export function getsockname(fd: number): number {
  namelen[0] = name.byteLength;
  return native.getsockname(fd, name, namelen);
}
/** getpeername(2). */
export function getpeername(fd: number): number {
  namelen[0] = name.byteLength;
  return native.getpeername(fd, name, namelen);
}

/** The flag that makes received descriptors close-on-exec. Only a Unix socket brings any, and AF_PACKET refuses the flag. */
export const cloexecFor = (domain: number | undefined): number =>
  hasCmsgCloexec && domain === c.AF_UNIX ? (c.MSG_CMSG_CLOEXEC ?? 0) : 0;

/** A message that recvmsg received. */
export interface Received {
  readonly length: number;
  readonly address: Address;
  readonly control: Uint8Array;
  readonly flags: number;
}

/**
 * recvmsg(2): the message, or -errno. Descriptors that come are close-on-exec and owned. `domain`: the socket's, if it is known; without a
 * sender's name the descriptor is asked, not the socket, whose owner's code could throw, and the descriptors would be lost.
 */
export function recvmsg(
  fd: number,
  buffers: readonly Uint8Array[],
  controlSize: number,
  flags: number,
  domain: number | undefined,
): Received | number {
  const control = controlSize > 0 ? new Uint8Array(controlSize) : null;
  const cloexec = control === null ? 0 : cloexecFor(domain);
  const list = flat();
  list.push(fd);
  list.push(1);
  pushMessage(list, buffers, name, control);
  list.push(flags | cloexec);
  list.push(list.results);
  let length: number;
  do length = list.call(native.own_recvmsg);
  while (length === -c.EINTR);
  const [namelen, controllen, msg_flags] = list.results as unknown as [number, number, number];
  list.free();
  if (length < 0) return length;
  return {
    length,
    address: decodeAddress(name, namelen === 0 ? (domain ?? domainOf(fd)) : undefined, namelen),
    control: control?.subarray(0, controllen) ?? new Uint8Array(0),
    flags: msg_flags & ~cloexec,
  };
}

/** sendmsg(2): how many bytes were taken, or -errno. */
export function sendmsg(
  fd: number,
  pieces: readonly Uint8Array[],
  address: Uint8Array | null,
  control: Uint8Array | null,
  flags: number,
): number {
  if (needsNonblock(flags)) return withNonblock(fd, sendmsg, fd, pieces, address, control, flags & ~c.MSG_DONTWAIT);
  const list = flat();
  list.push(fd);
  list.push(1);
  pushMessage(list, pieces, address, control);
  list.push(flags | NOSIGNAL);
  let result: number;
  do result = list.call(native.sendmsg);
  while (result === -c.EINTR);
  list.free();
  return result;
}

/** A msghdr on its way to native code: its fields. */
export function pushMessage(
  list: Flat,
  pieces: readonly Uint8Array[],
  address: Uint8Array | null,
  control: Uint8Array | null,
): void {
  list.push(address);
  list.push(address === null ? 0 : address.byteLength);
  list.push(pieces.length);
  for (const piece of pieces) {
    list.push(piece);
    list.push(liveLength(piece));
  }
  list.push(pieces.length);
  list.push(control);
  list.push(control === null ? 0 : control.byteLength);
  list.push(0);
}

/** Or-ed to a socket's type where the platform takes it: the descriptor is close-on-exec. */
export const CLOEXEC: number = hasSockCloexec ? (c.SOCK_CLOEXEC ?? 0) : 0;
/** Does by further calls what flags cannot say on this platform. `closedOnExec`: the call that made the descriptor took that flag. */
export function prepare(fd: number, closedOnExec: boolean = hasSockCloexec): number {
  if (!closedOnExec) native.fcntl(fd, c.F_SETFD, c.FD_CLOEXEC);
  if (hasSoNosigpipe && c.SO_NOSIGPIPE !== undefined)
    native.setsockopt(fd, c.SOL_SOCKET, c.SO_NOSIGPIPE, new Int32Array([1]), 4);
  return fd;
}
