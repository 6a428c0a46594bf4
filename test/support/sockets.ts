// Fixtures of the typed layer: instances of `Socket` from bsd-sockets, closed after the test.
import { type Address, type Inet6Address, type InetAddress, Socket, SocketError } from 'bsd-sockets';
import { AF_INET6 } from 'bsd-sockets/c';
import { closeAfterTest, socketPath } from './cleanup.js';
import type { Kind } from './socket_kinds.js';

/** The loopback address of a domain; the kernel chooses the port. */
export const loopback = ({ domain }: { domain: number }): { address: string; port: number } => ({
  address: domain === AF_INET6 ? '::1' : '127.0.0.1',
  port: 0,
});

/** An address that a socket of this kind can be bound to: a free port of the loopback interface, or a new path. */
export const freeAddress = (kind: Kind): Address =>
  (kind.isUnix ? { family: 'unix', path: socketPath() } : loopback(kind)) as Address;

/** An unbound socket. */
export const newSocket = (kind: Kind): Socket => closeAfterTest(new Socket(kind.domain, kind.type));

/** A socket that is bound to a free address. */
export const boundSocket = (kind: Kind): Socket => newSocket(kind).bind(freeAddress(kind));

/** A socket that listens on a free address. */
export const listeningSocket = (kind: Kind, backlog?: number): Socket => boundSocket(kind).listen(backlog);

/** Two sockets that are connected to each other; for TCP the first one is the client. */
export function connectedPair(kind: Kind): [Socket, Socket] {
  if (kind.isUnix) {
    const [a, b] = Socket.pair(kind.domain, kind.type);
    return [closeAfterTest(a), closeAfterTest(b)];
  }
  if (kind.isStream) {
    const listener = listeningSocket(kind);
    const client = newSocket(kind).connect(listener.getsockname());
    return [client, closeAfterTest(listener.accept().socket)];
  }
  const [a, b] = [boundSocket(kind), boundSocket(kind)];
  return [a.connect(b.getsockname()), b.connect(a.getsockname())];
}

/** The IPv4 or IPv6 address that a socket is bound to. */
export const localAddress = (socket: { getsockname(): Address }): InetAddress | Inet6Address =>
  socket.getsockname() as InetAddress | Inet6Address;

/** The port that a socket is bound to. */
export const localPort = (socket: { getsockname(): Address }): number => localAddress(socket).port;

/** The error that a call throws. */
export function thrownError(call: () => unknown): Error & { code?: string } {
  let value: unknown;
  try {
    value = call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`the call threw a value that is no Error: ${String(error)}`);
  }
  throw new Error(`the call did not throw: it returned ${String(value)}`);
}

/** The SocketError that a call throws. */
export function thrownSocketError(call: () => unknown): SocketError {
  const error = thrownError(call);
  if (!(error instanceof SocketError)) throw error;
  return error;
}
