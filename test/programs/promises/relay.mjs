// @ts-check
// A UDP relay: node relay.mjs PORT passes datagrams on to that port, and the answers back to the client.
import { AF_INET, SOCK_DGRAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';

const target = { address: '127.0.0.1', port: Number(process.argv[2]) };
const front = new Socket(AF_INET, SOCK_DGRAM).bind({ address: '127.0.0.1', port: 0 });
console.log(`port ${/** @type {{ port: number }} */ (front.getsockname()).port}`);
/** @type {Map<string, Socket>} */
const backs = new Map();
process.stdin.resume().on('end', () => {
  for (const socket of [front, ...backs.values()]) socket.close();
});

/** @param {Socket} back @param {{ address: string, port: number }} client */
async function answers(back, client) {
  const buffer = new Uint8Array(65_536);
  for (;;) await front.sendto(buffer.subarray(0, await back.recv(buffer)), /** @type {never} */ (client));
}
const buffer = new Uint8Array(65_536);
const ended = (/** @type {{ code: string }} */ error) => {
  if (error.code !== 'EBADF') throw error;
};
try {
  for (;;) {
    const { length, address } = await front.recvfrom(buffer);
    const client = /** @type {{ address: string, port: number }} */ (/** @type {unknown} */ (address));
    const key = `${client.address} ${client.port}`;
    let back = backs.get(key);
    if (!back) {
      back = new Socket(AF_INET, SOCK_DGRAM);
      backs.set(key, back);
      await back.connect(target);
      void answers(back, client).catch(ended);
    }
    await back.send(buffer.subarray(0, length));
  }
} catch (error) {
  ended(/** @type {{ code: string }} */ (error));
}
