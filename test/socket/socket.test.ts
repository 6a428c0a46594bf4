// Tests of Socket: the constructor, its properties, close.

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
  it('has its domain, type and protocol, blocks, and is close-on-exec', () => {
    using socket = new Socket(kind.domain, kind.type);
    expect(socket.fd).toBeGreaterThan(2);
    expect(socket).toMatchObject({ domain: kind.domain, type: kind.type, blocking: true, closed: false });
    expect(closeOnExec(socket.fd)).toBe(true);
  });
  it('says the same of an adopted descriptor', () => {
    const fd = new Socket(kind.domain, kind.type).detach();
    using socket = Socket.adopt(fd);
    expect(socket).toMatchObject({ domain: kind.domain, type: kind.type, blocking: true });
  });
  it('gives connections and pairs that are close-on-exec and of the same type', () => {
    for (const socket of connectedPair(kind)) {
      expect(closeOnExec(socket.fd)).toBe(true);
      expect(socket).toMatchObject({ domain: kind.domain, type: kind.type });
    }
  });
});

it('tells the protocol: the one given, and the one that the kernel chose', () => {
  using socket = new Socket(AF_INET, SOCK_STREAM, c.IPPROTO_TCP);
  expect(socket.protocol).toBe(c.IPPROTO_TCP);
  const [, accepted] = connectedPair(tcp4);
  expect(Socket.from(accepted.fd).protocol).toBe(has('soProtocol') ? c.IPPROTO_TCP : 0);
});

it('takes SOCK_NONBLOCK, and switches', () => {
  using socket = new Socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK!);
  expect(socket.type).toBe(SOCK_STREAM);
  expect(socket.blocking).toBe(false);
  socket.blocking = true;
  expect(socket.blocking).toBe(true);
  expect(c.fcntl(socket.fd, c.F_GETFL) & c.O_NONBLOCK).toBe(0);
  socket.blocking = false;
  expect(socket.blocking).toBe(false);
});

it('closes once, and knows it', () => {
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

it('is closed by using, after an exception too', () => {
  let outside: Socket | undefined;
  const error = thrownError(() => {
    using socket = new Socket(AF_INET, SOCK_STREAM);
    outside = socket;
    throw new Error('mine');
  });
  expect(error.message).toBe('mine');
  expect(outside!.closed).toBe(true);
});

it('close tells when the descriptor was closed behind its back', () => {
  const socket = new Socket(AF_INET, SOCK_STREAM);
  c.close(socket.fd);
  expect(thrownSocketError(() => socket.close())).toBeInstanceOf(BadDescriptorError);
  expect(socket.closed).toBe(true);
});

it('refuses what the system does not have', () => {
  expect(thrownSocketError(() => new Socket(12345, SOCK_STREAM))).toBeInstanceOf(UnsupportedError);
  expect(thrownSocketError(() => new Socket(AF_UNIX, 12))).toMatchObject({ syscall: 'socket' });
  expect(thrownSocketError(() => new Socket(AF_INET, SOCK_STREAM, c.IPPROTO_UDP)).code).toBe('EPROTONOSUPPORT');
});

it('shows its descriptor to util.inspect', () => {
  const socket = boundSocket(tcp4);
  expect(inspect(socket)).toBe(`Socket { fd: ${socket.fd} }`);
});

it('shuts down one direction or both', () => {
  const [a, b] = connectedPair(tcp4);
  expect(a.shutdown(c.SHUT_WR)).toBe(a);
  expect(b.recv(new Uint8Array(1))).toBe(0);
  b.send('x');
  expect(a.recv(new Uint8Array(1))).toBe(1);
  expect(thrownSocketError(() => closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).shutdown(c.SHUT_RD)).code).toBe(
    'ENOTCONN',
  );
});
