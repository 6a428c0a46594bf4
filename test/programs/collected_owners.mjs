// @ts-check
// Child program (--expose-gc): owners whose number was closed by fs.closeSync, and is a file's now, are collected.
import { closeSync, openSync, readlinkSync } from 'node:fs';
import { AF_UNIX, Poller, SOCK_STREAM, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket as Waiting } from 'bsd-sockets/promises';

const gc = /** @type {() => void} */ (globalThis.gc);
/** @type {(() => { readonly fd: number })[]} */
const makers = [
  () => new Socket(AF_UNIX, SOCK_STREAM),
  () => Socket.adopt(c.socket(c.AF_UNIX, c.SOCK_STREAM, 0)),
  () => new Waiting(AF_UNIX, SOCK_STREAM),
  () => new Poller(),
];
const files = makers.map((make) => {
  const { fd } = make();
  closeSync(fd);
  return openSync('/dev/null', 'r');
});
for (let i = 0; i < 20; i++) {
  gc();
  await new Promise((resolve) => setImmediate(resolve));
}
for (const fd of files) if (readlinkSync(`/proc/self/fd/${fd}`) !== '/dev/null') throw new Error(`${fd} was closed`);
console.log('all files are open');
process.exit();
