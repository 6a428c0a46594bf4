// sendmsg and recvmsg of Socket: buffers, addresses, flags, descriptors and other control messages through the kernel.
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  type ControlMessage,
  IP_PKTINFO,
  IP_RECVTOS,
  IP_RECVTTL,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_RECVHOPLIMIT,
  IPV6_RECVPKTINFO,
  IPV6_RECVTCLASS,
  if_nametoindex,
  MSG_CTRUNC,
  MSG_TRUNC,
  SO_PASSCRED,
  SO_PASSPIDFD,
  SO_TIMESTAMP,
  SO_TIMESTAMPNS,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest, socketPath } from '../support/cleanup.js';
import { allKinds, udp4, udp6, unixDatagram, unixKinds } from '../support/socket_kinds.js';
import { boundSocket, connectedPair, thrownSocketError } from '../support/sockets.js';

const isOpen = (fd: number): boolean => c.fcntl(fd, c.F_GETFD) !== -1;
const ofType = <T extends string>(control: readonly ControlMessage[], type: T) =>
  control.find((message) => message.type === type) as (ControlMessage & { type: T }) | undefined;
const fdsOf = (control: readonly ControlMessage[]): readonly number[] => ofType(control, 'rights')?.fds ?? [];

describe.each(allKinds)('$name', (kind) => {
  it('gather and scatter several buffers', () => {
    const [a, b] = connectedPair(kind);
    expect(a.sendmsg({ data: ['ab', Buffer.from('cd'), new Uint8Array(0), Uint8Array.of(101).buffer] })).toBe(5);
    const buffers = [Buffer.alloc(2), Buffer.alloc(8)];
    const message = b.recvmsg({ buffers });
    expect(message).toMatchObject({ length: 5, control: [] });
    expect(Buffer.concat(buffers).toString('latin1', 0, 5)).toBe('abcde');
  });
  it('report a truncated datagram with MSG_TRUNC', () => {
    const [a, b] = connectedPair(kind);
    a.sendmsg({ data: 'hello' });
    const message = b.recvmsg({ buffers: Buffer.alloc(3) });
    expect(message.length).toBe(3);
    expect(message.flags & MSG_TRUNC).toBe(kind.type === SOCK_STREAM ? 0 : MSG_TRUNC);
  });
  it('send a thousand buffers, and throw for more than the kernel takes', () => {
    const [a, b] = connectedPair(kind);
    expect(a.sendmsg({ data: Array.from({ length: 1000 }, () => 'x') })).toBe(1000);
    expect(b.recv(new Uint8Array(2000))).toBe(1000);
    expect(thrownSocketError(() => a.sendmsg({ data: Array.from({ length: 1025 }, () => 'x') })).code).toBe('EMSGSIZE');
  });
});

it('sendmsg sends to an address, recvmsg returns the sender’s; an error has the address', () => {
  const [a, b] = [boundSocket(unixDatagram), boundSocket(unixDatagram)];
  a.sendmsg({ data: 'x', address: b.getsockname() });
  expect(b.recvmsg({ buffers: new Uint8Array(1) }).address).toEqual(a.getsockname());
  const path = socketPath();
  const wrong = { data: 'x', address: { family: 'unix', path } } as const;
  for (const call of [() => a.sendmsg(wrong), () => a.trySendmsg(wrong)]) {
    expect(thrownSocketError(call)).toMatchObject({ code: 'ENOENT', path, message: `sendmsg ENOENT ${path}` });
  }
});

describe.each(unixKinds)('descriptors over $name', (kind) => {
  const passed = (count: number): [Socket, Socket] => {
    const [a, b] = connectedPair(kind);
    const own = closeAfterTest(new Socket(AF_INET, SOCK_STREAM));
    a.sendmsg({ data: 'x', control: [{ type: 'rights', fds: Array.from({ length: count }, () => own.fd) }] });
    return [a, b];
  };
  it('arrive close-on-exec, and belong to the message until they are adopted', () => {
    const [, b] = passed(3);
    const message = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
    const fds = fdsOf(message.control);
    expect(fds).toHaveLength(3);
    for (const fd of fds) expect(c.fcntl(fd, c.F_GETFD)).toBe(c.FD_CLOEXEC);
    const adopted = closeAfterTest(Socket.adopt(fds[1]!));
    expect(adopted.type).toBe(SOCK_STREAM);
    message.close();
    expect(fds.map(isOpen)).toEqual([false, true, false]);
    message.close();
  });
  it('are handed over by take', () => {
    const [, b] = passed(2);
    const message = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
    const fds = message.take();
    expect(fds).toEqual(fdsOf(message.control));
    expect(message.take()).toEqual([]);
    message.close();
    for (const fd of fds) expect(c.close(fd)).toBe(0);
  });
  it('are closed by using', () => {
    const [, b] = passed(1);
    let fds: readonly number[] = [];
    {
      using message = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
      fds = fdsOf(message.control);
    }
    expect(fds.map(isOpen)).toEqual([false]);
  });
  it('are not closed by a message after another socket got the number', () => {
    const [, b] = passed(1);
    const message = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
    const [fd] = fdsOf(message.control);
    c.close(fd!);
    const other = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM));
    expect(other.fd).toBe(fd);
    message.close();
    expect(isOpen(other.fd)).toBe(true);
  });
  it('that do not fit set MSG_CTRUNC and are not leaked', () => {
    const [, b] = passed(8);
    using message = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 24 });
    expect(message.flags & MSG_CTRUNC).toBe(MSG_CTRUNC);
    expect(fdsOf(message.control).length).toBeLessThan(8);
    // setup.ts finds those that are left open.
  });
  it('without any room set MSG_CTRUNC and are not leaked', () => {
    const [, b] = passed(2);
    const message = b.recvmsg({ buffers: new Uint8Array(1) });
    expect(message.flags & MSG_CTRUNC).toBe(MSG_CTRUNC);
    expect(message.control).toEqual([]);
  });
  it('may be given as Sockets', () => {
    const [a, b] = connectedPair(kind);
    const own = boundSocket(unixDatagram);
    a.sendmsg({ data: 'x', control: [{ type: 'rights', fds: [own as never] }] });
    using message = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
    using adopted = Socket.adopt(fdsOf(message.control)[0]!);
    expect(adopted.getsockname()).toEqual(own.getsockname());
  });
  it('that are not open throw BadDescriptorError', () => {
    const [a] = connectedPair(kind);
    const wrong = [{ type: 'rights', fds: [1_000_000] }] as const;
    expect(thrownSocketError(() => a.sendmsg({ data: 'x', control: wrong })).code).toBe('EBADF');
  });
});

it('sendmsg and recvmsg carry credentials, the kernel’s and the sender’s', () => {
  const [a, b] = connectedPair(unixDatagram);
  b.setsockopt(SOL_SOCKET, SO_PASSCRED!, true);
  a.send('x');
  const mine = { pid: process.pid, uid: process.getuid!(), gid: process.getgid!() };
  expect(b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 }).control).toEqual([
    { type: 'credentials', ...mine },
  ]);
  a.sendmsg({ data: 'x', control: [{ type: 'credentials', ...mine }] });
  expect(b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 }).control).toEqual([
    { type: 'credentials', ...mine },
  ]);
});

it('recvmsg’s process descriptor belongs to the message', (context) => {
  const [a, b] = connectedPair(unixDatagram);
  const error = (() => {
    try {
      b.setsockopt(SOL_SOCKET, SO_PASSPIDFD!, true);
      return undefined;
    } catch (problem) {
      return problem;
    }
  })();
  if (error !== undefined) context.skip(`the kernel has no SO_PASSPIDFD: ${String(error)}`);
  a.send('x');
  const message = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
  const [control] = message.control;
  expect(control).toMatchObject({ type: 'pidfd' });
  const { fd } = control as { fd: number };
  expect(c.fcntl(fd, c.F_GETFD)).toBe(c.FD_CLOEXEC);
  message.close();
  expect(isOpen(fd)).toBe(false);
});

const receive = (socket: Socket) => socket.recvmsg({ buffers: new Uint8Array(16), controlSize: 256 });

it('recvmsg reports the interface, time to live, type of service and time of an IPv4 datagram', () => {
  const [a, b] = connectedPair(udp4);
  b.setsockopt(IPPROTO_IP, IP_PKTINFO, true)
    .setsockopt(IPPROTO_IP, IP_RECVTTL, true)
    .setsockopt(IPPROTO_IP, IP_RECVTOS, true)
    .setsockopt(SOL_SOCKET, SO_TIMESTAMP, true);
  a.setsockopt(IPPROTO_IP, IP_TTL, 7);
  const before = Date.now();
  a.sendmsg({ data: 'x', control: [{ type: 'tos', value: 0x10 }] });
  const { control } = receive(b);
  expect(ofType(control, 'pktinfo')).toEqual({
    type: 'pktinfo',
    address: '127.0.0.1',
    specificDestination: '127.0.0.1',
    interface: if_nametoindex('lo'),
  });
  expect(ofType(control, 'ttl')?.value).toBe(7);
  expect(ofType(control, 'tos')?.value).toBe(0x10);
  const { seconds, nanoseconds } = ofType(control, 'timestamp')!;
  const time = seconds * 1000 + nanoseconds / 1e6;
  expect(time).toBeGreaterThanOrEqual(before - 1);
  expect(time).toBeLessThanOrEqual(Date.now() + 1);
  a.sendmsg({ data: 'x', control: [{ type: 'ttl', value: 9 }] });
  expect(ofType(receive(b).control, 'ttl')?.value).toBe(9);
});

it('recvmsg reports the interface, hop limit, traffic class and time of an IPv6 datagram', () => {
  const [a, b] = connectedPair(udp6);
  b.setsockopt(IPPROTO_IPV6, IPV6_RECVPKTINFO!, true)
    .setsockopt(IPPROTO_IPV6, IPV6_RECVHOPLIMIT!, true)
    .setsockopt(IPPROTO_IPV6, IPV6_RECVTCLASS, true)
    .setsockopt(SOL_SOCKET, SO_TIMESTAMPNS!, true);
  a.sendmsg({
    data: 'x',
    control: [
      { type: 'hoplimit', value: 5 },
      { type: 'tclass', value: 0x20 },
    ],
  });
  const { control } = receive(b);
  expect(ofType(control, 'pktinfo')).toEqual({ type: 'pktinfo', address: '::1', interface: if_nametoindex('lo') });
  expect(ofType(control, 'hoplimit')?.value).toBe(5);
  expect(ofType(control, 'tclass')?.value).toBe(0x20);
  expect(ofType(control, 'timestamp')?.seconds).toBeGreaterThan(1_600_000_000);
});

it('sendmsg chooses source address and interface by pktinfo', () => {
  const b = boundSocket(udp4);
  const a = closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)).bind({ port: 0 });
  const address = b.getsockname() as never;
  a.sendmsg({ data: 'x', address, control: [{ type: 'pktinfo', address: '127.0.0.2', interface: 'lo' }] });
  expect(b.recvfrom(new Uint8Array(1)).address).toMatchObject({ address: '127.0.0.2' });
  const six = boundSocket(udp6);
  const to = six.getsockname() as never;
  const from = closeAfterTest(new Socket(AF_INET6, SOCK_DGRAM)).bind({ port: 0 });
  from.sendmsg({ data: 'x', address: to, control: [{ type: 'pktinfo', address: '::1', interface: 'lo' }] });
  expect(six.recvfrom(new Uint8Array(1)).address).toMatchObject({ address: '::1' });
});

it('sendmsg sends several segments at once, recvmsg reports their size', () => {
  const [a, b] = connectedPair(udp4);
  b.setsockopt(IPPROTO_IP, IP_RECVTTL, true);
  a.sendmsg({ data: 'abcdefgh', control: [{ type: 'segment', value: 3 }] });
  expect([receive(b).length, receive(b).length, receive(b).length]).toEqual([3, 3, 2]);
});

it('a control message of an unknown type is carried as level, type and bytes', () => {
  const [a, b] = connectedPair(unixDatagram);
  const data = new Uint8Array(Int32Array.of(a.fd).buffer);
  a.sendmsg({ data: 'x', control: [{ level: SOL_SOCKET, type: c.SCM_RIGHTS, data }] });
  using message = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
  expect(fdsOf(message.control)).toHaveLength(1);
  b.setsockopt(SOL_SOCKET, c.SO_PASSSEC!, 1);
  expect(thrownSocketError(() => a.sendmsg({ data: 'x', control: [{ level: SOL_SOCKET, type: 99, data }] })).code).toBe(
    'EINVAL',
  );
});
