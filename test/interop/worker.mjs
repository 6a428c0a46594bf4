// @ts-check
// The worker of workers.test.ts: serves, or has everything pending until it is terminated.
import { parentPort, workerData } from 'node:worker_threads';
import { AF_INET, AF_UNIX, POLLIN, POLLOUT, Poller, SOCK_DGRAM, SOCK_STREAM } from 'bsd-sockets';
import { getaddrinfo, Socket } from 'bsd-sockets/promises';

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const buffer = new Uint8Array(1024);

/** What nothing waits for any more would be garbage, and closed with a warning. */
const open = /** @type {Socket[]} */ ([]);

/** Everything that can be pending at once. */
function pending() {
  const server = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  open.push(server, a, b);
  const waiting = [
    server.accept(),
    a.recv(buffer),
    b.recv(buffer, { timeout: 100_000, signal: new AbortController().signal }),
    new Socket(AF_INET, SOCK_DGRAM).bind({ address: '127.0.0.1', port: 0 }).recvfrom(buffer),
    a.sendAll(new Uint8Array(10_000_000)),
    ...Array.from({ length: 20 }, () => getaddrinfo('127.0.0.1', '80')),
  ];
  for (const call of waiting) call.catch(() => {});
  new Poller().add(server, POLLIN).start(() => {});
}

/** Two that send to each other as fast as they can. */
async function busy() {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  const each = async (/** @type {Socket} */ socket) => {
    const own = new Uint8Array(64);
    for (;;) await socket.send(own.subarray(0, await socket.recv(own)));
  };
  await b.send('x'.repeat(64));
  await Promise.all([each(a), each(b)]);
}

if (workerData === 'serve') {
  const server = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
  const clients = Promise.all(
    Array.from({ length: 50 }, async () => {
      const client = new Socket(AF_INET, SOCK_STREAM);
      await client.connect(server.getsockname());
      await client.sendAll('hello');
      await client.recvExactly(new Uint8Array(5));
      client.close();
    }),
  );
  let served = 0;
  /** @type {Promise<void>[]} */
  const serving = [];
  for await (const { socket } of server) {
    serving.push(
      (async () => {
        const own = new Uint8Array(16);
        for (let length = 0; (length = await socket.recv(own)) > 0; ) await socket.sendAll(own.subarray(0, length));
        socket.close();
      })(),
    );
    if (++served === 50) server.close();
  }
  await Promise.all([clients, ...serving]);
  port.postMessage(served);
} else {
  pending();
  if (workerData === 'busy') void busy();
  if (workerData === 'spin') {
    const [a] = Socket.pair(AF_UNIX, SOCK_STREAM);
    new Poller().add(a, POLLOUT).start(() => {
      port.postMessage('spinning');
      for (;;);
    });
  } else if (workerData === 'throw' || workerData === 'exit') {
    const [a] = Socket.pair(AF_UNIX, SOCK_STREAM);
    port.once('message', () => {
      new Poller().add(a, POLLOUT).start(() => {
        if (workerData === 'exit') process.exit(7);
        throw new Error('from the listener');
      });
    });
    port.postMessage('ready');
  } else {
    setImmediate(() => port.postMessage('pending'));
  }
}
