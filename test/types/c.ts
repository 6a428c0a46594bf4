// Programs against the types of bsd-sockets/c: those that must compile, and those that must not. Compiled, never run.
import * as c from 'bsd-sockets/c';
import { errno, NULL, sizeof } from 'bsd-sockets/c';

/** Compiles only where the two are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <T extends true>(): T => true as T;

// The lecture, line by line.
export function server(port: number): number {
  const sock = c.socket(c.AF_INET, c.SOCK_STREAM, 0);
  const sin = new c.sockaddr_in();
  c.memset(sin, 0, sizeof(sin));
  sin.sin_family = c.AF_INET;
  sin.sin_addr.s_addr = c.INADDR_ANY;
  sin.sin_port = c.htons(port);
  if (c.bind(sock, sin, sizeof(sin)) < 0) c.abort();
  const length = new c.socklen_t(sizeof(sin));
  const client = c.accept(sock, sin, length);
  const set = new c.fd_set();
  c.FD_ZERO(set);
  c.FD_SET(client, set);
  const timeout = new c.timeval();
  timeout.tv_sec = 0;
  timeout.tv_usec = 5000;
  return c.select(c.MAX(sock, client) + 1, set, NULL, null, timeout);
}

// errno and constants are plain numbers: no literal that narrows across calls.
yes<Same<typeof errno, number>>();
yes<Same<typeof c.h_errno, number>>();
yes<Same<typeof c.AF_INET, number>>();
yes<Same<typeof c.SOCK_NONBLOCK, number | undefined>>();
yes<Same<typeof c.RLIM_INFINITY, bigint>>();
if (errno === c.EAGAIN) c.close(0);
else if (errno === c.EINTR) c.close(0);
// @ts-expect-error errno is read alone: set_errno() stands for the assignment
c.errno = 5;

// Scalars: what reading gives.
yes<Same<c.int['value'], number>>();
yes<Same<c.size_t['value'], number>>();
yes<Same<c.time_t['value'], number>>();
yes<Same<c.unsigned_long['value'], number | bigint>>();
yes<Same<c.rlim_t['value'], number | bigint>>();
yes<Same<c.int64_t['value'], bigint>>();
yes<Same<c.unsigned_long_long['value'], bigint>>();
// @ts-expect-error a text is no number
new c.int('5');
// @ts-expect-error neither is a boolean
new c.int().value = true;

// Structs: the types are inferred from the fields.
const header = c.struct('header', {
  length: c.unsigned_short,
  source: c.array(c.uint8_t, 4),
  time: c.uint64_t,
  name: c.array(c.char, 16),
  inner: c.struct('inner', { x: c.int }),
  points: c.array(c.struct('point', { x: c.double }), 2),
});
const one = new header({ length: 5, source: [1, 2], name: 'text', inner: { x: 1 }, points: [{ x: 0.5 }] });
yes<Same<typeof one.length, number>>();
yes<Same<typeof one.time, bigint>>();
yes<Same<typeof one.inner.x, number>>();
yes<Same<(typeof one.source)[0], number>>();
yes<Same<(typeof one.points)[1]['x'], number>>();
one.inner = new header().inner;
one.points[0].x = 2;
one.name = new header().name;
export const text: string = String(one.name);
export const size: number =
  sizeof(header) + sizeof(one) + sizeof('text') + sizeof(one.points) + c.offsetof(header, 'inner');
new header(one);
header.at(new Uint8Array(100), 4).length = 1;
// @ts-expect-error there is no such field
new header({ lenght: 5 });
// @ts-expect-error there is no such field
one.lenght = 5;
// @ts-expect-error there is no such field
c.offsetof(header, 'lenght');
// @ts-expect-error a field of the memory, not of the struct
c.offsetof(header, 'buffer');
// @ts-expect-error a text is no number
one.length = '5';
// @ts-expect-error nor has a number this field's type
one.inner = 5;
// @ts-expect-error a value that is not a type
c.struct('wrong', { x: 5 });
// @ts-expect-error a value that is not a type
c.array('int', 3);

// Arrays: `sv[0]` is a number to the strictest compiler, a variable index may be outside.
const sv = new (c.array(c.int, 2))();
yes<Same<(typeof sv)[0], number>>();
export const first: number = sv[0];
export function at(i: number): number {
  const value: number | undefined = sv[i];
  // @ts-expect-error it may be undefined
  const wrong: number = sv[i];
  return value ?? wrong;
}
const fds = new (c.array(c.pollfd, 2))();
fds[0].fd = sv[1];
for (const { revents } of fds) c.htons(revents);

// Pointers: whatever has memory behind it, and null; a string where C says const.
c.write(1, 'text', 4);
c.write(1, new c.int(5), 4n);
c.write(1, one.inner, 4);
c.write(1, new DataView(new ArrayBuffer(4)), 4);
c.write(1, new SharedArrayBuffer(4), 4);
c.read(1, one.points, 4);
c.read(1, one.subarray(4), 4);
c.recv(1, null, 0, 0);
c.readv(1, new c.iovec({ iov_base: one, iov_len: 4 }), 1);
c.writev(1, [new c.iovec({ iov_base: 'text', iov_len: 4 })], 1);
// @ts-expect-error a string cannot be written to
c.read(1, 'text', 4);
// @ts-expect-error a descriptor is a number
c.close('5');
// @ts-expect-error a missing argument
c.send(1, 'x', 1);
// @ts-expect-error undefined is no pointer
c.read(1, undefined, 4);
// @ts-expect-error nor is a plain object
c.bind(1, { sin_family: 2 }, 16);
// @ts-expect-error nor a list of numbers
c.pipe([0, 0]);
// @ts-expect-error a length in bytes, not a text
c.recv(1, new Uint8Array(4), '4', 0);
// @ts-expect-error a box, where C takes `socklen_t *`
c.getsockname(1, null, 16);
// @ts-expect-error a bigint only where C has 64 bits
c.listen(1, 5n);
// @ts-expect-error the fields of an iovec
new c.iovec({ base: null });
// @ts-expect-error a set is an fd_set
c.FD_SET(1, new Uint8Array(128));
// @ts-expect-error a signal's disposition is no number
c.signal(c.SIGPIPE, 0);
c.signal(c.SIGPIPE, c.signal(c.SIGPIPE, c.SIG_IGN));

// What gives null says so.
const host = c.gethostbyname('localhost');
// @ts-expect-error it may be null
host.h_name;
export const addresses: Uint8Array[] = host?.h_addr_list ?? [];
export const shown: string | null = c.inet_ntop(c.AF_INET, sv, null, 16);
yes<Same<ReturnType<typeof c.htonl>, number>>();
yes<Same<ReturnType<typeof c.be64toh>, bigint>>();
c.htobe64(5);
c.htobe64(5n);

// memset, memcpy and memmove return their first argument, with its type.
yes<Same<typeof memory, c.sockaddr_in>>();
const memory = c.memset(new c.sockaddr_in(), 0, 16);
c.printf('%d %s %lld\n', 5, 'text', 5n);
c.fprintf(c.stderr, '%s\n', new (c.array(c.char, 4))('abc'));
// @ts-expect-error a boolean is nothing that printf takes
c.printf('%d\n', true);

// Nothing follows abort() and exit().
export function name(of: string): string | null {
  const found = c.gethostbyname(of);
  if (found === NULL) {
    c.herror('gethostbyname');
    c.abort();
  }
  return found.h_name;
}
export function ends(): number {
  c.exit(1);
}
