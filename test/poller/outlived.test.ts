// Tests of registrations whose descriptor ends while a duplicate keeps the file ready: they can never spin, whether the listener iterates
// its events or not, and the poller goes on to report what is alive.
import { closeSync } from 'node:fs';
import { AF_UNIX, POLLIN, POLLOUT, Poller, type PollerOptions, SOCK_DGRAM, SOCK_STREAM, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket as Waiting } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import '../support/promise_sockets.js'; // makes the event loop's own poller before the tests

interface Owner {
  readonly fd: number;
  close(): void;
  detach(): number;
}
/** Ways in which the descriptor ends; what they leave open is closed after the test. */
const endings: Readonly<Record<string, (socket: Owner) => void>> = {
  close: (socket) => socket.close(),
  detach: (socket) => void closeAfterTest(socket.detach()),
  'c.close': ({ fd }) => void c.close(fd),
  'c.dup2 of another file': ({ fd }) => void closeAfterTest(c.dup2(0, fd)),
  'fs.closeSync': ({ fd }) => closeSync(fd),
  'fs.closeSync, then another Socket': ({ fd }) => {
    closeSync(fd);
    closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM));
  },
  'fs.closeSync, then c.socket': ({ fd }) => {
    closeSync(fd);
    closeAfterTest(c.socket(c.AF_UNIX, c.SOCK_DGRAM, 0));
  },
};
const options: Readonly<Record<string, PollerOptions>> = {
  'level-triggered': {},
  'edge-triggered': { edge: true },
  oneshot: { oneshot: true },
  exclusive: { exclusive: true },
};
/** More reports than this of one registration are a spin: the poller asks the kernel after 256. */
const MOST = 600;

describe.for(Object.entries(options))('%s', ([, flags]) => {
  for (const [layer, Class] of Object.entries({ Socket, Waiting })) {
    it.for(Object.entries(endings))(`a ${layer} ends by %s`, async ([, end]) => {
      for (const iterates of [true, false]) {
        const [a, b] = Class.pair(AF_UNIX, SOCK_STREAM);
        const [alive, peer] = Socket.pair(AF_UNIX, SOCK_STREAM);
        for (const socket of [b, alive, peer]) closeAfterTest(socket);
        closeAfterTest(c.dup(a.fd));
        const poller = closeAfterTest(new Poller())
          .add(a, POLLIN | POLLOUT, flags)
          .add(alive, POLLIN);
        let calls = 0;
        let served = (): void => {};
        const answer = new Promise<void>((resolve) => {
          served = resolve;
        });
        poller.start((ready) => {
          calls++;
          if (!iterates && calls < MOST) return;
          for (const { socket } of ready) {
            if (socket !== alive) continue;
            alive.recv(new Uint8Array(1));
            served();
          }
        });
        end(a);
        await b.send('x');
        // Turns of the event loop: a spin would be reported in each.
        for (let turn = 0; turn < 2 * MOST; turn++) await new Promise((resolve) => setImmediate(resolve));
        expect(calls).toBeLessThan(MOST);
        if (iterates) {
          peer.send('y');
          await answer;
        }
        const before = calls;
        for (let turn = 0; iterates && turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        if (iterates) expect(calls - before).toBeLessThan(5);
        poller.stop();
        try {
          a.close();
        } catch (error) {
          expect(error).toMatchObject({ code: 'EBADF' });
        }
      }
    });
  }
});

it('wait() blocks again after it has found a registration that outlived its descriptor', () => {
  for (const end of [endings.close!, endings['c.close']!, endings['c.dup2 of another file']!]) {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    closeAfterTest(b);
    closeAfterTest(c.dup(a.fd));
    const poller = closeAfterTest(new Poller()).add(a, POLLIN);
    end(a);
    b.send('x');
    expect([...poller.wait(0)]).toEqual([]);
    expect([...poller.wait(0)]).toEqual([]);
    // The poller's own descriptor is at rest, too: another poller would report it.
    const outer = closeAfterTest(new Poller()).add(poller.fd, POLLIN);
    expect([...outer.wait(0)]).toEqual([]);
    try {
      a.close();
    } catch (error) {
      expect(error).toMatchObject({ code: 'EBADF' });
    }
  }
});

it('a socket in many pollers leaves each of them', () => {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  closeAfterTest(b).send('x');
  const duplicate = closeAfterTest(c.dup(a.fd));
  const pollers = Array.from({ length: 20 }, () => closeAfterTest(new Poller()).add(a, POLLIN));
  for (const poller of pollers) expect([...poller.wait(0)].length).toBe(1);
  a.close();
  for (const poller of pollers) {
    expect([...poller.wait(0)]).toEqual([]);
    poller.add(duplicate, POLLIN).delete(duplicate);
  }
});

it('a borrowed number in a poller: the owner’s end is reported as no event of another file', () => {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  closeAfterTest(b).send('x');
  const borrowed = Socket.from(a);
  const poller = closeAfterTest(new Poller()).add(borrowed, POLLIN);
  const { fd } = a;
  a.close();
  const [other, peer] = Socket.pair(AF_UNIX, SOCK_STREAM);
  closeAfterTest(other);
  closeAfterTest(peer).send('y');
  expect(other.fd).toBe(fd);
  expect([...poller.wait(0)]).toEqual([]);
  poller.add(other, POLLIN);
  expect([...poller.wait(0)].map(({ events }) => events)).toEqual([POLLIN]);
});
