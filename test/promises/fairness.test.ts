// Tests of fairness: whatever the peers do, timers, other sockets and other directions get their turn, no immediate stays in circulation, and
// the event loop comes to rest afterwards.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AF_UNIX, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { boundSocket, connectedPair, listeningSocket } from '../support/promise_sockets.js';
import { tcp4, udp4 } from '../support/socket_kinds.js';

/** How many times the timer fires before the load may end: the test's time-out is the only limit. */
const FIRINGS = 60;

/** Runs a load until a 1 ms timer has fired, and another socket was served, as often as that. */
async function beside(load: (going: () => boolean) => Promise<unknown>[], stop?: () => unknown): Promise<void> {
  let fired = 0;
  let served = 0;
  let going = true;
  const [a, b] = await connectedPair(tcp4);
  const timer = setInterval(() => {
    fired++;
    if (going) void b.send('x').catch(() => {});
  }, 1);
  const immediates = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Immediate').length;
  const loads = load(() => going);
  const buffer = new Uint8Array(1);
  while (served < FIRINGS || fired < FIRINGS) {
    await a.recv(buffer);
    served++;
    // One for all deferred directions, and perhaps one of the test runner's.
    expect(immediates()).toBeLessThan(4);
  }
  going = false;
  clearInterval(timer);
  await stop?.();
  await Promise.all(loads);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = performance.eventLoopUtilization();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
}
const byte = (): Uint8Array => new Uint8Array(1);
const echo =
  (type: number, count: number) =>
  (going: () => boolean): Promise<unknown>[] =>
    Array.from({ length: count }, async () => {
      const [u, v] = Socket.pair(AF_UNIX, type);
      closeAfterTest(u);
      closeAfterTest(v);
      const buffer = byte();
      while (going()) {
        await v.send('x');
        await u.recv(buffer);
      }
    });

describe('a timer and another socket get their turn beside', () => {
  it('one pair’s loop', () => beside(echo(SOCK_STREAM, 1)), 30_000);
  it('one pair’s loop of datagrams', () => beside(echo(SOCK_DGRAM, 1)), 30_000);
  it('one pair’s loop of packets', () => beside(echo(SOCK_SEQPACKET, 1)), 30_000);
  it('the loops of 200 pairs', () => beside(echo(SOCK_STREAM, 200)), 30_000);
  it(
    'calls with options, and others',
    () =>
      beside((going) => [
        (async () => {
          const [u, v] = Socket.pair(AF_UNIX, SOCK_STREAM);
          closeAfterTest(u);
          closeAfterTest(v);
          const stop = new AbortController();
          while (going()) {
            await v.sendmsg({ data: 'ab' });
            await u.recv(byte(), { signal: stop.signal });
            await u.recvmsg({ buffers: byte() }, { timeout: 60_000 });
            await v.sendAll(['c', 'd']);
            await u.recvExactly(new Uint8Array(2));
            await v.send('e', 0);
            await u.recvBytes();
          }
        })(),
      ]),
    30_000,
  );
  it(
    'one call that moves much',
    () =>
      beside((going) => [
        (async () => {
          const [u, v] = Socket.pair(AF_UNIX, SOCK_STREAM);
          closeAfterTest(u);
          closeAfterTest(v);
          while (going())
            await Promise.all([u.sendAll(new Uint8Array(20_000_000)), v.recvExactly(new Uint8Array(20_000_000))]);
        })(),
      ]),
    30_000,
  );
});

/** A thread that sends, or connects, as fast as it can, by the blocking layer. */
const program = `
  const { workerData } = require('node:worker_threads');
  (async () => {
    const { Socket, AF_INET, SOCK_STREAM, SOCK_DGRAM } = await import(workerData.index);
    const { what, address } = workerData;
    const data = new Uint8Array(what === 'datagrams' ? 16 : 65536);
    const sender = what === 'connections' ? undefined : new Socket(AF_INET, what === 'bytes' ? SOCK_STREAM : SOCK_DGRAM).connect(address);
    for (;;) {
      try {
        if (sender) sender.send(data);
        else {
          const socket = new Socket(AF_INET, SOCK_STREAM);
          try {
            socket.connect(address);
          } finally {
            socket.close();
          }
        }
      } catch {}
    }
  })();`;
const floods = {
  bytes: async (server: Socket, going: () => boolean) => {
    const { socket } = await server.accept();
    const buffer = new Uint8Array(65536);
    while (going()) await socket.recv(buffer);
    socket.close();
  },
  datagrams: async (server: Socket, going: () => boolean) => {
    const buffer = byte();
    while (going()) await server.recvfrom(buffer);
  },
  connections: async (server: Socket, going: () => boolean) => {
    while (going()) (await server.accept()).socket.close();
  },
};
describe('a timer and another socket get their turn beside a flood of', () => {
  it.for(Object.entries(floods))('%s', { timeout: 60_000 }, async ([what, receive]) => {
    const server = what === 'datagrams' ? boundSocket(udp4) : listeningSocket(tcp4, 128);
    const workerData = { what, address: server.getsockname(), index: import.meta.resolve('bsd-sockets') };
    const flood = new Worker(program, { eval: true, workerData });
    await once(flood, 'online');
    await beside(
      (going) => [
        // It ends as the server is closed, or its peer is gone.
        receive(server, going).catch((error: { code: string }) => {
          if (error.code !== 'EBADF' && error.code !== 'ECONNRESET') throw error;
        }),
      ],
      () => {
        server.close();
        return flood.terminate();
      },
    );
  });
});
