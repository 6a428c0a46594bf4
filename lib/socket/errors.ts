// Room: failures of the typed layers: one class for what callers handle alike, `code` for the exact one.
import { native, constants as values } from '../addon/binding.js';
import { errnoName } from '../addon/errno.js';
import type * as constants from '../generated/constants.js';
import { EAGAIN, EAI_SYSTEM, EALREADY, EINPROGRESS, EMFILE } from '../generated/constants.js';
import { EAI_NAMES } from '../generated/error_names.js';
import { closeLeaks } from './leaks.js';
import { withStack } from './stack.js';

/** The codes that each class stands for. The classes and their types are made of this table. */
const CODES = {
  WouldBlockError: ['EAGAIN', 'EWOULDBLOCK', 'EALREADY', 'EINPROGRESS'],
  BrokenPipeError: ['EPIPE', 'ESHUTDOWN'],
  ConnectionRefusedError: ['ECONNREFUSED'],
  ConnectionResetError: ['ECONNRESET'],
  ConnectionAbortedError: ['ECONNABORTED'],
  NotConnectedError: ['ENOTCONN'],
  AlreadyConnectedError: ['EISCONN'],
  AddressInUseError: ['EADDRINUSE'],
  AddressNotAvailableError: ['EADDRNOTAVAIL'],
  PermissionError: ['EACCES', 'EPERM'],
  TimedOutError: ['ETIMEDOUT'],
  InterruptedError: ['EINTR'],
  UnreachableError: ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'],
  BadDescriptorError: ['EBADF', 'ENOTSOCK'],
  ResourceLimitError: ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'],
  UnsupportedError: [
    'EAFNOSUPPORT',
    'EPROTONOSUPPORT',
    'ESOCKTNOSUPPORT',
    'EPROTOTYPE',
    'EOPNOTSUPP',
    'ENOPROTOOPT',
    'ENOSYS',
  ],
} as const;

/** The classes that group codes. */
export type SocketErrorName = keyof typeof CODES;
/** The codes that a class stands for. */
export type CodeOf<N extends SocketErrorName> = (typeof CODES)[N][number];
/** The errno names that no class groups. */
export type OtherCode = Exclude<
  Extract<keyof typeof constants, `E${string}`>,
  | CodeOf<SocketErrorName>
  | `EAI_${string}`
  | `EPOLL${string}`
  | `ETH_${string}`
  | `ETHERTYPE_${string}`
  | `EV_${string}`
  | `EVFILT_${string}`
>;
/** The codes of getaddrinfo and getnameinfo. */
export type AddressInfoCode = Extract<keyof typeof constants, `EAI_${string}`>;

/** What an error says beside its code. */
export interface ErrorDetails {
  /** The address that the call was given, as text. */
  address?: string | undefined;
  /** The port of that address. */
  port?: number | undefined;
  /** The path of that address. */
  path?: string | undefined;
  /** The descriptor. */
  fd?: number | undefined;
  /** How many bytes an option's value takes, where there was room for fewer. */
  length?: number | undefined;
}

/** What every failure has in common. Its own `instanceof` is `SocketError`'s. */
export abstract class SocketErrorBase<Code extends string> extends Error implements ErrorDetails {
  /** The name of the error: `'ECONNREFUSED'`. */
  declare readonly code: Code;
  /** The platform's positive number, equal to the constant of that name. */
  declare readonly errno: number;
  /** The system call that failed. */
  declare readonly syscall: string;
  declare readonly address?: string;
  declare readonly port?: number;
  declare readonly path?: string;
  declare readonly fd?: number;
  /** How many bytes an option's value takes, where `getsockopt` had room for fewer (ERANGE). */
  declare readonly length?: number;
  /** How many bytes were done before the failure, where a method makes several calls. */
  declare readonly bytes?: number;
}

/** EAGAIN, EWOULDBLOCK, EALREADY, EINPROGRESS: the call would have to wait. */
export class WouldBlockError extends SocketErrorBase<CodeOf<'WouldBlockError'>> {}
/** EPIPE, ESHUTDOWN: the connection is closed for writing. */
export class BrokenPipeError extends SocketErrorBase<CodeOf<'BrokenPipeError'>> {}
/** ECONNREFUSED: nobody listens there. */
export class ConnectionRefusedError extends SocketErrorBase<CodeOf<'ConnectionRefusedError'>> {}
/** ECONNRESET: the peer ended the connection without closing it. */
export class ConnectionResetError extends SocketErrorBase<CodeOf<'ConnectionResetError'>> {}
/** ECONNABORTED: the connection was aborted before it was accepted. */
export class ConnectionAbortedError extends SocketErrorBase<CodeOf<'ConnectionAbortedError'>> {}
/** ENOTCONN: the socket has no peer. */
export class NotConnectedError extends SocketErrorBase<CodeOf<'NotConnectedError'>> {}
/** EISCONN: the socket has a peer already. */
export class AlreadyConnectedError extends SocketErrorBase<CodeOf<'AlreadyConnectedError'>> {}
/** EADDRINUSE: somebody else has the address. */
export class AddressInUseError extends SocketErrorBase<CodeOf<'AddressInUseError'>> {}
/** EADDRNOTAVAIL: the address is not this host's, or no port is left. */
export class AddressNotAvailableError extends SocketErrorBase<CodeOf<'AddressNotAvailableError'>> {}
/** EACCES, EPERM: not allowed. */
export class PermissionError extends SocketErrorBase<CodeOf<'PermissionError'>> {}
/** ETIMEDOUT: the peer, or a time-out that the caller set. */
export class TimedOutError extends SocketErrorBase<CodeOf<'TimedOutError'>> {}
/** EINTR: a signal interrupted the call. */
export class InterruptedError extends SocketErrorBase<CodeOf<'InterruptedError'>> {}
/** EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN: no way to the address. */
export class UnreachableError extends SocketErrorBase<CodeOf<'UnreachableError'>> {}
/** EBADF, ENOTSOCK: a closed socket, or a descriptor that is none. */
export class BadDescriptorError extends SocketErrorBase<CodeOf<'BadDescriptorError'>> {}
/** EMFILE, ENFILE, ENOBUFS, ENOMEM: descriptors or memory ran out. */
export class ResourceLimitError extends SocketErrorBase<CodeOf<'ResourceLimitError'>> {}
/** EAFNOSUPPORT and its kin: the platform or the protocol does not have it. */
export class UnsupportedError extends SocketErrorBase<CodeOf<'UnsupportedError'>> {}
/** The EAI_ codes of getaddrinfo and getnameinfo; `errno` is that code's (negative on Linux) number. */
export class AddressInfoError extends SocketErrorBase<AddressInfoCode> {}
/** The peer closed before `recvExactly` had its bytes; `bytes` says how many came. */
export class EndOfStreamError extends SocketErrorBase<'EOF'> {
  declare readonly bytes: number;
}
/** Every other errno: EINVAL, EMSGSIZE, ENAMETOOLONG, ENOENT, …. */
export class OtherSocketError extends SocketErrorBase<OtherCode> {}

/**
 * Any failure of a call: the union of the classes, so that both `instanceof` and `switch (e.code)` narrow. `e instanceof SocketError`
 * holds for all of them.
 */
export type SocketError =
  | WouldBlockError
  | BrokenPipeError
  | ConnectionRefusedError
  | ConnectionResetError
  | ConnectionAbortedError
  | NotConnectedError
  | AlreadyConnectedError
  | AddressInUseError
  | AddressNotAvailableError
  | PermissionError
  | TimedOutError
  | InterruptedError
  | UnreachableError
  | BadDescriptorError
  | ResourceLimitError
  | UnsupportedError
  | AddressInfoError
  | EndOfStreamError
  | OtherSocketError;
/** The base of all failures: for `instanceof`. */
export const SocketError = SocketErrorBase as unknown as {
  readonly prototype: SocketError;
  new (never: never): SocketError;
};
Object.defineProperty(SocketErrorBase, 'name', { value: 'SocketError' });

type ErrorClass = new (message: string) => SocketErrorBase<string>;
const classes: Readonly<Record<SocketErrorName, ErrorClass>> = {
  WouldBlockError,
  BrokenPipeError,
  ConnectionRefusedError,
  ConnectionResetError,
  ConnectionAbortedError,
  NotConnectedError,
  AlreadyConnectedError,
  AddressInUseError,
  AddressNotAvailableError,
  PermissionError,
  TimedOutError,
  InterruptedError,
  UnreachableError,
  BadDescriptorError,
  ResourceLimitError,
  UnsupportedError,
};
for (const type of [...Object.values(classes), AddressInfoError, EndOfStreamError]) {
  Object.defineProperty(type.prototype, 'name', { value: type.name, writable: true, configurable: true });
}
Object.defineProperty(SocketErrorBase.prototype, 'name', { value: 'SocketError', writable: true, configurable: true });

const classByCode = new Map<string, ErrorClass>(
  Object.entries(CODES).flatMap(([name, codes]) =>
    codes.map((code) => [code, classes[name as SocketErrorName]] as const),
  ),
);

function make(Class: ErrorClass, message: string, fields: object): SocketErrorBase<string> {
  return withStack(() => Object.assign(new Class(message), fields));
}

/** The error of an errno, with Node's message: `connect ECONNREFUSED 127.0.0.1:80`. */
export function socketError(errno: number, syscall: string, details: ErrorDetails = {}, bytes?: number): SocketError {
  const code = errnoName(errno) ?? `E${errno}`;
  const { address, port, path, fd, length } = details;
  const where = path ?? (address !== undefined && port ? `${address}:${port}` : address);
  const call = where ? `${syscall} ${code} ${where.replaceAll('\0', '\\0')}` : `${syscall} ${code}`;
  const message = errno === EMFILE ? call + closeLeaks() : call;
  const fields: Record<string, unknown> = { code, errno, syscall };
  for (const [key, value] of Object.entries({ address, port, path, fd, length, bytes })) {
    if (value !== undefined) fields[key] = value;
  }
  return make(classByCode.get(code) ?? (OtherSocketError as ErrorClass), message, fields) as SocketError;
}

/** The error of an EAI_ code; EAI_SYSTEM is the errno's. */
export function addressInfoError(code: number, errno: number, syscall: string, host?: string): SocketError {
  if (code === EAI_SYSTEM) return socketError(errno, syscall);
  const name = EAI_NAMES.find(([, index]) => values[index] === code)?.[0] ?? `EAI_${code}`;
  const message = `${syscall} ${name}${host === undefined ? '' : ` ${host}`}: ${native.gai_strerror(code)}`;
  return make(AddressInfoError, message, { code: name, errno: code, syscall }) as SocketError;
}

/** The stream ended early. */
export const endOfStream = (syscall: string, bytes: number, wanted: number): SocketError =>
  make(EndOfStreamError, `${syscall} EOF: the peer closed after ${bytes} of ${wanted} bytes`, {
    code: 'EOF',
    errno: 0,
    syscall,
    bytes,
  }) as SocketError;

/** Gives a native result, or throws the error that a negative one stands for. */
export function check(result: number, syscall: string, details?: ErrorDetails, bytes?: number): number {
  if (result < 0) throw socketError(-result, syscall, details, bytes);
  return result;
}
/** Whether a native result says that the call would have to wait: the codes of WouldBlockError. */
export const wouldBlock = (result: number): boolean =>
  result === -EAGAIN || result === -EINPROGRESS || result === -EALREADY;
/** The result of `check`, or null where the call would have to wait. */
export const orNull = (result: number, syscall: string): number | null =>
  wouldBlock(result) ? null : check(result, syscall);
