// Room: sendmsg, recvmsg and their vectors, of <sys/socket.h>.
import { native } from '../binding.js';
import { type ConstPointer, mem, type Pointer } from '../ctypes.js';
import { missing, ret } from '../errno.js';
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

/** A message as native code takes it: its fields in order. Anything that is no msghdr goes through, to be refused. */
const flatten = (msg: unknown): unknown =>
  msg instanceof msghdr
    ? [
        mem(msg.msg_name),
        msg.msg_namelen,
        flattenVector(msg.msg_iov),
        msg.msg_iovlen,
        mem(msg.msg_control),
        msg.msg_controllen,
        msg.msg_flags,
      ]
    : Array.isArray(msg)
      ? undefined
      : msg;

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
export const sendmsg = (sockfd: number, msg: msghdr | null, flags: number): number =>
  ret(native.sendmsg(sockfd, flatten(msg), flags));

/**
 * `ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags)`: receives into pieces of memory; the lengths and `msg_flags` say what
 * came. A length more than its memory: `EFAULT`.
 * @throws TypeError for an argument or a field of a wrong type. @see recvmsg(2)
 */
export const recvmsg = (sockfd: number, msg: msghdr | null, flags: number): number => {
  const results = new Int32Array(4);
  const result = native.recvmsg(sockfd, flatten(msg), flags, results);
  if (result >= 0 && msg) update(msg, results, 0);
  return ret(result);
};

type Vector = mmsghdr | readonly mmsghdr[] | null;

function flattenMessages(msgvec: unknown): unknown {
  if (msgvec instanceof mmsghdr) return [flatten(msgvec.msg_hdr)];
  if (!Array.isArray(msgvec)) return msgvec;
  return msgvec.map((message: unknown) => (message instanceof mmsghdr ? flatten(message.msg_hdr) : undefined));
}

function updateMessages(msgvec: Vector, results: Int32Array, count: number): void {
  const messages = msgvec instanceof mmsghdr ? [msgvec] : (msgvec ?? []);
  for (let i = 0; i < count; i++) {
    update(messages[i]!.msg_hdr, results, 4 * i);
    messages[i]!.msg_len = results[4 * i + 3]!;
  }
}

const resultsFor = (msgvec: unknown): Int32Array =>
  new Int32Array(4 * (Array.isArray(msgvec) ? msgvec.length || 1 : 1));

/**
 * `int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags)`: sends several messages; how many. The vector is
 * an array of `mmsghdr`, or one. macOS: `ENOSYS`.
 * @throws TypeError for an argument or a field of a wrong type. @see sendmmsg(2)
 */
export const sendmmsg = (sockfd: number, msgvec: Vector, vlen: number, flags: number): number => {
  if (!native.sendmmsg) return missing();
  const results = resultsFor(msgvec);
  const result = native.sendmmsg(sockfd, flattenMessages(msgvec), vlen, flags, results);
  updateMessages(msgvec, results, result);
  return ret(result);
};

/**
 * `int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout)`: receives several
 * messages; how many. macOS: `ENOSYS`.
 * @throws TypeError for an argument or a field of a wrong type. @see recvmmsg(2)
 */
export const recvmmsg = (sockfd: number, msgvec: Vector, vlen: number, flags: number, timeout: Pointer): number => {
  if (!native.recvmmsg) return missing();
  const results = resultsFor(msgvec);
  const result = native.recvmmsg(sockfd, flattenMessages(msgvec), vlen, flags, mem(timeout), results);
  updateMessages(msgvec, results, result);
  return ret(result);
};
