// @ts-check
// A chat: each client's line goes to all others; a client that reads too slowly is disconnected.
import readline from 'node:readline';
import { AF_INET, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';

const server = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
console.log(`port ${/** @type {{ port: number }} */ (server.getsockname()).port}`);
process.stdin.resume().on('end', () => server.close());

/** @type {Map<string, Socket>} */
const members = new Map();
/** @param {string} line @param {string} [from] */
function tell(line, from) {
  for (const [name, socket] of members) {
    if (name === from) continue;
    socket.sendAll(`${line}\n`, { timeout: 200 }).catch(() => {
      if (members.get(name) !== socket) return;
      members.delete(name);
      socket.close();
      tell(`* ${name} was put out`);
    });
  }
}
/** @param {Socket} socket */
function serve(socket) {
  const stream = socket.toDuplex();
  const lines = readline.createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  let name = '';
  lines.on('line', (line) => {
    if (name) return tell(`${name}: ${line}`, name);
    name = line;
    members.set(name, socket);
    return tell(`* ${name} came`);
  });
  lines.on('close', () => stream.destroy());
  // A reset: the end of the stream follows.
  for (const emitter of [stream, lines]) emitter.on('error', () => {});
  stream.on('close', () => {
    if (members.get(name) !== socket) return;
    members.delete(name);
    tell(`* ${name} left`);
  });
}
for await (const { socket } of server) serve(socket);
for (const socket of members.values()) socket.close();
