// getsockname(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { connectedPair, must, newSocket } from '../support/descriptors.js';
import { bytesOf, detachBuffer, GuardedMemory } from '../support/memory.js';
import { inetKinds, tcp4, unixKinds } from '../support/socket_kinds.js';

describe.each(inetKinds)('getsockname: $name', (kind) => {
  const size = kind.domain === c.AF_INET ? sizeof(c.sockaddr_in) : sizeof(c.sockaddr_in6);

  test('returns the socket’s address, which is the peer’s peer address', () => {
    const [a, b] = connectedPair(kind);
    const [own, peers] = [new c.sockaddr_storage(), new c.sockaddr_storage()];
    const length = new c.socklen_t(sizeof(own));
    c.set_errno(77);
    expect(c.getsockname(a, own, length)).toBe(0);
    expect(c.errno).toBe(77);
    expect(length.value).toBe(size);
    must(c.getpeername(b, peers, new c.socklen_t(sizeof(peers))));
    expect(c.memcmp(own, peers, size)).toBe(0);
  });

  test('truncates an address that does not fit, and reports its full length', () => {
    const fd = newSocket(kind);
    for (const room of [0, 1, 5, size - 1]) {
      const memory = new GuardedMemory(room);
      const length = new c.socklen_t(room);
      expect(c.getsockname(fd, memory.bytes, length)).toBe(0);
      expect(length.value).toBe(size);
      expect(memory.intact).toBe(true);
    }
  });

  test('writes no byte beyond the address', () => {
    const fd = newSocket(kind);
    const memory = new GuardedMemory(size + 20);
    expect(c.getsockname(fd, memory.bytes, new c.socklen_t(size + 20))).toBe(0);
    expect(bytesOf(memory.bytes.subarray(size)).every((byte) => byte === 0xa5)).toBe(true);
  });

  test('fails with EFAULT if the length is beyond the memory, before any other check', () => {
    const memory = new GuardedMemory(8);
    for (const fd of [newSocket(kind), -1]) {
      const length = new c.socklen_t(9);
      expect(c.getsockname(fd, memory.bytes, length)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
      expect(length.value).toBe(9);
      expect(memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
    }
  });
});

test.each(unixKinds)('getsockname of an unnamed socket returns the family alone: $name', (kind) => {
  const sun = new c.sockaddr_un();
  const length = new c.socklen_t(sizeof(sun));
  expect(c.getsockname(newSocket(kind), sun, length)).toBe(0);
  expect(sun.sun_family).toBe(c.AF_UNIX);
  expect(length.value).toBe(c.offsetof(c.sockaddr_un, 'sun_path'));
});

test('getsockname fails for null and detached pointers, negative lengths and closed descriptors', () => {
  const fd = newSocket(tcp4);
  const sin = new c.sockaddr_in();
  for (const [addr, addrlen, error] of [
    [null, new c.socklen_t(16), c.EFAULT],
    [sin, null, c.EFAULT],
    [detachBuffer(new c.sockaddr_in()), new c.socklen_t(16), c.EFAULT],
    [sin, detachBuffer(new c.socklen_t(16)), c.EFAULT],
    [sin, new c.int(-1), c.EINVAL],
  ] as const) {
    expect(c.getsockname(fd, addr, addrlen)).toBe(-1);
    expect(c.errno).toBe(error);
  }
  expect(c.getsockname(-1, sin, new c.socklen_t(16))).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
});
