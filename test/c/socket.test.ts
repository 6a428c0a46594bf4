// socket(2) and socketpair(2).
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest, closeNow } from '../support/cleanup.js';
import { connectedPair } from '../support/descriptors.js';
import { allKinds, unixKinds } from '../support/socket_kinds.js';

const optionOf = (fd: number, optname: number): number => {
  const value = new c.int();
  expect(c.getsockopt(fd, c.SOL_SOCKET, optname, value, new c.socklen_t(sizeof(value)))).toBe(0);
  return value.value;
};
const { sizeof } = c;

describe.each(allKinds)('socket: $name', ({ domain, type }) => {
  test('returns a socket of that type without flags of its own', () => {
    const fd = closeAfterTest(c.socket(domain, type, 0));
    expect(optionOf(fd, c.SO_TYPE)).toBe(type);
    expect(c.fcntl(fd, c.F_GETFD)).toBe(0);
    expect(c.fcntl(fd, c.F_GETFL)! & c.O_NONBLOCK).toBe(0);
  });

  test('leaves errno alone when it succeeds', () => {
    c.set_errno(77);
    closeAfterTest(c.socket(domain, type, 0));
    expect(c.errno).toBe(77);
  });
});

describe('socket', () => {
  test('returns the lowest free descriptor', () => {
    const a = closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM, 0));
    const b = closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM, 0));
    expect(b).toBeGreaterThan(a);
    closeNow(a);
    expect(closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM, 0))).toBe(a);
  });

  test('takes the protocol’s number', () => {
    closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM, c.IPPROTO_TCP));
    closeAfterTest(c.socket(c.AF_INET, c.SOCK_DGRAM, c.IPPROTO_UDP));
  });

  test.runIf(c.SOCK_NONBLOCK !== undefined)('takes SOCK_NONBLOCK and SOCK_CLOEXEC', () => {
    const fd = closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM | c.SOCK_NONBLOCK! | c.SOCK_CLOEXEC!, 0));
    expect(c.fcntl(fd, c.F_GETFD)).toBe(c.FD_CLOEXEC);
    expect(c.fcntl(fd, c.F_GETFL) & c.O_NONBLOCK).toBe(c.O_NONBLOCK);
  });

  test.each([
    ['an unknown family', 12345, () => c.SOCK_STREAM, 0, [c.EAFNOSUPPORT]],
    ['a protocol of another type', c.AF_INET, () => c.SOCK_STREAM, c.IPPROTO_UDP, [c.EPROTONOSUPPORT, c.EPROTOTYPE]],
    ['an unknown type', c.AF_INET, () => 0xf, 0, [c.EINVAL, c.EPROTONOSUPPORT, c.ESOCKTNOSUPPORT, c.EPROTOTYPE]],
    ['a protocol that AF_UNIX lacks', c.AF_UNIX, () => c.SOCK_STREAM, 99, [c.EPROTONOSUPPORT]],
  ])('%s', (_, domain, type, protocol, errors) => {
    expect(c.socket(domain, type(), protocol)).toBe(-1);
    expect(errors).toContain(c.errno);
  });
});

describe.each(unixKinds)('socketpair: $name', ({ domain, type }) => {
  test('returns two connected sockets', () => {
    const sv = new (c.array(c.int, 2))();
    expect(c.socketpair(domain, type, 0, sv)).toBe(0);
    const [a, b] = [closeAfterTest(sv[0]), closeAfterTest(sv[1])];
    expect(c.write(a, 'hello', 5)).toBe(5);
    const buf = new Uint8Array(10);
    expect(c.read(b, buf, 10)).toBe(5);
    expect(Buffer.from(buf.subarray(0, 5)).toString()).toBe('hello');
    expect(c.fcntl(a, c.F_GETFD)).toBe(0);
  });
});

describe('socketpair', () => {
  test('writes the descriptors into any memory of two ints', () => {
    for (const sv of [
      new Int32Array(2),
      new DataView(new ArrayBuffer(8)),
      new ArrayBuffer(8),
      new SharedArrayBuffer(8),
    ]) {
      expect(c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, sv)).toBe(0);
      const fds = c.array(c.int, 2).at(sv);
      expect(closeAfterTest(fds[0])).not.toBe(closeAfterTest(fds[1]));
    }
  });

  test('fails with EFAULT if the memory is too small, and opens nothing', () => {
    expect(c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, new Uint8Array(7))).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, null)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
  });

  test('fails for AF_INET', () => {
    const sv = new (c.array(c.int, 2))();
    expect(c.socketpair(c.AF_INET, c.SOCK_STREAM, 0, sv)).toBe(-1);
    expect([c.EOPNOTSUPP, c.EPROTONOSUPPORT]).toContain(c.errno);
  });
});

test('the fixture connectedPair connects both ways', () => {
  for (const kind of allKinds) {
    const [a, b] = connectedPair(kind);
    const buf = new Uint8Array(8);
    expect(c.send(a, 'ab', 2, 0)).toBe(2);
    expect(c.recv(b, buf, 8, 0)).toBe(2);
    expect(c.send(b, 'xyz', 3, 0)).toBe(3);
    expect(c.recv(a, buf, 8, 0)).toBe(3);
  }
});
