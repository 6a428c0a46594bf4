// Fixtures of bsd-sockets/promises: its `Socket`, closed after the test, and what tests often do with one.
import { AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { beforeAll } from 'vitest';
import { closeAfterTest } from './cleanup.js';
import { type Kind, tcp4 } from './socket_kinds.js';
import { freeAddress } from './sockets.js';

/** Makes the thread's event poller, whose descriptor stays open: otherwise the first test that waits would leak it. */
beforeAll(async () => {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  await a.recv(new Uint8Array(1), { timeout: 0 }).catch(() => {});
  a.close();
  b.close();
});

/** An unbound socket. */
export const newSocket = (kind: Pick<Kind, 'domain' | 'type'> = tcp4): Socket =>
  closeAfterTest(new Socket(kind.domain, kind.type));

/** A socket that is bound to a free address. */
export const boundSocket = (kind: Kind): Socket => newSocket(kind).bind(freeAddress(kind));

/** A socket that listens on a free address. */
export const listeningSocket = (kind: Kind, backlog?: number): Socket => boundSocket(kind).listen(backlog);

/** Two sockets that are connected to each other; for TCP the first one is the client. */
export async function connectedPair(kind: Kind): Promise<[Socket, Socket]> {
  if (kind.isUnix) {
    const [a, b] = Socket.pair(kind.domain, kind.type);
    return [closeAfterTest(a), closeAfterTest(b)];
  }
  if (kind.isStream) {
    const listener = listeningSocket(kind);
    const client = newSocket(kind);
    const [{ socket }] = await Promise.all([listener.accept(), client.connect(listener.getsockname())]);
    return [client, closeAfterTest(socket)];
  }
  const [a, b] = [boundSocket(kind), boundSocket(kind)];
  return [await a.connect(b.getsockname()), await b.connect(a.getsockname())];
}

/** The error that a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { code?: string; bytes?: number }> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`the promise was rejected with a value that is no Error: ${String(error)}`);
  }
  throw new Error(`the promise was not rejected: it was fulfilled with ${String(value)}`);
}

/** Sends until the send buffer and the peer's receive buffer are full. Returns the number of bytes sent. */
export async function fillSendBuffer(socket: Socket): Promise<number> {
  const chunk = new Uint8Array(65536);
  for (let sent = 0; ; ) {
    const result = await socket.send(chunk, { timeout: 0 }).catch((error: { code?: string }) => {
      if (error.code !== 'ETIMEDOUT') throw error;
      return null;
    });
    if (result === null) return sent;
    sent += result;
  }
}

/** Receives once and decodes as UTF-8. */
export async function receiveText(socket: Socket, size = 1024): Promise<string> {
  const buffer = Buffer.alloc(size);
  return buffer.toString('utf8', 0, await socket.recv(buffer));
}

/** Receives until the peer ends its stream. */
export async function receiveAll(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (;;) {
    const buffer = Buffer.alloc(65536);
    const length = await socket.recv(buffer);
    if (length === 0) return Buffer.concat(parts);
    parts.push(buffer.subarray(0, length));
  }
}
