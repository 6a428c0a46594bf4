// accept(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { boundSocket, connectedSocket, listeningSocket, must, newSocket } from '../support/descriptors.js';
import { bytesOf, GuardedMemory } from '../support/memory.js';
import { tcp4, tcp6, udp4 } from '../support/socket_kinds.js';

const setNonblocking = (fd: number): number => must(c.fcntl(fd, c.F_SETFL, c.O_NONBLOCK));

describe.each([tcp4, tcp6])('accept: $name', (kind) => {
  test('returns the connection and writes the peer’s address', () => {
    const [listener, address] = listeningSocket(kind);
    const client = connectedSocket(kind, address);
    const peer = new c.sockaddr_storage();
    const peerLength = new c.socklen_t(sizeof(peer));
    c.set_errno(77);
    const fd = closeAfterTest(c.accept(listener, peer, peerLength));
    expect(c.errno).toBe(77);
    expect(peerLength.value).toBe(sizeof(address));
    const own = new c.sockaddr_storage();
    expect(c.getsockname(client, own, new c.socklen_t(sizeof(own)))).toBe(0);
    expect(c.memcmp(peer, own, peerLength.value)).toBe(0);
    expect(c.send(client, 'x', 1, 0)).toBe(1);
    expect(c.recv(fd, new Uint8Array(1), 1, 0)).toBe(1);
    expect(c.fcntl(fd, c.F_GETFD)).toBe(0);
  });

  test('accepts null for both pointers', () => {
    const [listener, address] = listeningSocket(kind);
    connectedSocket(kind, address);
    closeAfterTest(c.accept(listener, null, null));
  });

  test('truncates an address that does not fit, and reports its full length', () => {
    const [listener, address] = listeningSocket(kind);
    connectedSocket(kind, address);
    const memory = new GuardedMemory(4);
    const length = new c.socklen_t(4);
    closeAfterTest(c.accept(listener, memory.bytes, length));
    expect(length.value).toBe(sizeof(address));
    expect(c.memcmp(memory.bytes, bytesOf(address), 2)).toBe(0);
    expect(memory.intact).toBe(true);
  });

  test('fails with EFAULT if the length is beyond the memory, and leaves the connection in the queue', () => {
    const [listener, address] = listeningSocket(kind);
    connectedSocket(kind, address);
    const memory = new GuardedMemory(8);
    const length = new c.socklen_t(9);
    expect(c.accept(listener, memory.bytes, length)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(length.value).toBe(9);
    expect(c.accept(listener, memory.bytes, new Uint8Array(3))).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    closeAfterTest(c.accept(listener, null, null));
    expect(memory.intact).toBe(true);
  });

  test('takes the length in a box of int too', () => {
    const [listener, address] = listeningSocket(kind);
    connectedSocket(kind, address);
    const length = new c.int(sizeof(address));
    closeAfterTest(c.accept(listener, address, length));
    expect(length.value).toBe(sizeof(address));
  });

  test('fails with EAGAIN if no connection is pending', () => {
    const [listener] = listeningSocket(kind);
    setNonblocking(listener);
    expect(c.accept(listener, null, null)).toBe(-1);
    expect(c.errno).toBe(c.EAGAIN);
  });

  test.runIf(process.platform === 'linux')('returns a blocking socket on Linux', () => {
    const [listener, address] = listeningSocket(kind);
    setNonblocking(listener);
    connectedSocket(kind, address);
    expect(c.fcntl(closeAfterTest(c.accept(listener, null, null)), c.F_GETFL) & c.O_NONBLOCK).toBe(0);
  });

  test('fails with EINVAL on a socket that does not listen', () => {
    expect(c.accept(boundSocket(kind)[0], null, null)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
  });
});

test('accept passes a negative length to the kernel, which returns EINVAL', () => {
  const [listener, address] = listeningSocket(tcp4);
  setNonblocking(listener);
  connectedSocket(tcp4, address);
  expect(c.accept(listener, new Uint8Array(16), new c.int(-1))).toBe(-1);
  expect(c.errno).toBe(c.EINVAL);
});

test('accept fails on sockets and descriptors that cannot accept', () => {
  expect(c.accept(newSocket(udp4), null, null)).toBe(-1);
  expect(c.errno).toBe(c.EOPNOTSUPP);
  expect(c.accept(-1, null, null)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
});
