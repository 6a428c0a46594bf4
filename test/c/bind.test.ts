// bind(2).
import { statSync } from 'node:fs';
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest, socketPath } from '../support/cleanup.js';
import { loopback, newSocket } from '../support/descriptors.js';
import { bytesOf } from '../support/memory.js';
import { inetKinds, tcp4, tcp6, unixStream } from '../support/socket_kinds.js';

const nameOf = (fd: number): c.sockaddr_storage => {
  const name = new c.sockaddr_storage();
  expect(c.getsockname(fd, name, new c.socklen_t(sizeof(name)))).toBe(0);
  return name;
};

describe.each(inetKinds)('bind: $name', (kind) => {
  test('assigns the address, and a free port for port 0', () => {
    const fd = newSocket(kind);
    const address = loopback(kind.domain);
    c.set_errno(77);
    expect(c.bind(fd, address, sizeof(address))).toBe(0);
    expect(c.errno).toBe(77);
    const name = nameOf(fd);
    expect(name.ss_family).toBe(kind.domain);
    expect(c.sockaddr_in.at(name).sin_port).not.toBe(0);
    const length = kind.domain === c.AF_INET ? 4 : 16;
    const field =
      kind.domain === c.AF_INET ? c.offsetof(c.sockaddr_in, 'sin_addr') : c.offsetof(c.sockaddr_in6, 'sin6_addr');
    expect(c.memcmp(name.subarray(field), address.subarray(field), length)).toBe(0);
  });

  test('fails with EADDRINUSE if the address is taken', () => {
    const [a, b] = [newSocket(kind), newSocket(kind)];
    const address = loopback(kind.domain);
    expect(c.bind(a, address, sizeof(address))).toBe(0);
    const name = nameOf(a);
    expect(c.bind(b, name, sizeof(address))).toBe(-1);
    expect(c.errno).toBe(c.EADDRINUSE);
  });

  test('fails with EINVAL the second time', () => {
    const fd = newSocket(kind);
    const address = loopback(kind.domain);
    expect(c.bind(fd, address, sizeof(address))).toBe(0);
    expect(c.bind(fd, address, sizeof(address))).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
  });

  test('fails with EINVAL if the address is shorter than its family needs', () => {
    const fd = newSocket(kind);
    expect(c.bind(fd, loopback(kind.domain), 3)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
    expect(c.bind(fd, loopback(kind.domain), -1)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
  });

  test('fails with EFAULT if the length is beyond the address, before any other check', () => {
    const address = loopback(kind.domain);
    for (const fd of [newSocket(kind), -1]) {
      expect(c.bind(fd, address, sizeof(address) + 1)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
      expect(c.bind(fd, address, 2 ** 31 - 1)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
  });
});

describe('bind', () => {
  test('takes an address in any kind of memory', () => {
    const address = loopback(c.AF_INET);
    const storage = new c.sockaddr_storage();
    c.memcpy(storage, address, sizeof(address));
    const padded = new Uint8Array(40);
    padded.set(bytesOf(address), 5);
    for (const memory of [
      new c.sockaddr_in(address as c.sockaddr_in),
      storage,
      bytesOf(address).slice(),
      bytesOf(address).slice().buffer,
      padded.subarray(5, 21),
      new DataView(padded.buffer, 5, 16),
      c.sockaddr.at(padded, 5),
    ]) {
      expect(c.bind(newSocket(tcp4), memory, sizeof(c.sockaddr_in))).toBe(0);
    }
  });

  test.each([
    ['an address that is not this machine’s', '192.0.2.1', c.EADDRNOTAVAIL],
    ['a network', '127.0.0.1', 0],
  ])('%s', (_, text, error) => {
    const sin = new c.sockaddr_in({ sin_family: c.AF_INET, sin_addr: { s_addr: c.inet_addr(text) } });
    expect(c.bind(newSocket(tcp4), sin, sizeof(sin))).toBe(error ? -1 : 0);
    if (error) expect(c.errno).toBe(error);
  });

  test('fails with an address of another family', () => {
    const sin = loopback(c.AF_INET);
    expect(c.bind(newSocket(tcp6), sin, sizeof(sin))).toBe(-1);
    expect([c.EINVAL, c.EAFNOSUPPORT]).toContain(c.errno);
  });

  test('fails for the null pointer', () => {
    expect(c.bind(newSocket(tcp4), null, 16)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(c.bind(newSocket(tcp4), null, 0)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
  });

  test('fails with ENOTSOCK on a pipe and with EBADF on a closed descriptor', () => {
    const address = loopback(c.AF_INET);
    const ends = new (c.array(c.int, 2))();
    expect(c.pipe(ends)).toBe(0);
    const [reader] = [closeAfterTest(ends[0]), closeAfterTest(ends[1])];
    expect(c.bind(reader, address, sizeof(address))).toBe(-1);
    expect(c.errno).toBe(c.ENOTSOCK);
    expect(c.bind(-1, address, sizeof(address))).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
  });

  test('binds a Unix socket to a path and creates its file', () => {
    const path = socketPath();
    const sun = new c.sockaddr_un({ sun_family: c.AF_UNIX, sun_path: path });
    expect(c.bind(newSocket(unixStream), sun, sizeof(sun))).toBe(0);
    expect(statSync(path).isSocket()).toBe(true);
    expect(c.bind(newSocket(unixStream), sun, sizeof(sun))).toBe(-1);
    expect(c.errno).toBe(c.EADDRINUSE);
  });

  test.runIf(process.platform === 'linux')('binds an abstract name of any bytes', () => {
    const sun = new c.sockaddr_un({ sun_family: c.AF_UNIX });
    const name = Buffer.from(`\0bind-${process.pid}\0\xff`, 'latin1');
    c.memcpy(sun.sun_path, name, name.length);
    const fd = newSocket(unixStream);
    const length = c.offsetof(c.sockaddr_un, 'sun_path') + name.length;
    expect(c.bind(fd, sun, length)).toBe(0);
    const got = new c.sockaddr_un();
    const got_length = new c.socklen_t(sizeof(got));
    expect(c.getsockname(fd, got, got_length)).toBe(0);
    expect(got_length.value).toBe(length);
    expect(c.memcmp(got, sun, length)).toBe(0);
  });
});
