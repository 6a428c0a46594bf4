// send(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeNow } from '../support/cleanup.js';
import { connectedPair, must, newSocket } from '../support/descriptors.js';
import { bytesOf, detachBuffer, memoryOfEightBytes } from '../support/memory.js';
import { allKinds, tcp4, udp4, unixStream } from '../support/socket_kinds.js';

/** What arrived, as Latin-1 text. */
function received(fd: number): string {
  const buf = Buffer.alloc(64);
  const length = c.recv(fd, buf, buf.length, c.MSG_DONTWAIT);
  return length < 0 ? c.strerror(c.errno) : buf.toString('latin1', 0, length);
}

describe.each(allKinds)('send: $name', (kind) => {
  test('sends the first len bytes of a buffer', () => {
    const [a, b] = connectedPair(kind);
    c.set_errno(77);
    expect(c.send(a, Buffer.from('hello'), 4, 0)).toBe(4);
    expect(c.errno).toBe(77);
    must(c.poll(new c.pollfd({ fd: b, events: c.POLLIN }), 1, -1));
    expect(received(b)).toBe('hell');
  });

  test('fails with EFAULT if len is beyond the buffer, before any other check, and sends nothing', () => {
    const [a, b] = connectedPair(kind);
    for (const fd of [a, -1]) {
      for (const buf of [Buffer.from('hello'), new c.int(1), 'text', new ArrayBuffer(5)]) {
        for (const length of [6, 2 ** 31 - 1, 2 ** 31, 2 ** 40, -1, -5, 1n << 63n, -1n]) {
          expect(c.send(fd, buf, length, 0)).toBe(-1);
          expect(c.errno).toBe(c.EFAULT);
        }
      }
    }
    expect(received(b)).toBe(c.strerror(c.EAGAIN));
  });

  test.each([0, 3, 8])('takes a length of %i as a bigint', (length) => {
    const [a, b] = connectedPair(kind);
    expect(c.send(a, Buffer.from('01234567'), BigInt(length), 0)).toBe(length);
    expect(c.send(a, Buffer.from('01234567'), BigInt(length) + 2n ** 64n, 0)).toBe(length);
    expect(c.send(a, '01234567', BigInt(length), 0)).toBe(length);
    if (length === 0) return;
    must(c.poll(new c.pollfd({ fd: b, events: c.POLLIN }), 1, -1));
    expect(received(b).startsWith('01234567'.slice(0, length))).toBe(true);
  });
});

test.each(memoryOfEightBytes)('send takes %s', (_, make) => {
  const [a, b] = connectedPair(unixStream);
  const memory = make();
  bytesOf(memory).set(Buffer.from('abcdefgh'));
  expect(c.send(a, memory as c.Pointer, 8, 0)).toBe(8);
  expect(received(b)).toBe('abcdefgh');
  expect(c.send(a, memory as c.Pointer, 9, 0)).toBe(-1);
  expect(c.errno).toBe(c.EFAULT);
});

describe('a string', () => {
  test('is sent as UTF-8 with a NUL', () => {
    const [a, b] = connectedPair(unixStream);
    const text = 'h\u00e9 \u{1f600}';
    expect(sizeof(text)).toBe(9);
    expect(c.send(a, text, sizeof(text), 0)).toBe(9);
    expect(received(b)).toBe(`${Buffer.from(text).toString('latin1')}\0`);
    expect(c.send(a, text, sizeof(text) + 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
  });

  test('may contain NULs', () => {
    const [a, b] = connectedPair(unixStream);
    expect(c.send(a, 'a\0b', 4, 0)).toBe(4);
    expect(received(b)).toBe('a\0b\0');
  });

  test('has U+FFFD for an unpaired surrogate', () => {
    const [a, b] = connectedPair(unixStream);
    expect(c.send(a, '\ud800', 3, 0)).toBe(3);
    expect(received(b)).toBe('\xef\xbf\xbd');
  });

  test('sends one NUL if it is empty', () => {
    const [a, b] = connectedPair(unixStream);
    expect(c.send(a, '', 1, 0)).toBe(1);
    expect(received(b)).toBe('\0');
  });

  test('may be long', () => {
    const [a] = connectedPair(unixStream);
    expect(c.send(a, 'x'.repeat(100_000), 10, 0)).toBe(10);
  });
});

describe('send', () => {
  test('sends no bytes from null, an empty view and a detached one', () => {
    const [a] = connectedPair(tcp4);
    expect(c.send(a, null, 0, 0)).toBe(0);
    expect(c.send(a, new Uint8Array(0), 0, 0)).toBe(0);
    expect(c.send(a, detachBuffer(new Uint8Array(8)), 0, 0)).toBe(0);
    for (const empty of [
      new Uint8Array(0),
      new ArrayBuffer(0),
      null,
      detachBuffer(new Uint8Array(8)),
      detachBuffer(new c.int()),
    ]) {
      expect(c.send(a, empty, 1, 0)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
  });

  test('delivers an empty datagram', () => {
    const [a, b] = connectedPair(udp4);
    expect(c.send(a, null, 0, 0)).toBe(0);
    expect(c.recv(b, new Uint8Array(8), 8, 0)).toBe(0);
  });

  test('passes the flags on', () => {
    const [a, b] = connectedPair(tcp4);
    expect(c.send(a, '!', 1, c.MSG_OOB)).toBe(1);
    const ready = new c.pollfd({ fd: b, events: c.POLLPRI });
    expect(c.poll(ready, 1, -1)).toBe(1);
    const buf = new Uint8Array(1);
    expect(c.recv(b, buf, 1, c.MSG_OOB)).toBe(1);
    expect(buf[0]).toBe(33);
  });

  test('returns a short count, then fails with EAGAIN, when the queue is full', () => {
    const [a] = connectedPair(unixStream);
    const large = new Uint8Array(1 << 20);
    let last = 0;
    for (let sent = 0; sent >= 0; sent = c.send(a, large, large.length, c.MSG_DONTWAIT)) last = sent;
    expect(c.errno).toBe(c.EAGAIN);
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThanOrEqual(large.length);
  });

  test('fails with EPIPE, EBADF, EMSGSIZE and EDESTADDRREQ like C', () => {
    const [a, b] = connectedPair(unixStream);
    closeNow(b);
    expect(c.send(a, 'x', 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EPIPE);
    expect(c.send(-1, 'x', 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
    const [d] = connectedPair(udp4);
    expect(c.send(d, new Uint8Array(70_000), 70_000, 0)).toBe(-1);
    expect(c.errno).toBe(c.EMSGSIZE);
    expect(c.send(newSocket(udp4), 'x', 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EDESTADDRREQ);
  });
});
