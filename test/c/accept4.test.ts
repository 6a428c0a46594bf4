// accept4(2). Linux.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { boundSocket, errnoName, type LoopbackAddress, loopback, must } from '../support/descriptors.js';
import { tcp4 } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';

function listener(): { fd: number; connect: () => LoopbackAddress } {
  const [fd, address] = boundSocket(tcp4);
  must(c.listen(fd, 4));
  return {
    fd,
    connect: () => {
      const client = closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM, 0));
      must(c.connect(client, address, c.sizeof(address)));
      const name = loopback(c.AF_INET);
      must(c.getsockname(client, name, new c.socklen_t(c.sizeof(name))));
      return name;
    },
  };
}

describe.runIf(linux)('accept4', () => {
  test.each([
    ['0', 0, 0, 0],
    ['SOCK_CLOEXEC', c.SOCK_CLOEXEC, c.FD_CLOEXEC, 0],
    ['SOCK_NONBLOCK', c.SOCK_NONBLOCK, 0, c.O_NONBLOCK],
    ['both', c.flags(c.SOCK_CLOEXEC, c.SOCK_NONBLOCK), c.FD_CLOEXEC, c.O_NONBLOCK],
  ] as const)('%s', (_name, flags, cloexec, nonblock) => {
    const { fd, connect } = listener();
    const name = connect();
    const peer = new c.sockaddr_in();
    const length = new c.socklen_t(c.sizeof(peer));
    const connection = closeAfterTest(c.accept4(fd, peer, length, flags!));
    expect(length.value).toBe(c.sizeof(peer));
    expect(c.memcmp(peer, name, 8)).toBe(0);
    expect(c.fcntl(connection, c.F_GETFD)).toBe(cloexec);
    expect(c.fcntl(connection, c.F_GETFL) & c.O_NONBLOCK).toBe(nonblock);
  });

  test('fails with unknown flags, without a pending connection, and on a socket that does not listen', () => {
    const { fd, connect } = listener();
    expect(errnoName(() => c.accept4(fd, null, null, 1))).toBe('EINVAL');
    must(c.fcntl(fd, c.F_SETFL, c.O_NONBLOCK));
    expect(errnoName(() => c.accept4(fd, null, null, 0))).toBe('EAGAIN');
    expect(errnoName(() => c.accept4(-1, null, null, 0))).toBe('EBADF');
    connect();
    const length = new c.socklen_t(17);
    expect(errnoName(() => c.accept4(fd, new c.sockaddr_in(), length, 0))).toBe('EFAULT'); // more than there is
    closeAfterTest(c.accept4(fd, null, null, 0)); // nothing was consumed
    expect(() => c.accept4(fd, null, null, undefined as unknown as number)).toThrow(TypeError);
  });
});

test.runIf(!linux)('accept4 fails with ENOSYS on macOS', () => {
  expect(errnoName(() => c.accept4(0, null, null, 0))).toBe('ENOSYS');
});
