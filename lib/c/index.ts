// The entry point bsd-sockets/c: C's names, arguments and results; nothing is added and nothing hidden.

export { errno, set_errno } from '../addon/errno.js';
export { flags } from '../ctypes/flags.js';
export type { ArrayType, Box, Init, ScalarType, StructOf, StructType } from '../ctypes/index.js';
export {
  array,
  type ByteMemory,
  type CArray,
  type CharArray,
  type ConstPointer,
  type Pointee,
  type Pointer,
  struct,
  union,
} from '../ctypes/index.js';
export * from '../generated/constants.js';
export * from '../generated/structs.js';
export * from './arpa_inet.js';
export * from './cmsg.js';
export * from './endian.js';
export * from './fcntl.js';
export * from './filter.js';
export * from './ifaddrs.js';
export * from './net_if.js';
export * from './netdb.js';
export * from './netinet.js';
export * from './netlink.js';
export { NULL, pointer } from './pointer.js';
export * from './poll.js';
export * from './signal.js';
export type { AnySockaddr } from './sockaddr.js';
export * from './stddef.js';
export * from './stdio.js';
export * from './stdlib.js';
export * from './string.js';
export * from './sys_epoll.js';
export { kevent, kqueue } from './sys_event.js';
export * from './sys_ioctl.js';
export * from './sys_param.js';
export * from './sys_resource.js';
export * from './sys_select.js';
export * from './sys_sendfile.js';
export * from './sys_socket.js';
export { iovec, readv, writev } from './sys_uio.js';
export * from './unistd.js';
