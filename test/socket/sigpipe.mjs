// @ts-check
// Sends to closed peers in every way, with SIGPIPE's disposition at its default. Prints the error of each.
import {
  AF_INET,
  AF_UNIX,
  MessageBatch,
  SHUT_WR,
  SO_LINGER,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
} from 'bsd-sockets';
import { SIG_DFL, SIGPIPE, signal } from 'bsd-sockets/c';

const [, , how, only] = process.argv;
if (how === 'signal') signal(SIGPIPE, SIG_DFL);
else {
  const listener = () => {};
  process.on('SIGPIPE', listener);
  process.off('SIGPIPE', listener);
}

/** @type {Record<string, (socket: Socket<any>) => unknown>} */
const ways = {
  send: (socket) => socket.send('x'),
  trySend: (socket) => socket.trySend('x'),
  sendmsg: (socket) => socket.sendmsg({ data: 'x' }),
  trySendmsg: (socket) => socket.trySendmsg({ data: 'x' }),
  'sendmmsg of an array': (socket) => socket.sendmmsg([{ data: 'x' }]),
  'sendmmsg of a batch': (socket) => socket.sendmmsg(new MessageBatch(1, { size: 1 }).add('x')),
  sendAll: (socket) => socket.sendAll('x'.repeat(100_000)),
};

/** A socket whose peer is gone. @type {Record<string, () => Socket<any>>} */
const kinds = {
  TCP() {
    const listener = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
    const client = new Socket(AF_INET, SOCK_STREAM).connect(listener.getsockname());
    const { socket } = listener.accept();
    listener.close();
    socket.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 }).close(); // resets the connection
    try {
      client.recv(new Uint8Array(1)); // takes ECONNRESET: the next write finds the pipe broken
    } catch {}
    return client;
  },
  'TCP, shut down': () => {
    const listener = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
    const client = new Socket(AF_INET, SOCK_STREAM).connect(listener.getsockname());
    listener.accept();
    listener.close();
    return client.shutdown(SHUT_WR);
  },
  Unix() {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    b.close();
    return a;
  },
  ...(process.platform === 'linux' && {
    'Unix seqpacket'() {
      const [a, b] = Socket.pair(AF_UNIX, SOCK_SEQPACKET);
      b.close();
      return a;
    },
  }),
};

if (only === 'unprotected') {
  const { send } = await import('bsd-sockets/c');
  send(/** @type {() => Socket} */ (kinds.Unix)().fd, 'x', 1, 0); // exact, as C is: killed here
  console.log('alive');
  process.exit();
}
for (const [kind, make] of Object.entries(kinds)) {
  for (const [way, send] of Object.entries(ways)) {
    const socket = make();
    let result;
    try {
      result = `no error: ${send(socket)}`;
    } catch (error) {
      result = error instanceof Error ? `${error.name} ${'code' in error ? error.code : ''}` : String(error);
    }
    socket.close();
    console.log(`${kind}, ${way}: ${result}`);
  }
}
