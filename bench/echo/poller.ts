// Benchmark, group echo: the same with Poller and Socket, on the event loop.
import { AF_INET, POLLIN, Poller, SOCK_STREAM, Socket } from 'bsd-sockets';
import { BACKLOG, ROOM, raiseLimit, SIZE, serve } from './server.js';

const buffer = new Uint8Array(ROOM);
// Made once: a view costs more than a call.
const request = buffer.subarray(0, SIZE);

raiseLimit();
const listener = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen(BACKLOG);
const poller = new Poller().add(listener, POLLIN);
poller.start<Socket>((ready) => {
  for (const { socket } of ready) {
    if (socket === listener) acceptAll();
    else echo(socket);
  }
});
serve(listener.getsockname().port);

function acceptAll(): void {
  for (let next = listener.tryAccept(); next !== null; next = listener.tryAccept()) poller.add(next.socket, POLLIN);
}

function echo(socket: Socket): void {
  const length = socket.tryRecv(buffer);
  if (!length || socket.trySend(length === SIZE ? request : buffer.subarray(0, length)) !== length) socket.close();
}
