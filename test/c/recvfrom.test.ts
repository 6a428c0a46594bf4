// recvfrom(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { boundSocket, connectedPair, must } from '../support/descriptors.js';
import { GuardedMemory } from '../support/memory.js';
import { tcp4, udp4, udp6, unixDatagram } from '../support/socket_kinds.js';

describe.each([udp4, udp6])('recvfrom: $name', (kind) => {
  /** A datagram that has arrived, its receiver, and its sender's address. */
  function arrived(text: string) {
    const [fd, address] = boundSocket(kind);
    const [from, source] = boundSocket(kind);
    must(c.sendto(from, text, text.length, 0, address, sizeof(address)));
    must(c.poll(new c.pollfd({ fd, events: c.POLLIN }), 1, -1));
    return { fd, source };
  }

  test('writes the sender’s address and its length', () => {
    const { fd, source } = arrived('hello');
    const from = new c.sockaddr_storage();
    const fromlen = new c.socklen_t(sizeof(from));
    const buf = new Uint8Array(16);
    c.set_errno(77);
    expect(c.recvfrom(fd, buf, 16, 0, from, fromlen)).toBe(5);
    expect(c.errno).toBe(77);
    expect(fromlen.value).toBe(sizeof(source));
    expect(c.memcmp(from, source, sizeof(source))).toBe(0);
    if (kind.domain === c.AF_INET) {
      const sin = c.sockaddr_in.at(from);
      expect(c.inet_ntoa(sin.sin_addr)).toBe('127.0.0.1');
      expect(sin.sin_port).toBe((source as c.sockaddr_in).sin_port);
    }
  });

  test('accepts null for both pointers', () => {
    const { fd } = arrived('hello');
    expect(c.recvfrom(fd, new Uint8Array(16), 16, 0, null, null)).toBe(5);
  });

  test('truncates an address that does not fit, and reports its full length', () => {
    const { fd, source } = arrived('hello');
    const memory = new GuardedMemory(6);
    const fromlen = new c.socklen_t(6);
    expect(c.recvfrom(fd, new Uint8Array(16), 16, 0, memory.bytes, fromlen)).toBe(5);
    expect(fromlen.value).toBe(sizeof(source));
    expect(c.memcmp(memory.bytes, source, 6)).toBe(0);
    expect(memory.intact).toBe(true);
  });

  test('fails with EFAULT if the length is beyond the memory, before any other check, and keeps the datagram', () => {
    const { fd } = arrived('hello');
    const memory = new GuardedMemory(8);
    for (const sockfd of [fd, -1]) {
      expect(c.recvfrom(sockfd, memory.bytes, 9, c.MSG_DONTWAIT, null, null)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
      expect(c.recvfrom(sockfd, memory.bytes, 8, c.MSG_DONTWAIT, memory.bytes, new c.socklen_t(9))).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
      expect(c.recvfrom(sockfd, memory.bytes, 8, c.MSG_DONTWAIT, memory.bytes, new Uint8Array(3))).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
    expect(memory.intact && memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
    expect(c.recvfrom(fd, memory.bytes, 8n, c.MSG_DONTWAIT, null, null)).toBe(5);
  });

  test('returns 0 for an empty datagram', () => {
    const { fd } = arrived('');
    expect(c.recvfrom(fd, new Uint8Array(16), 16, 0, null, null)).toBe(0);
  });
});

test('recvfrom reports no address for an unnamed sender and for a stream', () => {
  for (const kind of [unixDatagram, tcp4]) {
    const [a, b] = connectedPair(kind);
    must(c.send(a, 'x', 1, 0));
    const from = new c.sockaddr_storage();
    const fromlen = new c.socklen_t(sizeof(from));
    expect(c.recvfrom(b, new Uint8Array(1), 1, 0, from, fromlen)).toBe(1);
    expect(from.ss_family).toBe(0);
    if (process.platform === 'linux') expect(fromlen.value).toBe(0);
  }
});
