// @ts-check
// Room: a chat: what one says, all others hear; who reads too slowly is put out.
import { once } from 'node:events';
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
    socket.sendAll(`${line}\n`, { timeout: 500 }).catch(() => {
      if (members.get(name) !== socket) return;
      members.delete(name);
      socket.close();
      tell(`* ${name} was put out`);
    });
  }
}
/** @param {Socket} socket */
async function serve(socket) {
  const stream = socket.toDuplex();
  stream.on('error', () => {});
  const lines = readline.createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  const [name] = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
  if (!name) return stream.destroy();
  members.set(name, socket);
  tell(`* ${name} came`);
  lines.on('line', (line) => tell(`${name}: ${line}`, name));
  await once(lines, 'close');
  if (members.delete(name)) tell(`* ${name} left`);
  return stream.destroy();
}
for await (const { socket } of server) void serve(socket);
for (const socket of members.values()) socket.close();
