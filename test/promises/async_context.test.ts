// The AsyncLocalStorage context of a call that waits is that of its continuation.
import { AsyncLocalStorage } from 'node:async_hooks';
import { getaddrinfo } from 'bsd-sockets/promises';
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, listeningSocket, newSocket, receiveText } from '../support/promise_sockets.js';
import { tcp4, unixStream } from '../support/socket_kinds.js';

const storage = new AsyncLocalStorage<string>();

it('each of many waiting calls keeps its own context', async () => {
  const seen: string[] = [];
  const calls = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const [a, b] = await connectedPair(unixStream);
      const waiting = storage.run(`call ${i}`, async () => {
        await a.recv(new Uint8Array(1));
        seen.push(storage.getStore()!);
        await a.recvExactly(new Uint8Array(2));
        seen.push(storage.getStore()!);
        return storage.getStore();
      });
      return { b, waiting };
    }),
  );
  await storage.run('somebody else’s', async () => {
    for (const { b } of calls) await b.send('abc');
  });
  expect(await Promise.all(calls.map(({ waiting }) => waiting))).toEqual(calls.map((_, i) => `call ${i}`));
  expect(seen.length).toBe(20);
});
it('accept, connect, for await, lookups, rejections and callbacks keep the context', async () => {
  const server = listeningSocket(tcp4);
  const [client, accepted] = await Promise.all([
    storage.run('client', async () => {
      const socket = newSocket();
      await socket.connect(server.getsockname());
      expect(storage.getStore()).toBe('client');
      return socket;
    }),
    storage.run('server', async () => {
      for await (const { socket } of server) {
        expect(storage.getStore()).toBe('server');
        return closeAfterTest(socket);
      }
      return expect.unreachable();
    }),
  ]);
  await storage.run('limit', async () => {
    await client.recv(new Uint8Array(1), { timeout: 1 }).catch(() => {});
    expect(storage.getStore()).toBe('limit');
    await getaddrinfo('127.0.0.1');
    expect(storage.getStore()).toBe('limit');
    await new Promise<void>((resolve) => {
      void receiveText(client).then(() => {
        expect(storage.getStore()).toBe('limit');
        resolve();
      });
      storage.run('sender', () => void accepted.send('x'));
    });
  });
});
it('a stream’s listener keeps the context', async () => {
  const [a, b] = await connectedPair(unixStream);
  const seen = storage.run('stream', () => {
    const duplex = a.toDuplex();
    return new Promise((resolve) => {
      duplex.once('data', () => {
        resolve(storage.getStore());
        duplex.destroy();
      });
    });
  });
  await storage.run('sender', () => b.send('x'));
  expect(await seen).toBe('stream');
});
