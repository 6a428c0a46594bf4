// The entry point bsd-sockets/promises: the Socket class on the event loop.

export type { WaitOptions } from './events/abort.js';
export { getaddrinfo, getnameinfo } from './events/names.js';
export { toNetSocket } from './events/net_socket.js';
export { Socket } from './events/socket.js';
