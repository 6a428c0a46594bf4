// How a msghdr crosses to native code and back, for all calls that take one: the order of its fields among the arguments, and the
// order of what the kernel writes back. native/calls/msghdr.h has the same orders.
import type { ArgumentList } from './argument_list.js';

/** The columns of what the kernel writes back, a row a message: its address's length, its control data's, its flags, its bytes. */
export const [NAMELEN, CONTROLLEN, FLAGS, LENGTH, COLUMNS] = [0, 1, 2, 3, 4] as const;

/** Appends a msghdr. `pushVector` appends its iovecs: their number, then base and length of each. */
export function pushMsghdr<V>(
  list: ArgumentList,
  pushVector: (list: ArgumentList, vector: V) => void,
  msg_name: unknown,
  msg_namelen: unknown,
  msg_iov: V,
  msg_iovlen: unknown,
  msg_control: unknown,
  msg_controllen: unknown,
  msg_flags: unknown,
): void {
  list.pointer(msg_name);
  list.push(msg_namelen);
  pushVector(list, msg_iov);
  list.push(msg_iovlen);
  list.pointer(msg_control);
  list.push(msg_controllen);
  list.push(msg_flags);
}

function pushPieces(list: ArgumentList, pieces: readonly Uint8Array[]): void {
  list.push(pieces.length);
  for (const piece of pieces) {
    list.push(piece);
    list.push(piece.byteLength);
  }
}

/** Appends a msghdr whose parts are bytes, each used to its end: what the typed layer sends and receives. */
export function pushMessage(
  list: ArgumentList,
  pieces: readonly Uint8Array[],
  address: Uint8Array | null,
  control: Uint8Array | null,
): void {
  const namelen = address === null ? 0 : address.byteLength;
  const controllen = control === null ? 0 : control.byteLength;
  pushMsghdr(list, pushPieces, address, namelen, pieces, pieces.length, control, controllen, 0);
}
