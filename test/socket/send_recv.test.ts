// send, sendto, recv, recvfrom, sendAll and recvExactly of Socket.
import {
  AF_INET,
  AF_UNIX,
  BrokenPipeError,
  ConnectionResetError,
  EndOfStreamError,
  MSG_DONTWAIT,
  MSG_OOB,
  MSG_PEEK,
  MSG_TRUNC,
  MSG_WAITALL,
  NotConnectedError,
  SHUT_WR,
  SO_LINGER,
  SO_RCVTIMEO,
  SO_SNDBUF,
  SO_SNDTIMEO,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
  WouldBlockError,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest, socketPath } from '../support/cleanup.js';
import { allKinds, streamKinds, tcp4, udp4, udp6, unixDatagram, unixStream } from '../support/socket_kinds.js';
import { boundSocket, connectedPair, thrownError, thrownSocketError } from '../support/sockets.js';

const datagrams = [udp4, udp6];

describe.each(allKinds)('$name', (kind) => {
  it('send sends, recv receives', () => {
    const [a, b] = connectedPair(kind);
    expect(a.send('hällo')).toBe(6);
    const buffer = Buffer.alloc(10, '.');
    expect(b.recv(buffer, MSG_PEEK)).toBe(6);
    expect(b.recv(buffer)).toBe(6);
    expect(buffer.toString()).toBe('hällo....');
  });
  it('recv throws WouldBlockError with MSG_DONTWAIT, on a non-blocking socket, and after a time-out', () => {
    const [a] = connectedPair(kind);
    const buffer = new Uint8Array(1);
    expect(thrownSocketError(() => a.recv(buffer, MSG_DONTWAIT))).toBeInstanceOf(WouldBlockError);
    a.setsockopt(SOL_SOCKET, SO_RCVTIMEO, 5);
    const error = thrownSocketError(() => a.recv(buffer));
    expect(error).toBeInstanceOf(WouldBlockError);
    expect(error).toMatchObject({ code: 'EAGAIN', syscall: 'recv', message: 'recv EAGAIN' });
    expect(thrownSocketError(() => a.recvfrom(buffer))).toMatchObject({ code: 'EAGAIN', syscall: 'recvfrom' });
    expect(thrownSocketError(() => a.recvmsg({ buffers: buffer }))).toMatchObject({
      code: 'EAGAIN',
      syscall: 'recvmsg',
    });
    expect(thrownSocketError(() => a.recvExactly(buffer))).toMatchObject({ code: 'EAGAIN', bytes: 0 });
    a.blocking = false;
    expect(thrownSocketError(() => a.recv(buffer))).toBeInstanceOf(WouldBlockError);
  });
});

describe('memory', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const shared = (): Uint8Array => {
    const view = new Uint8Array(new SharedArrayBuffer(8));
    view.set(bytes);
    return view;
  };
  const struct = new c.linger({ l_onoff: 0x04030201, l_linger: 0x08070605 });
  it.each([
    ['Uint8Array', bytes.slice()],
    ['Buffer', Buffer.from(bytes)],
    ['part of a buffer', new Uint8Array(Uint8Array.of(9, ...bytes, 9).buffer, 1, 8)],
    ['ArrayBuffer', bytes.slice().buffer],
    ['SharedArrayBuffer', shared().buffer],
    ['a view of shared memory', shared()],
    ['DataView', new DataView(bytes.slice().buffer)],
    ['Float64Array', new Float64Array(bytes.slice().buffer)],
    ['a struct', struct],
    ['a string', '\x01\x02\x03\x04\x05\x06\x07\x08'],
  ] as const)('send and recv take %s', (_name, data) => {
    const [a, b] = connectedPair(unixStream);
    expect(a.send(data as Uint8Array)).toBe(8);
    const got = new Uint8Array(8);
    expect(b.recv(got)).toBe(8);
    expect(got).toEqual(bytes);
    if (typeof data === 'string') return;
    const memory = data as Uint8Array;
    for (const [i, receive] of [
      () => a.recv(memory),
      () => a.recvfrom(memory).length,
      () => a.recvmsg({ buffers: memory }).length,
      () => a.recvmsg({ buffers: [memory] }).length,
      () => a.recvExactly(memory) ?? 8,
    ].entries()) {
      b.send(new Uint8Array(8).fill(i));
      expect(receive()).toBe(8);
      a.send(memory);
      b.recv(got);
      expect(got).toEqual(new Uint8Array(8).fill(i));
    }
  });
  it('of a detached buffer throws, because 0 bytes received would mean the end of the stream', () => {
    const [a, b] = connectedPair(unixStream);
    b.send('x');
    const gone = new Uint8Array(8);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    for (const call of [
      () => a.recv(gone),
      () => a.recv(gone.buffer),
      () => a.recvExactly(gone),
      () => a.recvfrom(gone),
      () => a.recvmsg({ buffers: [gone] }),
      () => a.send(gone),
      () => a.sendmsg({ data: gone }),
    ]) {
      expect(thrownError(call)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    }
    expect(a.recv(new Uint8Array(0))).toBe(0);
    expect(a.recv(new Uint8Array(2))).toBe(1);
  });
  it('of no bytes makes an empty datagram', () => {
    const [a, b] = connectedPair(unixDatagram);
    expect(a.send('')).toBe(0);
    expect(b.recv(new Uint8Array(1))).toBe(0);
  });
});

describe.each(datagrams)('$name', (kind) => {
  it('sendto sends to an address, recvfrom returns the sender’s', () => {
    const [a, b] = [boundSocket(kind), boundSocket(kind)];
    expect(a.sendto('hello', b.getsockname())).toBe(5);
    const buffer = Buffer.alloc(3);
    expect(b.recvfrom(buffer)).toEqual({ length: 3, address: a.getsockname(), truncated: true });
    a.sendto('abc', b.getsockname());
    expect(b.recvfrom(buffer)).toEqual({ length: 3, address: a.getsockname(), truncated: false });
    a.sendto('hello', b.getsockname());
    expect(b.recvfrom(buffer, MSG_TRUNC)).toMatchObject({ length: 5, truncated: true });
  });
  it('the error of sendto has the address', () => {
    const { address, port } = boundSocket(kind).getsockname() as { address: string; port: number };
    const error = thrownSocketError(() => boundSocket(kind).sendto(new Uint8Array(70_000), { address, port }));
    expect(error).toMatchObject({ code: 'EMSGSIZE', message: `sendto EMSGSIZE ${address}:${port}`, port });
  });
});

it('recvfrom of a Unix datagram returns its sender, whose path is empty if it is unbound', () => {
  const path = socketPath();
  const server = closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM)).bind({ path });
  const client = closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM));
  const buffer = new Uint8Array(4);
  client.sendto('x', { path });
  expect(server.recvfrom(buffer).address).toEqual({ family: 'unix', path: '' });
  const own = socketPath();
  client.bind({ path: own }).sendto('x', { path });
  expect(server.recvfrom(buffer).address).toEqual({ family: 'unix', path: own });
  const gone = socketPath();
  expect(thrownSocketError(() => client.sendto('x', { path: gone }))).toMatchObject({ code: 'ENOENT', path: gone });
});

describe.each(streamKinds)('$name', (kind) => {
  it('sendAll sends all and recvExactly receives all, in as many calls as it takes', async () => {
    const [a, b] = connectedPair(kind);
    a.setsockopt(SOL_SOCKET, SO_SNDBUF, 4096);
    const data = Buffer.alloc(20_000, 'The quick brown fox. ');
    // One thread: what is sent must fit before anybody receives.
    const got = Buffer.alloc(data.length);
    let done = 0;
    for (let sent = 0; done < data.length; ) {
      sent += a.trySend(data.subarray(sent)) ?? 0;
      done += b.tryRecv(got.subarray(done)) ?? 0;
    }
    expect(got.equals(data)).toBe(true);
    a.sendAll('abc');
    a.sendAll('def');
    const six = Buffer.alloc(6);
    b.recvExactly(six);
    expect(six.toString()).toBe('abcdef');
  });
  it('recvExactly reports how many bytes came before the end', () => {
    const [a, b] = connectedPair(kind);
    a.send('abc');
    a.shutdown(SHUT_WR);
    const buffer = Buffer.alloc(5);
    const error = thrownSocketError(() => b.recvExactly(buffer));
    expect(error).toBeInstanceOf(EndOfStreamError);
    expect(error).toMatchObject({ code: 'EOF', bytes: 3, syscall: 'recv' });
    expect(buffer.toString('latin1', 0, 3)).toBe('abc');
    expect(b.recv(buffer)).toBe(0);
  });
  it('sendAll reports how many bytes were sent before it failed', () => {
    const [a, b] = connectedPair(kind);
    a.setsockopt(SOL_SOCKET, SO_SNDTIMEO, 5).setsockopt(SOL_SOCKET, SO_SNDBUF, 4096);
    const error = thrownSocketError(() => a.sendAll(new Uint8Array(16 << 20)));
    expect(error).toBeInstanceOf(WouldBlockError);
    const { bytes } = error as WouldBlockError;
    expect(bytes).toBeGreaterThan(0);
    let received = 0;
    for (let n: number | null = 0; n !== null; n = b.tryRecv(new Uint8Array(1 << 20))) received += n;
    // What was taken is there or, over TCP, on its way.
    expect(received).toBeLessThanOrEqual(bytes!);
    a.shutdown(SHUT_WR);
    for (let n = 1; n > 0; received += n) n = b.recv(new Uint8Array(1 << 20));
    expect(received).toBe(bytes);
  });
  it('send throws BrokenPipeError after the peer closed, or ConnectionResetError if data was unread', () => {
    const [a, b] = connectedPair(kind);
    a.shutdown(SHUT_WR);
    expect(thrownSocketError(() => a.send('x'))).toBeInstanceOf(BrokenPipeError);
    b.close();
    const [d, e] = connectedPair(kind);
    d.send('unread');
    e.close();
    expect(thrownSocketError(() => d.recv(new Uint8Array(1)))).toBeInstanceOf(ConnectionResetError);
  });
});

it('recv throws ConnectionResetError after a reset', () => {
  const [a, b] = connectedPair(tcp4);
  b.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 }).close();
  expect(thrownSocketError(() => a.recv(new Uint8Array(1)))).toBeInstanceOf(ConnectionResetError);
});

it('send and recv carry urgent data apart from the rest', () => {
  const [a, b] = connectedPair(tcp4);
  a.send('ab!', MSG_OOB);
  const buffer = Buffer.alloc(4);
  expect(b.recv(buffer.subarray(0, 1), MSG_OOB)).toBe(1);
  expect(buffer.toString('latin1', 0, 1)).toBe('!');
  expect(b.recv(buffer)).toBe(2);
});

it('recv with MSG_WAITALL waits for the whole length', () => {
  const [a, b] = connectedPair(unixStream);
  a.send('ab');
  a.send('cd');
  expect(b.recv(new Uint8Array(4), MSG_WAITALL)).toBe(4);
});

it('send and recv throw without a peer', () => {
  const socket = closeAfterTest(new Socket(AF_INET, SOCK_STREAM));
  expect(thrownSocketError(() => socket.recv(new Uint8Array(1)))).toBeInstanceOf(NotConnectedError);
  expect(thrownSocketError(() => socket.send('x'))).toBeInstanceOf(BrokenPipeError); // Linux; macOS: NotConnectedError
});
