// select(2) and the fd_set macros.
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { runC } from '../support/c_program.js';
import { closeAfterTest, closeNow } from '../support/cleanup.js';
import { connectedPair, listeningSocket, must, newSocket } from '../support/descriptors.js';
import { bytesOf, detachBuffer, GuardedMemory } from '../support/memory.js';
import { allKinds, tcp4, unixStream } from '../support/socket_kinds.js';

const now = () => new c.timeval();
const setOf = (...fds: number[]): c.fd_set => {
  const set = new c.fd_set();
  for (const fd of fds) c.FD_SET(fd, set);
  return set;
};

describe.each(allKinds)('select: $name', (kind) => {
  test('leaves the readable and writable descriptors in the sets', () => {
    const [a, b] = connectedPair(kind);
    const [readable, writable] = [setOf(a, b), setOf(a)];
    must(c.send(a, 'x', 1, 0));
    must(c.poll(new c.pollfd({ fd: b, events: c.POLLIN }), 1, -1));
    c.set_errno(77);
    expect(c.select(c.MAX(a, b) + 1, readable, writable, null, now())).toBe(2);
    expect(c.errno).toBe(77);
    expect([c.FD_ISSET(a, readable), c.FD_ISSET(b, readable), c.FD_ISSET(a, writable)]).toEqual([0, 1, 1]);
  });
});

describe('select', () => {
  test('returns 0 with empty sets after the time-out', () => {
    const [a] = connectedPair(unixStream);
    const set = setOf(a);
    const timeout = new c.timeval({ tv_sec: 0, tv_usec: 3000 });
    expect(c.select(a + 1, set, null, null, timeout)).toBe(0);
    expect(c.FD_ISSET(a, set)).toBe(0);
    if (process.platform === 'linux') expect([timeout.tv_sec, timeout.tv_usec]).toEqual([0, 0]);
    else expect(timeout.tv_usec).toBe(3000);
  });

  test.runIf(process.platform === 'linux')('writes the remaining time back (Linux)', () => {
    const [a, b] = connectedPair(unixStream);
    must(c.send(a, 'x', 1, 0));
    const timeout = new c.timeval({ tv_sec: 1000, tv_usec: 0 });
    expect(c.select(b + 1, setOf(b), null, null, timeout)).toBe(1);
    expect(timeout.tv_sec).toBe(999);
  });

  test('waits until a descriptor is ready if timeout is null', () => {
    const [a, b] = connectedPair(tcp4);
    must(c.send(a, 'x', 1, 0));
    expect(c.select(b + 1, setOf(b), null, null, null)).toBe(1);
  });

  test('sleeps if all sets are null', () => {
    expect(c.select(0, null, null, null, new c.timeval({ tv_sec: 0, tv_usec: 1000 }))).toBe(0);
  });

  test('reports a listener with a connection, and a closed peer, as readable', () => {
    const [listener, address] = listeningSocket(tcp4);
    const client = newSocket(tcp4);
    must(c.connect(client, address, sizeof(address)));
    expect(c.select(listener + 1, setOf(listener), null, null, null)).toBe(1);
    const [a, b] = connectedPair(unixStream);
    closeNow(a);
    expect(c.select(b + 1, setOf(b), null, null, null)).toBe(1);
  });

  test('reports urgent data as an exceptional condition', () => {
    const [a, b] = connectedPair(tcp4);
    must(c.send(a, '!', 1, c.MSG_OOB));
    expect(c.select(b + 1, null, null, setOf(b), null)).toBe(1);
  });

  test('fails with EBADF and EINVAL like C', () => {
    const closed = closeAfterTest(c.fcntl(newSocket(tcp4), c.F_DUPFD, 200));
    closeNow(closed);
    expect(c.select(closed + 1, setOf(closed), null, null, now())).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    expect(c.select(-1, null, null, null, now())).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
    expect(c.select(0, null, null, null, new c.timeval({ tv_sec: -1 }))).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
  });

  test('fails with EFAULT if nfds is beyond the set, and leaves the sets alone', () => {
    const [a] = connectedPair(unixStream);
    for (const argument of [0, 1, 2]) {
      for (const nfds of [c.FD_SETSIZE + 1, 2 ** 31 - 1]) {
        const sets: [c.Pointer, c.Pointer, c.Pointer] = [null, null, null];
        const set = setOf(a);
        sets[argument] = set;
        expect(c.select(nfds, ...sets, now())).toBe(-1);
        expect(c.errno).toBe(c.EFAULT);
        expect(c.FD_ISSET(a, set)).toBe(1);
      }
    }
    const memory = new GuardedMemory(8);
    memory.bytes.fill(0);
    expect(c.select(64, memory.bytes, null, null, now())).toBe(0);
    expect(c.select(65, memory.bytes, null, null, now())).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(c.select(0, null, null, null, new Uint8Array(sizeof(c.timeval) - 1))).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(memory.intact).toBe(true);
  });

  test('treats a detached set as null', () => {
    expect(c.select(1, detachBuffer(setOf(0)), null, null, now())).toBe(0);
  });
});

describe('fd_set', () => {
  test('has C’s size and layout', () => {
    const fds = [0, 1, 7, 8, 31, 63, 64, 500, c.FD_SETSIZE - 1];
    const printed = runC(`fd_set set; FD_ZERO(&set); ${fds.map((fd) => `FD_SET(${fd}, &set);`).join(' ')}
      for (size_t i = 0; i < sizeof set; i++) printf("%02x", ((unsigned char *)&set)[i]);`);
    const set = setOf(...fds);
    expect(Buffer.from(bytesOf(set)).toString('hex')).toBe(printed);
    expect(sizeof(c.fd_set)).toBe(printed.length / 2);
    expect(sizeof(set)).toBe(printed.length / 2);
  });

  test('is changed by the macros as in C', () => {
    const set = setOf(3, 5);
    c.FD_CLR(3, set);
    expect([3, 4, 5].map((fd) => c.FD_ISSET(fd, set))).toEqual([0, 0, 1]);
    const copy = new c.fd_set(set);
    c.FD_ZERO(set);
    expect([c.FD_ISSET(5, set), c.FD_ISSET(5, copy)]).toEqual([0, 1]);
    c.FD_COPY(copy, set);
    expect(c.FD_ISSET(5, set)).toBe(1);
    c.memset(set, 0, sizeof(set));
    expect(c.memcmp(set, new c.fd_set(), sizeof(set))).toBe(0);
    c.memcpy(set, copy, sizeof(set));
    expect(c.FD_ISSET(5, set)).toBe(1);
  });

  test.each([-1, c.FD_SETSIZE, 2 ** 31, 2 ** 40])('throws RangeError for a descriptor outside the set (%i)', (fd) => {
    const set = new c.fd_set();
    for (const macro of [c.FD_SET, c.FD_CLR, c.FD_ISSET]) expect(() => macro(fd, set)).toThrow(RangeError);
  });

  test('throws TypeError for values that are not sets or descriptors', () => {
    for (const wrong of [undefined, null, {}, new Uint8Array(128), new c.int(), 5]) {
      expect(() => c.FD_ZERO(wrong as never)).toThrow(TypeError);
      expect(() => c.FD_SET(1, wrong as never)).toThrow(TypeError);
      expect(() => c.FD_COPY(new c.fd_set(), wrong as never)).toThrow(TypeError);
      if (wrong !== undefined) expect(() => new c.fd_set(wrong as never)).toThrow(TypeError);
    }
    for (const wrong of [undefined, null, '1', 1.5, Number.NaN, 1n, true]) {
      expect(() => c.FD_SET(wrong as never, new c.fd_set())).toThrow(TypeError);
    }
  });
});
