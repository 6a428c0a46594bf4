// Room: system calls of the typed layer, on a bare descriptor: EINTR is retried, no send raises SIGPIPE, and a failure is still a
// number. lib/socket.ts decides what becomes of it.

import { type Flat, flat } from '../addon/argument_list.js';
import { native } from '../addon/binding.js';
import { isInt32, REFUSED, recv_fast, regs, send_fast } from '../addon/registers.js';
import { mem } from '../ctypes/index.js';
import * as c from '../generated/constants.js';
import * as structs from '../generated/structs.js';
import { type Address, decodeAddress } from './address.js';
import { checkInteger, invalidType } from './validate.js';

/** What may be sent: memory, or a string (its UTF-8 bytes). */
export type Data = ArrayBufferView | ArrayBufferLike | string;
/** What may be received into. */
export type Buffer_ = ArrayBufferView | ArrayBufferLike;

/** Added to every send. macOS: the socket has SO_NOSIGPIPE instead. */
export const NOSIGNAL: number = c.SO_NOSIGPIPE === undefined ? c.MSG_NOSIGNAL : 0;

/** Memory as a Uint8Array. */
export function memoryFor(name: string, data: unknown, kind = 'a view or a buffer'): Uint8Array {
  // Bytes are what is mostly given. (V8 inlines `length`, but not always `byteLength`.)
  if (data instanceof Uint8Array && data.length > 0) return data;
  const memory = data instanceof Uint8Array ? data : (mem(data) as unknown);
  let bytes: Uint8Array | undefined;
  if (memory instanceof Uint8Array) bytes = memory;
  else if (memory instanceof ArrayBuffer && !detached(memory)) bytes = new Uint8Array(memory);
  else if (ArrayBuffer.isView(memory) && !detached(memory.buffer))
    bytes = new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
  // A detached buffer has no bytes: recv would give 0, which means the end of the stream.
  if (bytes === undefined || (bytes.byteLength === 0 && detached(bytes.buffer)))
    throw invalidType(name, `${kind} (not detached)`, data);
  return bytes;
}

/** Data to send as a Uint8Array. */
export const bytesFor = (name: string, data: unknown): Uint8Array =>
  typeof data === 'string' ? Buffer.from(data) : memoryFor(name, data, 'a view, a buffer or a string');

function detached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

export function checkFlags(flags: unknown): asserts flags is number {
  checkInteger('flags', flags);
}

/** send(2) of all of `bytes`. */
export function send(fd: number, bytes: Uint8Array, flags: number): number {
  const { length } = bytes;
  for (;;) {
    let result = REFUSED;
    if (isInt32(length)) {
      regs[0] = fd;
      regs[1] = length;
      regs[2] = flags | NOSIGNAL;
      send_fast(bytes);
      result = regs[3]!;
    }
    if (result === REFUSED) result = native.send(fd, bytes, length, flags | NOSIGNAL);
    if (result !== -c.EINTR) return result;
  }
}

/** recv(2) into all of `bytes`. */
export function recv(fd: number, bytes: Uint8Array, flags: number): number {
  const { length } = bytes;
  for (;;) {
    let result = REFUSED;
    if (isInt32(length)) {
      regs[0] = fd;
      regs[1] = length;
      regs[2] = flags;
      recv_fast(bytes);
      result = regs[3]!;
    }
    if (result === REFUSED) result = native.recv(fd, bytes, length, flags);
    if (result !== -c.EINTR) return result;
  }
}

/** Repeats a call that a signal interrupted. The closure costs each call its memory: hot paths have the loop themselves. */
export function retry(call: () => number): number {
  for (;;) {
    const result = call();
    if (result !== -c.EINTR) return result;
  }
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

/** The address family, or -errno. */
export function domainOf(fd: number): number {
  if (c.SO_DOMAIN !== undefined) return option(fd, c.SO_DOMAIN);
  // macOS: it stands in the address.
  const result = getsockname(fd);
  return result < 0 ? result : structs.sockaddr.at(name).sa_family;
}

/** The protocol, or -errno; macOS cannot tell. */
export const protocolOf = (fd: number): number => (c.SO_PROTOCOL === undefined ? 0 : option(fd, c.SO_PROTOCOL));

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

/** accept(2): the connection, close-on-exec, or -errno. `flags`: SOCK_NONBLOCK, where there are flags. */
export function accept(fd: number, flags = 0): number {
  for (;;) {
    namelen[0] = name.byteLength;
    const result = CLOEXEC ? native.accept4(fd, name, namelen, CLOEXEC | flags) : native.accept(fd, name, namelen);
    if (result !== -c.EINTR) return result;
  }
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

/** A message that recvmsg received. */
export interface Received {
  readonly length: number;
  readonly address: Address;
  readonly control: Uint8Array;
  readonly flags: number;
}

/**
 * recvmsg(2): the message, or -errno. Descriptors that come are close-on-exec. `domain`: the socket's, if it is known; where nobody's name
 * came the descriptor is asked, not the socket, whose owner's code could throw, and the descriptors would be lost.
 */
export function recvmsg(
  fd: number,
  buffers: readonly Uint8Array[],
  controlSize: number,
  flags: number,
  domain: number | undefined,
): Received | number {
  const control = controlSize > 0 ? new Uint8Array(controlSize) : null;
  const list = flat();
  list.push(fd);
  list.push(1);
  pushMessage(list, buffers, name, control);
  list.push(flags | (c.MSG_CMSG_CLOEXEC ?? 0));
  list.push(list.results);
  let length: number;
  do length = list.call(native.recvmsg);
  while (length === -c.EINTR);
  const [namelen, controllen, msg_flags] = list.results as unknown as [number, number, number];
  list.free();
  if (length < 0) return length;
  return {
    length,
    address: decodeAddress(name, namelen === 0 ? (domain ?? domainOf(fd)) : undefined, namelen),
    control: control?.subarray(0, controllen) ?? new Uint8Array(0),
    flags: msg_flags & ~(c.MSG_CMSG_CLOEXEC ?? 0),
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
    list.push(piece.byteLength);
  }
  list.push(pieces.length);
  list.push(control);
  list.push(control === null ? 0 : control.byteLength);
  list.push(0);
}

/** Descriptors are close-on-exec: by a flag where there is one, by a second call where there is not. */
export const CLOEXEC: number = c.SOCK_CLOEXEC ?? 0;
/** What a new descriptor needs where flags cannot say it. */
export function prepare(fd: number): number {
  if (CLOEXEC === 0) native.fcntl(fd, c.F_SETFD, c.FD_CLOEXEC);
  if (c.SO_NOSIGPIPE !== undefined) native.setsockopt(fd, c.SOL_SOCKET, c.SO_NOSIGPIPE, new Int32Array([1]), 4);
  return fd;
}
