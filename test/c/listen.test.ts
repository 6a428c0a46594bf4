// listen(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { boundSocket, connectedSocket, newSocket } from '../support/descriptors.js';
import { tcp4, tcp6, udp4 } from '../support/socket_kinds.js';

const isPassive = (fd: number): number => {
  const value = new c.int();
  expect(c.getsockopt(fd, c.SOL_SOCKET, c.SO_ACCEPTCONN, value, new c.socklen_t(sizeof(value)))).toBe(0);
  return value.value;
};

describe.each([tcp4, tcp6])('listen: $name', (kind) => {
  test.each([5, 0, -1, c.SOMAXCONN, 2 ** 31 - 1])('accepts a backlog of %i', (backlog) => {
    const [fd, address] = boundSocket(kind);
    c.set_errno(77);
    expect(isPassive(fd)).toBe(0);
    expect(c.listen(fd, backlog)).toBe(0);
    expect(c.errno).toBe(77);
    expect(isPassive(fd)).not.toBe(0);
    connectedSocket(kind, address);
    closeAfterTest(c.accept(fd, null, null));
  });

  test('assigns an address to an unbound socket', () => {
    const fd = newSocket(kind);
    expect(c.listen(fd, 1)).toBe(0);
    const name = new c.sockaddr_storage();
    expect(c.getsockname(fd, name, new c.socklen_t(sizeof(name)))).toBe(0);
    expect(c.sockaddr_in.at(name).sin_port).not.toBe(0);
  });
});

test('listen fails on sockets and descriptors that cannot listen', () => {
  expect(c.listen(newSocket(udp4), 1)).toBe(-1);
  expect(c.errno).toBe(c.EOPNOTSUPP);
  expect(c.listen(-1, 1)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
  expect(c.listen(2 ** 31 - 1, 1)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
});

test('numbers wrap as C converts them', () => {
  const [fd] = boundSocket(tcp4);
  expect(c.listen(fd + 2 ** 32, 2 ** 40)).toBe(0);
  expect(isPassive(fd)).not.toBe(0);
});
