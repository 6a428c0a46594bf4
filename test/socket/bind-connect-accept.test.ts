// Tests of bind, listen, accept, connect, getsockname and getpeername.
import {
  AddressInUseError,
  AddressNotAvailableError,
  AF_INET,
  AF_INET6,
  AF_UNIX,
  AlreadyConnectedError,
  ConnectionRefusedError,
  NotConnectedError,
  ResourceLimitError,
  SOCK_DGRAM,
  SOCK_STREAM,
  Socket,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { bound, inet, kept, kinds, listening, nameOf, newPath, pair, socketFailure, streams, TCP } from './bed.js';

describe.each(streams)('$name', (kind) => {
  it('accepts what connects, and both know each other', () => {
    const listener = listening(kind);
    const client = kept(new Socket(kind.domain, kind.type));
    expect(client.connect(listener.getsockname())).toBe(client);
    const { socket, address } = listener.accept();
    kept(socket);
    expect(client.getpeername()).toEqual(listener.getsockname());
    expect(socket.getpeername()).toEqual(client.getsockname());
    expect(address).toEqual(client.getsockname());
    client.send('x');
    expect(socket.recv(new Uint8Array(2))).toBe(1);
  });
  it('is refused where nobody listens', () => {
    const socket = bound(kind);
    const name = socket.getsockname();
    const error = socketFailure(() => kept(new Socket(kind.domain, kind.type)).connect(name));
    expect(error).toBeInstanceOf(ConnectionRefusedError);
    const { port, address, path } = name as { port?: number; address?: string; path?: string };
    expect(error.message).toBe(`connect ECONNREFUSED ${path ?? `${address}:${port}`}`);
    expect([error.address, error.port, error.path]).toEqual([address, port, path]);
  });
  it('has no peer before, and one alone after', () => {
    const listener = listening(kind);
    const client = kept(new Socket(kind.domain, kind.type));
    expect(socketFailure(() => client.getpeername())).toBeInstanceOf(NotConnectedError);
    client.connect(listener.getsockname());
    expect(socketFailure(() => client.connect(listener.getsockname()))).toBeInstanceOf(AlreadyConnectedError);
  });
});

it.each(kinds)('tells the name that it was bound to: $name', (kind) => {
  const name = bound(kind).getsockname();
  expect(name.family).toBe(kind.domain === AF_UNIX ? 'unix' : kind.domain === AF_INET6 ? 'inet6' : 'inet');
  if ('port' in name) expect(name.port).toBeGreaterThan(0);
});

it.each(inet)('finds the address in use: $name', (kind) => {
  const name = nameOf(bound(kind));
  const error = socketFailure(() => kept(new Socket(kind.domain, kind.type)).bind(name));
  expect(error).toBeInstanceOf(AddressInUseError);
  expect(error.message).toBe(`bind EADDRINUSE ${name.address}:${name.port}`);
});

it('finds an address that is not this host’s; a port of 0 is not told', () => {
  const error = socketFailure(() => kept(new Socket(AF_INET, SOCK_STREAM)).bind({ address: '192.0.2.1', port: 0 }));
  expect(error).toBeInstanceOf(AddressNotAvailableError);
  expect(error.message).toBe('bind EADDRNOTAVAIL 192.0.2.1');
});

it('{ port } alone is the wildcard address', () => {
  using four = new Socket(AF_INET, SOCK_STREAM).bind({ port: 0 });
  expect(four.getsockname().address).toBe('0.0.0.0');
  using six = new Socket(AF_INET6, SOCK_STREAM).bind({ port: 0 });
  expect(six.getsockname()).toMatchObject({ address: '::', scopeId: 0, flowinfo: 0 });
  const error = socketFailure(() => four.bind({ port: 9 }));
  expect(error.message).toBe('bind EINVAL 0.0.0.0:9');
});

it('takes an address of another family to the kernel, which refuses it', () => {
  const socket = kept(new Socket(AF_INET, SOCK_STREAM)) as Socket;
  expect(socketFailure(() => socket.connect({ family: 'unix', path: newPath() })).code).toBe('EAFNOSUPPORT');
});

it('dissolves a datagram connection with AF_UNSPEC', () => {
  const [a, b] = pair({ ...TCP, type: SOCK_DGRAM });
  expect(a.getpeername()).toEqual(b.getsockname());
  a.connect({ family: 'unspec' });
  expect(socketFailure(() => a.getpeername())).toBeInstanceOf(NotConnectedError);
});

it('accept at the descriptor limit throws ResourceLimitError, and the listener goes on', () => {
  const listener = listening(TCP);
  const client = kept(new Socket(AF_INET, SOCK_STREAM)).connect(nameOf(listener) as never);
  const limit = new c.rlimit();
  c.getrlimit(c.RLIMIT_NOFILE, limit);
  const before = limit.rlim_cur;
  // The lowest free number is the limit: no descriptor can be had.
  const free = c.dup(listener.fd);
  c.close(free);
  limit.rlim_cur = typeof before === 'bigint' ? BigInt(free) : (free as never);
  c.setrlimit(c.RLIMIT_NOFILE, limit);
  try {
    const error = socketFailure(() => listener.accept());
    expect(error).toBeInstanceOf(ResourceLimitError);
    expect(error).toMatchObject({ code: 'EMFILE', syscall: 'accept' });
    expect(socketFailure(() => listener.tryAccept())).toBeInstanceOf(ResourceLimitError);
    expect(socketFailure(() => new Socket(AF_INET, SOCK_STREAM))).toBeInstanceOf(ResourceLimitError);
    expect(socketFailure(() => Socket.pair(AF_UNIX, SOCK_STREAM))).toBeInstanceOf(ResourceLimitError);
  } finally {
    limit.rlim_cur = before;
    c.setrlimit(c.RLIMIT_NOFILE, limit);
  }
  expect(kept(listener.accept().socket).getpeername()).toEqual(client.getsockname());
});

it('accept of what does not listen', () => {
  expect(socketFailure(() => bound(TCP).accept())).toMatchObject({ code: 'EINVAL', syscall: 'accept' });
  expect(socketFailure(() => bound({ ...TCP, type: SOCK_DGRAM }).listen())).toMatchObject({ code: 'EOPNOTSUPP' });
});

it('listens with a backlog of any size', () => {
  for (const backlog of [0, 1, -1, 0x7fff_ffff]) expect(listening(TCP, backlog).fd).toBeGreaterThan(2);
});
