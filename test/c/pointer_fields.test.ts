// The fields of structs that hold pointers: any wrong value ends in a TypeError or an errno.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { connectedPair, must, newSocket } from '../support/descriptors.js';
import { detachBuffer, GuardedMemory } from '../support/memory.js';
import { udp4, unixStream } from '../support/socket_kinds.js';
import {
  detachedMemory,
  type NamedValue,
  notInteger,
  notReadableMemory,
  notShortInteger,
  notWritableMemory,
} from '../support/wrong_values.js';

const linux = process.platform === 'linux';
/** What stands for a vector, or for an address, besides. */
const vectors = (wrong: readonly NamedValue[]): NamedValue[] =>
  wrong.filter(([name]) => !/^(a list|a string)/.test(name));

const memory = (): Uint8Array => new Uint8Array(16);
const message = (): c.msghdr =>
  new c.msghdr({
    msg_iov: [new c.iovec({ iov_base: memory(), iov_len: 16 })],
    msg_iovlen: 1,
    msg_control: null,
    msg_controllen: 0,
  });
const inMessages = (change: (message: c.msghdr) => void): c.mmsghdr[] => {
  const two = [new c.mmsghdr({ msg_hdr: message() }), new c.mmsghdr({ msg_hdr: message() })];
  change(two[1]!.msg_hdr);
  return two;
};

type Use = (fd: number, message: c.msghdr) => number;
const senders: Record<string, Use> = {
  sendmsg: (fd, msg) => c.sendmsg(fd, msg, c.MSG_DONTWAIT),
  ...(linux && {
    sendmmsg: (fd, msg) =>
      c.sendmmsg(
        fd,
        inMessages((second) => Object.assign(second, msg)),
        2,
        c.MSG_DONTWAIT,
      ),
  }),
};
const receivers: Record<string, Use> = {
  recvmsg: (fd, msg) => c.recvmsg(fd, msg, c.MSG_DONTWAIT),
  ...(linux && {
    recvmmsg: (fd, msg) =>
      c.recvmmsg(
        fd,
        inMessages((second) => Object.assign(second, msg)),
        2,
        c.MSG_DONTWAIT,
        null,
      ),
  }),
};

const fields: Record<string, (reads: boolean) => readonly NamedValue[]> = {
  msg_name: (reads) => (reads ? notReadableMemory : notWritableMemory),
  msg_namelen: () => notShortInteger,
  msg_iov: () => vectors(notWritableMemory),
  msg_iovlen: () => notInteger,
  msg_control: (reads) => (reads ? notReadableMemory : notWritableMemory),
  msg_controllen: () => notInteger,
  msg_flags: () => notShortInteger,
};

describe.each([
  ...Object.entries(senders).map(([name, use]) => [name, use, true] as const),
  ...Object.entries(receivers).map(([name, use]) => [name, use, false] as const),
])('%s', (name, use, reads) => {
  test.each(Object.entries(fields))('%s of a wrong type throws TypeError before anything is sent', (field, wrong) => {
    const [a, b] = connectedPair(unixStream);
    for (const [described, value] of wrong(reads)) {
      const changed = Object.assign(message(), { [field]: value() });
      expect(() => use(a, changed), described).toThrow(TypeError);
    }
    expect(c.recv(b, memory(), 16, c.MSG_DONTWAIT)).toBe(-1);
    expect(c.errno).toBe(c.EAGAIN);
  });

  test('lengths and counts beyond the memory fail with EFAULT, before any other check', () => {
    const [a, b] = connectedPair(unixStream);
    must(c.send(a, 'hello', 5, 0));
    const guarded = new GuardedMemory(8);
    for (const fd of [reads ? a : b, -1]) {
      for (const change of [
        { msg_name: guarded.bytes, msg_namelen: 9 },
        { msg_name: guarded.bytes, msg_namelen: 2 ** 31 - 1 },
        { msg_iovlen: 2 },
        { msg_iovlen: -1 },
        { msg_iovlen: 2 ** 40 },
        { msg_iovlen: 2n ** 63n },
        { msg_iov: new c.iovec({ iov_base: guarded.bytes, iov_len: 9 }) },
        { msg_iov: [new c.iovec({ iov_base: guarded.bytes, iov_len: -1 })] },
        { msg_control: guarded.bytes, msg_controllen: 9 },
        { msg_control: guarded.bytes, msg_controllen: -1 },
        { msg_control: guarded.bytes, msg_controllen: 2n ** 64n - 1n },
      ]) {
        expect(use(fd, Object.assign(message(), change)), Object.keys(change).join()).toBe(-1);
        expect(c.errno).toBe(c.EFAULT);
      }
    }
    expect(guarded.intact && guarded.bytes.every((byte) => byte === 0xa5)).toBe(true);
    expect(c.recv(b, memory(), 16, c.MSG_DONTWAIT)).toBe(5);
  });

  test('detached memory counts as the null pointer', () => {
    const [a] = connectedPair(unixStream);
    for (const [described, make] of detachedMemory) {
      const gone = make() as c.Pointer;
      const changed = Object.assign(message(), { msg_iov: new c.iovec({ iov_base: gone, iov_len: 4 }) });
      const result = use(a, changed);
      // Memory that is null is the kernel's to refuse: sendmmsg has sent the first message by then.
      expect(name === 'sendmmsg' ? [-1, 1] : [-1], described).toContain(result);
      if (result < 0) expect([c.EFAULT, c.EAGAIN], described).toContain(c.errno);
    }
  });
});

test.each([
  ['sendmsg', c.sendmsg],
  ['recvmsg', c.recvmsg],
] as const)('%s: a getter that detaches memory read before it', (_, call) => {
  const [a] = connectedPair(unixStream);
  const name = new Uint8Array(1 << 16);
  const changed = Object.assign(message(), { msg_name: name, msg_namelen: 1 << 16 });
  Object.defineProperty(changed, 'msg_controllen', {
    get: () => (name.byteLength > 0 ? detachBuffer(name).byteLength : 0),
  });
  expect(call(a, changed, c.MSG_DONTWAIT)).toBe(call === c.sendmsg ? 16 : -1);
  expect(name.byteLength).toBe(0);
});

describe('iovec', () => {
  test.each([
    ['readv', c.readv, notWritableMemory],
    ['writev', c.writev, notReadableMemory],
  ] as const)('%s', (_, call, wrongBase) => {
    const [a] = connectedPair(unixStream);
    const iov = (iov_base: unknown, iov_len: unknown) => [Object.assign(new c.iovec(), { iov_base, iov_len })];
    for (const [described, value] of wrongBase) expect(() => call(a, iov(value(), 1), 1), described).toThrow(TypeError);
    for (const [described, value] of notInteger) {
      expect(() => call(a, iov(memory(), value()), 1), described).toThrow(TypeError);
    }
  });

  test('refuses a vector that changes while it is read', () => {
    const [, b] = connectedPair(unixStream);
    const list: c.iovec[] = [];
    const piece = new c.iovec();
    let reads = 0;
    Object.defineProperty(piece, 'iov_base', {
      get() {
        if (++reads < 100) list.push(piece);
        return memory();
      },
    });
    Object.defineProperty(piece, 'iov_len', { value: 17 });
    list.push(piece);
    expect(c.readv(b, list, 50)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
  });
});

describe('ifconf', () => {
  const use = (fd: number, change: object): number =>
    c.ioctl(fd, c.SIOCGIFCONF, Object.assign(new c.ifconf({ ifc_len: 0, ifc_buf: memory() }), change));

  test('fields of a wrong type throw TypeError', () => {
    const fd = newSocket(udp4);
    for (const [described, value] of notShortInteger)
      expect(() => use(fd, { ifc_len: value() }), described).toThrow(TypeError);
    for (const [described, value] of notWritableMemory)
      expect(() => use(fd, { ifc_buf: value() }), described).toThrow(TypeError);
  });

  test('a length beyond the buffer fails with EFAULT', () => {
    const guarded = new GuardedMemory(79);
    for (const ifc_len of [80, 2 ** 31 - 1]) {
      expect(use(newSocket(udp4), { ifc_len, ifc_buf: guarded.bytes })).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
    expect(guarded.intact && guarded.bytes.every((byte) => byte === 0xa5)).toBe(true);
  });
});

describe.runIf(linux)('sock_fprog (Linux)', () => {
  const use = (fd: number, change: object): number => {
    const program = new c.sock_fprog({ len: 1, filter: new (c.array(c.sock_filter, 1))([c.BPF_STMT(6, 100)]) });
    return c.setsockopt(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER!, Object.assign(program, change), c.sizeof(program));
  };

  test('a valid program is attached', () => expect(use(newSocket(udp4), {})).toBe(0));

  test('fields of a wrong type throw TypeError', () => {
    const fd = newSocket(udp4);
    for (const [described, value] of notShortInteger)
      expect(() => use(fd, { len: value() }), described).toThrow(TypeError);
    for (const [described, value] of notWritableMemory)
      expect(() => use(fd, { filter: value() }), described).toThrow(TypeError);
  });

  test('more instructions than the memory has fail with EFAULT', () => {
    for (const len of [2, 65_535, -1]) {
      expect(use(newSocket(udp4), { len })).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
  });
});

test('the hints of getaddrinfo', () => {
  const res = new c.pointer<c.addrinfo>();
  for (const field of ['ai_flags', 'ai_family', 'ai_socktype', 'ai_protocol']) {
    for (const [described, value] of notShortInteger) {
      const hints = Object.assign(new c.addrinfo(), { [field]: value() });
      expect(() => c.getaddrinfo('127.0.0.1', '80', hints, res), `${field}: ${described}`).toThrow(TypeError);
    }
  }
  expect(res.value).toBe(null);
});
