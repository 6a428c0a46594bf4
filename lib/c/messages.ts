// Room: sendmsg, recvmsg and their vectors, of <sys/socket.h>.

import { type Flat, flat } from '../addon/argument_list.js';
import { native } from '../addon/binding.js';
import { missing, ret } from '../addon/errno.js';
import type { ConstPointer, Pointer } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { PointerStruct } from './pointer_struct.js';
import { flattenVector, type iovec } from './sys_uio.js';

/** `struct msghdr`: a message's address, pieces and control data. @see recvmsg(2) */
export class msghdr extends PointerStruct {
  /** `sizeof(struct msghdr)`. */
  static readonly size: number = structSizes.msghdr;
  /** The address, or null. */
  msg_name: ConstPointer = null;
  /** Its length in bytes: the room before recvmsg, what was needed afterwards. */
  msg_namelen = 0;
  /** The pieces of memory: one iovec or an array of them. */
  msg_iov: iovec | iovec[] | null = null;
  /** How many pieces. */
  msg_iovlen: number | bigint = 0;
  /** The control buffer, or null. */
  msg_control: ConstPointer = null;
  /** Its length in bytes: the room before recvmsg, what was used afterwards. */
  msg_controllen: number | bigint = 0;
  /** What recvmsg reports: MSG_TRUNC, MSG_CTRUNC, MSG_EOR, …. */
  msg_flags = 0;

  constructor(
    init?: Partial<
      Pick<
        msghdr,
        'msg_name' | 'msg_namelen' | 'msg_iov' | 'msg_iovlen' | 'msg_control' | 'msg_controllen' | 'msg_flags'
      >
    >,
  ) {
    super();
    this.assign(init);
  }
}

/** `struct mmsghdr`: a message of a vector, and how many bytes it had. Linux. @see recvmmsg(2) */
export class mmsghdr extends PointerStruct {
  /** `sizeof(struct mmsghdr)`. */
  static readonly size: number = structSizes.mmsghdr;
  /** The message. */
  msg_hdr: msghdr = new msghdr();
  /** The bytes that were sent or received. */
  msg_len = 0;

  constructor(init?: Partial<Pick<mmsghdr, 'msg_hdr' | 'msg_len'>>) {
    super();
    this.assign(init);
  }
}

function flatten(list: Flat, msg: msghdr): void {
  list.pointer(msg.msg_name);
  list.push(msg.msg_namelen);
  flattenVector(list, msg.msg_iov);
  list.push(msg.msg_iovlen);
  list.pointer(msg.msg_control);
  list.push(msg.msg_controllen);
  list.push(msg.msg_flags);
}

/** One message goes as a vector of one. */
function flattenMessage(list: Flat, msg: unknown): void {
  if (msg === null) return list.none();
  const beginning = list.begin();
  if (!(msg instanceof msghdr)) return list.wrong(msg, beginning);
  flatten(list, msg);
  list.end(beginning, 1);
}

function flattenMessages(list: Flat, msgvec: unknown): void {
  if (msgvec instanceof mmsghdr) {
    // `&one`. Its null pointer is no message, while that of a call is the kernel's to refuse.
    if (msgvec.msg_hdr === null) return list.wrong(null);
    return flattenMessage(list, msgvec.msg_hdr);
  }
  if (msgvec === null) return list.none();
  if (!Array.isArray(msgvec)) return list.wrong(msgvec);
  const beginning = list.begin();
  let count = 0;
  for (; count < msgvec.length; count++) {
    const message: unknown = msgvec[count];
    const header: unknown = message instanceof mmsghdr ? message.msg_hdr : undefined;
    if (!(header instanceof msghdr)) return list.wrong(header, beginning);
    flatten(list, header);
  }
  list.end(beginning, count);
}

/** What the kernel wrote back. */
function update(msg: msghdr, results: Int32Array, at: number): void {
  msg.msg_namelen = results[at]!;
  msg.msg_controllen = results[at + 1]!;
  msg.msg_flags = results[at + 2]!;
}

/**
 * `ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags)`: sends pieces of memory as one message, with control data.
 * A length more than its memory: `EFAULT`.
 * @throws TypeError for an argument or a field of a wrong type. @see sendmsg(2)
 */
export const sendmsg = (sockfd: number, msg: msghdr | null, flags: number): number => {
  const list = flat();
  list.push(sockfd);
  flattenMessage(list, msg);
  list.push(flags);
  const result = list.call(native.sendmsg);
  list.free();
  return ret(result);
};

/**
 * `ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags)`: receives into pieces of memory; the lengths and `msg_flags` say what
 * came. A length more than its memory: `EFAULT`.
 * @throws TypeError for an argument or a field of a wrong type. @see recvmsg(2)
 */
export const recvmsg = (sockfd: number, msg: msghdr | null, flags: number): number => {
  const list = flat();
  list.push(sockfd);
  flattenMessage(list, msg);
  list.push(flags);
  list.push(list.results);
  const result = list.call(native.recvmsg);
  if (result >= 0 && msg) update(msg, list.results, 0);
  list.free();
  return ret(result);
};

type Vector = mmsghdr | readonly mmsghdr[] | null;

function updateMessages(msgvec: Vector, results: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const message = msgvec instanceof mmsghdr ? msgvec : msgvec![i]!;
    update(message.msg_hdr, results, 4 * i);
    message.msg_len = results[4 * i + 3]!;
  }
}

/**
 * `int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags)`: sends several messages; how many. The vector is
 * an array of `mmsghdr`, or one. macOS: `ENOSYS`.
 * @throws TypeError for an argument or a field of a wrong type. @see sendmmsg(2)
 */
export const sendmmsg = (sockfd: number, msgvec: Vector, vlen: number, flags: number): number => {
  if (!native.sendmmsg) return missing();
  const list = flat();
  list.push(sockfd);
  flattenMessages(list, msgvec);
  list.push(vlen);
  list.push(flags);
  list.push(list.results);
  const result = list.call(native.sendmmsg);
  updateMessages(msgvec, list.results, result);
  list.free();
  return ret(result);
};

/**
 * `int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout)`: receives several
 * messages; how many. macOS: `ENOSYS`.
 * @throws TypeError for an argument or a field of a wrong type. @see recvmmsg(2)
 */
export const recvmmsg = (sockfd: number, msgvec: Vector, vlen: number, flags: number, timeout: Pointer): number => {
  if (!native.recvmmsg) return missing();
  const list = flat();
  list.push(sockfd);
  flattenMessages(list, msgvec);
  list.push(vlen);
  list.push(flags);
  list.pointer(timeout);
  list.push(list.results);
  const result = list.call(native.recvmmsg);
  updateMessages(msgvec, list.results, result);
  list.free();
  return ret(result);
};
