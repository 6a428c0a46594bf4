// Room: our connections as Node's.
import { Socket as NetSocket } from 'node:net';
import * as c from '../generated/constants.js';
import { invalidType } from '../socket/validate.js';

/**
 * Hands a connected stream socket over to Node: a `net.Socket` that owns the descriptor. The socket is closed here.
 * @throws BadDescriptorError; TypeError for a descriptor that Node has no stream for (a datagram or seqpacket socket): it stays as it is
 */
export function toNetSocket(socket: { readonly domain: number; readonly type: number; detach(): number }): NetSocket {
  const known = socket.domain === c.AF_INET || socket.domain === c.AF_INET6 || socket.domain === c.AF_UNIX;
  if (!known || socket.type !== c.SOCK_STREAM)
    throw invalidType('socket', 'a stream socket of AF_INET, AF_INET6 or AF_UNIX', socket);
  return new NetSocket({ fd: socket.detach(), readable: true, writable: true });
}
