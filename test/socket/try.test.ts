// Tests of the try… forms: null in place of WouldBlockError, on a blocking socket too.
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
import { bound, kept, kinds, listening, nameOf, newPath, pair, socketFailure, streams, TCP } from './bed.js';

describe.each(kinds)('$name', (kind) => {
  it.each([true, false])('receives nothing without waiting, then what came (blocking: %s)', (blocking) => {
    const [a, b] = pair(kind);
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
  it.each([true, false])('sends until it would wait (blocking: %s)', (blocking) => {
    if (kind.type === SOCK_DGRAM && kind.domain !== (AF_UNIX as number)) return; // UDP never waits: it drops
    const [a] = pair(kind);
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

it('trySendto: null where the receiver has no room', () => {
  const path = newPath();
  kept(new Socket(AF_UNIX, SOCK_DGRAM)).bind({ path });
  const a = kept(new Socket(AF_UNIX, SOCK_DGRAM));
  let sent: number | null = 0;
  for (let i = 0; i < 100_000 && sent !== null; i++) sent = a.trySendto('x', { path });
  expect(sent).toBeNull();
});

describe.each(streams)('$name', (kind) => {
  it('accepts nobody, then who came', () => {
    const listener = listening(kind);
    expect(listener.tryAccept()).toBeNull();
    const client = kept(new Socket(kind.domain, kind.type)).connect(listener.getsockname());
    const accepted = listener.tryAccept()!;
    expect(kept(accepted.socket).getpeername()).toEqual(client.getsockname());
    expect(accepted.address).toEqual(client.getsockname());
    expect(listener.tryAccept()).toBeNull();
    expect(listener.blocking).toBe(true);
  });
  it('throws other failures as the plain forms do', () => {
    const [a] = pair(kind);
    a.shutdown(SHUT_WR);
    expect(socketFailure(() => a.trySend('x'))).toBeInstanceOf(BrokenPipeError);
    expect(socketFailure(() => a.trySendmsg({ data: 'x' }))).toBeInstanceOf(BrokenPipeError);
    a.close();
    for (const call of [
      () => a.tryRecv(new Uint8Array(1)),
      () => a.tryRecvfrom(new Uint8Array(1)),
      () => a.tryRecvmsg({ buffers: [] }),
      () => a.tryAccept(),
      () => a.tryConnect({ family: 'unix', path: 'x' }),
    ]) {
      expect(socketFailure(call)).toBeInstanceOf(BadDescriptorError);
    }
  });
});

describe('tryConnect', () => {
  it.each([true, false])('connects over TCP: null, and writable once it is made (blocking: %s)', (blocking) => {
    const listener = listening(TCP);
    const client = kept(new Socket(AF_INET, SOCK_STREAM));
    client.blocking = blocking;
    const address = nameOf(listener) as never;
    const result = client.tryConnect(address);
    expect(result === null || result === client).toBe(true);
    expect(poll([{ socket: client, events: POLLOUT }], 10_000)).toHaveLength(1);
    expect(client.getsockopt(SOL_SOCKET, SO_ERROR)).toBeNull();
    expect(client.blocking).toBe(blocking);
    kept(listener.accept().socket);
  });
  it('tells a refusal at once or by SO_ERROR', () => {
    const address = bound(TCP).getsockname() as never;
    const client = kept(new Socket(AF_INET, SOCK_STREAM));
    const refused = (): unknown => {
      client.tryConnect(address);
      poll([{ socket: client, events: POLLOUT }], 10_000);
      throw client.getsockopt(SOL_SOCKET, SO_ERROR);
    };
    expect(socketFailure(refused)).toBeInstanceOf(ConnectionRefusedError);
  });
  it('a Unix listener without room: null, and the socket is as before', () => {
    const path = newPath();
    const listener = kept(new Socket(AF_UNIX, SOCK_STREAM)).bind({ path }).listen(0);
    let last: Socket | null = null;
    for (let i = 0; i < 10; i++) {
      last = kept(new Socket(AF_UNIX, SOCK_STREAM));
      if (last.tryConnect({ family: 'unix', path }) === null) break;
      last = null;
    }
    expect(last?.blocking).toBe(true);
    kept(listener.accept().socket);
    expect(last!.tryConnect({ family: 'unix', path })).toBe(last);
  });
});
