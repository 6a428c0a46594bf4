// @ts-check
// Four servers on one port, threads or processes; the kernel spreads the connections. Prints how many each has served.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { AF_INET, SO_REUSEPORT, SOCK_STREAM, SOL_SOCKET } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';

const CONNECTIONS = 400;
const SERVERS = 4;

/** @param {number} port */
const bound = (port) =>
  new Socket(AF_INET, SOCK_STREAM).setsockopt(SOL_SOCKET, SO_REUSEPORT, true).bind({ address: '127.0.0.1', port });

/**
 * Serves until it is told to end.
 * @param {number} port
 * @param {(message: unknown) => void} tell
 * @param {(listener: () => void) => void} onEnd
 */
async function serve(port, tell, onEnd) {
  const server = bound(port).listen(1024);
  onEnd(() => server.close());
  tell('listening');
  let served = 0;
  for await (const { socket } of server) {
    served++;
    await socket.sendAll('x');
    socket.close();
  }
  tell(served);
}

/** @param {{ send(): void, on(event: 'message', listener: (message: unknown) => void): unknown }[]} servers @param {number} port */
async function load(servers, port) {
  const results = servers.map(
    (server) =>
      new Promise((resolve) => server.on('message', (message) => typeof message === 'number' && resolve(message))),
  );
  const buffer = new Uint8Array(1);
  for (let i = 0; i < CONNECTIONS; i++) {
    const client = new Socket(AF_INET, SOCK_STREAM);
    await client.connect({ address: '127.0.0.1', port });
    await client.recvExactly(buffer);
    client.close();
  }
  for (const server of servers) server.send();
  console.log(JSON.stringify(await Promise.all(results)));
}

if (!isMainThread) {
  const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
  await serve(
    workerData,
    (message) => port.postMessage(message),
    (end) => port.once('message', end),
  );
} else if (cluster.isWorker) {
  await serve(
    Number(process.env.PORT),
    (message) => process.send?.(message),
    (end) => process.once('message', end),
  );
  process.disconnect();
} else {
  const holder = bound(0); // keeps the port; this socket does not listen
  const { port } = /** @type {{ port: number }} */ (/** @type {unknown} */ (holder.getsockname()));
  if (process.argv[2] === 'cluster') {
    const workers = Array.from({ length: SERVERS }, () => cluster.fork({ PORT: String(port) }));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    await load(
      workers.map((worker) => ({
        send: () => void worker.send('end'),
        on: (event, listener) => worker.on(event, listener),
      })),
      port,
    );
  } else {
    const workers = Array.from({ length: SERVERS }, () => new Worker(new URL(import.meta.url), { workerData: port }));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    await load(
      workers.map((worker) => ({
        send: () => worker.postMessage('end'),
        on: (event, listener) => worker.on(event, listener),
      })),
      port,
    );
  }
  holder.close();
}
