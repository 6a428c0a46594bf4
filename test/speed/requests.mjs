// @ts-check
// Counts for one request of an echo server on the event loop: the child of requests.test.ts. Linux.
//
//   node --single-threaded --expose-gc test/speed/requests.mjs recv
//
// Server and clients are one process, and take turns: the clients send a request on each connection, the server answers all of them in one
// turn of the event loop, and only that turn is counted. So each run counts the same. Prints a line of JSON.
import v8 from 'node:v8';
import { POLLIN, Poller, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import * as promises from 'bsd-sockets/promises';

const SIZE = 64;
const CONNECTIONS = 50;
/** Rounds until V8 has compiled what there is to compile, and rounds that are counted. */
const WARM_UP = 150;
const COUNTED = 8;
/** Idle connections. */
const IDLE = 1000;

// A turn's budget in time is for a processor, not for valgrind. The clock still costs what it costs.
const now = performance.now;
performance.now = () => 0 * now.call(performance);

/** @param {number} result */
function ok(result) {
  if (result < 0) throw new Error(`the call gave ${result}: ${c.strerror(c.errno)}`);
  return result;
}

/** The servers: each serves one connection, or more with one poller. */
const servers = {
  /** @param {number} fd */
  async recv(fd) {
    const socket = promises.Socket.adopt(fd);
    const buffer = new Uint8Array(SIZE);
    while ((await socket.recv(buffer)) > 0) await socket.send(buffer);
  },
  /** @param {number} fd */
  async recvBytes(fd) {
    const socket = promises.Socket.adopt(fd);
    for (let bytes = await socket.recvBytes(SIZE); bytes.length > 0; bytes = await socket.recvBytes(SIZE))
      await socket.send(bytes);
  },
  /** @param {number} fd */
  Poller(fd) {
    poller.add(Socket.adopt(fd), POLLIN);
  },
};
const shared = new Uint8Array(SIZE);
const poller = new Poller();

const kind = /** @type {keyof typeof servers} */ (process.argv[2]);
if (kind === 'Poller') {
  poller.start((ready) => {
    for (const { socket } of ready) {
      const connection = /** @type {Socket} */ (socket);
      if (connection.tryRecv(shared) !== SIZE || connection.trySend(shared) !== SIZE) connection.close();
    }
  });
}

/** @type {number[]} */
const clients = [];
/** @type {number[]} */
const accepted = [];
for (let i = 0; i < CONNECTIONS; i++) {
  const sv = new (c.array(c.int, 2))();
  ok(c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, sv));
  clients.push(/** @type {number} */ (sv[0]));
  accepted.push(/** @type {number} */ (sv[1]));
}

/** callgrind writes what it has counted, and begins again, where this system call is made. */
const mark = () => void process.ppid;
const nothing = () => {};
const turn = () => new Promise((done) => setImmediate(done));
const bytes = new Uint8Array(SIZE);

/**
 * The heap's growth in one turn, in which the server answers `ahead` requests on each connection.
 * @param {number} ahead @param {() => void} around called before and after the turn
 */
async function round(ahead, around) {
  for (const fd of clients) for (let i = 0; i < ahead; i++) ok(c.send(fd, bytes, SIZE, 0));
  const before = v8.getHeapStatistics().used_heap_size;
  around();
  await turn();
  around();
  const grown = v8.getHeapStatistics().used_heap_size - before;
  for (const fd of clients) for (let i = 0; i < ahead; i++) ok(c.recv(fd, bytes, SIZE, c.MSG_DONTWAIT));
  return grown;
}

/** The median of some rounds: a collection spoils one. @param {number} ahead */
async function measure(ahead) {
  for (let i = 0; i < WARM_UP; i++) await round(ahead, nothing);
  const grown = [];
  for (let i = 0; i < COUNTED; i++) grown.push(await round(ahead, mark));
  return /** @type {number} */ (grown.sort((x, y) => x - y)[COUNTED >> 1]);
}

/** The heap without garbage. */
function live() {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  return v8.getHeapStatistics().used_heap_size;
}
/** What a connection takes that is idle: a socket that nothing ever comes to does for one. The first ones grow the tables. */
async function idle() {
  const files = new c.rlimit();
  ok(c.getrlimit(c.RLIMIT_NOFILE, files));
  files.rlim_cur = files.rlim_max;
  ok(c.setrlimit(c.RLIMIT_NOFILE, files));
  /** @param {number} count */
  const open = async (count) => {
    for (let i = 0; i < count; i++) servers[kind](ok(c.socket(c.AF_UNIX, c.SOCK_DGRAM, 0)));
    await turn();
    return live();
  };
  const before = await open(IDLE);
  return ((await open(IDLE)) - before) / IDLE;
}

for (const fd of accepted) servers[kind](fd);
// A turn without requests is what the others are compared with. A Poller's server answers one request a turn.
const bytesOfTurns = [await measure(0), await measure(1)];
if (kind !== 'Poller') bytesOfTurns.push(await measure(2));
console.log(JSON.stringify({ connections: CONNECTIONS, counted: COUNTED, bytesOfTurns, idle: await idle() }));
process.exit();
