// Room: our connections as Node's.
import { Socket as NetSocket } from 'node:net';

/**
 * Hands a connected stream socket over to Node: a `net.Socket` that owns the descriptor. The socket is closed here.
 * @throws BadDescriptorError; TypeError for a descriptor that Node has no stream for (a datagram or seqpacket socket)
 */
export function toNetSocket(socket: { detach(): number }): NetSocket {
  return new NetSocket({ fd: socket.detach(), readable: true, writable: true });
}
