// sendmsg, recvmsg and their vectors, of <sys/socket.h>.

import { type ArgumentList, argumentList } from '../addon/argument_list.js';
import { native } from '../addon/binding.js';
import { missing, ret } from '../addon/errno.js';
import { COLUMNS, CONTROLLEN, FLAGS, LENGTH, NAMELEN, pushMsghdr } from '../addon/msghdr.js';
import type { ConstPointer, Pointer } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { PointerStruct } from './pointer_struct.js';
import { type iovec, pushIovecs } from './sys_uio.js';

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

function pushHeader(list: ArgumentList, msg: msghdr): void {
  pushMsghdr(
    list,
    pushIovecs,
    msg.msg_name,
    msg.msg_namelen,
    msg.msg_iov,
    msg.msg_iovlen,
    msg.msg_control,
    msg.msg_controllen,
    msg.msg_flags,
  );
}

/** Appends one message, as a vector of one. */
function pushOne(list: ArgumentList, msg: unknown): void {
  if (msg === null) return list.nullVector();
  if (!(msg instanceof msghdr)) return list.wrong(msg);
  const beginning = list.begin();
  pushHeader(list, msg);
  list.end(beginning, 1);
}

/** Appends a vector of messages, and keeps each mmsghdr and its msghdr for the results. */
function pushVector(list: ArgumentList, msgvec: unknown): void {
  if (msgvec === null) return list.nullVector();
  const one = msgvec instanceof mmsghdr;
  if (!one && !Array.isArray(msgvec)) return list.wrong(msgvec);
  const beginning = list.begin();
  let count = 0;
  for (; count < (one ? 1 : msgvec.length); count++) {
    const message: unknown = one ? msgvec : msgvec[count];
    if (!(message instanceof mmsghdr)) return list.wrong(message, beginning);
    const header: unknown = message.msg_hdr;
    if (!(header instanceof msghdr)) return list.wrong(header, beginning);
    list.keep(message);
    list.keep(header);
    pushHeader(list, header);
  }
  list.end(beginning, count);
}

/** Writes a row of results into a message. */
function update(msg: msghdr, results: Int32Array, row: number): void {
  msg.msg_namelen = results[row + NAMELEN]!;
  msg.msg_controllen = results[row + CONTROLLEN]!;
  msg.msg_flags = results[row + FLAGS]!;
}

/** Writes the results of the first `count` messages, and frees the list. */
function updateVector(list: ArgumentList, count: number): void {
  for (let i = 0; i < count; i++) {
    update(list.kept(2 * i + 1), list.results, COLUMNS * i);
    list.kept<mmsghdr>(2 * i).msg_len = list.results[COLUMNS * i + LENGTH]!;
  }
  list.free();
}

/**
 * `ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags)`: sends pieces of memory as one message, with control data.
 * A length more than its memory: `EFAULT`.
 * @throws TypeError for an argument or a field of a wrong type. @see sendmsg(2)
 */
export const sendmsg = (sockfd: number, msg: msghdr | null, flags: number): number => {
  const list = argumentList();
  list.push(sockfd);
  pushOne(list, msg);
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
  const list = argumentList();
  list.push(sockfd);
  pushOne(list, msg);
  list.push(flags);
  list.push(list.results);
  const result = list.call(native.recvmsg);
  if (result >= 0 && msg) update(msg, list.results, 0);
  list.free();
  return ret(result);
};

type Vector = mmsghdr | readonly mmsghdr[] | null;

/**
 * `int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags)`: sends several messages; how many. The vector is
 * an array of `mmsghdr`, or one. macOS: `ENOSYS`.
 * @throws TypeError for an argument or a field of a wrong type. @see sendmmsg(2)
 */
export const sendmmsg = (sockfd: number, msgvec: Vector, vlen: number, flags: number): number => {
  if (!native.sendmmsg) return missing();
  const list = argumentList();
  list.push(sockfd);
  pushVector(list, msgvec);
  list.push(vlen);
  list.push(flags);
  list.push(list.results);
  const result = list.call(native.sendmmsg);
  updateVector(list, result);
  return ret(result);
};

/**
 * `int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout)`: receives several
 * messages; how many. macOS: `ENOSYS`.
 * @throws TypeError for an argument or a field of a wrong type. @see recvmmsg(2)
 */
export const recvmmsg = (sockfd: number, msgvec: Vector, vlen: number, flags: number, timeout: Pointer): number => {
  if (!native.recvmmsg) return missing();
  const list = argumentList();
  list.push(sockfd);
  pushVector(list, msgvec);
  list.push(vlen);
  list.push(flags);
  list.pointer(timeout);
  list.push(list.results);
  const result = list.call(native.recvmmsg);
  updateVector(list, result);
  return ret(result);
};
