// @ts-check
// A child process that inherits a descriptor.
import { Socket } from 'bsd-sockets/promises';

const [, , way, number] = process.argv;
if (way === 'closed') {
  try {
    Socket.adopt(Number(number));
    console.log('open');
  } catch (error) {
    console.log(/** @type {{ code: string }} */ (error).code);
  }
} else if (way === 'listener') {
  const server = Socket.adopt(Number(number));
  const { socket } = await server.accept();
  await socket.sendAll('from the child');
  socket.close();
  server.close();
} else {
  const socket = Socket.adopt(Number(number));
  const buffer = new Uint8Array(1024);
  for (let length = 0; (length = await socket.recv(buffer)) > 0; ) await socket.sendAll(buffer.subarray(0, length));
  socket.close();
}
