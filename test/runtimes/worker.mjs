// A worker that owns a socket pair, reports one descriptor, and waits for data until it is terminated.
import { parentPort } from 'node:worker_threads';
import { AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';

const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
parentPort?.postMessage({ fds: [a.fd, b.fd] });
await a.recv(new Uint8Array(1));
