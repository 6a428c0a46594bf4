// Compiled against the installed package by every TypeScript version, as an ES module and as CommonJS.
import { AF_INET, type Poller, SOCK_STREAM, type Socket, SocketError } from 'bsd-sockets';
import { errno, sockaddr_in, socket } from 'bsd-sockets/c';
import type { Socket as Waiting, WaitOptions } from 'bsd-sockets/promises';

const sin = new sockaddr_in();
sin.sin_family = AF_INET;
const fd: number = socket(AF_INET, SOCK_STREAM, 0);
const failure: number = errno;
// @ts-expect-error: a domain is a number
socket('AF_INET', SOCK_STREAM, 0);
const later = (waiting: Waiting, options: WaitOptions): Promise<number> => waiting.recv(new Uint8Array(1), options);
const end = (typed: Socket, poller: Poller): void => {
  typed.close();
  poller.close();
};

export { end, failure, fd, later, SocketError };
