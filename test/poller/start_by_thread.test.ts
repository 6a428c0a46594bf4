// Poller.start where libuv’s functions are missing: by a thread.
import { AF_UNIX, POLLOUT, Poller, SOCK_STREAM, Socket } from 'bsd-sockets';
import { describe, expect, it, vi } from 'vitest';
import { openDescriptors } from '../support/cleanup.js';
import { startCases } from './start_cases.js';

vi.hoisted(() => {
  process.env.BSD_SOCKETS_WATCH = 'thread'; // read when the package is loaded
});

describe('Poller.start by a thread', () => {
  it('has a thread of its own, which ends with the poller', () => {
    const pipes = (): number => [...openDescriptors().values()].filter((what) => what.startsWith('pipe:')).length;
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    const poller = new Poller().add(a, POLLOUT);
    const before = pipes();
    poller.start(() => {});
    if (process.platform === 'linux') expect(pipes()).toBe(before + 2); // what wakes the thread
    poller.close();
    a.close();
    b.close();
    return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  });
  startCases();
});
