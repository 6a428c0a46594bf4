// @ts-check
// An echo server for thousands of connections on one thread. Prints the highest number of connections when its input ends.
import { AF_INET, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { raise } from './limits.mjs';

raise();
const server = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
console.log(`port ${/** @type {{ port: number }} */ (server.getsockname()).port}`);
process.stdin.resume().on('end', () => server.close());

let connections = 0;
let most = 0;
/** @param {Socket} socket */
async function serve(socket) {
  most = Math.max(most, ++connections);
  const buffer = new Uint8Array(256);
  try {
    for (let length = 0; (length = await socket.recv(buffer)) > 0; ) await socket.sendAll(buffer.subarray(0, length));
  } finally {
    socket.close();
    connections--;
  }
}
/** @type {Set<Promise<void>>} */
const serving = new Set();
for await (const { socket } of server) {
  const one = serve(socket);
  serving.add(one);
  void one.finally(() => serving.delete(one));
}
await Promise.all(serving);
console.log(`at once ${most}, left ${connections}`);
