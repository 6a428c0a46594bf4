// @ts-check
// Measures the bytes of heap that the hot paths allocate. A path is a function with one call, or with one and its reverse. Linux.
//
//   node test/speed/hot_paths.mjs                           every path: a line of JSON each
//   node --trace-gc test/speed/hot_paths.mjs pair 10000000  one path, that many times; V8 prints its collections
import { promisify } from 'node:util';
import v8 from 'node:v8';
import { MessageBatch, Poller, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import * as promises from 'bsd-sockets/promises';

const { EPOLLOUT = 0, EPOLL_CTL_ADD = 0, EPOLL_CTL_MOD = 0 } = c;

/** The result of a call that must succeed. @param {number | null} result */
function ok(result) {
  if (result === null || result < 0) throw new Error(`the call gave ${result}: ${c.strerror(c.errno)}`);
  return result;
}
/** A call that must fail, with this errno. @param {number} result @param {number} errno */
function fails(result, errno) {
  if (result !== -1 || c.errno !== errno) throw new Error(`the call gave ${result}, errno is ${c.errno}`);
}
/** @param {unknown} value */
function isNull(value) {
  if (value !== null) throw new Error(`the call gave ${value}`);
}
/** Two connected sockets. @param {number} type */
function pair(type) {
  const sv = new (c.array(c.int, 2))();
  ok(c.socketpair(c.AF_UNIX, type, 0, sv));
  return sv;
}
/** @param {number} fd */
const nonBlocking = (fd) => ok(c.fcntl(fd, c.F_SETFL, ok(c.fcntl(fd, c.F_GETFL)) | c.O_NONBLOCK));

// What the paths use: made once, used again and again, as a fast program does.

const bytes = new Uint8Array(64);
const [a, b] = pair(c.SOCK_DGRAM);
const [empty] = pair(c.SOCK_DGRAM); // nothing ever comes
nonBlocking(empty);
const [writable] = pair(c.SOCK_STREAM);

const udp = ok(c.socket(c.AF_INET, c.SOCK_DGRAM, 0));
const self = new c.sockaddr_in({ sin_family: c.AF_INET, sin_addr: { s_addr: c.htonl(c.INADDR_LOOPBACK) } });
const from = new c.sockaddr_in();
const fromLength = new c.socklen_t(c.sizeof(from));
ok(c.bind(udp, self, c.sizeof(self)));
ok(c.getsockname(udp, self, fromLength));

const listener = ok(c.socket(c.AF_UNIX, c.SOCK_STREAM, 0));
const name = new c.sockaddr_un({ sun_family: c.AF_UNIX });
const nameLength = new c.socklen_t(c.sizeof(name));
ok(c.bind(listener, name, 2)); // no name: the kernel gives it one
ok(c.getsockname(listener, name, nameLength));
const namelen = nameLength.value;
ok(c.listen(listener, 8));
nonBlocking(listener);

const fds = new (c.array(c.pollfd, 2))([
  { fd: writable, events: c.POLLOUT },
  { fd: empty, events: c.POLLIN },
]);
const readSet = new c.fd_set();
const writeSet = new c.fd_set();
const timeout = new c.timeval();
const epoll = ok(c.epoll_create1(0));
const event = new c.epoll_event({ events: EPOLLOUT, data: { fd: writable } });
ok(c.epoll_ctl(epoll, EPOLL_CTL_ADD, writable, event));
const events = new (c.array(c.epoll_event, 4))();

const value = new c.int(1);
const valueLength = new c.socklen_t(4);
const pieces = [new c.iovec({ iov_base: bytes, iov_len: 32 }), new c.iovec({ iov_base: bytes, iov_len: 32 })];
const message = new c.msghdr({ msg_iov: pieces, msg_iovlen: 2 });
const vector = () =>
  Array.from({ length: 8 }, () => {
    const piece = new c.iovec({ iov_base: new Uint8Array(64), iov_len: 64 });
    return new c.mmsghdr({ msg_hdr: new c.msghdr({ msg_iov: piece, msg_iovlen: 1 }) });
  });
const outgoing = vector();
const incoming = vector();

const [left, right] = Socket.pair(c.AF_UNIX, c.SOCK_DGRAM);
const server = new Socket(c.AF_UNIX, c.SOCK_STREAM).bind({ path: '' }).listen();
const datagram = Socket.from(udp);
const address = datagram.getsockname();
const full = new MessageBatch(8, { size: 64 });
while (full.length < full.capacity) full.add(bytes);
const batch = new MessageBatch(8, { size: 64 });
const kept = new MessageBatch(1, { size: 64 });
datagram.sendto(bytes, address);
datagram.recvmmsg(kept);
const poller = new Poller().add(left, c.POLLOUT).add(right, c.POLLOUT).add(writable, c.POLLOUT);
const idle = new Poller().add(server, c.POLLIN);
const [near, far] = promises.Socket.pair(c.AF_UNIX, c.SOCK_DGRAM);

/** Results go somewhere, lest the compiler leave the reading out. Whole numbers of 32 bits: larger ones would be objects. */
const seen = { bits: 0 };
let port = 0;

/** @type {Record<string, () => unknown>} */
const paths = {
  pair() {
    ok(c.send(a, bytes, 64, 0));
    ok(c.recv(b, bytes, 64, 0));
  },
  'write, read'() {
    ok(c.write(a, bytes, 64));
    ok(c.read(b, bytes, 64));
  },
  'sendto, recvfrom'() {
    ok(c.sendto(udp, bytes, 64, 0, self, c.sizeof(self)));
    fromLength.value = c.sizeof(from);
    ok(c.recvfrom(udp, bytes, 64, 0, from, fromLength));
    seen.bits ^= from.sin_port;
  },
  poll() {
    ok(c.poll(fds, 2, 0));
    for (let i = 0; i < 2; i++) seen.bits ^= /** @type {c.pollfd} */ (fds[i]).revents;
  },
  select() {
    c.FD_ZERO(readSet);
    c.FD_ZERO(writeSet);
    c.FD_SET(empty, readSet);
    c.FD_SET(writable, writeSet);
    timeout.tv_sec = 0;
    timeout.tv_usec = 0;
    ok(c.select(writable + 1, readSet, writeSet, null, timeout));
    seen.bits ^= c.FD_ISSET(writable, writeSet);
  },
  epoll_wait() {
    const count = ok(c.epoll_wait(epoll, events, 4, 0));
    for (let i = 0; i < count; i++) {
      const { events: bits, data } = /** @type {c.epoll_event} */ (events[i]);
      seen.bits ^= bits ^ data.fd;
    }
  },
  epoll_ctl() {
    event.events = EPOLLOUT;
    event.data.fd = writable;
    ok(c.epoll_ctl(epoll, EPOLL_CTL_MOD, writable, event));
  },
  'sendmmsg, recvmmsg'() {
    ok(c.sendmmsg(a, outgoing, 8, 0));
    ok(c.recvmmsg(b, incoming, 8, c.MSG_DONTWAIT, null));
  },
  'socket, connect, accept, close'() {
    const client = ok(c.socket(c.AF_UNIX, c.SOCK_STREAM, 0));
    ok(c.connect(client, name, namelen));
    ok(c.close(ok(c.accept(listener, null, null))));
    ok(c.close(client));
  },
  'recv: EAGAIN'() {
    fails(c.recv(empty, bytes, 64, 0), c.EAGAIN);
  },
  'recvfrom: EAGAIN'() {
    fails(c.recvfrom(empty, bytes, 64, 0, from, fromLength), c.EAGAIN);
  },
  'accept: EAGAIN'() {
    fails(c.accept(listener, null, null), c.EAGAIN);
  },
  'htons, ntohs, htonl, ntohl'() {
    port = (port + 1) & 0x7f;
    seen.bits ^= c.ntohs(c.htons(port)) ^ c.ntohl(c.htonl(0x7f00_0000 | port));
  },
  'fields of structs'() {
    from.sin_port = port = (port + 1) & 0xffff;
    from.sin_addr.s_addr = 0x7f00_0000 | port;
    seen.bits ^= from.sin_port ^ from.sin_addr.s_addr ^ from.sin_family;
    timeout.tv_sec = port;
    timeout.tv_usec = 999_999;
    seen.bits ^= Number(timeout.tv_sec) ^ Number(timeout.tv_usec);
    value.value = port;
    seen.bits ^= value.value;
  },
  'setsockopt, getsockopt'() {
    value.value = 1;
    ok(c.setsockopt(a, c.SOL_SOCKET, c.SO_RCVLOWAT, value, 4));
    valueLength.value = 4;
    ok(c.getsockopt(a, c.SOL_SOCKET, c.SO_RCVLOWAT, value, valueLength));
    seen.bits ^= value.value;
  },
  'getsockname, fcntl, ioctl'() {
    fromLength.value = c.sizeof(from);
    ok(c.getsockname(udp, from, fromLength));
    ok(c.fcntl(a, c.F_GETFL));
    ok(c.ioctl(a, c.FIONREAD, value));
  },
  'Socket.send, recv'() {
    ok(left.send(bytes));
    ok(right.recv(bytes));
  },
  'Socket.sendAll, recvExactly'() {
    left.sendAll(bytes);
    right.recvExactly(bytes);
  },
  'Socket.trySend, tryRecv'() {
    ok(left.trySend(bytes));
    ok(right.tryRecv(bytes));
  },
  'Socket.tryRecv: null'() {
    isNull(right.tryRecv(bytes));
  },
  'Socket.tryAccept: null'() {
    isNull(server.tryAccept());
  },
  'Socket.sendmmsg, recvmmsg: MessageBatch'() {
    ok(left.sendmmsg(full));
    ok(right.recvmmsg(batch));
  },
  'Poller.wait'() {
    for (const { socket, events } of poller.wait())
      seen.bits ^= events ^ (typeof socket === 'number' ? socket : socket.fd);
  },
  'Poller.wait: none'() {
    for (const { events } of idle.wait(0)) seen.bits ^= events;
  },
  // What gives its caller something new, or is given something new. test/speed/allocation.test.ts says how much that is.
  'Poller.wait with a time-out'() {
    for (const { events } of poller.wait(1000)) seen.bits ^= events;
  },
  'beyond 31 bits'() {
    from.sin_addr.s_addr = c.htonl(0x7f00_00ff);
    seen.bits ^= from.sin_addr.s_addr;
  },
  'for of an array of structs'() {
    for (const { revents } of fds) seen.bits ^= revents;
  },
  'sendmsg, recvmsg'() {
    ok(c.sendmsg(a, message, 0));
    ok(c.recvmsg(b, message, 0));
  },
  'writev, readv'() {
    ok(c.writev(a, pieces, 2));
    ok(c.readv(b, pieces, 2));
  },
  inet_ntop: () => c.inet_ntop(c.AF_INET, self.sin_addr, null, 64),
  htobe64: () => c.htobe64(port),
  'Socket.sendto'() {
    datagram.sendto(bytes, address);
    ok(c.recv(udp, bytes, 64, 0));
  },
  'Socket.recvfrom'() {
    ok(c.sendto(udp, bytes, 64, 0, self, c.sizeof(self)));
    return datagram.recvfrom(bytes);
  },
  'Socket.tryRecvfrom: null'() {
    isNull(datagram.tryRecvfrom(bytes));
  },
  'Socket.sendmsg'() {
    left.sendmsg({ data: bytes });
    ok(right.recv(bytes));
  },
  'Socket.recvmsg'() {
    left.send(bytes);
    return right.recvmsg({ buffers: bytes });
  },
  'Socket.accept, close'() {
    const client = ok(c.socket(c.AF_UNIX, c.SOCK_STREAM, 0));
    ok(c.connect(client, name, namelen));
    borrowed.accept().socket.close();
    ok(c.close(client));
  },
  'Socket.getsockname': () => datagram.getsockname(),
  'Socket.getsockopt': () => datagram.getsockopt(c.SOL_SOCKET, c.SO_RCVBUF),
  'MessageBatch.data': () => kept.data(0),
  'MessageBatch.address': () => kept.address(0),
  async 'promises: send'() {
    await near.send(bytes);
    ok(c.recv(far.fd, bytes, 64, 0));
  },
  'promises: recv'() {
    ok(c.send(near.fd, bytes, 64, 0));
    return far.recv(bytes);
  },
  async 'promises: recv that waits'() {
    const received = far.recv(bytes);
    await turn();
    ok(c.send(near.fd, bytes, 64, 0));
    await received;
  },
  'a turn of the event loop': () => turn(),
};
const turn = promisify(setImmediate);
const borrowed = Socket.from(listener);

/** @param {() => unknown} path @param {number} count */
async function repeat(path, count) {
  for (let i = 0; i < count; i++) {
    const result = path();
    if (result instanceof Promise) await result;
  }
}

/**
 * What `count` calls allocate, garbage or not: the heap's growth, and what each collection took from it, to the byte. The compiler
 * allocates, too, when it chooses: the least of four rounds is the path's own.
 * @param {() => unknown} path @param {number} count
 */
async function measure(path, count) {
  await repeat(path, 10_000);
  globalThis.gc?.(); // the nursery begins empty
  const rounds = [];
  let collections = 0;
  for (let round = 0; round < 4; round++) {
    const profiler = new v8.GCProfiler();
    profiler.start();
    const before = v8.getHeapStatistics().used_heap_size;
    await repeat(path, count / 4);
    let allocated = v8.getHeapStatistics().used_heap_size - before;
    const { statistics } = profiler.stop();
    for (const { beforeGC, afterGC } of statistics)
      allocated += beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
    rounds.push(allocated);
    collections += statistics.length;
  }
  return { calls: count, collections, bytes: Math.min(...rounds) / (count / 4) };
}

const [only, count = '20000'] = process.argv.slice(2);
for (const [name, path] of Object.entries(paths)) {
  if (only === undefined || only === name)
    console.log(JSON.stringify({ name, ...(await measure(path, Number(count))) }));
}
process.exit(); // with every socket open
