// Fixtures of the C layer: sockets as descriptors, closed after the test, and short forms of common calls.
import * as c from 'bsd-sockets/c';
import { closeAfterTest } from './cleanup.js';
import type { Kind } from './socket_kinds.js';

export type LoopbackAddress = c.sockaddr_in | c.sockaddr_in6;

/** 127.0.0.1 or ::1. The port is in host byte order; 0 lets the kernel choose one. */
export const loopback = (domain: number, port = 0): LoopbackAddress =>
  domain === c.AF_INET6
    ? new c.sockaddr_in6({ sin6_family: c.AF_INET6, sin6_port: c.htons(port), sin6_addr: c.in6addr_loopback })
    : new c.sockaddr_in({
        sin_family: c.AF_INET,
        sin_port: c.htons(port),
        sin_addr: { s_addr: c.htonl(c.INADDR_LOOPBACK) },
      });

/** The result of a call that must not fail. */
export function must(result: number): number {
  if (result < 0) throw new Error(`the call returned ${result}: ${c.strerrorname_np(c.errno) ?? c.errno}`);
  return result;
}

/** The name of the error that a call fails with; `no error: <result>` if it succeeds. */
export function errnoName(call: () => number): string {
  c.set_errno(0);
  const result = call();
  if (result >= 0) return `no error: ${result}`;
  return c.strerrorname_np(c.errno) ?? `errno ${c.errno}`;
}

/** An unbound socket. */
export const newSocket = ({ domain, type, protocol }: Kind): number => closeAfterTest(c.socket(domain, type, protocol));

/** Writes the address that a socket is bound to into `address`. */
export function localAddress<T extends LoopbackAddress>(fd: number, address: T): T {
  must(c.getsockname(fd, address, new c.socklen_t(c.sizeof(address))));
  return address;
}

/** A socket that is bound to a free port of the loopback interface, and its address. */
export function boundSocket(kind: Kind): [fd: number, address: LoopbackAddress] {
  const fd = newSocket(kind);
  const address = loopback(kind.domain);
  must(c.bind(fd, address, c.sizeof(address)));
  return [fd, localAddress(fd, address)];
}

/** A socket that listens on a free port of the loopback interface, and its address. */
export function listeningSocket(kind: Kind, backlog = 8): [fd: number, address: LoopbackAddress] {
  const [fd, address] = boundSocket(kind);
  must(c.listen(fd, backlog));
  return [fd, address];
}

/** A socket that is connected to an address. */
export function connectedSocket(kind: Kind, address: LoopbackAddress): number {
  const fd = newSocket(kind);
  must(c.connect(fd, address, c.sizeof(address)));
  return fd;
}

/** Two sockets that are connected to each other; for TCP the first one is the client. */
export function connectedPair(kind: Kind): [number, number] {
  if (kind.isUnix) {
    const sv = new (c.array(c.int, 2))();
    must(c.socketpair(kind.domain, kind.type, kind.protocol, sv));
    return [closeAfterTest(sv[0]), closeAfterTest(sv[1])];
  }
  if (kind.isStream) {
    const [listener, address] = listeningSocket(kind);
    const client = connectedSocket(kind, address);
    return [client, closeAfterTest(c.accept(listener, null, null))];
  }
  const [a, addressOfA] = boundSocket(kind);
  const [b, addressOfB] = boundSocket(kind);
  must(c.connect(a, addressOfB, c.sizeof(addressOfB)));
  must(c.connect(b, addressOfA, c.sizeof(addressOfA)));
  return [a, b];
}

/** A datagram socket that receives from anyone, and a sender that is connected to it. */
export function receiverAndSender(kind: Kind): { receiver: number; sender: number; address: LoopbackAddress } {
  const [receiver, address] = boundSocket(kind);
  return { receiver, sender: connectedSocket(kind, address), address };
}

/** setsockopt with an int. */
export const setOption = (fd: number, level: number, optname: number, value: number): number =>
  c.setsockopt(fd, level, optname, new c.int(value), c.sizeof(c.int));

/** getsockopt of an int. */
export function getOption(fd: number, level: number, optname: number): number {
  const value = new c.int();
  must(c.getsockopt(fd, level, optname, value, new c.socklen_t(c.sizeof(value))));
  return value.value;
}

/** Polls one descriptor. Returns its `revents`; 0 after `timeout` milliseconds. */
export function waitForEvents(fd: number, events: number, timeout = 5000): number {
  const poll = new c.pollfd({ fd, events });
  return must(c.poll(poll, 1, timeout)) === 0 ? 0 : poll.revents;
}
