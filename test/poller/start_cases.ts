// The cases of Poller.start, for both mechanisms by which it joins the event loop.
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AF_UNIX, POLLIN, POLLOUT, Poller, type PollerEvent, SOCK_STREAM, Socket } from 'bsd-sockets';
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { thrownError } from '../support/sockets.js';

function pair(): [Socket, Socket] {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  return [closeAfterTest(a), closeAfterTest(b)];
}
const poller = (): Poller => closeAfterTest(new Poller());
const buffer = new Uint8Array(1024);

/** The next time that a poller tells: what it tells. The poller is stopped within its own listener. */
const told = (of: Poller): Promise<[unknown, number][]> =>
  new Promise((resolve) => {
    of.start((ready) => {
      const list: [unknown, number][] = [];
      for (const { socket, events } of ready) list.push([socket, events]);
      of.stop();
      resolve(list);
    });
  });

export function startCases(): void {
  it('reports what became ready, all of a turn in one call', async () => {
    const pairs = Array.from({ length: 20 }, pair);
    const p = poller();
    for (const [a] of pairs) p.add(a, POLLIN);
    const next = told(p);
    for (const [, b] of pairs) b.send('x');
    expect(new Set((await next).map(([socket]) => socket))).toEqual(new Set(pairs.map(([a]) => a)));
  });
  it('can be stopped and started again, in its own listener too', async () => {
    const [a] = pair();
    const p = poller().add(a, POLLOUT);
    expect(await told(p)).toEqual([[a, POLLOUT]]);
    expect(await told(p)).toEqual([[a, POLLOUT]]);
    let calls = 0;
    await new Promise<void>((resolve) => {
      const listener = (): void => {
        p.stop();
        if (++calls === 5) return resolve();
        p.start(listener);
      };
      p.start(listener);
    });
    for (let i = 0; i < 100; i++) p.start(() => {}).stop();
    expect(await told(p)).toEqual([[a, POLLOUT]]);
    p.start(() => {});
    expect(thrownError(() => p.start(() => {}))).toMatchObject({ code: 'ERR_INVALID_STATE' });
  });
  it('reports level-triggered events in every turn, and the event loop goes on', async () => {
    const [a] = pair();
    let calls = 0;
    const p = poller().add(a, POLLOUT);
    await new Promise<void>((resolve) => {
      let turns = 0;
      const turn = (): void => {
        if (++turns > 5 && calls > 5) resolve();
        else setImmediate(turn);
      };
      p.start(() => {
        calls++;
      });
      turn();
    });
    p.stop();
    const before = calls;
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(calls).toBe(before);
  });
  it('can be closed in its own listener', async () => {
    const [a] = pair();
    const p = new Poller().add(a, POLLOUT);
    await new Promise<void>((resolve) => {
      p.start(() => {
        p.close();
        resolve();
      });
    });
    expect(thrownError(() => p.add(a, POLLIN))).toMatchObject({ code: 'EBADF' });
  });
  it('can be closed right after start', async () => {
    const [a] = pair();
    for (let i = 0; i < 50; i++) {
      const p = new Poller().add(a, POLLOUT);
      p.start(() => expect.unreachable());
      p.close();
    }
    await new Promise((resolve) => setImmediate(resolve));
  });
  it('an exception of the listener is an uncaught exception, and the poller goes on', async () => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    try {
      const [a, b] = pair();
      const p = poller().add(a, POLLIN);
      const caught = new Promise((resolve) => process.once('uncaughtException', resolve));
      let calls = 0;
      const again = new Promise<void>((resolve) => {
        p.start((ready) => {
          for (const _ of ready) if (++calls === 1) throw new Error('from the listener');
          p.stop();
          resolve();
        });
      });
      b.send('x');
      expect(await caught).toEqual(new Error('from the listener'));
      await again;
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });
  it('several pollers work at once, and one inside another', async () => {
    const [a, b] = pair();
    const inner = poller().add(a, POLLIN);
    const outer = poller().add((inner as unknown as { fd?: number }).fd ?? a, POLLIN);
    const [first, second] = [told(inner), told(outer)];
    b.send('x');
    expect((await first).length).toBe(1);
    expect((await second).length).toBe(1);
  });
  it('events of a descriptor that was closed after they were collected are dropped', async () => {
    const pairs = Array.from({ length: 10 }, pair);
    const p = poller();
    for (const [a] of pairs) p.add(a, POLLIN);
    for (const [, b] of pairs) b.send('x');
    const served: unknown[] = [];
    await new Promise<void>((resolve) => {
      p.start((ready: Iterable<PollerEvent<Socket>>) => {
        for (const { socket } of ready) {
          served.push(socket);
          socket.recv(buffer);
          for (const [a] of pairs) {
            if (a === socket) continue;
            const { fd } = a;
            if (fd < 0) continue;
            a.close();
            const [reused, other] = Socket.pair(AF_UNIX, SOCK_STREAM); // the numbers at once again
            closeAfterTest(reused);
            closeAfterTest(other);
          }
        }
        p.stop();
        resolve();
      });
    });
    expect(served.length).toBe(1);
  });
  it('keeps its listener’s AsyncLocalStorage context', async () => {
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const storage = new AsyncLocalStorage<string>();
    const [a, b] = pair();
    const p = poller().add(a, POLLIN);
    const seen = new Promise((resolve) => {
      storage.run('context', () =>
        p.start(() => {
          p.stop();
          resolve(storage.getStore());
        }),
      );
    });
    // Only the poller refers to the object that carries the context.
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    await turn();
    b.send('x');
    expect(await seen).toBe('context');
  });
}
