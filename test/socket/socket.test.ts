// The constructor of Socket, its properties, and close.

import { inspect } from 'node:util';
import {
  AF_INET,
  AF_UNIX,
  BadDescriptorError,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  Socket,
  UnsupportedError,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { has } from '../support/facts.js';
import { allKinds, tcp4 } from '../support/socket_kinds.js';
import { boundSocket, connectedPair, thrownError, thrownSocketError } from '../support/sockets.js';

const closeOnExec = (fd: number): boolean => (c.fcntl(fd, c.F_GETFD) & c.FD_CLOEXEC) !== 0;

describe.each(allKinds)('$name', (kind) => {
  it('has domain, type and protocol, blocks, and is close-on-exec', () => {
    using socket = new Socket(kind.domain, kind.type);
    expect(socket.fd).toBeGreaterThan(2);
    expect(socket).toMatchObject({ domain: kind.domain, type: kind.type, blocking: true, closed: false });
    expect(closeOnExec(socket.fd)).toBe(true);
  });
  it('adopt reads the same properties from the descriptor', () => {
    const fd = new Socket(kind.domain, kind.type).detach();
    using socket = Socket.adopt(fd);
    expect(socket).toMatchObject({ domain: kind.domain, type: kind.type, blocking: true });
  });
  it('accepted and paired sockets are close-on-exec and of the same type', () => {
    for (const socket of connectedPair(kind)) {
      expect(closeOnExec(socket.fd)).toBe(true);
      expect(socket).toMatchObject({ domain: kind.domain, type: kind.type });
    }
  });
});

it('protocol is the one given, or the one that the kernel chose', () => {
  using socket = new Socket(AF_INET, SOCK_STREAM, c.IPPROTO_TCP);
  expect(socket.protocol).toBe(c.IPPROTO_TCP);
  const [, accepted] = connectedPair(tcp4);
  expect(Socket.from(accepted.fd).protocol).toBe(has('soProtocol') ? c.IPPROTO_TCP : 0);
});

it('new Socket takes SOCK_NONBLOCK; blocking switches', () => {
  using socket = new Socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK!);
  expect(socket.type).toBe(SOCK_STREAM);
  expect(socket.blocking).toBe(false);
  socket.blocking = true;
  expect(socket.blocking).toBe(true);
  expect(c.fcntl(socket.fd, c.F_GETFL) & c.O_NONBLOCK).toBe(0);
  socket.blocking = false;
  expect(socket.blocking).toBe(false);
});

it('close closes once; closed is true after it', () => {
  const socket = new Socket(AF_INET, SOCK_STREAM);
  const { fd } = socket;
  socket.close();
  expect(socket).toMatchObject({ fd: -1, closed: true });
  expect(c.fcntl(fd, c.F_GETFD)).toBe(-1);
  socket.close();
  socket[Symbol.dispose]();
  expect(inspect(socket)).toBe('Socket { closed }');
  expect(socket.domain).toBe(AF_INET);
});

it('using closes the socket, also after an exception', () => {
  let outside: Socket | undefined;
  const error = thrownError(() => {
    using socket = new Socket(AF_INET, SOCK_STREAM);
    outside = socket;
    throw new Error('mine');
  });
  expect(error.message).toBe('mine');
  expect(outside!.closed).toBe(true);
});

it('close throws if the descriptor was closed by other means', () => {
  const socket = new Socket(AF_INET, SOCK_STREAM);
  c.close(socket.fd);
  expect(thrownSocketError(() => socket.close())).toBeInstanceOf(BadDescriptorError);
  expect(socket.closed).toBe(true);
});

it('new Socket throws for a family, type or protocol that the kernel lacks', () => {
  expect(thrownSocketError(() => new Socket(12345, SOCK_STREAM))).toBeInstanceOf(UnsupportedError);
  expect(thrownSocketError(() => new Socket(AF_UNIX, 12))).toMatchObject({ syscall: 'socket' });
  expect(thrownSocketError(() => new Socket(AF_INET, SOCK_STREAM, c.IPPROTO_UDP)).code).toBe('EPROTONOSUPPORT');
});

it('util.inspect shows the descriptor', () => {
  const socket = boundSocket(tcp4);
  expect(inspect(socket)).toBe(`Socket { fd: ${socket.fd} }`);
});

it('shutdown ends one direction or both', () => {
  const [a, b] = connectedPair(tcp4);
  expect(a.shutdown(c.SHUT_WR)).toBe(a);
  expect(b.recv(new Uint8Array(1))).toBe(0);
  b.send('x');
  expect(a.recv(new Uint8Array(1))).toBe(1);
  expect(thrownSocketError(() => closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).shutdown(c.SHUT_RD)).code).toBe(
    'ENOTCONN',
  );
});
