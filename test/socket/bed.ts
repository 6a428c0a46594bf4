// Room: what the tests of Socket stand on: sockets that are closed after the test, kinds of pairs, failures.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Address,
  AF_INET,
  AF_INET6,
  AF_UNIX,
  type Domain,
  type Inet6Address,
  type InetAddress,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  Socket,
  SocketError,
} from 'bsd-sockets';
import { afterEach } from 'vitest';

const open: Disposable[] = [];
const folders: string[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket[Symbol.dispose]();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Closed after the test. */
export function kept<D extends Disposable>(disposable: D): D {
  open.push(disposable);
  return disposable;
}

/** A new path for a socket; its folder is removed after the test. */
export function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-'));
  folders.push(folder);
  return join(folder, 'socket');
}

export interface Kind {
  readonly name: string;
  readonly domain: Domain<Address>;
  readonly type: number;
}
const kind = (name: string, domain: Domain<never>, type: number): Kind => ({
  name,
  domain: domain as Domain<Address>,
  type,
});
export const TCP = kind('TCP over IPv4', AF_INET as never, SOCK_STREAM);
export const UNIX = kind('Unix stream', AF_UNIX as never, SOCK_STREAM);
export const kinds: readonly Kind[] = [
  TCP,
  kind('TCP over IPv6', AF_INET6 as never, SOCK_STREAM),
  kind('UDP over IPv4', AF_INET as never, SOCK_DGRAM),
  kind('UDP over IPv6', AF_INET6 as never, SOCK_DGRAM),
  UNIX,
  kind('Unix datagram', AF_UNIX as never, SOCK_DGRAM),
  ...(process.platform === 'linux' ? [kind('Unix seqpacket', AF_UNIX as never, SOCK_SEQPACKET)] : []),
];
export const streams = kinds.filter(({ type }) => type === SOCK_STREAM);
export const inet = kinds.filter(({ domain }) => domain !== (AF_UNIX as number));

/** The loopback address of a kind, with a port that the kernel chooses. */
export const loopback = ({ domain }: { domain: number }): { address: string; port: number } => ({
  address: domain === AF_INET6 ? '::1' : '127.0.0.1',
  port: 0,
});

/** A socket of a kind, bound to its loopback address (to a path, for a Unix one). */
export function bound(of: Kind): Socket {
  const socket = kept(new Socket(of.domain, of.type));
  return socket.bind(of.domain === (AF_UNIX as number) ? { family: 'unix', path: newPath() } : loopback(of));
}
/** The same, listening. */
export const listening = (of: Kind, backlog?: number): Socket => bound(of).listen(backlog);

/** Two connected sockets of a kind: a client, and what it is connected to. */
export function pair(of: Kind): [Socket, Socket] {
  if (of.domain === (AF_UNIX as number)) {
    const [a, b] = Socket.pair(of.domain, of.type);
    return [kept(a), kept(b)];
  }
  if (of.type === SOCK_STREAM) {
    const listener = listening(of);
    const client = kept(new Socket(of.domain, of.type)).connect(listener.getsockname());
    return [client, kept(listener.accept().socket)];
  }
  const [a, b] = [bound(of), bound(of)];
  return [a.connect(b.getsockname()), b.connect(a.getsockname())];
}

/** The IPv4 or IPv6 address that a socket has. */
export const nameOf = (socket: Socket): InetAddress | Inet6Address =>
  socket.getsockname() as InetAddress | Inet6Address;

/** What a call throws, which must be an error. */
export function failure(call: () => unknown): Error & { code?: string } {
  let value: unknown;
  try {
    value = call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`the call threw something that is no error: ${String(error)}`);
  }
  throw new Error(`the call did not throw: it gave ${String(value)}`);
}
/** The same, of a failed call. */
export function socketFailure(call: () => unknown): SocketError {
  const error = failure(call);
  if (!(error instanceof SocketError)) throw error;
  return error;
}
