// poll(2).
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeNow } from '../support/cleanup.js';
import { connectedPair, listeningSocket, must, newSocket } from '../support/descriptors.js';
import { detachBuffer, GuardedMemory } from '../support/memory.js';
import { allKinds, tcp4, unixStream } from '../support/socket_kinds.js';

describe.each(allKinds)('poll: $name', (kind) => {
  test('returns which descriptors are ready, and their events', () => {
    const [a, b] = connectedPair(kind);
    const fds = new (c.array(c.pollfd, 3))();
    fds[0].fd = a;
    fds[0].events = c.POLLIN;
    fds[1] = new c.pollfd({ fd: b, events: c.POLLIN | c.POLLOUT });
    fds[2].fd = -1;
    expect(c.poll(fds, 3, 0)).toBe(1);
    expect(fds[1].revents).toBe(c.POLLOUT);
    must(c.send(b, 'x', 1, 0));
    c.set_errno(77);
    expect(c.poll(fds, 1, -1)).toBe(1);
    expect(c.errno).toBe(77);
    expect([fds[0].revents, fds[2].revents]).toEqual([c.POLLIN, 0]);
    expect(fds[0].events).toBe(c.POLLIN);
  });

  test('takes one pollfd as a vector of one', () => {
    const [a] = connectedPair(kind);
    const one = new c.pollfd({ fd: a, events: c.POLLOUT });
    expect(c.poll(one, 1, 0)).toBe(1);
    expect(one.revents).toBe(c.POLLOUT);
  });
});

describe('poll', () => {
  test('returns 0 if nothing is ready', () => {
    const [a] = connectedPair(unixStream);
    expect(c.poll(new c.pollfd({ fd: a, events: c.POLLIN }), 1, 0)).toBe(0);
    expect(c.poll(new c.pollfd({ fd: a, events: c.POLLIN }), 1, 3)).toBe(0);
    expect(c.poll(null, 0, 1)).toBe(0);
  });

  test('reports POLLNVAL, POLLHUP and a listener’s POLLIN', () => {
    const bad = new c.pollfd({ fd: 500, events: c.POLLIN });
    expect(c.poll(bad, 1, 0)).toBe(1);
    expect(bad.revents).toBe(c.POLLNVAL);
    const [a, b] = connectedPair(unixStream);
    closeNow(a);
    const gone = new c.pollfd({ fd: b });
    expect(c.poll(gone, 1, -1)).toBe(1);
    expect(gone.revents & c.POLLHUP).toBe(c.POLLHUP);
    const [listener, address] = listeningSocket(tcp4);
    must(c.connect(newSocket(tcp4), address, sizeof(address)));
    expect(c.poll(new c.pollfd({ fd: listener, events: c.POLLIN }), 1, -1)).toBe(1);
  });

  test('takes plain bytes', () => {
    const [a] = connectedPair(unixStream);
    const bytes = new Uint8Array(20);
    const at = c.pollfd.at(bytes, 5);
    at.fd = a;
    at.events = c.POLLOUT;
    expect(c.poll(bytes.subarray(5), 1, 0)).toBe(1);
    expect(at.revents).toBe(c.POLLOUT);
  });

  test('fails with EFAULT if nfds is beyond the memory, and writes nothing', () => {
    const memory = new GuardedMemory(2 * sizeof(c.pollfd) - 1);
    for (const nfds of [2, 2 ** 31, 2 ** 40, 2 ** 61, -1, -1n, 2n ** 61n]) {
      expect(c.poll(memory.bytes, nfds, 0)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    }
    expect(memory.intact && memory.bytes.every((byte) => byte === 0xa5)).toBe(true);
    const one = new (c.array(c.pollfd, 1))();
    expect(c.poll(one, 2, 0)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(c.poll(null, 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
    expect(c.poll(detachBuffer(new c.pollfd()), 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EFAULT);
  });

  test('takes nfds as a bigint', () => {
    expect(c.poll(new c.pollfd({ fd: -1 }), 1n, 0)).toBe(0);
  });
});
