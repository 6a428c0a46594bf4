// Benchmark, group accept: accept + close of connections that wait, on bsd-sockets/c.
import { AF_INET, SOCK_STREAM, Socket } from 'bsd-sockets';
import { accept, close, sockaddr_in, socklen_t } from 'bsd-sockets/c';
import { contest, die } from '../contestant.js';
import { COUNT, measure } from './clients.js';

const listener = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen(128);
const address = listener.getsockname();
const peer = new sockaddr_in();
const length = new socklen_t();
const all = (): void => {
  for (let i = 0; i < COUNT; i++) {
    length.value = sockaddr_in.size;
    const client = accept(listener.fd, peer, length);
    if (client < 0) die('accept failed');
    close(client);
  }
};
contest((n) => measure(n, address, all));
