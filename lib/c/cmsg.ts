// Control messages: the CMSG_ macros of <sys/socket.h>. Lengths from the network are not trusted: a malformed one ends the list.

import { CMSG_ALIGN } from '../addon/cmsg_space.js';
import { bytesOf, shown, typeError } from '../ctypes/index.js';
import { cmsghdr } from '../generated/structs.js';
import { msghdr } from './sys_socket.js';

export { CMSG_ALIGN, CMSG_LEN, CMSG_SPACE } from '../addon/cmsg_space.js';

/** Where a header's control buffer ends: CMSG_DATA goes no further. */
const ends = new WeakMap<cmsghdr, Uint8Array>();

/** The control buffer, cut to `msg_controllen`; undefined for none. */
function control(macro: string, msg: msghdr): Uint8Array | undefined {
  if (!(msg instanceof msghdr)) throw typeError(`${macro}(): argument 1 (msg) must be a msghdr, got ${shown(msg)}`);
  const bytes = typeof msg.msg_control === 'string' ? undefined : bytesOf(msg.msg_control);
  const used = Number(msg.msg_controllen);
  return bytes?.subarray(0, used < 0 ? bytes.byteLength : used);
}

function at(bytes: Uint8Array, offset: number): cmsghdr {
  const header = cmsghdr.at(bytes, offset);
  ends.set(header, bytes);
  return header;
}

/**
 * `struct cmsghdr *CMSG_FIRSTHDR(struct msghdr *msg)`: a view of the first control message, or null where there is no room for one.
 * Setting its fields writes the control buffer.
 * @throws TypeError @see cmsg(3)
 */
export const CMSG_FIRSTHDR = (msg: msghdr): cmsghdr | null => {
  const bytes = control('CMSG_FIRSTHDR', msg);
  return bytes === undefined || bytes.byteLength < cmsghdr.size ? null : at(bytes, 0);
};

/** `struct cmsghdr *CMSG_NXTHDR(struct msghdr *msg, struct cmsghdr *cmsg)`: the next one, or null. @throws TypeError @see cmsg(3) */
export const CMSG_NXTHDR = (msg: msghdr, cmsg: cmsghdr | null): cmsghdr | null => {
  if (cmsg === null) return CMSG_FIRSTHDR(msg);
  const bytes = control('CMSG_NXTHDR', msg);
  if (!(cmsg instanceof cmsghdr))
    throw typeError(`CMSG_NXTHDR(): argument 2 (cmsg) must be a cmsghdr, got ${shown(cmsg)}`);
  if (bytes === undefined || bytes.buffer !== cmsg.buffer) return null;
  const own = Number(cmsg.cmsg_len);
  if (own < cmsghdr.size) return null; // it would never end
  const next = cmsg.byteOffset - bytes.byteOffset + CMSG_ALIGN(own);
  if (next < 0 || next + cmsghdr.size > bytes.byteLength) return null;
  const header = at(bytes, next);
  // The last message need not be padded.
  return next + Number(header.cmsg_len) > bytes.byteLength ? null : header;
};

/** `unsigned char *CMSG_DATA(struct cmsghdr *cmsg)`: the memory after the header, to the control buffer's end. @throws TypeError @see cmsg(3) */
export const CMSG_DATA = (cmsg: cmsghdr): Uint8Array => {
  if (!(cmsg instanceof cmsghdr))
    throw typeError(`CMSG_DATA(): argument 1 (cmsg) must be a cmsghdr, got ${shown(cmsg)}`);
  const bytes = ends.get(cmsg);
  const start = cmsg.byteOffset + CMSG_ALIGN(cmsghdr.size);
  const end = bytes ? bytes.byteOffset + bytes.byteLength : cmsg.buffer.byteLength;
  return new Uint8Array(cmsg.buffer, Math.min(start, end), Math.max(0, end - start));
};
