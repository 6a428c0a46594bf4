// setsockopt(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { boundSocket, connectedPair, newSocket } from '../support/descriptors.js';
import { detachBuffer } from '../support/memory.js';
import { allKinds, tcp4, udp4 } from '../support/socket_kinds.js';

/** By their names. */
const named: typeof c = c;

function intOption(fd: number, level: number, optname: number): number {
  const value = new c.int();
  expect(c.getsockopt(fd, level, optname, value, new c.socklen_t(sizeof(value)))).toBe(0);
  return value.value;
}

describe.each(allKinds)('setsockopt: $name', (kind) => {
  test.each(['SO_RCVBUF', 'SO_SNDBUF', 'SO_KEEPALIVE', 'SO_PASSCRED'] as const)('%s', (name) => {
    const fd = newSocket(kind);
    const optname = named[name];
    if (optname === undefined || (name === 'SO_PASSCRED' && kind.domain !== c.AF_UNIX)) return;
    if (name === 'SO_KEEPALIVE' && kind.domain === c.AF_UNIX) return;
    const before = intOption(fd, c.SOL_SOCKET, optname);
    c.set_errno(77);
    expect(c.setsockopt(fd, c.SOL_SOCKET, optname, new c.int(before ? before / 2 : 1), sizeof(c.int))).toBe(0);
    expect(c.errno).toBe(77);
    const after = intOption(fd, c.SOL_SOCKET, optname);
    if (before === 0) expect(after).toBe(1);
    else expect(after).toBeGreaterThan(0);
  });

  test('fails with EFAULT if the length is beyond the memory, before any other check', () => {
    for (const fd of [newSocket(kind), -1]) {
      for (const optlen of [5, 2 ** 31 - 1]) {
        expect(c.setsockopt(fd, c.SOL_SOCKET, c.SO_RCVBUF, new c.int(4096), optlen)).toBe(-1);
        expect(c.errno).toBe(c.EFAULT);
      }
    }
  });
});

describe('setsockopt', () => {
  test('sets TCP_NODELAY', () => {
    const [a] = connectedPair(tcp4);
    expect(c.setsockopt(a, c.IPPROTO_TCP, c.TCP_NODELAY, new c.int(1), 4)).toBe(0);
    expect(intOption(a, c.IPPROTO_TCP, c.TCP_NODELAY)).not.toBe(0);
  });

  test('SO_RCVTIMEO makes a call that waits too long fail with EAGAIN', () => {
    const [fd] = boundSocket(udp4);
    const timeout = new c.timeval({ tv_sec: 0, tv_usec: 2000 });
    expect(c.setsockopt(fd, c.SOL_SOCKET, c.SO_RCVTIMEO, timeout, sizeof(timeout))).toBe(0);
    expect(c.recv(fd, new Uint8Array(1), 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EAGAIN);
  });

  test('SO_REUSEADDR lets two datagram sockets share an address', () => {
    const [a, b] = [newSocket(udp4), newSocket(udp4)];
    for (const fd of [a, b])
      expect(c.setsockopt(fd, c.SOL_SOCKET, c.SO_REUSEPORT ?? c.SO_REUSEADDR, new c.int(1), 4)).toBe(0);
    const sin = new c.sockaddr_in({ sin_family: c.AF_INET, sin_addr: { s_addr: c.htonl(c.INADDR_LOOPBACK) } });
    expect(c.bind(a, sin, sizeof(sin))).toBe(0);
    expect(c.getsockname(a, sin, new c.socklen_t(sizeof(sin)))).toBe(0);
    expect(c.bind(b, sin, sizeof(sin))).toBe(0);
  });

  test('takes a value in any memory, and as a string', () => {
    const fd = newSocket(tcp4);
    for (const value of [
      new c.int(1),
      new Int32Array([1]),
      new Uint8Array(4),
      new (c.array(c.int, 1))([1]),
      new ArrayBuffer(4),
    ]) {
      expect(c.setsockopt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, value, 4)).toBe(0);
    }
    expect(c.setsockopt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, 'abc', 4)).toBe(0);
    expect(c.setsockopt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, 'abc', 5)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
  });

  test('fails with EINVAL, EFAULT, ENOPROTOOPT and EBADF like C', () => {
    const fd = newSocket(tcp4);
    for (const [optval, optlen, error] of [
      [new c.int(1), 3, c.EINVAL],
      [new c.int(1), 0, c.EINVAL],
      [new c.int(1), -1, c.EINVAL],
      [null, 4, c.EFAULT],
      [detachBuffer(new c.int(1)), 4, c.EFAULT],
    ] as const) {
      expect(c.setsockopt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, optval, optlen)).toBe(-1);
      expect(c.errno).toBe(error);
    }
    expect(c.setsockopt(fd, c.SOL_SOCKET, 9999, new c.int(1), 4)).toBe(-1);
    expect(c.errno).toBe(c.ENOPROTOOPT);
    expect(c.setsockopt(-1, c.SOL_SOCKET, c.SO_KEEPALIVE, new c.int(1), 4)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
  });

  test('joins and leaves a multicast group on the loopback interface', () => {
    const [fd] = boundSocket(udp4);
    const mreq = new c.ip_mreq({
      imr_multiaddr: { s_addr: c.inet_addr('239.1.2.3') },
      imr_interface: { s_addr: c.htonl(c.INADDR_LOOPBACK) },
    });
    expect(c.setsockopt(fd, c.IPPROTO_IP, c.IP_DROP_MEMBERSHIP, mreq, sizeof(mreq))).toBe(-1);
    expect(c.errno).toBe(c.EADDRNOTAVAIL);
    expect(c.setsockopt(fd, c.IPPROTO_IP, c.IP_ADD_MEMBERSHIP, mreq, sizeof(mreq))).toBe(0);
    expect(c.setsockopt(fd, c.IPPROTO_IP, c.IP_DROP_MEMBERSHIP, mreq, sizeof(mreq))).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('options that hold a pointer (Linux)', () => {
  test('bytes in place of a sock_fprog throw TypeError', () => {
    const fd = newSocket(udp4);
    for (const bytes of [new Uint8Array(16), 'text', new c.int(1)]) {
      expect(() => c.setsockopt(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER!, bytes, 16)).toThrow(TypeError);
    }
    expect(c.setsockopt(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER!, null, 16)).toBe(-1);
  });

  test('options without a class of their own fail with EINVAL', () => {
    const fd = newSocket(tcp4);
    for (const [level, optname] of [
      [c.IPPROTO_TCP, 35],
      [c.IPPROTO_IP, 64],
      [c.IPPROTO_IPV6, 64],
    ] as const) {
      expect(c.setsockopt(fd, level, optname, new Uint8Array(64), 64)).toBe(-1);
      expect(c.errno).toBe(c.EINVAL);
    }
  });
});
