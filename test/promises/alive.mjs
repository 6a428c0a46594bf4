// @ts-check
// Ends when nothing keeps it alive. Its argument names what is still pending.
import { AF_INET, AF_UNIX, POLLIN, Poller, SOCK_DGRAM, SOCK_STREAM } from 'bsd-sockets';
import { getaddrinfo, Socket } from 'bsd-sockets/promises';

process.on('exit', () => console.log('exit'));
const [, , way] = process.argv;
const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
const buffer = new Uint8Array(1);
const reported = (/** @type {{ code: string }} */ { code }) => console.log(code);

/** Everything that can be pending at once. */
function everything() {
  const server = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
  const waiting = [
    server.accept(),
    a.recv(buffer),
    b.recv(buffer, { timeout: 100_000, signal: new AbortController().signal }),
    new Socket(AF_INET, SOCK_DGRAM).bind({ address: '127.0.0.1', port: 0 }).recvfrom(buffer),
    a.sendAll(new Uint8Array(10_000_000)),
    getaddrinfo('127.0.0.1', '80'),
  ];
  for (const call of waiting) call.catch(() => {});
  new Poller().add(server, POLLIN).start(() => {});
  a.toDuplex().resume();
}

if (way === 'waiting') {
  void a.recv(buffer).then((length) => {
    console.log('received', length);
  });
  setTimeout(() => b.send('x'), 50).unref(); // nothing but the waiting call keeps the process
} else if (way === 'idle') {
  await b.send('x');
  await a.recv(buffer);
  const server = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
  // It waited, and waits no more.
  const client = new Socket(AF_INET, SOCK_STREAM);
  await Promise.all([server.accept(), client.connect(/** @type {never} */ (server.getsockname()))]);
} else if (way === 'cancelled') {
  await a.recv(buffer, { timeout: 5 }).catch(reported);
  await a.recv(buffer, { signal: AbortSignal.timeout(5) }).catch(reported);
  const waiting = b.recv(buffer).catch(reported);
  b.close();
  await waiting;
} else if (way === 'poller') {
  const poller = new Poller().add(a, POLLIN).start(() => {
    console.log('told');
    poller.stop();
  });
  setTimeout(() => b.send('x'), 50).unref();
} else if (way === 'unreferenced') {
  new Poller()
    .add(a, POLLIN)
    .start(() => {})
    .unref();
} else if (way === 'exit') {
  everything();
  setImmediate(() => process.exit(3));
} else if (way === 'throw') {
  everything();
  setImmediate(() => {
    throw new Error('the end');
  });
} else if (way === 'collected') {
  // Registered, idle, and out of reach.
  await (async () => {
    const [lost, other] = Socket.pair(AF_UNIX, SOCK_STREAM);
    await lost.recv(buffer, { timeout: 1 }).catch(() => {});
    other.close();
  })();
  const warned = new Promise((resolve) => process.once('warning', resolve));
  for (let i = 0; i < 10; i++) {
    /** @type {{ gc(): void }} */ (/** @type {unknown} */ (globalThis)).gc();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await warned;
  console.log('collected');
  // Only its waiting call refers to the socket.
  const [c, d] = Socket.pair(AF_UNIX, SOCK_STREAM);
  const fd = c.fd;
  const served = (() => {
    const waiting = Socket.adopt(c.detach());
    return waiting.recv(buffer).then(() => waiting.close());
  })();
  void fd;
  for (let i = 0; i < 5; i++) {
    /** @type {{ gc(): void }} */ (/** @type {unknown} */ (globalThis)).gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await d.send('x');
  await served;
  d.close();
  console.log('served');
}
