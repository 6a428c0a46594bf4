// The try… methods: null in place of WouldBlockError, on a blocking socket too.
import {
  AF_INET,
  AF_UNIX,
  BadDescriptorError,
  BrokenPipeError,
  ConnectionRefusedError,
  POLLOUT,
  poll,
  SHUT_WR,
  SO_ERROR,
  SO_SNDBUF,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
} from 'bsd-sockets';
import { describe, expect, it } from 'vitest';
import { closeAfterTest, socketPath } from '../support/cleanup.js';
import { allKinds, streamKinds, tcp4 } from '../support/socket_kinds.js';
import {
  boundSocket,
  connectedPair,
  listeningSocket,
  localAddress,
  newSocket,
  thrownSocketError,
} from '../support/sockets.js';

describe.each(allKinds)('$name', (kind) => {
  it.each([true, false])('tryRecv returns null until data comes (blocking: %s)', (blocking) => {
    const [a, b] = connectedPair(kind);
    b.blocking = blocking;
    const buffer = Buffer.alloc(8);
    expect(b.tryRecv(buffer)).toBeNull();
    expect(b.tryRecvfrom(buffer)).toBeNull();
    expect(b.tryRecvmsg({ buffers: buffer })).toBeNull();
    a.trySend('abc');
    expect(b.tryRecv(buffer)).toBe(3);
    expect(a.trySendmsg({ data: 'de' })).toBe(2);
    expect(b.tryRecvmsg({ buffers: buffer })).toMatchObject({ length: 2, flags: expect.any(Number) });
    a.send('f');
    expect(b.tryRecvfrom(buffer)).toMatchObject({ length: 1, truncated: false });
    expect(b.blocking).toBe(blocking);
  });
  it.each([true, false])('trySend sends until it would block (blocking: %s)', (blocking) => {
    if (kind.type === SOCK_DGRAM && kind.domain !== (AF_UNIX as number)) return; // UDP never waits: it drops
    const [a] = connectedPair(kind);
    a.blocking = blocking;
    a.setsockopt(SOL_SOCKET, SO_SNDBUF, 4096);
    const data = new Uint8Array(1024);
    for (const send of [() => a.trySend(data), () => a.trySendmsg({ data })]) {
      let sent: number | null = 0;
      for (let i = 0; i < 100_000 && sent !== null; i++) sent = send();
      expect(sent).toBeNull();
    }
  });
});

it('trySendto returns null if the receiver’s queue is full', () => {
  const path = socketPath();
  closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM)).bind({ path });
  const a = closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM));
  let sent: number | null = 0;
  for (let i = 0; i < 100_000 && sent !== null; i++) sent = a.trySendto('x', { path });
  expect(sent).toBeNull();
});

describe.each(streamKinds)('$name', (kind) => {
  it('tryAccept returns null until a connection is pending', () => {
    const listener = listeningSocket(kind);
    expect(listener.tryAccept()).toBeNull();
    const client = newSocket(kind).connect(listener.getsockname());
    const accepted = listener.tryAccept()!;
    expect(closeAfterTest(accepted.socket).getpeername()).toEqual(client.getsockname());
    expect(accepted.address).toEqual(client.getsockname());
    expect(listener.tryAccept()).toBeNull();
    expect(listener.blocking).toBe(true);
  });
  it('throws all other errors', () => {
    const [a] = connectedPair(kind);
    a.shutdown(SHUT_WR);
    expect(thrownSocketError(() => a.trySend('x'))).toBeInstanceOf(BrokenPipeError);
    expect(thrownSocketError(() => a.trySendmsg({ data: 'x' }))).toBeInstanceOf(BrokenPipeError);
    a.close();
    for (const call of [
      () => a.tryRecv(new Uint8Array(1)),
      () => a.tryRecvfrom(new Uint8Array(1)),
      () => a.tryRecvmsg({ buffers: [] }),
      () => a.tryAccept(),
      () => a.tryConnect({ family: 'unix', path: 'x' }),
    ]) {
      expect(thrownSocketError(call)).toBeInstanceOf(BadDescriptorError);
    }
  });
});

describe('tryConnect', () => {
  it.each([true, false])(
    'returns null over TCP, and the socket is writable once it is connected (blocking: %s)',
    (blocking) => {
      const listener = listeningSocket(tcp4);
      const client = closeAfterTest(new Socket(AF_INET, SOCK_STREAM));
      client.blocking = blocking;
      const address = localAddress(listener) as never;
      const result = client.tryConnect(address);
      expect(result === null || result === client).toBe(true);
      expect(poll([{ socket: client, events: POLLOUT }], 10_000)).toHaveLength(1);
      expect(client.getsockopt(SOL_SOCKET, SO_ERROR)).toBeNull();
      expect(client.blocking).toBe(blocking);
      closeAfterTest(listener.accept().socket);
    },
  );
  it('reports a refusal at once or in SO_ERROR', () => {
    const address = boundSocket(tcp4).getsockname() as never;
    const client = closeAfterTest(new Socket(AF_INET, SOCK_STREAM));
    const refused = (): unknown => {
      client.tryConnect(address);
      poll([{ socket: client, events: POLLOUT }], 10_000);
      throw client.getsockopt(SOL_SOCKET, SO_ERROR);
    };
    expect(thrownSocketError(refused)).toBeInstanceOf(ConnectionRefusedError);
  });
  it('returns null for a full Unix listener, and leaves the socket as it was', () => {
    const path = socketPath();
    const listener = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM)).bind({ path }).listen(0);
    let last: Socket | null = null;
    for (let i = 0; i < 10; i++) {
      last = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM));
      if (last.tryConnect({ family: 'unix', path }) === null) break;
      last = null;
    }
    expect(last?.blocking).toBe(true);
    closeAfterTest(listener.accept().socket);
    expect(last!.tryConnect({ family: 'unix', path })).toBe(last);
  });
});
