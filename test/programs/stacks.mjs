// @ts-check
// Child program: calls that fail, each from a function of its own. Prints a line of JSON for each: its name, the function's name, and the
// error's stack. Run with and without --enable-source-maps, and with the program's own Error.stackTraceLimit.
import {
  AF_INET,
  AF_UNIX,
  MessageBatch,
  Poller,
  poll,
  SO_LINGER,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
  select,
} from 'bsd-sockets';
import { getaddrinfo, Socket as Waiting } from 'bsd-sockets/promises';

const buffer = () => new Uint8Array(1);
const big = () => new Uint8Array(9_000_000);
const refused = { family: /** @type {const} */ ('inet'), address: '127.0.0.1', port: 1 };
const soon = () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1);
  return stop.signal;
};

/** Calls that have to wait until the socket is closed. @type {Record<string, (s: any) => Promise<unknown>>} */
const waiting = {
  recv: (s) => s.recv(buffer()),
  'recv with flags': (s) => s.recv(buffer(), 0, { timeout: 60_000 }),
  recvBytes: (s) => s.recvBytes(),
  recvExactly: (s) => s.recvExactly(buffer()),
  recvfrom: (s) => s.recvfrom(buffer()),
  recvmsg: (s) => s.recvmsg({ buffers: buffer() }),
  sendAll: (s) => s.sendAll(big()),
  'sendAll of pieces': (s) => s.sendAll([big(), big()]),
  'recv, time-out': (s) => s.recv(buffer(), { timeout: 1 }),
  'recvBytes, time-out': (s) => s.recvBytes({ timeout: 1 }),
  'recvmsg, time-out': (s) => s.recvmsg({ buffers: buffer() }, { timeout: 1 }),
  'sendAll, time-out': (s) => s.sendAll(big(), { timeout: 1 }),
  'recv, abort': (s) => s.recv(buffer(), { signal: soon() }),
  'sendAll, abort': (s) => s.sendAll(big(), { signal: soon() }),
};
/** Calls that wait, and fail when they are tried again: the peer does something. @type {Record<string, [(s: any) => Promise<unknown>, (peer: any) => unknown]>} */
const retried = {
  'recvExactly, the end': [(s) => s.recvExactly(new Uint8Array(9)), (peer) => peer.close()],
  'sendAll, EPIPE': [(s) => s.sendAll(big()), (peer) => peer.close()],
  'sendAll of pieces, EPIPE': [(s) => s.sendAll([big(), big()]), (peer) => peer.close()],
};
/** Calls that fail at once on an unconnected TCP socket, or for their arguments. @type {Record<string, (s: any) => unknown>} */
const atOnce = {
  recv: (s) => s.recv(buffer()),
  'recv with flags': (s) => s.recv(buffer(), 0),
  recvExactly: (s) => s.recvExactly(buffer()),
  recvBytes: (s) => s.recvBytes(),
  recvmsg: (s) => s.recvmsg({ buffers: buffer() }),
  send: (s) => s.send('x'),
  sendAll: (s) => s.sendAll('x'),
  sendmsg: (s) => s.sendmsg({ data: 'x' }),
  connect: (s) => s.connect(refused),
  accept: (s) => s.accept(),
  'recv of a number': (s) => s.recv(7),
  'send of a number': (s) => s.send(7),
  'sendmsg of a number': (s) => s.sendmsg({ data: 7 }),
  'connect to nothing': (s) => s.connect({ address: 'name', port: 1 }),
};
/** @type {Record<string, (s: any) => unknown>} */
const onlyBlocking = {
  bind: (s) => s.bind({ address: '127.0.0.1', port: -1 }),
  listen: (s) => s.listen('x'),
  shutdown: (s) => s.shutdown(0),
  getpeername: (s) => s.getpeername(),
  getsockopt: (s) => s.getsockopt(SOL_SOCKET, 9999),
  setsockopt: (s) => s.setsockopt(SOL_SOCKET, SO_LINGER, 'x'),
  'blocking =': (s) => {
    s.blocking = 5;
  },
  tryAccept: (s) => s.tryAccept(),
  recvmmsg: (s) => s.recvmmsg(5),
  sendmmsg: (s) => s.sendmmsg([{ data: 'x' }]),
  'control message': (s) => s.sendmsg({ data: 'x', control: [{ type: 'none' }] }),
  'new Socket': () => new Socket(999, 1),
  'new Socket of a string': () => new Socket(/** @type {any} */ ('x'), 1),
  'Socket.pair': () => Socket.pair(AF_INET, SOCK_STREAM),
  'Socket.from': () => Socket.from(/** @type {any} */ ('x')),
  'Socket.adopt': () => Socket.adopt(99_999),
  'new MessageBatch': () => new MessageBatch(0, { size: 1 }),
  poll: () => poll([{ socket: -1, events: 1 }]),
  select: () => select(/** @type {any} */ (5)),
  'Poller.add': () => new Poller().add(/** @type {any} */ ('x'), 1),
  'Poller.delete': () => new Poller().delete(0),
};

/** @param {string} name @param {unknown} error */
function report(name, error) {
  const { message, stack } = /** @type {Error} */ (error);
  console.log(JSON.stringify({ name, message, stack }));
}
/** @param {string} name @param {() => unknown} call */
async function awaited(name, call) {
  try {
    await call();
    report(name, new Error('it did not fail'));
  } catch (error) {
    report(name, error);
  }
}

process.on('warning', () => {});
if (process.argv[2] !== undefined) Error.stackTraceLimit = Number(process.argv[2]);
for (const [name, call] of Object.entries(waiting)) {
  const [a, b] = Waiting.pair(AF_UNIX, SOCK_STREAM);
  const timer = setTimeout(() => a.close(), 30);
  await awaited(`waiting: ${name}`, () => call(a));
  clearTimeout(timer);
  a.close();
  b.close();
}
for (const [name, [call, ends]] of Object.entries(retried)) {
  const [a, b] = Waiting.pair(AF_UNIX, SOCK_STREAM);
  setTimeout(() => ends(b), 10);
  await awaited(`tried again: ${name}`, () => call(a));
  a.close();
}
for (const [name, call] of Object.entries(atOnce)) {
  const promising = new Waiting(AF_INET, SOCK_STREAM);
  await awaited(`at once: ${name}`, () => call(promising));
  promising.close();
}
for (const [name, call] of Object.entries({ ...atOnce, ...onlyBlocking })) {
  const socket = new Socket(AF_INET, SOCK_STREAM);
  try {
    call(socket);
    report(`blocking: ${name}`, new Error('it did not throw'));
  } catch (error) {
    report(`blocking: ${name}`, error);
  }
  socket.close();
}
// Ways to await.
const lost = () => {
  const [a, b] = Waiting.pair(AF_UNIX, SOCK_STREAM);
  setTimeout(() => {
    a.close();
    b.close();
  }, 5);
  return a;
};
await awaited('Promise.all', () => Promise.all([1, lost().recv(buffer())]));
await awaited('Promise.race', () => Promise.race([lost().recv(buffer())]));
await awaited('an async function in between', async () => {
  await lost().recv(buffer());
});
await awaited('an async generator', async () => {
  const socket = lost();
  async function* chunks() {
    for (;;) yield await socket.recv(buffer());
  }
  for await (const _ of chunks());
});
await awaited('for await of a socket that does not listen', async () => {
  for await (const _ of new Waiting(AF_INET, SOCK_STREAM));
});
await awaited('a callback of another call', async () => {
  const [a, b] = Waiting.pair(AF_UNIX, SOCK_STREAM);
  await b.send('x');
  await a.recv(buffer()).then(() => Socket.from(/** @type {any} */ ('x')));
});
await awaited('getaddrinfo', () => getaddrinfo('name.invalid', '80'));
