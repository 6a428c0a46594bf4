// @ts-check
// Child program: descriptors run out in a synchronous loop, which gives the collector's callbacks no turn. The argument says what is leaked.
// Prints the messages of EMFILE, and whether the same call then succeeds.
import { AF_INET, AF_UNIX, POLLIN, Poller, SOCK_STREAM, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket as Waiting } from 'bsd-sockets/promises';

process.on('warning', () => {});
c.setrlimit(c.RLIMIT_NOFILE, new c.rlimit({ rlim_cur: 200n, rlim_max: 200n }));
const listener = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen(400);
const nobody = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 });
const refused = nobody.getsockname();
/** @type {Record<string, () => unknown>} */
const leaks = {
  socket: () => new Socket(AF_UNIX, SOCK_STREAM),
  'socket of promises': () => new Waiting(AF_UNIX, SOCK_STREAM),
  pair: () => Socket.pair(AF_UNIX, SOCK_STREAM),
  'pair of promises': () => Waiting.pair(AF_UNIX, SOCK_STREAM),
  Poller: () => new Poller().add(listener, POLLIN),
  'refused connect'() {
    try {
      new Socket(AF_INET, SOCK_STREAM).connect(refused);
    } catch (error) {
      if (/** @type {{ code: string }} */ (error).code !== 'ECONNREFUSED') throw error;
    }
  },
  'failed bind'() {
    try {
      new Socket(AF_INET, SOCK_STREAM).bind(refused);
    } catch (error) {
      if (/** @type {{ code: string }} */ (error).code !== 'EADDRINUSE') throw error;
    }
  },
  accept() {
    const client = new Socket(AF_INET, SOCK_STREAM);
    try {
      client.connect(listener.getsockname());
      listener.accept();
    } finally {
      client.close();
    }
  },
};
/** @type {Socket[]} */
const kept = [];
const leak = leaks[/** @type {string} */ (process.argv[2])] ?? (() => kept.push(new Socket(AF_UNIX, SOCK_STREAM)));
/** @type {string | undefined} */
let message;
let calls = 0;
while (message === undefined) {
  try {
    leak();
    calls++;
  } catch (error) {
    if (/** @type {{ code: string }} */ (error).code !== 'EMFILE') throw error;
    message = /** @type {Error} */ (error).message;
  }
}
let again = 'works';
try {
  leak();
} catch (error) {
  again = /** @type {{ code: string }} */ (error).code;
}
console.log(JSON.stringify({ message, calls, again }));
