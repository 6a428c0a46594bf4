// An ES module that uses each entry point of the installed package. Prints one line at its end.
import { AF_INET, SOCK_STREAM, Socket as Typed } from 'bsd-sockets';
import { close, EBADF, errno } from 'bsd-sockets/c';
import { Socket } from 'bsd-sockets/promises';

if (close(-1) !== -1 || errno !== EBADF) throw new Error(`errno is ${errno}`);
const server = new Socket(AF_INET, SOCK_STREAM);
server.bind({ address: '127.0.0.1', port: 0 });
server.listen();
const client = new Socket(AF_INET, SOCK_STREAM);
const [{ socket }] = await Promise.all([server.accept(), client.connect(server.getsockname())]);
await client.sendAll('hello');
const buffer = new Uint8Array(5);
await socket.recvExactly(buffer);
for (const each of [server, client, socket]) each.close();
const [a, b] = Typed.pair(1, SOCK_STREAM);
a.close();
b.close();
console.log(`works: ${new TextDecoder().decode(buffer)}`);
