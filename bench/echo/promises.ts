// Benchmark, group echo: the same with bsd-sockets/promises. A buffer for each connection: what one receives must stay until it is sent,
// while others receive.
import { AF_INET, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { BACKLOG, ROOM, raiseLimit, SIZE, serve } from './server.js';

raiseLimit();
const listener = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen(BACKLOG);
serve(listener.getsockname().port);
for await (const { socket } of listener) echo(socket);

async function echo(socket: Socket): Promise<void> {
  // From Node's pool of memory, where a small one takes little more than its bytes.
  const buffer = Buffer.allocUnsafe(ROOM);
  const request = buffer.subarray(0, SIZE);
  for (let length = 0; (length = await socket.recv(buffer)) > 0; )
    await socket.send(length === SIZE ? request : buffer.subarray(0, length));
  socket.close();
}
