// getsockopt(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { outputLinesOfC } from '../support/c_program.js';
import { connectedPair, newSocket } from '../support/descriptors.js';
import { detachBuffer, GuardedMemory } from '../support/memory.js';
import { allKinds, tcp4, udp4, unixStream } from '../support/socket_kinds.js';

test('getsockopt returns the defaults that a C program sees', () => {
  const names = [
    'SO_REUSEADDR',
    'SO_KEEPALIVE',
    'SO_BROADCAST',
    'SO_RCVBUF',
    'SO_SNDBUF',
    'SO_OOBINLINE',
    'SO_RCVLOWAT',
  ];
  const expected = outputLinesOfC(
    `int fd = socket(AF_INET, SOCK_STREAM, 0), v; socklen_t n;
    ${names.map((name) => `n = sizeof v; getsockopt(fd, SOL_SOCKET, ${name}, &v, &n); printf("${name} %d %d\\n", v, (int)n);`).join('\n')}`,
  );
  const fd = newSocket(tcp4);
  const seen = names.map((name) => {
    const value = new c.int();
    const length = new c.socklen_t(sizeof(value));
    expect(c.getsockopt(fd, c.SOL_SOCKET, (c as unknown as Record<string, number>)[name]!, value, length)).toBe(0);
    return `${name} ${value.value} ${length.value}`;
  });
  expect(seen).toEqual(expected);
});

describe.each(allKinds)('getsockopt: $name', (kind) => {
  test('returns SO_TYPE and SO_ERROR', () => {
    const value = new c.int(-1);
    const length = new c.socklen_t(sizeof(value));
    c.set_errno(77);
    expect(c.getsockopt(newSocket(kind), c.SOL_SOCKET, c.SO_TYPE, value, length)).toBe(0);
    expect(c.errno).toBe(77);
    expect(value.value).toBe(kind.type);
    expect(length.value).toBe(4);
    expect(c.getsockopt(newSocket(kind), c.SOL_SOCKET, c.SO_ERROR, value, length)).toBe(0);
    expect(value.value).toBe(0);
  });

  test('fails with EFAULT if the length is beyond the memory, before any other check', () => {
    const memory = new GuardedMemory(3);
    for (const fd of [newSocket(kind), -1]) {
      for (const room of [4, 2 ** 31 - 1]) {
        const length = new c.socklen_t(room);
        expect(c.getsockopt(fd, c.SOL_SOCKET, c.SO_TYPE, memory.bytes, length)).toBe(-1);
        expect(c.errno).toBe(c.EFAULT);
        expect(length.value).toBe(room);
      }
      expect(c.getsockopt(fd, c.SOL_SOCKET, c.SO_TYPE, memory.bytes, memory.bytes)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
    expect(memory.intact && memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
  });
});

describe('getsockopt', () => {
  test('fills structs', () => {
    const fd = newSocket(tcp4);
    const linger = new c.linger({ l_onoff: 1, l_linger: 7 });
    expect(c.setsockopt(fd, c.SOL_SOCKET, c.SO_LINGER, linger, sizeof(linger))).toBe(0);
    c.memset(linger, 0, sizeof(linger));
    expect(c.getsockopt(fd, c.SOL_SOCKET, c.SO_LINGER, linger, new c.socklen_t(sizeof(linger)))).toBe(0);
    expect(linger.l_onoff).not.toBe(0);
    expect(linger.l_linger).toBe(7);
  });

  test('truncates a value that does not fit, as the kernel does', () => {
    const memory = new GuardedMemory(2);
    const length = new c.socklen_t(2);
    expect(c.getsockopt(newSocket(tcp4), c.SOL_SOCKET, c.SO_TYPE, memory.bytes, length)).toBe(0);
    expect(length.value).toBe(2);
    expect(memory.intact).toBe(true);
  });

  test('fails for null and detached memory and for negative lengths', () => {
    const fd = newSocket(udp4);
    const value = new c.int();
    for (const [optval, optlen, error] of [
      [null, new c.socklen_t(4), c.EFAULT],
      [value, null, c.EFAULT],
      [detachBuffer(new c.int()), new c.socklen_t(4), c.EFAULT],
      [value, detachBuffer(new c.socklen_t(4)), c.EFAULT],
      [value, new c.int(-1), c.EINVAL],
    ] as const) {
      expect(c.getsockopt(fd, c.SOL_SOCKET, c.SO_TYPE, optval, optlen)).toBe(-1);
      expect(c.errno).toBe(error);
    }
  });

  test('fails for a closed descriptor, and for options that the socket does not have', () => {
    const value = new c.int();
    const length = new c.socklen_t(4);
    expect(c.getsockopt(-1, c.SOL_SOCKET, c.SO_TYPE, value, length)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    expect(c.getsockopt(newSocket(tcp4), c.SOL_SOCKET, 9999, value, length)).toBe(-1);
    expect(c.errno).toBe(c.ENOPROTOOPT);
    expect(c.getsockopt(newSocket(udp4), c.IPPROTO_TCP, c.TCP_NODELAY, value, length)).toBe(-1);
    expect([c.EOPNOTSUPP, c.ENOPROTOOPT, c.EINVAL]).toContain(c.errno);
  });
});

describe.runIf(process.platform === 'linux')('getsockopt: Linux', () => {
  test('SO_PEERCRED returns the peer’s credentials', () => {
    const [a] = connectedPair(unixStream);
    const credentials = new c.ucred();
    const length = new c.socklen_t(sizeof(credentials));
    expect(c.getsockopt(a, c.SOL_SOCKET, c.SO_PEERCRED!, credentials, length)).toBe(0);
    expect(credentials.pid).toBe(process.pid);
  });

  test('SO_PEERGROUPS fails and reports the length that it needs, as in C', () => {
    const [before, after, result, error] = outputLinesOfC(`
      int sv[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
      gid_t groups[1]; socklen_t n = 0; int r = getsockopt(sv[0], SOL_SOCKET, SO_PEERGROUPS, groups, &n);
      printf("0\\n%d\\n%d\\n%d\\n", (int)n, r, r < 0 ? errno : 0);`);
    const [a] = connectedPair(unixStream);
    const length = new c.socklen_t(Number(before));
    c.set_errno(0);
    expect(c.getsockopt(a, c.SOL_SOCKET, c.SO_PEERGROUPS!, new Uint8Array(8), length)).toBe(Number(result));
    expect(c.errno).toBe(Number(error));
    expect(length.value).toBe(Number(after));
  });

  test('TCP_INFO fills a struct', () => {
    const [a] = connectedPair(tcp4);
    const info = new c.tcp_info();
    expect(c.getsockopt(a, c.IPPROTO_TCP, c.TCP_INFO!, info, new c.socklen_t(sizeof(info)))).toBe(0);
    expect(info.tcpi_state).toBe(c.TCP_ESTABLISHED);
  });

  test('refuses an option that maps memory', () => {
    const [a] = connectedPair(tcp4);
    const memory = new Uint8Array(64);
    expect(c.getsockopt(a, c.IPPROTO_TCP, 35, memory, new c.socklen_t(64))).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
  });
});
