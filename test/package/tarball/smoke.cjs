// The CommonJS twin of smoke.mjs, but for what waits at the top level.
const { AF_UNIX, SOCK_STREAM, Socket, SocketError } = require('bsd-sockets');
const c = require('bsd-sockets/c');
const promises = require('bsd-sockets/promises');

if (c.close(-1) !== -1 || c.errno !== c.EBADF) throw new Error(`errno is ${c.errno}`);
const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
b.close();
try {
  a.send('x');
  throw new Error('send to a closed peer succeeded');
} catch (error) {
  if (!(error instanceof SocketError)) throw error;
}
a.close();
const waiting = new promises.Socket(AF_UNIX, SOCK_STREAM);
waiting.close();
console.log('works: hello');
