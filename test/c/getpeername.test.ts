// getpeername(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { connectedPair, connectedSocket, listeningSocket, newSocket } from '../support/descriptors.js';
import { GuardedMemory } from '../support/memory.js';
import { inetKinds, tcp4, tcp6, unixKinds } from '../support/socket_kinds.js';

describe.each([tcp4, tcp6])('getpeername: $name', (kind) => {
  test('returns the address that the socket is connected to', () => {
    const [, address] = listeningSocket(kind);
    const fd = connectedSocket(kind, address);
    const peer = new c.sockaddr_storage();
    const length = new c.socklen_t(sizeof(peer));
    c.set_errno(77);
    expect(c.getpeername(fd, peer, length)).toBe(0);
    expect(c.errno).toBe(77);
    expect(length.value).toBe(sizeof(address));
    expect(c.memcmp(peer, address, sizeof(address))).toBe(0);
  });
});

describe.each(inetKinds)('getpeername: $name', (kind) => {
  test('fails with ENOTCONN without a peer', () => {
    const peer = new c.sockaddr_storage();
    expect(c.getpeername(newSocket(kind), peer, new c.socklen_t(sizeof(peer)))).toBe(-1);
    expect(c.errno).toBe(c.ENOTCONN);
  });

  test('truncates an address that does not fit; fails with EFAULT if the length is beyond the memory', () => {
    const [fd] = connectedPair(kind);
    const memory = new GuardedMemory(4);
    const length = new c.socklen_t(4);
    expect(c.getpeername(fd, memory.bytes, length)).toBe(0);
    expect(length.value).toBeGreaterThan(4);
    length.value = 5;
    expect(c.getpeername(fd, memory.bytes, length)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(memory.intact).toBe(true);
  });
});

test.each(unixKinds)('getpeername of an unnamed peer returns the family alone: $name', (kind) => {
  const [fd] = connectedPair(kind);
  const sun = new c.sockaddr_un();
  const length = new c.socklen_t(sizeof(sun));
  expect(c.getpeername(fd, sun, length)).toBe(0);
  expect(length.value).toBe(c.offsetof(c.sockaddr_un, 'sun_path'));
});
