// @ts-check
// A server that has no descriptor left for a while.
import { AF_INET, RLIMIT_NOFILE, SOCK_STREAM } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket } from 'bsd-sockets/promises';

const server = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
const clients = Array.from({ length: 3 }, () => new Socket(AF_INET, SOCK_STREAM));

let served = 0;
/** @type {(() => void)[]} */
const waiting = [];
const serving = (async () => {
  for await (const { socket } of server) {
    console.log(`served ${++served}`);
    socket.close();
    waiting.shift()?.();
  }
})();
/** @param {Socket} client */
async function serve(client) {
  const done = new Promise((resolve) => waiting.push(() => resolve(undefined)));
  await client.connect(/** @type {never} */ (server.getsockname()));
  return done;
}
await serve(/** @type {Socket} */ (clients[0]));

/** Takes all the descriptors that there are. */
function takeAll() {
  /** @type {number[]} */
  const taken = [];
  for (let fd = 0; fd >= 0; ) if ((fd = c.socket(c.AF_UNIX, c.SOCK_STREAM, 0)) >= 0) taken.push(fd);
  return taken;
}
// Warned of once: what the warning needs is loaded before descriptors run out.
process.emitWarning('ready');
await new Promise((resolve) => setImmediate(resolve));
c.setrlimit(RLIMIT_NOFILE, new c.rlimit({ rlim_cur: 64, rlim_max: 64 }));
let taken = takeAll();
const told = new Promise((resolve) => process.once('warning', resolve));
const second = serve(/** @type {Socket} */ (clients[1]));
await told;
console.log('limit');
await new Promise((resolve) => setTimeout(resolve, 350)); // it looks again, and does not say so again
for (const fd of taken) c.close(fd);
await second;

// Closed while it pauses, it ends.
taken = takeAll();
const again = new Promise((resolve) => process.once('warning', resolve));
void serve(/** @type {Socket} */ (clients[2]));
await again;
server.close();
await serving;
for (const fd of taken) c.close(fd);
console.log('closed while it pauses: ended');
