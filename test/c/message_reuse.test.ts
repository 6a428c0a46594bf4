// Vectors of messages that are used again, and changes of their memory between two calls and during one.
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { connectedPair, errnoName, must } from '../support/descriptors.js';
import { decodeText, detachBuffer, GuardedMemory, resizableBuffer } from '../support/memory.js';
import { unixDatagram } from '../support/socket_kinds.js';

const message = (iov_base: c.ConstPointer, iov_len: number | bigint): c.mmsghdr =>
  new c.mmsghdr({ msg_hdr: new c.msghdr({ msg_iov: new c.iovec({ iov_base, iov_len }), msg_iovlen: 1 }) });
const pieceOf = ({ msg_hdr }: c.mmsghdr): c.iovec => msg_hdr.msg_iov as c.iovec;

describe.runIf(process.platform === 'linux')('a vector that is used for several calls', () => {
  /** Two messages come into the vector. */
  const receive = (b: number, vector: c.mmsghdr[]): number => c.recvmmsg(b, vector, 2, c.MSG_DONTWAIT, null);
  const send = (a: number): void => {
    for (const text of ['one', 'three']) must(c.send(a, text, text.length, 0));
  };

  test('sees memory that was detached, replaced, shrunk, or declared longer than it is', () => {
    const [a, b] = connectedPair(unixDatagram);
    const guarded = new GuardedMemory(8);
    const buffer = resizableBuffer(16);
    const vector = [message(new Uint8Array(8), 8), message(guarded.bytes, 8)];
    send(a);
    expect(receive(b, vector)).toBe(2);
    send(a);
    pieceOf(vector[1]!).iov_len = 9;
    expect(errnoName(() => receive(b, vector))).toBe('EFAULT'); // and nothing is consumed
    pieceOf(vector[1]!).iov_len = 8;
    const other = new Uint8Array(8);
    pieceOf(vector[0]!).iov_base = other;
    expect(receive(b, vector)).toBe(2);
    expect([decodeText(other.subarray(0, 3)), decodeText(guarded.bytes.subarray(0, 5))]).toEqual(['one', 'three']);
    send(a);
    pieceOf(vector[0]!).iov_base = new Uint8Array(buffer);
    buffer.resize(7);
    expect(errnoName(() => receive(b, vector))).toBe('EFAULT');
    buffer.resize(8);
    expect(receive(b, vector)).toBe(2);
    send(a);
    detachBuffer(other);
    pieceOf(vector[0]!).iov_base = other;
    expect(errnoName(() => receive(b, vector))).toBe('EFAULT'); // the kernel's, for a null pointer: the datagram is gone
    expect(guarded.intact).toBe(true);
  });

  test('follows small memory that the garbage collector moves', () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const [a, b] = connectedPair(unixDatagram);
    const vector = [message(new Uint8Array(8), 8), message(new Uint8Array(8), 8)];
    for (let i = 0; i < 3; i++) {
      send(a);
      expect(receive(b, vector)).toBe(2);
      gc();
      expect(vector.map((m) => decodeText((pieceOf(m).iov_base as Uint8Array).subarray(0, m.msg_len)))).toEqual([
        'one',
        'three',
      ]);
    }
  });

  test('holds common and uncommon messages together', () => {
    const [a, b] = connectedPair(unixDatagram);
    const two = ['a', 'bc'].map((text) => new c.iovec({ iov_base: text, iov_len: BigInt(text.length) }));
    const sent = [
      message(new Uint8Array([120]), 1),
      new c.mmsghdr({ msg_hdr: new c.msghdr({ msg_iov: two, msg_iovlen: 2n }) }),
      message('text', 4n),
      new c.mmsghdr(),
    ];
    for (let round = 0; round < 2; round++) {
      expect(c.sendmmsg(a, sent, 4, 0)).toBe(4);
      const vector = [new DataView(new ArrayBuffer(9)), new SharedArrayBuffer(9), new c.uint64_t(), null].map(
        (memory) => message(memory, memory === null ? 0 : 8),
      );
      expect(c.recvmmsg(b, vector, 4, c.MSG_DONTWAIT, null)).toBe(4);
      expect(vector.map(({ msg_len }) => msg_len)).toEqual([1, 3, 4, 0]);
    }
  });

  test('takes 1024 messages, the kernel’s limit, and more in one array of arguments', () => {
    const [a, b] = connectedPair(unixDatagram);
    for (const count of [1024, 1025, 5000]) {
      const vector = Array.from({ length: count }, () => message(null, 0));
      const sent = c.sendmmsg(a, vector, count, c.MSG_DONTWAIT);
      expect(sent).toBeGreaterThan(0);
      expect(c.recvmmsg(b, vector, count, c.MSG_DONTWAIT, null)).toBe(sent);
      expect(errnoName(() => c.recvmmsg(b, vector, count + 1, c.MSG_DONTWAIT, null))).toBe('EFAULT');
      pieceOf(vector[count - 1]!).iov_base = 5 as never;
      expect(() => c.sendmmsg(a, vector, 1, 0)).toThrow(TypeError); // beyond vlen, and a wrong type all the same
    }
    const many = Array.from({ length: 20_000 }, () => new c.iovec({ iov_base: 'x', iov_len: 1 }));
    expect(c.writev(a, many, 3)).toBe(3);
    expect(errnoName(() => c.writev(a, many, 20_001))).toBe('EFAULT');
  });

  test('has arguments of its own for a call that a getter or Proxy makes within a call', () => {
    const [a, b] = connectedPair(unixDatagram);
    const inner = new Uint8Array(8);
    const outer = new Uint8Array(8);
    const vector = [message(outer, 8)];
    must(c.send(a, 'inner', 5, 0));
    must(c.send(a, 'outer!', 6, 0));
    Object.defineProperty(vector[0]!.msg_hdr, 'msg_control', {
      get() {
        c.recvmmsg(b, [message(inner, 8)], 1, c.MSG_DONTWAIT, null);
        return null;
      },
    });
    expect(c.recvmmsg(b, new Proxy(vector, {}), 1, c.MSG_DONTWAIT, null)).toBe(1);
    expect([decodeText(inner), decodeText(outer), vector[0]!.msg_len]).toEqual(['inner\0\0\0', 'outer!\0\0', 6]);
    // What the first message's memory was when it was read is not what it is when the call is made.
    const gone = message(new Uint8Array(8), 8);
    const thief = message(null, 0);
    Object.defineProperty(thief.msg_hdr, 'msg_flags', {
      get() {
        detachBuffer(pieceOf(gone).iov_base as Uint8Array);
        return 0;
      },
    });
    must(c.send(a, 'x', 1, 0));
    expect(errnoName(() => c.recvmmsg(b, [gone, thief], 2, c.MSG_DONTWAIT, null))).toBe('EFAULT');
    const throws = message(null, 0);
    Object.defineProperty(throws, 'msg_hdr', { get: () => expect.fail('thrown') });
    expect(() => c.recvmmsg(b, [throws], 1, 0, null)).toThrow('thrown');
    must(c.send(a, 'after', 5, 0));
    const after = [message(new Uint8Array(8), 8)];
    expect([c.recvmmsg(b, after, 1, c.MSG_DONTWAIT, null), after[0]!.msg_len]).toEqual([1, 5]);
  });

  test('refuses arrays without an end', () => {
    const [a] = connectedPair(unixDatagram);
    const piece = new c.iovec({ iov_base: 'x', iov_len: 1 });
    const endless = <T>(element: T): T[] =>
      new Proxy([], { get: (_, key) => (key === 'length' ? Number.POSITIVE_INFINITY : element) }) as unknown as T[];
    for (const [iov, error] of [[new Array(2 ** 32 - 1), TypeError] as const, [endless(piece), RangeError] as const]) {
      expect(() => c.writev(a, iov, 1)).toThrow(error);
      expect(() => c.sendmsg(a, new c.msghdr({ msg_iov: iov, msg_iovlen: 1 }), 0)).toThrow(error);
    }
    expect(() => c.sendmmsg(a, endless(new c.mmsghdr()), 1, 0)).toThrow(RangeError);
    expect(c.writev(a, piece, 1)).toBe(1);
  });

  test('works in two workers at once', async () => {
    const program = `
      const { parentPort } = require('node:worker_threads');
      import('bsd-sockets/c').then((c) => {
        const sv = new (c.array(c.int, 2))();
        c.socketpair(c.AF_UNIX, c.SOCK_DGRAM, 0, sv);
        const vector = (fill) => Array.from({ length: 4 }, (_, i) => new c.mmsghdr({ msg_hdr: new c.msghdr({
          msg_iov: new c.iovec({ iov_base: new Uint8Array(i + 1).fill(fill + i), iov_len: i + 1 }), msg_iovlen: 1 }) }));
        let good = 0;
        for (let round = 0; round < 2000; round++) {
          const sent = vector(round), received = vector(0);
          c.sendmmsg(sv[0], sent, 4, 0);
          if (c.recvmmsg(sv[1], received, 4, 0, null) !== 4) break;
          if (received.every((m, i) => m.msg_len === i + 1 && c.memcmp(m.msg_hdr.msg_iov.iov_base, sent[i].msg_hdr.msg_iov.iov_base, i + 1) === 0)) good++;
        }
        c.close(sv[0]);
        c.close(sv[1]);
        parentPort.postMessage(good);
      });`;
    const workers = [0, 1].map(() => new Worker(program, { eval: true }));
    const exits = workers.map((worker) => once(worker, 'exit'));
    expect((await Promise.all(workers.map((worker) => once(worker, 'message')))).flat()).toEqual([2000, 2000]);
    await Promise.all(exits);
  });
});
