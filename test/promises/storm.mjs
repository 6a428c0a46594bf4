// @ts-check
// A hundred pairs that send to each other as fast as they can, while others are opened and closed.
import { AF_UNIX, SHUT_WR, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';

const LENGTH = 50_000;
/** @param {number} seed */
const data = (seed) => Buffer.from(Uint8Array.from({ length: LENGTH }, (_, i) => i * seed + (i >> 8)));
async function one(/** @type {number} */ seed) {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  const sent = data(seed);
  const received = Buffer.alloc(LENGTH);
  await Promise.all([
    b.recvExactly(received),
    a.sendAll(sent).then(() => a.shutdown(SHUT_WR)),
    b.sendAll('and back').then(() => a.recvExactly(Buffer.alloc(8))),
  ]);
  if (!received.equals(sent)) throw new Error(`pair ${seed} received something else`);
  a.close();
  b.close();
}
let going = true;
async function others() {
  while (going) {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    const lost = a.recv(new Uint8Array(1)).catch(() => {});
    await b.send('x');
    if (Math.random() < 0.5) a.close();
    await lost;
    a.close();
    b.close();
  }
}
const coming = Promise.all([others(), others()]);
for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 100 }, (_, i) => one(i + 1)));
going = false;
await coming;
console.log('every byte arrived');
