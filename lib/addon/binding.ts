// Room: finds and loads the native addon, and says what it exports. Nothing else loads it.
import { fileURLToPath } from 'node:url';
import { isMusl } from './libc.js';

/** Memory as the addon takes it: a view, an ArrayBuffer, or the null pointer. */
export type Bytes = ArrayBufferView | ArrayBufferLike | null;
/** The same, or a string: its UTF-8 bytes and a NUL. */
export type Text = Bytes | string;
/** An integer that C has 64 bits for. */
export type Long = number | bigint;
/** [h_name, h_aliases, h_addrtype, h_length, h_addr_list], or [h_errno, errno]. */
export type HostEntry = [string, string[], number, number, Uint8Array[]] | [number, number];

/** [ai_flags, ai_family, ai_socktype, ai_protocol, ai_addr, ai_canonname]. */
export type AddressEntry = [number, number, number, number, Uint8Array, string | null];
/** [s_name, s_aliases, s_port, s_proto]. */
export type ServiceEntry = [string, string[], number, string];
/** [p_name, p_aliases, p_proto]. */
export type ProtocolEntry = [string, string[], number];
/** [ifa_name, ifa_flags, ifa_addr, ifa_netmask, ifa_dstaddr, ifa_data]. */
export type InterfaceEntry = [string, number, ...(Uint8Array | null)[]];

/** getaddrinfo's node, service and hints, as the caller gave them; the hints' flags, family, type and protocol unless they are null. */
export type AddressQuestion = [node: Text, service: Text, hints: unknown, ...fields: number[]];

type BatchCall = (
  fd: number,
  data: Uint8Array,
  names: Uint8Array,
  control: Uint8Array,
  entries: Int32Array,
  first: number,
  count: number,
  size: number,
  controlSize: number,
  flags: number,
) => number;

/** An answer of the thread pool, or [EAI code, errno]; and what takes the question back, if nobody has begun to answer it. */
type Later<T> = [answer: Promise<T | [number, number]>, cancel: () => void];

/** Each call gives its result, or -errno. */
export interface Native {
  readonly regs: Int32Array;
  /** What the addon was built from: the package's version, and the number and hash of the tables' rows. */
  readonly fingerprint: string;
  /** NaN for one that this platform lacks. */
  readonly constants: Float64Array;
  readonly constants64: BigUint64Array;
  readonly layout: Int32Array;
  // The fast path: [fd, length, flags] in `regs`, the result in regs[3].
  send_fast(buf: Uint8Array): void;
  recv_fast(buf: Uint8Array): void;
  /** The same, with the view's own length: `regs[1]` is not read. */
  send_view(buf: Uint8Array): void;
  recv_view(buf: Uint8Array): void;
  read_fast(buf: Uint8Array): void;
  write_fast(buf: Uint8Array): void;

  socket(domain: number, type: number, protocol: number): number;
  socketpair(domain: number, type: number, protocol: number, sv: Bytes): number;
  bind(sockfd: number, addr: Text, addrlen: number): number;
  listen(sockfd: number, backlog: number): number;
  connect(sockfd: number, addr: Text, addrlen: number): number;
  accept(sockfd: number, addr: Bytes, addrlen: Bytes): number;
  getsockname(sockfd: number, addr: Bytes, addrlen: Bytes): number;
  getpeername(sockfd: number, addr: Bytes, addrlen: Bytes): number;
  shutdown(sockfd: number, how: number): number;
  send(sockfd: number, buf: Text, len: Long, flags: number): number;
  recv(sockfd: number, buf: Bytes, len: Long, flags: number): number;
  sendto(sockfd: number, buf: Text, len: Long, flags: number, dest_addr: Text, addrlen: number): number;
  recvfrom(sockfd: number, buf: Bytes, len: Long, flags: number, src_addr: Bytes, addrlen: Bytes): number;
  accept4(sockfd: number, addr: Bytes, addrlen: Bytes, flags: number): number;
  sockatmark(sockfd: number): number;
  // C's arguments; in the place of messages the number of msghdrs and the fields of each, all at one level. The last argument of those
  // that tell more than a number is `results`: what the kernel writes back, namelen, controllen, flags, length of each.
  sendmsg(...list: unknown[]): number;
  recvmsg(...list: unknown[]): number;
  sendmmsg?(...list: unknown[]): number;
  recvmmsg?(...list: unknown[]): number;
  // Ownership: `tickets[fd]` is the ticket of a descriptor that an object of this thread owns. The calls that make a descriptor claim it.
  own_table(tickets: Int32Array, worker: number, before: Int32Array | null): number;
  own_socket(domain: number, type: number, protocol: number): number;
  own_socketpair(domain: number, type: number, protocol: number, sv: Int32Array): number;
  own_accept(sockfd: number, addr: Uint8Array, addrlen: Uint32Array, flags: number): number;
  own_recvmsg(...list: unknown[]): number;
  own_identify(fd: number, ticket: number): number;
  own_adopt(fd: number): number;
  own_track(fd: number, ticket: number, object: object): number;
  own_lost(lost: Int32Array, heap: number): number;
  own_release(fd: number, ticket: number): number;
  own_close(fd: number, ticket: number): number;
  /** `marks[fd]` is 1 where the event loop has registered the number; `closed` is called when such a one was closed. */
  own_watch(marks: Uint8Array, closed: () => void, before: Uint8Array | null): number;
  // Poller: entries of three numbers (descriptor, tag, POLL bits) in `ready`.
  poller_create(): number;
  poller_replace(poller: number): number;
  poller_control(poller: number, op: number, fd: number, tag: number, events: number, flags: number): number;
  poller_wait(poller: number, ready: Int32Array, timeout: number): number;
  watch_start(poller: number, ready: Int32Array, callback: (count: number) => void, thread: number): object | number;
  watch_stop(watch: object): number;
  watch_reference(watch: object, keepAlive: number): number;
  // MessageBatch: rows of memory of its own, of which `count` from `first` are received into or sent.
  recv_batch?: BatchCall;
  send_batch?: BatchCall;
  getsockopt(sockfd: number, level: number, optname: number, optval: Bytes, optlen: Bytes): number;
  // optval as the caller gave it; a sock_fprog's fields follow.
  setsockopt(
    sockfd: number,
    level: number,
    optname: number,
    optval: unknown,
    optlen: number,
    len?: number,
    filter?: Bytes,
  ): number;

  close(fd: number): number;
  read(fd: number, buf: Bytes, count: Long): number;
  write(fd: number, buf: Text, count: Long): number;
  readv(...list: unknown[]): number;
  writev(...list: unknown[]): number;
  dup(oldfd: number): number;
  dup2(oldfd: number, newfd: number): number;
  pipe(pipefd: Bytes): number;
  dup3?(oldfd: number, newfd: number, flags: number): number;
  pipe2?(pipefd: Bytes, flags: number): number;
  gethostname(name: Bytes, len: Long): number;
  sendfile(...args: unknown[]): number;
  splice?(fd_in: number, off_in: Bytes, fd_out: number, off_out: Bytes, len: Long, flags: number): number;
  sleep(seconds: number): number;
  usleep(usec: number): number;

  // An object as the caller gave it, then its memory.
  fcntl(fd: number, cmd: number, arg?: unknown, memory?: Bytes): number;
  fcntl_getown(fd: number, owner: Int32Array): number;
  select(nfds: number, readfds: Bytes, writefds: Bytes, exceptfds: Bytes, timeout: Bytes): number;
  pselect(nfds: number, readfds: Bytes, writefds: Bytes, exceptfds: Bytes, timeout: Bytes, sigmask: Bytes): number;
  poll(fds: Bytes, nfds: Long, timeout: number): number;
  ppoll?(fds: Bytes, nfds: Long, tmo_p: Bytes, sigmask: Bytes): number;
  epoll_create?(size: number): number;
  epoll_create1?(flags: number): number;
  epoll_ctl?(epfd: number, op: number, fd: number, event: Bytes): number;
  epoll_wait?(epfd: number, events: Bytes, maxevents: number, timeout: number): number;
  epoll_wait_fast(events: Uint8Array): void;
  epoll_pwait?(epfd: number, events: Bytes, maxevents: number, timeout: number, sigmask: Bytes): number;
  kqueue?(): number;
  kevent?(kq: number, changelist: Bytes, nchanges: number, eventlist: Bytes, nevents: number, timeout: Bytes): number;
  // argp as the caller gave it; what stands in an ifconf (ifc_len, ifc_buf, and where its new length goes) or in an ifreq (its bytes,
  // ifr_data) follows.
  ioctl(fd: number, request: Long, argp?: unknown, ...fields: unknown[]): number;
  vouch_ioctl(request: Long, size: Long): number;
  getrlimit(resource: number, rlim: Bytes): number;
  setrlimit(resource: number, rlim: Bytes): number;
  signal(signum: number, handler: number): number;

  inet_addr(cp: Text): number;
  inet_aton(cp: Text, inp: Bytes): number;
  inet_network(cp: Text): number;
  inet_makeaddr(net: number, host: number): number;
  inet_lnaof(addr: Bytes): number;
  inet_netof(addr: Bytes): number;
  inet_ntoa(addr: Bytes): string | number;
  inet_pton(af: number, src: Text, dst: Bytes): number;
  inet_ntop(af: number, src: Bytes, dst: Bytes, size: Long): string | number;
  gethostbyname(name: Text): HostEntry | number;
  gethostbyname2(name: Text, af: number): HostEntry | number;
  gethostbyaddr(addr: Text, len: number, type: number): HostEntry | number;
  hstrerror(err: number): string;
  getaddrinfo(...question: AddressQuestion): AddressEntry[] | [number, number] | number;
  // In the thread pool.
  getaddrinfo_later(...question: AddressQuestion): Later<AddressEntry[]> | number;
  getnameinfo_later(addr: Bytes, flags: number): Later<[string, string]> | number;
  getnameinfo(
    addr: Text,
    addrlen: number,
    host: Bytes,
    hostlen: Long,
    serv: Bytes,
    servlen: Long,
    flags: number,
  ): [number, number] | number;
  gai_strerror(errcode: number): string;
  getservbyname(name: Text, proto: Text): ServiceEntry | null | number;
  getservbyport(port: number, proto: Text): ServiceEntry | null | number;
  getservent(): ServiceEntry | null | number;
  getprotobyname(name: Text): ProtocolEntry | null | number;
  getprotobynumber(proto: number): ProtocolEntry | null | number;
  getprotoent(): ProtocolEntry | null | number;
  if_nametoindex(ifname: Text): number;
  if_indextoname(ifindex: number, ifname: Bytes): string | number;
  if_nameindex(): (number | string)[] | number;
  getifaddrs(): InterfaceEntry[] | number;

  strerror(errnum: number): string;
  write_text(fd: number, text: Text): number;
  printf(errno: number, fd: number, format: Text, ...args: unknown[]): number;
  fprintf(errno: number, fd: number, format: Text, ...args: unknown[]): number;
  abort(): never;
}

/** Not imported: for an import, Node makes an ES module of all of node:fs, which takes a millisecond. */
const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');

const platform = `${process.platform}-${process.arch}`;

/**
 * The package's folder: this module is `dist/bundle/….js` there. Nothing is loaded from any other folder, for that would run whatever a
 * stranger has left in it: a bundler may have copied this module into a program of the user's, or taken `import.meta` away.
 * @throws Error where this module does not lie in its package.
 */
function packageRoot(): string {
  // Undefined where a bundler has made an ES module of this CommonJS one.
  const url = (import.meta as { url?: string }).url;
  const root = url?.startsWith('file:') ? fileURLToPath(new URL('../../', url)) : undefined;
  if (root === undefined || !isPackage(root)) {
    throw new Error(
      'bsd-sockets: the native addon is looked for in the package’s own folder, and a bundler has taken this module out of it ' +
        `(it is ${url ?? 'in a file that does not know its place'}). Leave bsd-sockets external in the bundler’s settings, or set ` +
        'BSD_SOCKETS_BINARY to the path of bsd_sockets.node.',
    );
  }
  return root;
}

function isPackage(folder: string): boolean {
  try {
    return /"name":\s*"bsd-sockets"/.test(readFileSync(`${folder}package.json`, 'utf8'));
  } catch {
    return false;
  }
}

/** The chosen binary, a local build, or the prebuilt one, by the name that prebuildify gives it; undefined if there is none. */
function find(): string | undefined {
  // A build with sanitizers or coverage: CONTRIBUTING.md says how it is made.
  const chosen = process.env.BSD_SOCKETS_BINARY;
  if (chosen) return chosen;
  const root = packageRoot();
  const built = `${root}build/Release/bsd_sockets.node`;
  if (existsSync(built)) return built;
  const libc = process.platform !== 'linux' ? '' : isMusl() ? '.musl' : '.glibc';
  const prebuilt = `${root}prebuilds/${platform}/bsd-sockets${libc}.node`;
  return existsSync(prebuilt) ? prebuilt : undefined;
}

/** The fingerprint of the sources that this file was bundled from: scripts/table-positions.mjs puts it in this name's place. */
declare const TABLES: string;

/** What this thread has loaded. A second copy of this module, such as a test runner makes, must get the same: a thread has one set of registers. */
const LOADED = Symbol.for('bsd-sockets.loaded');
const loaded: Record<string, Native> = ((globalThis as { [LOADED]?: Record<string, Native> })[LOADED] ??= {});

function load(): Native {
  const file = find();
  if (file === undefined) {
    throw new Error(
      `bsd-sockets: no native addon for ${platform} was found: neither a local build (build/Release) nor a prebuilt binary ` +
        `(prebuilds/${platform}) in ${packageRoot()}. Build it with "npm explore bsd-sockets -- npm run build:source" (in a checkout: ` +
        '"npm install"); that needs python3, make and a C++ compiler. Where a bundler has taken bsd-sockets in: leave it external, or ' +
        'set BSD_SOCKETS_BINARY to the addon’s path.',
    );
  }
  if (loaded[file] === undefined) {
    // Not require(), which takes three times as long: the path is known.
    const module = { exports: {} as Native };
    process.dlopen(module, file);
    // Values are read by their position in the tables: from other tables AF_INET would be 23.
    if (module.exports.fingerprint !== TABLES) {
      throw new Error(
        `bsd-sockets: the native addon ${file} was built from another version: npm run build:native (in a checkout), or install ` +
          `the package again. The addon is of ${module.exports.fingerprint}, the package of ${TABLES}.`,
      );
    }
    loaded[file] = module.exports;
  }
  return loaded[file];
}

/** The native addon. */
export const native: Native = load();
/** The constants' values in the order of native/constants.def; undefined for one that this platform lacks. */
export const constants: readonly (number | undefined)[] = Array.from(native.constants, (value) => {
  // A float's memory gives an object for each number; where one of them is an object's field, each such object has its own. `| 0` is a bare integer.
  const integer = value | 0;
  if (integer === value) return integer;
  // biome-ignore lint/suspicious/noSelfCompare: five thousand calls of Number.isNaN() take longer than all the rest
  return value === value ? value : undefined;
});
/** The 64-bit constants' values. */
export const constants64: BigUint64Array = native.constants64;
/** The structs' sizes and offsets in the order of native/structs.def. */
export const layout: Int32Array = native.layout;
