// Benchmark: the server of a TypeScript contestant, in a process of its own; pair.h is its C twin.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer, type Socket as NetSocket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { AF_INET, IPPROTO_TCP, SOCK_STREAM, Socket, TCP_NODELAY } from 'bsd-sockets';

/** Starts a server program, on the processor that this program's argument names (where it does); its port. */
export async function startServer(program: string, from: string): Promise<number> {
  const command = [process.execPath, fileURLToPath(new URL(program, from))];
  const [processor] = process.argv.slice(2);
  if (processor !== undefined && process.platform === 'linux') command.unshift('taskset', '-c', processor);
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  // It ends with its connection, and nothing of it keeps this process alive.
  child.unref();
  child.stdout.destroy();
  return Number(port);
}

/** A blocking connection to `startServer`'s program. */
export async function connectBlocking(program: string, from: string): Promise<number> {
  const socket = new Socket(AF_INET, SOCK_STREAM);
  socket.connect({ address: '127.0.0.1', port: await startServer(program, from) });
  socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, true);
  return socket.detach();
}
/** Tells its port, and serves one connection. */
export function serveBlocking(serve: (fd: number) => void): void {
  using listener = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen(1);
  console.log(listener.getsockname().port);
  const { socket } = listener.accept();
  socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, true);
  serve(socket.detach());
}

/** The same with node:net. */
export async function connectNet(program: string, from: string): Promise<NetSocket> {
  const socket = createConnection({ port: await startServer(program, from), host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}
export function serveNet(serve: (socket: NetSocket) => void): void {
  const server = createServer({ noDelay: true }, (socket) => {
    server.close();
    serve(socket);
  });
  server.listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port));
}
