// <sys/socket.h>.
import { native } from '../addon/binding.js';
import { ret } from '../addon/errno.js';
import { fastRecv, fastSend, REFUSED } from '../addon/registers.js';
import { type ConstPointer, mem, type Pointer } from '../ctypes/index.js';
import { sock_fprog } from './filter.js';

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

/** An array that is no pointer is to be refused: what is flattened is one. */
const flattenValue = (optval: unknown): unknown => {
  if (optval instanceof sock_fprog) return optval.flatten();
  const memory = mem(optval);
  return Array.isArray(memory) ? undefined : memory;
};

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
): number => ret(native.setsockopt(sockfd, level, optname, flattenValue(optval), optlen));

/**
 * `int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags)`: accept with SOCK_NONBLOCK and SOCK_CLOEXEC for
 * the new descriptor. macOS: `ENOSYS`.
 * @throws TypeError for an argument of a wrong type. @see accept4(2)
 */
export const accept4 = (sockfd: number, addr: Pointer, addrlen: Pointer, flags: number): number =>
  ret(native.accept4(sockfd, mem(addr), mem(addrlen), flags));

/** `int sockatmark(int sockfd)`: 1 if the socket is at the out-of-band mark, else 0. @throws TypeError for an argument of a wrong type. @see sockatmark(3) */
export const sockatmark = (sockfd: number): number => ret(native.sockatmark(sockfd));
