// The macros of <linux/netlink.h> and <linux/rtnetlink.h>. A malformed length ends the list: it is never followed.
import { type Box, type Pointee, type StructType, wrongArgument } from '../ctypes/index.js';
import { nlmsghdr, rtattr } from '../generated/structs.js';

/** A length that the macro reads and writes back (C's lvalue): a box, or a number where only reading is wanted. */
export type Remaining = Box<number> | number;

const integer = (macro: string, position: number, name: string, value: unknown): number => {
  if (typeof value === 'bigint') return Number(value); // of a 64-bit box
  if (!Number.isInteger(value)) throw wrongArgument(macro, position, name, 'an integer', value);
  return value as number;
};
/** The number, or the value of the box. */
function read(macro: string, name: string, len: Remaining): number {
  if (typeof len === 'number') return integer(macro, 2, name, len);
  const value: unknown = len?.value;
  if (typeof value !== 'number' && typeof value !== 'bigint')
    throw wrongArgument(macro, 2, name, 'an int box or an integer', len);
  return integer(macro, 2, name, value);
}

const ALIGNMENT = 4;
const align = (len: number): number => Math.ceil(len / ALIGNMENT) * ALIGNMENT;

/** Where the lists that a header was taken from end. */
const ends = new WeakMap<object, number>();

function check<T extends Pointee>(macro: string, type: StructType<T>, header: T): void {
  const name = type === (nlmsghdr as unknown) ? 'nlh' : 'rta';
  if (!(header instanceof type)) throw wrongArgument(macro, 1, name, `an ${type.name}`, header);
}

/** The bytes from a header to the end of its list (of its memory, where it was not reached through a macro). */
function rest<T extends Pointee>(macro: string, type: StructType<T>, header: T): Uint8Array {
  check(macro, type, header);
  const end = ends.get(header) ?? header.buffer.byteLength;
  return new Uint8Array(header.buffer, header.byteOffset, Math.max(0, end - header.byteOffset));
}

/** The header of the next element, and `len` reduced by as much. Beyond the memory: a zeroed one, which ends the list. */
function next<T extends Header>(macro: string, type: StructType<T>, header: T, len: Remaining, name = 'len'): T {
  const bytes = rest(macro, type, header);
  const left = read(macro, name, len);
  const step = align(own(header));
  if (typeof len !== 'number') len.value = left - step;
  const room = step >= type.size && step + type.size <= bytes.byteLength;
  const found = room ? type.at(bytes, step) : new type();
  if (room) ends.set(found, bytes.byteOffset + bytes.byteLength);
  else if (typeof len !== 'number' && len.value >= type.size) len.value = 0;
  return found;
}

type Header = Pointee & { nlmsg_len?: number; rta_len?: number };
const own = (header: Header): number => header.nlmsg_len ?? header.rta_len!;
function ok<T extends Header>(macro: string, type: StructType<T>, header: T, len: Remaining): number {
  const room = Math.min(rest(macro, type, header).byteLength, read(macro, 'len', len));
  return room >= type.size && own(header) >= type.size && own(header) <= room ? 1 : 0;
}

/** `NLMSG_ALIGN(len)`: rounded up to 4 bytes. @throws TypeError @see netlink(3) */
export const NLMSG_ALIGN = (len: number): number => align(integer('NLMSG_ALIGN', 1, 'len', len));
/** `NLMSG_LENGTH(len)`: what to store in `nlmsg_len` for `len` bytes of payload. @throws TypeError @see netlink(3) */
export const NLMSG_LENGTH = (len: number): number => integer('NLMSG_LENGTH', 1, 'len', len) + align(nlmsghdr.size);
/** `NLMSG_SPACE(len)`: the bytes that a message with `len` bytes of payload takes up. @throws TypeError @see netlink(3) */
export const NLMSG_SPACE = (len: number): number => align(integer('NLMSG_SPACE', 1, 'len', len) + align(nlmsghdr.size));
/** `NLMSG_DATA(nlh)`: the memory after the header. @throws TypeError @see netlink(3) */
export const NLMSG_DATA = (nlh: nlmsghdr): Uint8Array =>
  rest('NLMSG_DATA', nlmsghdr, nlh).subarray(align(nlmsghdr.size));
/** `NLMSG_NEXT(nlh, len)`: the next message; `len`, an `int` box, is reduced as the C macro does. @throws TypeError @see netlink(3) */
export const NLMSG_NEXT = (nlh: nlmsghdr, len: Remaining): nlmsghdr => next('NLMSG_NEXT', nlmsghdr, nlh, len);
/** `NLMSG_OK(nlh, len)`: 1 if a whole message lies within `len` bytes. @throws TypeError @see netlink(3) */
export const NLMSG_OK = (nlh: nlmsghdr, len: Remaining): number => ok('NLMSG_OK', nlmsghdr, nlh, len);
/** `NLMSG_PAYLOAD(nlh, len)`: the payload's bytes behind `len` of them. @throws TypeError @see netlink(3) */
export const NLMSG_PAYLOAD = (nlh: nlmsghdr, len: number): number => {
  check('NLMSG_PAYLOAD', nlmsghdr, nlh);
  return own(nlh) - align(integer('NLMSG_PAYLOAD', 2, 'len', len) + align(nlmsghdr.size));
};

/** `RTA_LENGTH(len)`: what to store in `rta_len` for `len` bytes of payload. @throws TypeError @see rtnetlink(3) */
export const RTA_LENGTH = (len: number): number => align(rtattr.size) + integer('RTA_LENGTH', 1, 'len', len);
/** `RTA_DATA(rta)`: the memory after the header. @throws TypeError @see rtnetlink(3) */
export const RTA_DATA = (rta: rtattr): Uint8Array => rest('RTA_DATA', rtattr, rta).subarray(align(rtattr.size));
/** `RTA_NEXT(rta, attrlen)`: the next attribute; `attrlen`, an `int` box, is reduced as the C macro does. @throws TypeError @see rtnetlink(3) */
export const RTA_NEXT = (rta: rtattr, attrlen: Remaining): rtattr => next('RTA_NEXT', rtattr, rta, attrlen, 'attrlen');
/** `RTA_OK(rta, len)`: 1 if a whole attribute lies within `len` bytes. @throws TypeError @see rtnetlink(3) */
export const RTA_OK = (rta: rtattr, len: Remaining): number => ok('RTA_OK', rtattr, rta, len);
/** `RTA_PAYLOAD(rta)`: the payload's bytes. @throws TypeError @see rtnetlink(3) */
export const RTA_PAYLOAD = (rta: rtattr): number => {
  check('RTA_PAYLOAD', rtattr, rta);
  return own(rta) - align(rtattr.size);
};
