// connect(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest, closeNow } from '../support/cleanup.js';
import { boundSocket, connectedSocket, listeningSocket, loopback, must, newSocket } from '../support/descriptors.js';
import { inetKinds, tcp4, tcp6, udp4, udp6, unixStream } from '../support/socket_kinds.js';

const pendingError = (fd: number): number => {
  const value = new c.int(-1);
  must(c.getsockopt(fd, c.SOL_SOCKET, c.SO_ERROR, value, new c.socklen_t(sizeof(value))));
  return value.value;
};

describe.each([tcp4, tcp6])('connect: $name', (kind) => {
  test('connects to a listener', () => {
    const [listener, address] = listeningSocket(kind);
    const fd = newSocket(kind);
    c.set_errno(77);
    expect(c.connect(fd, address, sizeof(address))).toBe(0);
    expect(c.errno).toBe(77);
    closeAfterTest(c.accept(listener, null, null));
    expect(c.connect(fd, address, sizeof(address))).toBe(-1);
    expect(c.errno).toBe(c.EISCONN);
  });

  test('fails with ECONNREFUSED if no socket listens', () => {
    const [fd, address] = boundSocket(kind);
    closeNow(fd);
    expect(c.connect(newSocket(kind), address, sizeof(address))).toBe(-1);
    expect(c.errno).toBe(c.ECONNREFUSED);
  });

  test('reports EINPROGRESS on a non-blocking socket, then the result in SO_ERROR', () => {
    const [, address] = listeningSocket(kind);
    const fd = newSocket(kind);
    must(c.fcntl(fd, c.F_SETFL, c.O_NONBLOCK));
    expect(c.connect(fd, address, sizeof(address))).toBe(-1);
    expect(c.errno).toBe(c.EINPROGRESS);
    expect(c.poll(new c.pollfd({ fd, events: c.POLLOUT }), 1, -1)).toBe(1);
    expect(pendingError(fd)).toBe(0);
  });
});

describe.each([udp4, udp6])('connect: $name', (kind) => {
  test('sets, changes and removes the peer of a datagram socket', () => {
    const [a, addressOfA] = boundSocket(kind);
    const [, addressOfB] = boundSocket(kind);
    const fd = newSocket(kind);
    expect(c.connect(fd, addressOfB, sizeof(addressOfB))).toBe(0);
    expect(c.connect(fd, addressOfA, sizeof(addressOfA))).toBe(0);
    expect(c.send(fd, 'to a', 4, 0)).toBe(4);
    expect(c.recv(a, new Uint8Array(9), 9, 0)).toBe(4);
    const none = new c.sockaddr({ sa_family: c.AF_UNSPEC });
    if (process.platform === 'linux') expect(c.connect(fd, none, sizeof(none))).toBe(0);
    else c.connect(fd, none, sizeof(none)); // macOS: the peer is gone, and EAFNOSUPPORT is told
    const name = new c.sockaddr_storage();
    expect(c.getpeername(fd, name, new c.socklen_t(sizeof(name)))).toBe(-1);
    expect(c.errno).toBe(c.ENOTCONN);
  });
});

describe.each(inetKinds)('connect: $name', (kind) => {
  test('fails with EFAULT if the length is beyond the address, before any other check', () => {
    const address = loopback(kind.domain, 9);
    for (const fd of [newSocket(kind), -1]) {
      expect(c.connect(fd, address, sizeof(address) + 1)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
  });

  test('fails with an address that is too short, of negative length, or null', () => {
    const address = loopback(kind.domain, 9);
    expect(c.connect(newSocket(kind), address, 3)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
    expect(c.connect(newSocket(kind), address, -1)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
    expect(c.connect(newSocket(kind), null, sizeof(address))).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
  });
});

test('connect fails with ENOENT, EAFNOSUPPORT and EBADF like C', () => {
  const sun = new c.sockaddr_un({ sun_family: c.AF_UNIX, sun_path: '/nonexistent/socket' });
  expect(c.connect(newSocket(unixStream), sun, sizeof(sun))).toBe(-1);
  expect(c.errno).toBe(c.ENOENT);
  const wrongFamily = new c.sockaddr_in({ sin_family: 12345 });
  expect(c.connect(newSocket(tcp4), wrongFamily, sizeof(wrongFamily))).toBe(-1);
  expect(c.errno).toBe(c.EAFNOSUPPORT);
  const address = loopback(c.AF_INET, 9);
  expect(c.connect(-1, address, sizeof(address))).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
});

test('connect leaves the socket open when it fails', () => {
  const [taken, address] = boundSocket(tcp4);
  closeNow(taken);
  const fd = newSocket(tcp4);
  expect(c.connect(fd, address, sizeof(address))).toBe(-1);
  const [, other] = listeningSocket(tcp4);
  expect(c.connect(fd, other, sizeof(other))).toBe(0);
});

test('a connected datagram socket reports a closed peer in its next call', () => {
  const [gone, address] = boundSocket(udp4);
  closeNow(gone);
  const fd = connectedSocket(udp4, address);
  expect(c.send(fd, 'x', 1, 0)).toBe(1);
  expect(c.poll(new c.pollfd({ fd, events: c.POLLIN }), 1, -1)).toBe(1);
  expect(c.recv(fd, new Uint8Array(1), 1, 0)).toBe(-1);
  expect(c.errno).toBe(c.ECONNREFUSED);
});
