// A vector, a message and an iovec may have getters: each element and each field is read once, before the call, and the results go to the
// messages that were read.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { connectedPair } from '../support/descriptors.js';
import { unixDatagram } from '../support/socket_kinds.js';

/** Makes the fields of an object getters that count. */
function counted<T extends object>(object: T, counts: Map<string, number>, prefix: string): T {
  for (const [key, value] of Object.entries(object)) {
    let held: unknown = value;
    Object.defineProperty(object, key, {
      get: () => {
        counts.set(prefix + key, (counts.get(prefix + key) ?? 0) + 1);
        return held;
      },
      set: (next: unknown) => {
        held = next;
      },
    });
  }
  return object;
}

const message = (counts: Map<string, number>): c.mmsghdr => {
  const iov = [counted(new c.iovec({ iov_base: new Uint8Array(8), iov_len: 8 }), counts, '')];
  const header = counted(new c.msghdr({ msg_iov: iov, msg_iovlen: 1 }), counts, '');
  return counted(new c.mmsghdr({ msg_hdr: header }), counts, '');
};

test('sendmmsg and recvmmsg', ({ skip }) => {
  skip(process.platform !== 'linux', 'only Linux has sendmmsg');
  const [a, b] = connectedPair(unixDatagram);
  const counts = new Map<string, number>();
  const first = message(counts);
  expect(c.sendmmsg(a, [first], 1, 0)).toBe(1);
  const other = message(new Map());
  let reads = 0;
  const vector = Object.defineProperty([] as c.mmsghdr[], 0, { get: () => (reads++ === 0 ? first : other) });
  expect(c.recvmmsg(b, vector, 1, c.MSG_DONTWAIT, null)).toBe(1);
  expect(reads).toBe(1);
  expect([first.msg_len, other.msg_len]).toEqual([8, 0]);
  // Two calls, and `msg_len` once by this test.
  expect([...counts].filter(([, count]) => count !== 2)).toEqual([['msg_len', 1]]);
});

test('sendmsg, writev', () => {
  const [a] = connectedPair(unixDatagram);
  const counts = new Map<string, number>();
  const { msg_hdr } = message(counts);
  expect(c.sendmsg(a, msg_hdr, 0)).toBe(8);
  expect(c.writev(a, [counted(new c.iovec({ iov_base: 'x', iov_len: 1 }), counts, 'own ')], 1)).toBe(1);
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
});
