// The verbs that both Socket classes share, on a descriptor. Each reads and checks all of its arguments, then takes the descriptor's number,
// then makes the system call: no caller's code runs between the last two.
import { native } from '../addon/binding.js';
import { hasPollRdhup, hasSoNosigpipe } from '../addon/platform.js';
import * as c from '../generated/constants.js';
import { type Address, checkAt, encodeAddress } from './address.js';
import { Descriptor, isDescriptor, numberOf } from './descriptor.js';
import { check, socketError } from './errors.js';
import { getOption, setOption } from './options/calls.js';
import * as call from './system_calls.js';
import { CLOEXEC, prepare } from './system_calls.js';
import { checkInteger, invalidType } from './validate.js';

/** What may be or-ed to a socket's type. */
const TYPE_FLAGS = CLOEXEC | (c.SOCK_NONBLOCK ?? 0);

// ---- Descriptors

const made = (fd: number, domain?: number, type?: number, protocol?: number): Descriptor => {
  const descriptor = Descriptor.owned(prepare(fd));
  descriptor.domain = domain;
  descriptor.type = type === undefined ? undefined : type & ~TYPE_FLAGS;
  descriptor.protocol = protocol;
  return descriptor;
};

/** socket(2). `flags`: SOCK_NONBLOCK, where the platform has it. */
export function socket(domain: unknown, type: unknown, protocol: unknown, flags = 0): Descriptor {
  checkInteger('domain', domain);
  checkInteger('type', type);
  checkInteger('protocol', protocol);
  const fd = check(native.own_socket(domain, type | CLOEXEC | flags, protocol), 'socket');
  return made(fd, domain, type, protocol);
}

/** socketpair(2). */
export function socketpair(domain: unknown, type: unknown, protocol: unknown, flags = 0): [Descriptor, Descriptor] {
  checkInteger('domain', domain);
  checkInteger('type', type);
  checkInteger('protocol', protocol);
  const sv = new Int32Array(2);
  check(native.own_socketpair(domain, type | CLOEXEC | flags, protocol, sv), 'socketpair');
  return [made(sv[0]!, domain, type, protocol), made(sv[1]!, domain, type, protocol)];
}

/** The descriptor of something that someone else owns. @throws TypeError */
export function borrow(source: unknown): Descriptor {
  if (typeof source === 'number') checkInteger('source', source, -1, 0x7fff_ffff);
  const number = numberOf(source);
  if (number === undefined) throw invalidType('source', 'a descriptor or an object that has one', source);
  return Descriptor.borrow(number);
}

/** Takes ownership of a descriptor. @throws TypeError, RangeError, SocketError; Error where another object owns it */
export function adopt(fd: unknown): Descriptor {
  checkInteger('fd', fd, -1, 0x7fff_ffff);
  if (!isDescriptor(fd)) throw socketError(c.EBADF, 'fcntl', { fd });
  const descriptor = Descriptor.adopt(fd);
  if (hasSoNosigpipe) prepare(fd);
  return descriptor;
}

/** A connection that `accept` gave, with the types of its listener. */
export const accepted = (fd: number, listener: Descriptor): Descriptor => {
  const descriptor = Descriptor.owned(fd);
  descriptor.domain = listener.domain;
  descriptor.type = listener.type;
  descriptor.protocol = listener.protocol;
  return descriptor;
};

// ---- What a socket is

/** Asks the kernel for a fact that a socket does not know of itself. It is kept, but not of a borrowed one, which may be another next time. */
function fact(d: Descriptor, name: 'domain' | 'type' | 'protocol', ask: (fd: number) => number): number {
  const known = d[name];
  if (known !== undefined) return known;
  const value = check(ask(d.open('getsockopt')), 'getsockopt');
  if (d.borrowed === undefined) d[name] = value;
  return value;
}
export const domainOf = (d: Descriptor): number => fact(d, 'domain', call.domainOf);
export const typeOf = (d: Descriptor): number => fact(d, 'type', (fd) => call.option(fd, c.SO_TYPE));
export const protocolOf = (d: Descriptor): number => fact(d, 'protocol', call.protocolOf);

/** Whether bytes arrive as one stream. Elsewhere a message of no bytes is a message, not the end. */
export const isStream = (d: Descriptor): boolean => typeOf(d) === c.SOCK_STREAM;

/**
 * Whether a recv of no bytes was the end: on a socket with message boundaries it is a message, unless the peer has shut down and no bytes are
 * queued. The kernel does not tell an empty message from the end that follows it.
 */
export function atEnd(d: Descriptor): boolean {
  if (isStream(d)) return true;
  const ends = (hasPollRdhup ? (c.POLLRDHUP ?? 0) : 0) | c.POLLHUP;
  const fd = d.open('poll');
  return (check(call.waitFor(fd, ends, 0), 'poll') & ends) !== 0 && call.queued(fd) <= 0;
}

/** The domain where it decides how a call on `fd` is made: undefined for a descriptor that is not a socket. */
export function knownDomain(d: Descriptor, fd: number): number | undefined {
  if (d.domain !== undefined) return d.domain;
  const domain = call.domainOf(fd);
  if (domain < 0) return undefined;
  if (d.borrowed === undefined) d.domain = domain;
  return domain;
}

export const isBlocking = (d: Descriptor): boolean =>
  (check(native.fcntl(d.open('fcntl'), c.F_GETFL), 'fcntl') & c.O_NONBLOCK) === 0;
export function setBlocking(d: Descriptor, value: unknown): void {
  if (typeof value !== 'boolean') throw invalidType('blocking', 'of type boolean', value);
  check(call.setBlocking(d.open('fcntl'), value), 'fcntl');
}

// ---- Addresses

/** An address's bytes. The socket is asked for its domain only where the address does not say its family: a call is one system call. */
export const encode = (d: Descriptor, address: unknown, syscall: string): Uint8Array =>
  encodeAddress(address, d.domain ?? (() => domainOf(d)), syscall);

export function bind(d: Descriptor, address: unknown): void {
  const bytes = encode(d, address, 'bind');
  checkAt(native.bind(d.open('bind'), bytes, bytes.byteLength), 'bind', bytes);
}
export function listen(d: Descriptor, backlog: unknown = c.SOMAXCONN): void {
  checkInteger('backlog', backlog);
  check(native.listen(d.open('listen'), backlog), 'listen');
}
export function shutdown(d: Descriptor, how: unknown): void {
  checkInteger('how', how);
  check(native.shutdown(d.open('shutdown'), how), 'shutdown');
}
export function getsockname(d: Descriptor): Address {
  check(call.getsockname(d.open('getsockname')), 'getsockname');
  return call.lastAddress();
}
export function getpeername(d: Descriptor): Address {
  check(call.getpeername(d.open('getpeername')), 'getpeername');
  return call.lastAddress();
}

// ---- Options

export const getsockopt = (d: Descriptor, level: unknown, option: unknown, size?: unknown): unknown =>
  getOption(() => d.open('getsockopt'), level, option, size);
export const setsockopt = (d: Descriptor, level: unknown, option: unknown, value: unknown): void =>
  setOption(() => d.open('setsockopt'), level, option, value);
