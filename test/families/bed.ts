// Room: what the tests of families and control data stand on: descriptors that are closed after each test, loopback sockets, C's answers.
import * as c from 'bsd-sockets/c';
import { runC as compileAndRun } from '../c_program.js';
import { drop, keep } from '../descriptors.js';

/** A call that must not fail. */
export function ok(result: number): number {
  if (result === -1) throw new Error(`the call failed: ${c.strerrorname_np(c.errno)}`);
  return result;
}

/** A descriptor that must be one, closed after the test. */
export const own = (fd: number): number => keep(ok(fd));

/** Closes a descriptor within the test. */
export const shut = drop;

/** The name of the error with which a call must fail; 'no error' if it did not. */
export function failure(call: () => number): string {
  c.set_errno(0);
  const result = call();
  if (result >= 0) return `no error: ${result}`;
  return c.strerrorname_np(c.errno) ?? `errno ${c.errno}`;
}

/** Two connected sockets of AF_UNIX. */
export function pair(type: number): [number, number] {
  const sv = new (c.array(c.int, 2))();
  ok(c.socketpair(c.AF_UNIX, type, 0, sv));
  return [own(sv[0]), own(sv[1])];
}

export type Address = c.sockaddr_in | c.sockaddr_in6;

/** The loopback address of a family, any port. */
export const loopback = (family: number): Address =>
  family === c.AF_INET6
    ? new c.sockaddr_in6({ sin6_family: c.AF_INET6, sin6_addr: c.in6addr_loopback })
    : new c.sockaddr_in({ sin_family: c.AF_INET, sin_addr: { s_addr: c.htonl(c.INADDR_LOOPBACK) } });

/** The address that a socket has. */
export function nameOf<T extends Address>(fd: number, address: T): T {
  ok(c.getsockname(fd, address, new c.socklen_t(c.sizeof(address))));
  return address;
}

/** A socket bound to loopback, and its address. */
export function bound(family: number, type: number, protocol = 0): { fd: number; address: Address } {
  const fd = own(c.socket(family, type, protocol));
  const address = loopback(family);
  ok(c.bind(fd, address, c.sizeof(address)));
  return { fd, address: nameOf(fd, address) };
}

/** A datagram socket that receives, and one that is connected to it. */
export function datagrams(family: number, protocol = 0): { receiver: number; sender: number; address: Address } {
  const { fd: receiver, address } = bound(family, c.SOCK_DGRAM, protocol);
  const sender = own(c.socket(family, c.SOCK_DGRAM, protocol));
  ok(c.connect(sender, address, c.sizeof(address)));
  return { receiver, sender, address };
}

/** A connection over loopback. */
export function connection(family: number, protocol = 0): { client: number; server: number } {
  const { fd: listener, address } = bound(family, c.SOCK_STREAM, protocol);
  ok(c.listen(listener, 1));
  const client = own(c.socket(family, c.SOCK_STREAM, protocol));
  ok(c.connect(client, address, c.sizeof(address)));
  const server = own(c.accept(listener, null, null));
  shut(listener);
  return { client, server };
}

/** setsockopt with an int. */
export const set = (fd: number, level: number, optname: number, value: number): number =>
  c.setsockopt(fd, level, optname, new c.int(value), c.sizeof(c.int));

/** getsockopt of an int. */
export function get(fd: number, level: number, optname: number): number {
  const value = new c.int();
  ok(c.getsockopt(fd, level, optname, value, new c.socklen_t(c.sizeof(value))));
  return value.value;
}

/** Waits (bounded) until a descriptor has one of these events; which. */
export function await_(fd: number, events: number, timeout = 5000): number {
  const poll = new c.pollfd({ fd, events });
  return ok(c.poll(poll, 1, timeout)) === 0 ? 0 : poll.revents;
}

/** What a C program prints; `body` is main's. */
export const runC = (headers: readonly string[], body: string): string =>
  compileAndRun(body, headers.map((header) => `#include ${header}\n`).join(''));

/** What C's socket() says to a family: the errno's name, or "OK". */
export function cSocket(domain: number, type: number, protocol: number): string {
  const printed = runC([], `printf("%d", socket(${domain}, ${type}, ${protocol}) < 0 ? errno : 0);`);
  return printed === '0' ? 'OK' : (c.strerrorname_np(Number(printed)) ?? printed);
}

/** Says once on stdout what this machine lacks. */
export function lacks(what: string, errno: string): void {
  process.stdout.write(`this machine lacks ${what}: ${errno}\n`);
}

const text = new TextDecoder();
/** Bytes as text. */
export const textOf = (bytes: Uint8Array): string => text.decode(bytes);
