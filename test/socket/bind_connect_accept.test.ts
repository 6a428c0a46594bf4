// Socket: bind, listen, accept, connect, getsockname and getpeername.
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
  SOCK_STREAM,
  Socket,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest, socketPath } from '../support/cleanup.js';
import { allKinds, inetKinds, streamKinds, tcp4, udp4 } from '../support/socket_kinds.js';
import {
  boundSocket,
  connectedPair,
  listeningSocket,
  localAddress,
  newSocket,
  thrownSocketError,
} from '../support/sockets.js';

describe.each(streamKinds)('$name', (kind) => {
  it('accept returns the connection; both ends know each other’s address', () => {
    const listener = listeningSocket(kind);
    const client = newSocket(kind);
    expect(client.connect(listener.getsockname())).toBe(client);
    const { socket, address } = listener.accept();
    closeAfterTest(socket);
    expect(client.getpeername()).toEqual(listener.getsockname());
    expect(socket.getpeername()).toEqual(client.getsockname());
    expect(address).toEqual(client.getsockname());
    client.send('x');
    expect(socket.recv(new Uint8Array(2))).toBe(1);
  });
  it('connect throws ConnectionRefusedError if no socket listens', () => {
    const socket = boundSocket(kind);
    const name = socket.getsockname();
    const error = thrownSocketError(() => newSocket(kind).connect(name));
    expect(error).toBeInstanceOf(ConnectionRefusedError);
    const { port, address, path } = name as { port?: number; address?: string; path?: string };
    expect(error.message).toBe(`connect ECONNREFUSED ${path ?? `${address}:${port}`}`);
    expect([error.address, error.port, error.path]).toEqual([address, port, path]);
  });
  it('getpeername throws NotConnectedError before connect; a second connect throws AlreadyConnectedError', () => {
    const listener = listeningSocket(kind);
    const client = newSocket(kind);
    expect(thrownSocketError(() => client.getpeername())).toBeInstanceOf(NotConnectedError);
    client.connect(listener.getsockname());
    expect(thrownSocketError(() => client.connect(listener.getsockname()))).toBeInstanceOf(AlreadyConnectedError);
  });
});

it.each(allKinds)('getsockname returns the address that bind took: $name', (kind) => {
  const name = boundSocket(kind).getsockname();
  expect(name.family).toBe(kind.domain === AF_UNIX ? 'unix' : kind.domain === AF_INET6 ? 'inet6' : 'inet');
  if ('port' in name) expect(name.port).toBeGreaterThan(0);
});

it.each(inetKinds)('bind throws AddressInUseError if the address is taken: $name', (kind) => {
  const name = localAddress(boundSocket(kind));
  const error = thrownSocketError(() => newSocket(kind).bind(name));
  expect(error).toBeInstanceOf(AddressInUseError);
  expect(error.message).toBe(`bind EADDRINUSE ${name.address}:${name.port}`);
});

it('bind throws AddressNotAvailableError for an address of another host', () => {
  const error = thrownSocketError(() =>
    closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).bind({ address: '192.0.2.1', port: 0 }),
  );
  expect(error).toBeInstanceOf(AddressNotAvailableError);
  expect(error.message).toBe('bind EADDRNOTAVAIL 192.0.2.1');
});

it('bind takes { port } alone as the wildcard address', () => {
  using four = new Socket(AF_INET, SOCK_STREAM).bind({ port: 0 });
  expect(four.getsockname().address).toBe('0.0.0.0');
  using six = new Socket(AF_INET6, SOCK_STREAM).bind({ port: 0 });
  expect(six.getsockname()).toMatchObject({ address: '::', scopeId: 0, flowinfo: 0 });
  const error = thrownSocketError(() => four.bind({ port: 9 }));
  expect(error.message).toBe('bind EINVAL 0.0.0.0:9');
});

it('connect passes an address of another family to the kernel, which refuses it', () => {
  const socket = closeAfterTest(new Socket(AF_INET, SOCK_STREAM)) as Socket;
  expect(thrownSocketError(() => socket.connect({ family: 'unix', path: socketPath() })).code).toBe('EAFNOSUPPORT');
});

it('connect with AF_UNSPEC dissolves a datagram connection', () => {
  const [a, b] = connectedPair(udp4);
  expect(a.getpeername()).toEqual(b.getsockname());
  a.connect({ family: 'unspec' });
  expect(thrownSocketError(() => a.getpeername())).toBeInstanceOf(NotConnectedError);
});

it('accept throws ResourceLimitError at the descriptor limit, and works again after it', () => {
  const listener = listeningSocket(tcp4);
  const client = closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).connect(localAddress(listener) as never);
  const limit = new c.rlimit();
  c.getrlimit(c.RLIMIT_NOFILE, limit);
  const before = limit.rlim_cur;
  // The lowest free number is the limit: no descriptor can be had.
  const free = c.dup(listener.fd);
  c.close(free);
  limit.rlim_cur = typeof before === 'bigint' ? BigInt(free) : (free as never);
  c.setrlimit(c.RLIMIT_NOFILE, limit);
  try {
    const error = thrownSocketError(() => listener.accept());
    expect(error).toBeInstanceOf(ResourceLimitError);
    expect(error).toMatchObject({ code: 'EMFILE', syscall: 'accept' });
    expect(thrownSocketError(() => listener.tryAccept())).toBeInstanceOf(ResourceLimitError);
    expect(thrownSocketError(() => new Socket(AF_INET, SOCK_STREAM))).toBeInstanceOf(ResourceLimitError);
    expect(thrownSocketError(() => Socket.pair(AF_UNIX, SOCK_STREAM))).toBeInstanceOf(ResourceLimitError);
  } finally {
    limit.rlim_cur = before;
    c.setrlimit(c.RLIMIT_NOFILE, limit);
  }
  expect(closeAfterTest(listener.accept().socket).getpeername()).toEqual(client.getsockname());
});

it('accept throws on a socket that does not listen', () => {
  expect(thrownSocketError(() => boundSocket(tcp4).accept())).toMatchObject({ code: 'EINVAL', syscall: 'accept' });
  expect(thrownSocketError(() => boundSocket(udp4).listen())).toMatchObject({
    code: 'EOPNOTSUPP',
  });
});

it('listen takes a backlog of any size', () => {
  for (const backlog of [0, 1, -1, 0x7fff_ffff]) expect(listeningSocket(tcp4, backlog).fd).toBeGreaterThan(2);
});
