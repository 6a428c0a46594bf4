// @ts-check
// Child program: calls that wait on a descriptor which ends in every way that the package can know of, by this thread and by another. Prints
// a line of JSON for each: how the call ended, and whether the event loop came to rest while a duplicate keeps the file ready.
import { closeSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { AF_UNIX, SOCK_STREAM, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket as Waiting } from 'bsd-sockets/promises';

/** Puts another socket in the place of `fd`. @param {number} fd @param {(from: number, to: number) => number} dup */
function replace(fd, dup) {
  const other = c.socket(c.AF_UNIX, c.SOCK_STREAM, 0);
  if (dup(other, fd) < 0) throw new Error('dup');
  c.close(other);
}
/** @type {Record<string, (fd: number) => unknown>} */
const byNumber = {
  close: (fd) => c.close(fd),
  dup2: (fd) => replace(fd, c.dup2),
  dup3: (fd) => replace(fd, (from, to) => c.dup3(from, to, 0)),
};

if (!isMainThread) {
  parentPort?.on('message', ([how, fd]) => {
    byNumber[how]?.(fd);
    parentPort?.postMessage('done');
  });
} else {
  const worker = new Worker(new URL(import.meta.url));
  /** @param {string} how @param {number} fd */
  const inWorker = (how, fd) =>
    new Promise((resolve) => {
      worker.once('message', resolve);
      worker.postMessage([how, fd]);
    });
  await new Promise((resolve) => worker.once('online', resolve));

  /** Each closes the number of `socket` in its way, and gives what it made. @type {Record<string, (socket: Waiting) => unknown>} */
  const ways = {
    close: (socket) => socket.close(),
    detach: (socket) => socket.detach(),
    dispose: (socket) => socket[Symbol.dispose](),
    'a Socket of the other layer on the number': (socket) => Socket.adopt(socket.detach()).close(),
    ...Object.fromEntries(
      Object.entries(byNumber).map(([name, end]) => [`c.${name}`, (/** @type {Waiting} */ s) => end(s.fd)]),
    ),
    ...Object.fromEntries(
      Object.keys(byNumber).map((name) => [
        `${name} by another thread`,
        (/** @type {Waiting} */ s) => inWorker(name, s.fd),
      ]),
    ),
    'fs.closeSync, then a Socket has the number': ({ fd }) => {
      closeSync(fd);
      return new Socket(AF_UNIX, SOCK_STREAM);
    },
    'fs.closeSync, then a pair has the number': ({ fd }) => {
      closeSync(fd);
      return Socket.pair(AF_UNIX, SOCK_STREAM);
    },
    'fs.closeSync, then c.socket gives the number': ({ fd }) => {
      closeSync(fd);
      return c.socket(c.AF_UNIX, c.SOCK_STREAM, 0);
    },
    'fs.closeSync, then c.dup gives the number': ({ fd }) => {
      closeSync(fd);
      return c.dup(0);
    },
  };
  /** @type {Record<string, (socket: Waiting) => Promise<unknown>>} */
  const calls = {
    recv: (socket) => socket.recv(new Uint8Array(1)),
    recvBytes: (socket) => socket.recvBytes(),
    recvExactly: (socket) => socket.recvExactly(new Uint8Array(1), { timeout: 60_000 }),
    recvmsg: (socket) => socket.recvmsg({ buffers: new Uint8Array(1) }),
    sendAll: (socket) => socket.sendAll(new Uint8Array(10_000_000)),
  };
  /** @type {unknown[]} */
  const made = [];
  for (const borrowed of [false, true]) {
    for (const [way, end] of Object.entries(ways)) {
      const [owner, peer] = Waiting.pair(AF_UNIX, SOCK_STREAM);
      const duplicate = c.dup(owner.fd);
      const user = borrowed ? Waiting.from(owner.fd) : owner;
      const { fd } = owner;
      const waiting = Object.entries(calls).map(([name, call]) =>
        call(user).then(
          () => `${name} was served`,
          ({ code }) => `${name} ${code}`,
        ),
      );
      made.push(await end(owner)); // kept: it is not to be collected
      const kept = borrowed && ['detach'].includes(way);
      if (kept) user.close(); // the descriptor is still what it was
      const outcomes = await Promise.race([
        Promise.all(waiting),
        new Promise((resolve) => setTimeout(resolve, 5000, ['hangs'])),
      ]);
      // The duplicate's file becomes ready: a registration that outlived its descriptor would spin.
      await peer.send('x');
      const before = performance.eventLoopUtilization();
      await new Promise((resolve) => setTimeout(resolve, 60));
      const { active } = performance.eventLoopUtilization(before);
      console.log(JSON.stringify({ way, borrowed, outcomes, rests: active < 40 }));
      c.close(duplicate);
      peer.close();
      if (!/^(close|dispose|a Socket|c\.close|close by)/.test(way)) c.close(fd);
    }
  }
  process.exit();
}
