// Messages with control data: recvmsg that collects the control messages, sendmsg with one.
import * as c from 'bsd-sockets/c';
import { must } from './descriptors.js';

export interface Received {
  readonly bytes: Uint8Array;
  readonly flags: number;
  readonly name: Uint8Array;
  /** The data of each control message, by its level and type. */
  readonly control: { readonly level: number; readonly type: number; readonly data: Uint8Array }[];
}

/** recvmsg, with the control messages walked as in C. */
export function receiveMessage(fd: number, flags = 0, controlLength = 512, length = 70_000): Received {
  const bytes = new Uint8Array(length);
  const name = new Uint8Array(128);
  const control = new Uint8Array(controlLength);
  const msg = new c.msghdr({
    msg_name: name,
    msg_namelen: name.length,
    msg_iov: new c.iovec({ iov_base: bytes, iov_len: bytes.length }),
    msg_iovlen: 1,
    msg_control: control,
    msg_controllen: control.length,
  });
  const n = must(c.recvmsg(fd, msg, flags));
  const found: { level: number; type: number; data: Uint8Array }[] = [];
  for (let cmsg = c.CMSG_FIRSTHDR(msg); cmsg; cmsg = c.CMSG_NXTHDR(msg, cmsg)) {
    const data = c.CMSG_DATA(cmsg).slice(0, Number(cmsg.cmsg_len) - c.CMSG_LEN(0));
    found.push({ level: cmsg.cmsg_level, type: cmsg.cmsg_type, data });
  }
  return { bytes: bytes.subarray(0, n), flags: msg.msg_flags, name: name.subarray(0, msg.msg_namelen), control: found };
}

/** The data of one control message, which must be there. */
export function controlData(message: Received, level: number, type: number): Uint8Array {
  const found = message.control.find((cmsg) => cmsg.level === level && cmsg.type === type);
  if (!found) throw new Error(`no control message ${level}, ${type} among ${JSON.stringify(message.control)}`);
  return found.data;
}

/** A control buffer of one message. */
export function encodeControlMessage(level: number, type: number, data: c.Pointer): Uint8Array {
  const length = c.sizeof(data as Uint8Array);
  const control = new Uint8Array(c.CMSG_SPACE(length));
  const msg = new c.msghdr({ msg_control: control, msg_controllen: control.length });
  const cmsg = c.CMSG_FIRSTHDR(msg)!;
  cmsg.cmsg_level = level;
  cmsg.cmsg_type = type;
  cmsg.cmsg_len = c.CMSG_LEN(length);
  c.memcpy(c.CMSG_DATA(cmsg), data, length);
  return control;
}

/** sendmsg of a text with control data. */
export function sendMessage(fd: number, text: c.ConstPointer, control: Uint8Array | null, flags = 0): number {
  const length = typeof text === 'string' ? text.length : c.sizeof(text as Uint8Array);
  return c.sendmsg(
    fd,
    new c.msghdr({
      msg_iov: [new c.iovec({ iov_base: text, iov_len: length })],
      msg_iovlen: 1,
      msg_control: control,
      msg_controllen: control?.length ?? 0,
    }),
    flags,
  );
}
