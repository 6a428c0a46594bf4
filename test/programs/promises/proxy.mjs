// @ts-check
// A TCP proxy: node proxy.mjs PORT passes each connection on to that port, with back-pressure, half-close and resets.
import { AF_INET, SHUT_WR, SO_LINGER, SOCK_STREAM, SOL_SOCKET } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';

const target = { address: '127.0.0.1', port: Number(process.argv[2]) };
const server = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
console.log(`port ${/** @type {{ port: number }} */ (server.getsockname()).port}`);
process.stdin.resume().on('end', () => server.close());
let passed = 0;

/** One direction: what is not sent on is not read. @param {Socket} from @param {Socket} to */
async function pass(from, to) {
  const buffer = new Uint8Array(64 * 1024);
  for (let length = 0; (length = await from.recv(buffer)) > 0; ) {
    await to.sendAll(buffer.subarray(0, length));
    passed += length;
  }
  to.shutdown(SHUT_WR);
}
/** @param {Socket} client */
async function serve(client) {
  const upstream = new Socket(AF_INET, SOCK_STREAM);
  try {
    await upstream.connect(target);
    await Promise.all([pass(client, upstream), pass(upstream, client)]);
  } catch {
    // A reset of one side is the other's, too.
    for (const socket of [client, upstream]) {
      if (!socket.closed) socket.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 });
    }
  } finally {
    client.close();
    upstream.close();
  }
}
process.on('SIGUSR2', () => console.log(`passed ${passed}`));
for await (const { socket } of server) void serve(socket);
