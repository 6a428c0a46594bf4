// @ts-check
// Blocks in a call with a time-out, which the kernel never restarts after a signal handler. Prints the result.
import { AF_INET, AF_UNIX, SO_RCVTIMEO, SO_SNDTIMEO, SOCK_STREAM, SOL_SOCKET, Socket } from 'bsd-sockets';

const [, , call, where = ''] = process.argv;
process.on('SIGUSR2', () => {});
if (call === 'recv') {
  const socket = new Socket(AF_UNIX, SOCK_STREAM).connect({ path: where }).setsockopt(SOL_SOCKET, SO_RCVTIMEO, 20_000);
  console.log(socket.recv(new Uint8Array(8)));
} else if (call === 'connect unix') {
  const socket = new Socket(AF_UNIX, SOCK_STREAM).setsockopt(SOL_SOCKET, SO_SNDTIMEO, 20_000);
  console.log(socket.connect({ path: where }).send('x'));
} else {
  const socket = new Socket(AF_INET, SOCK_STREAM).setsockopt(SOL_SOCKET, SO_SNDTIMEO, 20_000);
  console.log(socket.connect({ address: '127.0.0.1', port: Number(where) }).send('x'));
}
process.exit();
