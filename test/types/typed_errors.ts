// Programs against the types of errors: those that must compile, and how they narrow. Compiled, never run.
import {
  type AddressInfoCode,
  AddressInfoError,
  BrokenPipeError,
  ConnectionRefusedError,
  EndOfStreamError,
  type OtherSocketError,
  PermissionError,
  SocketError,
  type UnreachableError,
  WouldBlockError,
} from 'bsd-sockets';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <T extends true>(): T => true as T;

export function narrow(e: unknown): string {
  // @ts-expect-error: unknown
  e.code;
  if (!(e instanceof SocketError)) throw e;
  yes<Same<typeof e, SocketError>>();
  e.errno satisfies number;
  e.syscall satisfies string;
  e.address satisfies string | undefined;
  e.port satisfies number | undefined;
  e.path satisfies string | undefined;
  e.fd satisfies number | undefined;

  // By class: the code.
  if (e instanceof ConnectionRefusedError) {
    yes<Same<typeof e.code, 'ECONNREFUSED'>>();
    return e.message;
  }
  if (e instanceof WouldBlockError) yes<Same<typeof e.code, 'EAGAIN' | 'EWOULDBLOCK' | 'EALREADY' | 'EINPROGRESS'>>();
  if (e instanceof PermissionError) yes<Same<typeof e.code, 'EACCES' | 'EPERM'>>();
  if (e instanceof AddressInfoError) yes<Same<typeof e.code, AddressInfoCode>>();
  if (e instanceof EndOfStreamError) e.bytes satisfies number;
  // @ts-expect-error: refused was handled above
  if (e.code === 'ECONNREFUSED') return '';
  // @ts-expect-error: no such code
  if (e.code === 'ENOSUCH') return '';

  // By code: the class.
  switch (e.code) {
    case 'EPIPE':
      yes<Same<typeof e, BrokenPipeError>>();
      return 'broken';
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
      yes<Same<typeof e, UnreachableError>>();
      return 'unreachable';
    case 'EOF':
      yes<Same<typeof e, EndOfStreamError>>();
      return `${e.bytes}`;
    case 'EAI_NONAME':
      yes<Same<typeof e, AddressInfoError>>();
      return 'no name';
    case 'EINVAL':
    case 'EMSGSIZE':
    case 'ENAMETOOLONG':
    case 'ENOENT':
      yes<Same<typeof e, OtherSocketError>>();
      return 'other';
    // @ts-expect-error: no such code
    case 'ENONSENSE':
      return '';
    default:
      return e.code;
  }
}

// A failure is not made by callers.
// @ts-expect-error: the union has no constructor that takes anything
new SocketError('mine');
// @ts-expect-error: read-only
new BrokenPipeError('x').code = 'EPIPE';
