// Benchmark, group accept: the same with the Socket class.
import { AF_INET, SOCK_STREAM, Socket } from 'bsd-sockets';
import { contest } from '../contestant.js';
import { COUNT, measure } from './clients.js';

const listener = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen(128);
const address = listener.getsockname();
const all = (): void => {
  for (let i = 0; i < COUNT; i++) listener.accept().socket.close();
};
contest((n) => measure(n, address, all));
