// @ts-check
// Leaks descriptors in the way that its argument names (--expose-gc). Prints a line of JSON.
import { readlinkSync } from 'node:fs';
import { AF_UNIX, MessageBatch, POLLIN, Poller, SOCK_DGRAM, SOCK_STREAM, Socket } from 'bsd-sockets';
import { close } from 'bsd-sockets/c';

const gc = /** @type {() => void} */ (globalThis.gc);
/** What a descriptor is: its number may be another's by now. @param {number} fd */
function what(fd) {
  try {
    return readlinkSync(process.platform === 'linux' ? `/proc/self/fd/${fd}` : `/dev/fd/${fd}`);
  } catch {
    return undefined;
  }
}
/** @type {{ name: string; code: string | undefined; message: string }[]} */
const warnings = [];
process.on('warning', ({ name, message, ...rest }) =>
  warnings.push({ name, message, code: /** @type {{ code?: string }} */ (rest).code }),
);
/** Until garbage collection has closed them all: bounded by the test's own time-out. @param {number[]} fds */
async function collected(fds) {
  const before = fds.map(what);
  do {
    gc();
    await new Promise(setImmediate);
  } while (fds.some((fd, i) => before[i] !== undefined && what(fd) === before[i]));
  await new Promise(setImmediate);
}

/** It lives on: a poller that watches it is collected all the same. */
const watched = new Socket(AF_UNIX, SOCK_DGRAM);
/** @type {Record<string, () => number[]>} */
const leaks = {
  socket: () => [new Socket(AF_UNIX, SOCK_STREAM).fd],
  pair: () => Socket.pair(AF_UNIX, SOCK_STREAM).map(({ fd }) => fd),
  many: () => Array.from({ length: 100 }, () => new Socket(AF_UNIX, SOCK_STREAM).fd),
  poller: () => [new Poller().fd],
  pollers: () => Array.from({ length: 5 }, () => new Poller().add(watched, POLLIN).fd),
  adopted: () => [Socket.adopt(new Socket(AF_UNIX, SOCK_STREAM).detach()).fd],
  accepted() {
    const listener = new Socket(AF_UNIX, SOCK_STREAM).bind({ path: '' }).listen();
    const client = new Socket(AF_UNIX, SOCK_STREAM).connect(listener.getsockname());
    const { fd } = listener.accept().socket;
    listener.close();
    client.close();
    return [fd];
  },
  message() {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    a.sendmsg({ data: 'x', control: [{ type: 'rights', fds: [a.fd, b.fd] }] });
    const { control } = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
    a.close();
    b.close();
    return control.flatMap((message) => (message.type === 'rights' ? [...message.fds] : []));
  },
  batch() {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_DGRAM);
    a.sendmsg({ data: 'x', control: [{ type: 'rights', fds: [a.fd] }] });
    const batch = new MessageBatch(1, { size: 1, controlSize: 64 });
    b.recvmmsg(batch);
    a.close();
    b.close();
    return batch.control(0).flatMap((message) => (message.type === 'rights' ? [...message.fds] : []));
  },
};
/** What is not owned is not closed. @type {Record<string, () => number[]>} */
const others = {
  borrowed() {
    const fd = new Socket(AF_UNIX, SOCK_STREAM).detach();
    Socket.from(fd);
    return [fd];
  },
  detached: () => [new Socket(AF_UNIX, SOCK_STREAM).detach()],
  taken() {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    a.sendmsg({ data: 'x', control: [{ type: 'rights', fds: [a.fd] }] });
    const fds = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 }).take();
    a.close();
    b.close();
    return fds;
  },
  /** Closed behind its owner's back, and now a poller's. */
  reused() {
    const { fd } = new Socket(AF_UNIX, SOCK_STREAM);
    close(fd);
    pollers.push(new Poller());
    return [fd];
  },
};
/** @type {Poller[]} */
const pollers = [];

const name = /** @type {string} */ (process.argv[2]);
const leak = leaks[name];
let open;
if (leak) {
  const fds = leak();
  open = fds.map((fd) => what(fd) !== undefined);
  await collected(fds);
} else {
  const fds = /** @type {() => number[]} */ (others[name])();
  // A leaked one that is closed shows that garbage was collected.
  await collected(/** @type {() => number[]} */ (leaks.socket)());
  open = fds.map((fd) => what(fd) !== undefined);
  for (const fd of fds) close(fd);
}
watched.close();
console.log(JSON.stringify({ open, warnings }));
