// Benchmark, group echo: the same with node:net.
import { type AddressInfo, createServer } from 'node:net';
import { BACKLOG, serve } from './server.js';

const server = createServer((socket) => socket.on('data', (data) => socket.write(data)));
server.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG }, () => serve((server.address() as AddressInfo).port));
