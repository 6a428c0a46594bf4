// Room: the macros of <linux/netlink.h> and <linux/rtnetlink.h>. A malformed length ends the list: it is never followed.
import { type Box, bytesAt, bytesOf, type Pointee, type StructType, shown, typeError } from '../ctypes.js';
import { nlmsghdr, rtattr } from '../generated/structs.js';

/** A length that the macro reads and writes back (C's lvalue): a box, or a number where only reading is wanted. */
export type Remaining = Box<number> | number;

const read = (len: Remaining): number => (typeof len === 'number' ? len : len.value);

const ALIGNMENT = 4;
const align = (len: number): number => Math.ceil(len / ALIGNMENT) * ALIGNMENT;

/** Where the lists that a header was taken from end. */
const ends = new WeakMap<object, number>();

/** The bytes from a header to the end of its list (of its memory, where it was not reached through a macro). */
function rest(macro: string, header: Pointee): Uint8Array {
  if (bytesOf(header) === undefined) throw typeError(`${macro}(): the header must be memory, not ${shown(header)}`);
  const end = ends.get(header) ?? header.buffer.byteLength;
  return new Uint8Array(header.buffer, header.byteOffset, Math.max(0, end - header.byteOffset));
}

/** The header of the next element, `step` bytes on, and `len` reduced by as much. Beyond the memory: a zeroed one, which ends the list. */
function next<T extends Pointee>(macro: string, type: StructType<T>, header: T, step: number, len: Remaining): T {
  const bytes = rest(macro, header);
  if (typeof len !== 'number') len.value = len.value - step;
  const room = step >= type.size && step + type.size <= bytes.byteLength;
  const found = room ? type.at(bytesAt(type, type.size, bytes, step)) : new type();
  if (room) ends.set(found, bytes.byteOffset + bytes.byteLength);
  else if (typeof len !== 'number' && len.value >= type.size) len.value = 0;
  return found;
}

const own = (header: { nlmsg_len?: number; rta_len?: number }): number => header.nlmsg_len ?? header.rta_len ?? 0;
const ok = (header: Pointee, length: number, size: number, len: Remaining, macro: string): number =>
  read(len) >= size && length >= size && length <= read(len) && length <= rest(macro, header).byteLength ? 1 : 0;

/** `NLMSG_ALIGN(len)`: rounded up to 4 bytes. @see netlink(3) */
export const NLMSG_ALIGN = (len: number): number => align(len);
/** `NLMSG_LENGTH(len)`: what to store in `nlmsg_len` for `len` bytes of payload. @see netlink(3) */
export const NLMSG_LENGTH = (len: number): number => len + align(nlmsghdr.size);
/** `NLMSG_SPACE(len)`: the bytes that a message with `len` bytes of payload takes up. @see netlink(3) */
export const NLMSG_SPACE = (len: number): number => align(NLMSG_LENGTH(len));
/** `NLMSG_DATA(nlh)`: the memory after the header. @throws TypeError @see netlink(3) */
export const NLMSG_DATA = (nlh: nlmsghdr): Uint8Array => rest('NLMSG_DATA', nlh).subarray(NLMSG_LENGTH(0));
/** `NLMSG_NEXT(nlh, len)`: the next message; `len`, an `int` box, is reduced as the C macro does. @throws TypeError @see netlink(3) */
export const NLMSG_NEXT = (nlh: nlmsghdr, len: Remaining): nlmsghdr =>
  next('NLMSG_NEXT', nlmsghdr, nlh, align(own(nlh)), len);
/** `NLMSG_OK(nlh, len)`: 1 if a whole message lies within `len` bytes. @throws TypeError @see netlink(3) */
export const NLMSG_OK = (nlh: nlmsghdr, len: Remaining): number => ok(nlh, own(nlh), nlmsghdr.size, len, 'NLMSG_OK');
/** `NLMSG_PAYLOAD(nlh, len)`: the payload's bytes behind `len` of them. @see netlink(3) */
export const NLMSG_PAYLOAD = (nlh: nlmsghdr, len: number): number => own(nlh) - NLMSG_SPACE(len);

/** `RTA_LENGTH(len)`: what to store in `rta_len` for `len` bytes of payload. @see rtnetlink(3) */
export const RTA_LENGTH = (len: number): number => align(rtattr.size) + len;
/** `RTA_DATA(rta)`: the memory after the header. @throws TypeError @see rtnetlink(3) */
export const RTA_DATA = (rta: rtattr): Uint8Array => rest('RTA_DATA', rta).subarray(RTA_LENGTH(0));
/** `RTA_NEXT(rta, attrlen)`: the next attribute; `attrlen`, an `int` box, is reduced as the C macro does. @throws TypeError @see rtnetlink(3) */
export const RTA_NEXT = (rta: rtattr, attrlen: Remaining): rtattr =>
  next('RTA_NEXT', rtattr, rta, align(own(rta)), attrlen);
/** `RTA_OK(rta, attrlen)`: 1 if a whole attribute lies within `attrlen` bytes. @throws TypeError @see rtnetlink(3) */
export const RTA_OK = (rta: rtattr, attrlen: Remaining): number => ok(rta, own(rta), rtattr.size, attrlen, 'RTA_OK');
/** `RTA_PAYLOAD(rta)`: the payload's bytes. @see rtnetlink(3) */
export const RTA_PAYLOAD = (rta: rtattr): number => own(rta) - RTA_LENGTH(0);
