// @ts-check
// Node's HTTP server on a listener with options that Node lacks: SO_REUSEPORT, TCP_DEFER_ACCEPT, TCP_FASTOPEN, a receive buffer.
// Answers each request with the kernel's TCP_INFO of its connection.
import http from 'node:http';
import {
  AF_INET,
  IPPROTO_TCP,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
  TCP_DEFER_ACCEPT,
  TCP_INFO,
} from 'bsd-sockets';

const listener = new Socket(AF_INET, SOCK_STREAM)
  .setsockopt(SOL_SOCKET, SO_REUSEADDR, true)
  .setsockopt(SOL_SOCKET, SO_REUSEPORT, true)
  .setsockopt(SOL_SOCKET, SO_RCVBUF, 100_000)
  .bind({ address: '127.0.0.1', port: 0 });
if (TCP_DEFER_ACCEPT !== undefined) listener.setsockopt(IPPROTO_TCP, TCP_DEFER_ACCEPT, 1000);
const { port } = listener.listen().getsockname();
const server = http.createServer((request, response) => {
  const connection = Socket.from(request.socket);
  const info = TCP_INFO === undefined ? undefined : connection.getsockopt(IPPROTO_TCP, TCP_INFO);
  const state = info?.tcpi_state ?? 1; // TCP_ESTABLISHED
  response.end(`${JSON.stringify({ state, buffer: connection.getsockopt(SOL_SOCKET, SO_RCVBUF) > 100_000 })}\n`);
});
server.listen({ fd: listener.detach() }, () => console.log(`port ${port}`));
process.stdin.resume().on('end', () => {
  server.close();
  server.closeAllConnections();
});
