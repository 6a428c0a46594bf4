// <sys/socket.h>.
import { type ArgumentList, argumentList } from '../addon/argument_list.js';
import { native } from '../addon/binding.js';
import { missing, ret } from '../addon/errno.js';
import { COLUMNS, CONTROLLEN, FLAGS, LENGTH, NAMELEN, pushMsghdr } from '../addon/msghdr.js';
import { fastRecv, fastSend, REFUSED } from '../addon/registers.js';
import { type ConstPointer, mem, type Pointer } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { sock_fprog } from './filter.js';
import { PointerStruct } from './pointer_struct.js';
import { type iovec, pushIovecs } from './sys_uio.js';

/**
 * `int socket(int domain, int type, int protocol)`: a new socket's descriptor.
 * @throws TypeError for an argument of a wrong type. @see socket(2)
 */
export const socket = (domain: number, type: number, protocol: number): number =>
  ret(native.socket(domain, type, protocol));

/**
 * `int socketpair(int domain, int type, int protocol, int sv[2])`: two connected sockets, left in `sv` (room for two ints:
 * `new (array(int, 2))()`), else `EFAULT`.
 * @throws TypeError for an argument of a wrong type. @see socketpair(2)
 */
export const socketpair = (domain: number, type: number, protocol: number, sv: Pointer): number =>
  ret(native.socketpair(domain, type, protocol, mem(sv)));

/**
 * `int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)`: gives a socket its address. `addrlen` in bytes; more
 * than `addr` has: `EFAULT`.
 * @throws TypeError for an argument of a wrong type. @see bind(2)
 */
export const bind = (sockfd: number, addr: ConstPointer, addrlen: number): number =>
  ret(native.bind(sockfd, mem(addr), addrlen));

/**
 * `int listen(int sockfd, int backlog)`: makes a socket passive; `backlog` is the length of its queue of connections.
 * @throws TypeError for an argument of a wrong type. @see listen(2)
 */
export const listen = (sockfd: number, backlog: number): number => ret(native.listen(sockfd, backlog));

/**
 * `int accept(int sockfd, struct sockaddr *addr, socklen_t *addrlen)`: the descriptor of the next connection; the peer's address
 * in `addr`, its length in `addrlen` (a `socklen_t` box that holds the room in `addr` before the call). Both may be `null`.
 * Linux: the new socket inherits no file status flags (O_NONBLOCK). macOS: it does.
 * @throws TypeError for an argument of a wrong type. @see accept(2)
 */
export const accept = (sockfd: number, addr: Pointer, addrlen: Pointer): number =>
  ret(native.accept(sockfd, mem(addr), mem(addrlen)));

/**
 * `int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)`: connects to an address, or sets a datagram socket's
 * peer. `addrlen` in bytes.
 * @throws TypeError for an argument of a wrong type. @see connect(2)
 */
export const connect = (sockfd: number, addr: ConstPointer, addrlen: number): number =>
  ret(native.connect(sockfd, mem(addr), addrlen));

/**
 * `int shutdown(int sockfd, int how)`: ends one direction of a connection, or both (SHUT_RD, SHUT_WR, SHUT_RDWR).
 * @throws TypeError for an argument of a wrong type. @see shutdown(2)
 */
export const shutdown = (sockfd: number, how: number): number => ret(native.shutdown(sockfd, how));

/**
 * `int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen)`: the socket's own address, and its length in the box.
 * @throws TypeError for an argument of a wrong type. @see getsockname(2)
 */
export const getsockname = (sockfd: number, addr: Pointer, addrlen: Pointer): number =>
  ret(native.getsockname(sockfd, mem(addr), mem(addrlen)));

/**
 * `int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen)`: the peer's address, and its length in the box.
 * @throws TypeError for an argument of a wrong type. @see getpeername(2)
 */
export const getpeername = (sockfd: number, addr: Pointer, addrlen: Pointer): number =>
  ret(native.getpeername(sockfd, mem(addr), mem(addrlen)));

/**
 * `ssize_t send(int sockfd, const void *buf, size_t len, int flags)`: how many of the `len` bytes were taken. More than `buf`
 * has: `EFAULT`. SIGPIPE is ignored in Node from the start, so a closed peer gives `EPIPE`.
 * @throws TypeError for an argument of a wrong type. @see send(2)
 */
export const send = (sockfd: number, buf: ConstPointer, len: number | bigint, flags: number): number => {
  const result = fastSend(sockfd, buf, len, flags);
  return ret(result === REFUSED ? native.send(sockfd, mem(buf), len, flags) : result);
};

/**
 * `ssize_t recv(int sockfd, void *buf, size_t len, int flags)`: how many bytes were received, 0 at the end of a stream. `len` more
 * than `buf` has: `EFAULT`.
 * @throws TypeError for an argument of a wrong type. @see recv(2)
 */
export const recv = (sockfd: number, buf: Pointer, len: number | bigint, flags: number): number => {
  const result = fastRecv(sockfd, buf, len, flags);
  return ret(result === REFUSED ? native.recv(sockfd, mem(buf), len, flags) : result);
};

/**
 * `ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest_addr, socklen_t addrlen)`:
 * sends to an address. Lengths in bytes.
 * @throws TypeError for an argument of a wrong type. @see sendto(2)
 */
export const sendto = (
  sockfd: number,
  buf: ConstPointer,
  len: number | bigint,
  flags: number,
  dest_addr: ConstPointer,
  addrlen: number,
): number => ret(native.sendto(sockfd, mem(buf), len, flags, mem(dest_addr), addrlen));

/**
 * `ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src_addr, socklen_t *addrlen)`: receives, and
 * leaves the sender's address in `src_addr` and its length in the box (the room in `src_addr` before the call).
 * @throws TypeError for an argument of a wrong type. @see recvfrom(2)
 */
export const recvfrom = (
  sockfd: number,
  buf: Pointer,
  len: number | bigint,
  flags: number,
  src_addr: Pointer,
  addrlen: Pointer,
): number => ret(native.recvfrom(sockfd, mem(buf), len, flags, mem(src_addr), mem(addrlen)));

/**
 * `int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen)`: an option's value in `optval`, its length
 * in the box (the room in `optval` before the call). Options that hold a pointer fail with `EINVAL`.
 * @throws TypeError for an argument of a wrong type. @see getsockopt(2)
 */
export const getsockopt = (sockfd: number, level: number, optname: number, optval: Pointer, optlen: Pointer): number =>
  ret(native.getsockopt(sockfd, level, optname, mem(optval), mem(optlen)));

/**
 * `int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)`: sets an option to the `optlen` bytes
 * of `optval`. SO_ATTACH_FILTER and its kin take a `sock_fprog`; other options that hold a pointer fail with `EINVAL`.
 * @throws TypeError for an argument of a wrong type. @see setsockopt(2)
 */
export const setsockopt = (
  sockfd: number,
  level: number,
  optname: number,
  optval: ConstPointer | sock_fprog,
  optlen: number,
): number =>
  ret(
    optval instanceof sock_fprog
      ? native.setsockopt(sockfd, level, optname, optval, optlen, optval.len, mem(optval.filter))
      : native.setsockopt(sockfd, level, optname, mem(optval), optlen),
  );

/**
 * `int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags)`: accept with SOCK_NONBLOCK and SOCK_CLOEXEC for
 * the new descriptor. macOS: `ENOSYS`.
 * @throws TypeError for an argument of a wrong type. @see accept4(2)
 */
export const accept4 = (sockfd: number, addr: Pointer, addrlen: Pointer, flags: number): number =>
  ret(native.accept4(sockfd, mem(addr), mem(addrlen), flags));

/** `int sockatmark(int sockfd)`: 1 if the socket is at the out-of-band mark, else 0. @throws TypeError for an argument of a wrong type. @see sockatmark(3) */
export const sockatmark = (sockfd: number): number => ret(native.sockatmark(sockfd));

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

const pushMessageIovecs = (list: ArgumentList, iov: unknown): void => pushIovecs(list, iov, 'msg_iov');

function pushHeader(list: ArgumentList, msg: msghdr): void {
  pushMsghdr(
    list,
    pushMessageIovecs,
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
  if (!(msg instanceof msghdr)) throw list.wrong('msg', 'a msghdr', msg);
  const beginning = list.begin();
  pushHeader(list, msg);
  list.end(beginning, 1);
}

/** Appends a vector of messages, and keeps each mmsghdr and its msghdr for the results. Each element and field is read once. */
function pushVector(list: ArgumentList, msgvec: unknown): void {
  if (msgvec === null) return list.nullVector();
  const one = msgvec instanceof mmsghdr;
  const expected = 'an mmsghdr or an array of them';
  if (!one && !Array.isArray(msgvec)) throw list.wrong('msgvec', expected, msgvec);
  const beginning = list.begin();
  let count = 0;
  for (; count < (one ? 1 : msgvec.length); count++) {
    const message: unknown = one ? msgvec : msgvec[count];
    if (!(message instanceof mmsghdr)) throw list.wrong('msgvec', expected, message, count);
    const header: unknown = message.msg_hdr;
    if (!(header instanceof msghdr)) throw list.wrong('msg_hdr', 'a msghdr', header);
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
  const list = argumentList('sendmsg', 2);
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
  const list = argumentList('recvmsg', 2);
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
  const list = argumentList('sendmmsg', 2);
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
  const list = argumentList('recvmmsg', 2);
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
