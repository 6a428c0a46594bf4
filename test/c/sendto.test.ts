// sendto(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { boundSocket, connectedPair, loopback, newSocket } from '../support/descriptors.js';
import { tcp4, udp4, udp6, unixDatagram, unixStream } from '../support/socket_kinds.js';

describe.each([udp4, udp6])('sendto: $name', (kind) => {
  test('sends to an address', () => {
    const [receiver, address] = boundSocket(kind);
    c.set_errno(77);
    expect(c.sendto(newSocket(kind), 'hello', 5, 0, address, sizeof(address))).toBe(5);
    expect(c.errno).toBe(77);
    const buf = new Uint8Array(8);
    expect(c.recv(receiver, buf, 8, 0)).toBe(5);
  });

  test('fails with EFAULT if a length is beyond the data or the address, before any other check, and sends nothing', () => {
    const [receiver, address] = boundSocket(kind);
    for (const fd of [newSocket(kind), -1]) {
      expect(c.sendto(fd, Buffer.from('hello'), 6, 0, address, sizeof(address))).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
      expect(c.sendto(fd, Buffer.from('hello'), -1n, 0, address, sizeof(address))).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
      expect(c.sendto(fd, Buffer.from('hello'), 5, 0, address, sizeof(address) + 1)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
    expect(c.recv(receiver, new Uint8Array(8), 8, c.MSG_DONTWAIT)).toBe(-1);
    expect(c.errno).toBe(c.EAGAIN);
  });

  test('needs no address on a connected socket', () => {
    const [a, b] = connectedPair(kind);
    expect(c.sendto(a, 'hello', 5, 0, null, 0)).toBe(5);
    expect(c.recv(b, new Uint8Array(8), 8, 0)).toBe(5);
  });

  test('fails with EDESTADDRREQ without an address on an unconnected socket', () => {
    expect(c.sendto(newSocket(kind), 'hello', 5, 0, null, 0)).toBe(-1);
    expect(c.errno).toBe(c.EDESTADDRREQ);
  });

  test('fails with EINVAL for a short address and a negative length', () => {
    const address = loopback(kind.domain, 9);
    expect(c.sendto(newSocket(kind), 'x', 1, 0, address, 4)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
    expect(c.sendto(newSocket(kind), 'x', 1, 0, address, -1)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
  });
});

test('a datagram that is too long fails with EMSGSIZE', () => {
  const [, address] = boundSocket(udp4);
  expect(c.sendto(newSocket(udp4), new Uint8Array(70_000), 70_000, 0, address, sizeof(address))).toBe(-1);
  expect(c.errno).toBe(c.EMSGSIZE);
});

test('a Unix path that does not exist fails with ENOENT', () => {
  const sun = new c.sockaddr_un({ sun_family: c.AF_UNIX, sun_path: '/nonexistent/socket' });
  expect(c.sendto(newSocket(unixDatagram), 'x', 1, 0, sun, sizeof(sun))).toBe(-1);
  expect(c.errno).toBe(c.ENOENT);
});

test('sendto works without an address on a connected stream, and fails on an unconnected one', () => {
  const [a, b] = connectedPair(unixStream);
  expect(c.sendto(a, 'x', 1, 0, null, 0)).toBe(1);
  expect(c.recv(b, new Uint8Array(1), 1, 0)).toBe(1);
  const address = loopback(c.AF_INET, 9);
  expect(c.sendto(newSocket(tcp4), 'x', 1, 0, address, sizeof(address))).toBe(-1);
  expect([c.EPIPE, c.ENOTCONN, c.EISCONN]).toContain(c.errno);
});
