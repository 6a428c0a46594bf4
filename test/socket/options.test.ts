// getsockopt and setsockopt: each option of the table, and values that are refused.

import * as root from 'bsd-sockets';
import {
  AF_INET,
  AF_INET6,
  type FilterInstruction,
  IP_ADD_MEMBERSHIP,
  IP_DROP_MEMBERSHIP,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV6_JOIN_GROUP,
  IPV6_LEAVE_GROUP,
  if_nametoindex,
  PermissionError,
  SO_ATTACH_FILTER,
  SO_DETACH_FILTER,
  SO_ERROR,
  SO_LINGER,
  SO_PEERCRED,
  SO_RCVBUF,
  SO_RCVTIMEO,
  SO_TYPE,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
  TCP_CONGESTION,
  TCP_INFO,
  TCP_USER_TIMEOUT,
  UnsupportedError,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { optionRows } from '../support/option_rows.js';
import { allKinds, tcp4, udp4, udp6, unixDatagram, unixStream } from '../support/socket_kinds.js';
import { boundSocket, connectedPair, thrownError, thrownSocketError } from '../support/sockets.js';

const names = root as unknown as Record<string, number | undefined>;

/** What each option is set to, and then is; one value for what is only asked. */
const ROUND_TRIPS: Record<string, readonly unknown[]> = {
  SO_REUSEADDR: [true, false],
  SO_REUSEPORT: [true, false],
  SO_BROADCAST: [true, false],
  SO_KEEPALIVE: [true, false],
  SO_LINGER: [{ seconds: 5 }, { seconds: 0 }, null],
  SO_OOBINLINE: [true, false],
  SO_DONTROUTE: [true, false],
  SO_RCVLOWAT: [7],
  SO_RCVTIMEO: [1500, 0, 20],
  SO_SNDTIMEO: [86_400_000, 0],
  SO_TIMESTAMP: [true, false],
  SO_TIMESTAMPNS: [true, false],
  SO_BINDTODEVICE: ['lo', ''],
  SO_MARK: [0x12345678, 0xffff_fff0, 0],
  SO_PRIORITY: [3],
  SO_RXQ_OVFL: [true, false],
  SO_BUSY_POLL: [0],
  SO_MAX_PACING_RATE: [1000n, 2n ** 40n, 2n ** 64n - 1n],
  SO_LOCK_FILTER: [true],
  IP_TTL: [1, 255],
  IP_TOS: [0x10],
  IP_MULTICAST_IF: ['127.0.0.1'],
  IP_MULTICAST_TTL: [3],
  IP_MULTICAST_LOOP: [false, true],
  IP_PKTINFO: [true, false],
  IP_RECVTTL: [true, false],
  IP_RECVTOS: [true, false],
  IP_RECVERR: [true, false],
  IP_FREEBIND: [true, false],
  IP_TRANSPARENT: [true, false],
  IP_BIND_ADDRESS_NO_PORT: [true, false],
  IP_MULTICAST_ALL: [false, true],
  IP_MTU_DISCOVER: [c.IP_PMTUDISC_DO],
  IPV6_V6ONLY: [true, false],
  IPV6_UNICAST_HOPS: [9],
  IPV6_MULTICAST_HOPS: [3],
  IPV6_MULTICAST_IF: [if_nametoindex('lo')],
  IPV6_MULTICAST_LOOP: [false, true],
  IPV6_RECVPKTINFO: [true, false],
  IPV6_RECVHOPLIMIT: [true, false],
  IPV6_RECVTCLASS: [true, false],
  IPV6_TCLASS: [0x20],
  IP_MINTTL: [3],
  IP_RECVORIGDSTADDR: [true, false],
  IPV6_RECVERR: [true, false],
  IPV6_FREEBIND: [true, false],
  IPV6_TRANSPARENT: [true, false],
  IPV6_DONTFRAG: [true, false],
  IPV6_MTU_DISCOVER: [c.IPV6_PMTUDISC_DO],
  IPV6_RECVORIGDSTADDR: [true, false],
  TCP_SYNCNT: [3],
  TCP_NODELAY: [true, false],
  TCP_KEEPIDLE: [30_000],
  TCP_KEEPINTVL: [5000],
  TCP_KEEPCNT: [4],
  TCP_USER_TIMEOUT: [1234, 0],
  TCP_CORK: [true, false],
  TCP_QUICKACK: [false],
  TCP_FASTOPEN_CONNECT: [true],
  TCP_NOTSENT_LOWAT: [16_384, 0xffff_ffff],
  TCP_SAVE_SYN: [1, 0],
  UDP_CORK: [true, false],
  UDP_SEGMENT: [1000],
  UDP_GRO: [true, false],
};
const levelOf = (name: string): number =>
  name.startsWith('SO_')
    ? SOL_SOCKET
    : name.startsWith('IPV6_')
      ? IPPROTO_IPV6
      : name.startsWith('IP_')
        ? IPPROTO_IP
        : name.startsWith('TCP_')
          ? IPPROTO_TCP
          : IPPROTO_UDP;
const socketFor = (name: string): Socket => {
  if (name.startsWith('IPV6_')) return closeAfterTest(new Socket(AF_INET6, SOCK_DGRAM));
  const stream = name.startsWith('TCP_') || name === 'SO_LINGER';
  return closeAfterTest(new Socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM)) as Socket;
};

describe('setsockopt’s value is what getsockopt returns', () => {
  it.each(Object.entries(ROUND_TRIPS))('%s: %o', (name, values) => {
    const [level, option] = [levelOf(name), names[name]!];
    expect(option, name).toBeTypeOf('number');
    const socket = socketFor(name);
    for (const value of values) {
      expect(socket.setsockopt(level, option, value as never)).toBe(socket);
      expect(socket.getsockopt(level, option)).toEqual(value);
    }
  });
  it('SO_RCVBUF and SO_SNDBUF return the size that the kernel chose', () => {
    const socket = boundSocket(tcp4);
    socket.setsockopt(SOL_SOCKET, SO_RCVBUF, 10_000);
    expect(socket.getsockopt(SOL_SOCKET, SO_RCVBUF)).toBe(20_000);
  });
  it('SO_INCOMING_CPU and TCP_DEFER_ACCEPT return what the kernel makes of the value', () => {
    const socket = boundSocket(tcp4);
    socket.setsockopt(IPPROTO_TCP, root.TCP_DEFER_ACCEPT!, 3000);
    expect(socket.getsockopt(IPPROTO_TCP, root.TCP_DEFER_ACCEPT!)).toBe(3000);
    expect(socket.getsockopt(SOL_SOCKET, root.SO_INCOMING_CPU!)).toBeTypeOf('number');
  });
  it('SO_RCVTIMEO takes fractions, and rounds none of them to "no time-out"', () => {
    const socket = boundSocket(tcp4);
    socket.setsockopt(SOL_SOCKET, SO_RCVTIMEO, 1e-9);
    expect(socket.getsockopt(SOL_SOCKET, SO_RCVTIMEO)).toBeGreaterThan(0);
    socket.setsockopt(SOL_SOCKET, SO_RCVTIMEO, 999.9999);
    expect(socket.getsockopt(SOL_SOCKET, SO_RCVTIMEO)).toBeGreaterThan(900);
  });
});

describe('options that can only be read', () => {
  it.each(allKinds)('$name', (kind) => {
    const [a] = connectedPair(kind);
    expect(a.getsockopt(SOL_SOCKET, SO_TYPE)).toBe(kind.type);
    expect(a.getsockopt(SOL_SOCKET, root.SO_DOMAIN!)).toBe(kind.domain);
    expect(a.getsockopt(SOL_SOCKET, root.SO_ACCEPTCONN)).toBe(false);
    expect(a.getsockopt(SOL_SOCKET, SO_ERROR)).toBeNull();
    expect(thrownSocketError(() => a.setsockopt(SOL_SOCKET, SO_TYPE, 1 as never))).toBeInstanceOf(UnsupportedError);
  });
  it('SO_PEERCRED returns the peer’s credentials', () => {
    const [a] = connectedPair(unixStream);
    expect(a.getsockopt(SOL_SOCKET, SO_PEERCRED!)).toEqual({
      pid: process.pid,
      uid: process.getuid!(),
      gid: process.getgid!(),
    });
  });
  it('SO_ERROR returns the error once', () => {
    const gone = closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)).bind({ address: '127.0.0.1', port: 0 });
    const name = gone.getsockname();
    gone.close();
    const socket = closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)).connect(name);
    socket.send('x');
    const error = socket.getsockopt(SOL_SOCKET, SO_ERROR);
    expect(error).toBeInstanceOf(root.ConnectionRefusedError);
    expect(socket.getsockopt(SOL_SOCKET, SO_ERROR)).toBeNull();
  });
  it('TCP_INFO returns an object with the fields that the kernel filled', () => {
    const [a] = connectedPair(tcp4);
    const info = a.getsockopt(IPPROTO_TCP, TCP_INFO!);
    expect(info).toMatchObject({ tcpi_state: c.TCP_ESTABLISHED, tcpi_retransmits: 0 });
    expect(info.tcpi_snd_mss).toBeGreaterThan(100);
  });
  it('TCP_CONGESTION returns a name, and an unknown name throws', () => {
    const socket = boundSocket(tcp4);
    const name = socket.getsockopt(IPPROTO_TCP, TCP_CONGESTION!);
    expect(name).toMatch(/^[a-z]+$/);
    socket.setsockopt(IPPROTO_TCP, TCP_CONGESTION!, name);
    expect(thrownSocketError(() => socket.setsockopt(IPPROTO_TCP, TCP_CONGESTION!, 'nosuch')).code).toBe('ENOENT');
  });
  it('SO_PEERPIDFD returns a descriptor of the peer’s process', (context) => {
    const [a] = connectedPair(unixStream);
    let fd = -1;
    try {
      fd = a.getsockopt(SOL_SOCKET, root.SO_PEERPIDFD!);
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedError);
      context.skip('the kernel has no SO_PEERPIDFD');
    }
    expect(c.fcntl(fd, c.F_GETFD)).toBe(c.FD_CLOEXEC);
    c.close(fd);
  });
  it('TCP_ULP is empty at first, and an unknown name throws', () => {
    const [a] = connectedPair(tcp4);
    expect(a.getsockopt(IPPROTO_TCP, root.TCP_ULP!)).toBe('');
    expect(thrownSocketError(() => a.setsockopt(IPPROTO_TCP, root.TCP_ULP!, 'nosuch')).code).toBe('ENOENT');
  });
  it('IP_MTU returns the path MTU of a connected socket', () => {
    const [a] = connectedPair(udp4);
    expect(a.getsockopt(IPPROTO_IP, root.IP_MTU!)).toBeGreaterThan(1000);
  });
});

describe('memberships', () => {
  it.each([{ interface: 'lo' }, { interface: if_nametoindex('lo') }, { interface: '127.0.0.1' }])(
    'join and leave an IPv4 group on %j',
    (on) => {
      const socket = boundSocket(udp4);
      const group = { address: '239.1.2.3', ...on };
      socket.setsockopt(IPPROTO_IP, IP_ADD_MEMBERSHIP, group);
      expect(thrownSocketError(() => socket.setsockopt(IPPROTO_IP, IP_ADD_MEMBERSHIP, group)).code).toBe('EADDRINUSE');
      socket.setsockopt(IPPROTO_IP, IP_DROP_MEMBERSHIP, group);
      expect(thrownSocketError(() => socket.setsockopt(IPPROTO_IP, IP_DROP_MEMBERSHIP, group)).code).toBe(
        'EADDRNOTAVAIL',
      );
      expect(thrownSocketError(() => socket.getsockopt(IPPROTO_IP, IP_ADD_MEMBERSHIP))).toBeInstanceOf(
        UnsupportedError,
      );
    },
  );
  it('join and leave an IPv6 group', () => {
    const socket = boundSocket(udp6);
    const group = { address: 'ff02::1234', interface: 'lo' };
    socket.setsockopt(IPPROTO_IPV6, IPV6_JOIN_GROUP, group);
    socket.setsockopt(IPPROTO_IPV6, IPV6_LEAVE_GROUP, group);
    expect(thrownSocketError(() => socket.setsockopt(IPPROTO_IPV6, IPV6_LEAVE_GROUP, group)).code).toBe(
      'EADDRNOTAVAIL',
    );
  });
  it('throw for an address that is not a group, and for an unknown interface', () => {
    const socket = boundSocket(udp4);
    const join = (value: unknown) => () => socket.setsockopt(IPPROTO_IP, IP_ADD_MEMBERSHIP, value as never);
    expect(thrownError(join({ address: '239.1.2' })).code).toBe('ERR_INVALID_IP_ADDRESS');
    expect(thrownError(join({ address: '239.1.2.3', interface: 'no-such' })).code).toBe('ENODEV');
    expect(thrownError(join({ address: '239.1.2.3', interface: -1 })).code).toBe('ERR_OUT_OF_RANGE');
    expect(thrownError(join({ address: '239.1.2.3', interface: {} })).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownError(join(null)).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownSocketError(join({ address: '10.0.0.1', interface: 'lo' })).code).toBe('EINVAL');
  });
});

describe('filters', () => {
  const drop: FilterInstruction[] = [{ code: c.BPF_RET | c.BPF_K, k: 0 }];
  const pass: FilterInstruction[] = [
    { code: c.BPF_LD | c.BPF_B | c.BPF_ABS, k: 0 },
    { code: c.BPF_RET | c.BPF_K, jt: 0, jf: 0, k: 0xffff },
  ];
  it('drop packets, can be read, and are removed', () => {
    const [a, b] = connectedPair(unixDatagram);
    b.setsockopt(SOL_SOCKET, SO_ATTACH_FILTER!, drop);
    a.send('x');
    expect(b.tryRecv(new Uint8Array(1))).toBeNull();
    expect(b.getsockopt(SOL_SOCKET, SO_ATTACH_FILTER!)).toEqual([{ ...drop[0], jt: 0, jf: 0 }]);
    b.setsockopt(SOL_SOCKET, SO_ATTACH_FILTER!, pass);
    expect(b.getsockopt(SOL_SOCKET, SO_ATTACH_FILTER!)).toHaveLength(2);
    b.setsockopt(SOL_SOCKET, SO_DETACH_FILTER!, null);
    expect(b.getsockopt(SOL_SOCKET, SO_ATTACH_FILTER!)).toEqual([]);
    a.send('x');
    expect(b.tryRecv(new Uint8Array(1))).toBe(1);
  });
  it('that are invalid throw', () => {
    const [a] = connectedPair(unixStream);
    const attach = (value: unknown) => () => a.setsockopt(SOL_SOCKET, SO_ATTACH_FILTER!, value as never);
    expect(thrownSocketError(attach([])).code).toBe('EINVAL');
    expect(thrownSocketError(attach([{ code: 0xffff }])).code).toBe('EINVAL');
    expect(thrownError(attach(Array.from({ length: 65_537 }, () => drop[0]))).code).toBe('ERR_OUT_OF_RANGE');
    expect(thrownError(attach([{ code: -1 }])).code).toBe('ERR_OUT_OF_RANGE');
    expect(thrownError(attach([{ code: 6, jt: 256 }])).code).toBe('ERR_OUT_OF_RANGE');
    for (const value of [null, {}, 'x', 1, [null], [1], [{}], [{ code: '6' }]])
      expect(thrownError(attach(value)).code, JSON.stringify(value)).toBe('ERR_INVALID_ARG_TYPE');
    // A sock_fprog of the caller's own would be a pointer.
    expect(thrownError(attach(new Uint8Array(16))).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(a.getsockopt(SOL_SOCKET, c.SO_GET_FILTER!, 64)).toHaveLength(0);
  });
});

describe('an unsigned value is never negative', () => {
  it('TCP_QUEUE_SEQ, in repair mode', (context) => {
    const socket = closeAfterTest(new Socket(AF_INET, SOCK_STREAM));
    try {
      socket.setsockopt(IPPROTO_TCP, c.TCP_REPAIR!, 1);
    } catch (error) {
      return context.skip(`no repair mode: ${String(error)}`);
    }
    socket.setsockopt(IPPROTO_TCP, c.TCP_REPAIR_QUEUE!, 2);
    socket.setsockopt(IPPROTO_TCP, root.TCP_QUEUE_SEQ!, 0xffff_fff0);
    expect(socket.getsockopt(IPPROTO_TCP, root.TCP_QUEUE_SEQ!)).toBe(0xffff_fff0);
  });
  it('a signed one may be: SO_INCOMING_CPU before a packet came', () => {
    expect(closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)).getsockopt(SOL_SOCKET, root.SO_INCOMING_CPU!)).toBe(-1);
  });
  it('SO_COOKIE is the socket’s alone; TCP_TIMESTAMP and SO_INCOMING_NAPI_ID are numbers', () => {
    const [a, b] = connectedPair(tcp4);
    const cookie = a.getsockopt(SOL_SOCKET, root.SO_COOKIE!);
    expect(cookie).toBeTypeOf('bigint');
    expect(cookie).not.toBe(b.getsockopt(SOL_SOCKET, root.SO_COOKIE!));
    expect(a.getsockopt(IPPROTO_TCP, root.TCP_TIMESTAMP!)).toBeGreaterThanOrEqual(0);
    expect(a.getsockopt(SOL_SOCKET, root.SO_INCOMING_NAPI_ID!)).toBeGreaterThanOrEqual(0);
    expect(thrownError(() => a.setsockopt(SOL_SOCKET, root.SO_COOKIE!, 1n as never)).code).toBe('ENOPROTOOPT');
  });
  it('SO_NETNS_COOKIE', (context) => {
    try {
      expect(boundSocket(tcp4).getsockopt(SOL_SOCKET, root.SO_NETNS_COOKIE!)).toBeGreaterThan(0n);
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      context.skip('this kernel has no SO_NETNS_COOKIE');
    }
  });
});

describe('a value whose length only the kernel knows', () => {
  /** Two ends of a Unix stream, made while the process had these supplementary groups. */
  function ofGroups(groups: readonly number[]): Socket {
    const before = process.getgroups!();
    process.setgroups!(groups);
    try {
      return connectedPair(unixStream)[0];
    } finally {
      process.setgroups!(before);
    }
  }
  it.each([0, 1, 64, 1000])('SO_PEERGROUPS: all of %i groups', (count) => {
    if (process.getuid!() !== 0)
      return expect(connectedPair(unixStream)[0].getsockopt(SOL_SOCKET, root.SO_PEERGROUPS!)).toEqual(
        process.getgroups!(),
      );
    const groups = Array.from({ length: count }, (_, i) => 0xffff_0000 + i);
    expect(ofGroups(groups).getsockopt(SOL_SOCKET, root.SO_PEERGROUPS!)).toEqual(groups);
  });
  it('with too small a size of the caller’s: ERANGE, with the length that is needed', (context) => {
    if (process.getuid!() !== 0) return context.skip('needs CAP_SETGID');
    const error = thrownSocketError(() => ofGroups([1, 2, 3]).getsockopt(SOL_SOCKET, root.SO_PEERGROUPS!, 8));
    expect(error).toMatchObject({ code: 'ERANGE', syscall: 'getsockopt', length: 12 });
    expect(ofGroups([1, 2, 3]).getsockopt(SOL_SOCKET, root.SO_PEERGROUPS!, 12)).toHaveLength(12);
  });
  it('TCP_SAVED_SYN: the whole SYN, once', () => {
    const listener = boundSocket(tcp4).setsockopt(IPPROTO_TCP, root.TCP_SAVE_SYN!, 1).listen();
    closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).connect(listener.getsockname() as never);
    const accepted = closeAfterTest(listener.accept().socket);
    const syn = accepted.getsockopt(IPPROTO_TCP, root.TCP_SAVED_SYN!);
    expect(syn[0]! >> 4).toBe(4); // an IPv4 header
    expect(syn.length).toBeGreaterThanOrEqual(40);
    expect(accepted.getsockopt(IPPROTO_TCP, root.TCP_SAVED_SYN!)).toHaveLength(0);
  });
  it('TCP_SAVED_SYN with too small a size: the length that is needed', () => {
    const listener = boundSocket(tcp4).setsockopt(IPPROTO_TCP, root.TCP_SAVE_SYN!, 1).listen();
    closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).connect(listener.getsockname() as never);
    const accepted = closeAfterTest(listener.accept().socket);
    const error = thrownSocketError(() => accepted.getsockopt(IPPROTO_TCP, root.TCP_SAVED_SYN!, 4));
    expect(error.code).toBe('EINVAL');
    expect(accepted.getsockopt(IPPROTO_TCP, root.TCP_SAVED_SYN!)).toHaveLength(error.length!);
  });
  it('SO_PEERSEC', () => {
    try {
      expect(connectedPair(unixStream)[0].getsockopt(SOL_SOCKET, root.SO_PEERSEC!)).toBeTypeOf('string');
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedError); // no security module labels sockets here
    }
  });
});

describe('an option without a row of its own', () => {
  it('takes and returns a number or bytes', () => {
    const socket = boundSocket(udp4);
    const source = new c.ip_mreq_source({ imr_multiaddr: { s_addr: c.inet_addr('232.1.1.1') } });
    source.imr_interface.s_addr = c.htonl(c.INADDR_LOOPBACK);
    source.imr_sourceaddr.s_addr = c.htonl(c.INADDR_LOOPBACK);
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    expect(socket.setsockopt(IPPROTO_IP, c.IP_ADD_SOURCE_MEMBERSHIP, bytes)).toBe(socket);
    socket.setsockopt(IPPROTO_IP, c.IP_RECVOPTS!, 1);
    expect(socket.getsockopt(IPPROTO_IP, c.IP_RECVOPTS!)).toBe(1);
    expect(socket.getsockopt(IPPROTO_IP, c.IP_RECVOPTS!, 4)).toEqual(new Uint8Array(Int32Array.of(1).buffer));
    expect(socket.getsockopt(SOL_SOCKET, SO_LINGER, 8)).toEqual(new Uint8Array(8));
    expect(socket.getsockopt(SOL_SOCKET, SO_LINGER, 0)).toEqual(new Uint8Array(0));
  });
  it('throws if its bytes hold a pointer', () => {
    const socket = boundSocket(tcp4);
    expect(thrownSocketError(() => socket.setsockopt(IPPROTO_IP, 64, new Uint8Array(96))).code).toBe('EINVAL');
    expect(thrownSocketError(() => socket.getsockopt(IPPROTO_TCP, 35, 64)).code).toBe('EINVAL');
  });
  it('throws UnsupportedError if the kernel does not know it', () => {
    const socket = boundSocket(tcp4);
    expect(thrownSocketError(() => socket.setsockopt(SOL_SOCKET, 9999, 1))).toBeInstanceOf(UnsupportedError);
    expect(thrownSocketError(() => socket.getsockopt(SOL_SOCKET, 9999))).toMatchObject({
      code: 'ENOPROTOOPT',
      syscall: 'getsockopt',
    });
  });
});

describe('values of a wrong type', () => {
  const TYPE = 'ERR_INVALID_ARG_TYPE';
  const RANGE = 'ERR_OUT_OF_RANGE';
  it.each([
    ['SO_REUSEADDR', 1, TYPE],
    ['SO_REUSEADDR', 'true', TYPE],
    ['SO_REUSEADDR', null, TYPE],
    ['SO_RCVBUF', '1', TYPE],
    ['SO_RCVBUF', 1.5, RANGE],
    ['SO_RCVBUF', 2 ** 32, RANGE],
    ['SO_RCVBUF', Number.NaN, RANGE],
    ['SO_RCVBUF', 1n, TYPE],
    ['SO_LINGER', true, TYPE],
    ['SO_LINGER', 5, TYPE],
    ['SO_LINGER', {}, TYPE],
    ['SO_LINGER', { seconds: -1 }, RANGE],
    ['SO_LINGER', { seconds: 0.5 }, RANGE],
    ['SO_LINGER', undefined, TYPE],
    ['SO_RCVTIMEO', -1, RANGE],
    ['SO_RCVTIMEO', Number.POSITIVE_INFINITY, RANGE],
    ['SO_RCVTIMEO', '5', TYPE],
    ['SO_BINDTODEVICE', 'an-interface-name-too-long', RANGE],
    ['SO_BINDTODEVICE', 'lo\0x', 'ERR_INVALID_ARG_VALUE'],
    ['SO_BINDTODEVICE', 1, TYPE],
    ['SO_DETACH_FILTER', 0, TYPE],
    ['TCP_KEEPIDLE', 1500, RANGE],
    ['TCP_USER_TIMEOUT', 0.5, RANGE],
    ['TCP_USER_TIMEOUT', true, TYPE],
    ['IP_MULTICAST_IF', 'lo', 'ERR_INVALID_IP_ADDRESS'],
    ['IP_MULTICAST_IF', 1, TYPE],
  ])('%s: %s', (name, value, code) => {
    const error = thrownError(() => socketFor(name).setsockopt(levelOf(name), names[name]!, value as never));
    expect(error.code).toBe(code);
    expect(error.name).toBe(code === RANGE ? 'RangeError' : 'TypeError');
  });
  it('a level or option that is not an integer throws TypeError', () => {
    const socket = boundSocket(tcp4);
    expect(thrownError(() => socket.setsockopt('1' as never, 1, 1 as never)).code).toBe(TYPE);
    expect(thrownError(() => socket.setsockopt(1 as never, undefined as never, 1 as never)).code).toBe(TYPE);
    expect(thrownError(() => socket.getsockopt(2 ** 33, 1)).code).toBe(RANGE);
    expect(thrownError(() => socket.getsockopt(SOL_SOCKET, 1.5)).code).toBe(RANGE);
    expect(thrownError(() => socket.getsockopt(SOL_SOCKET, 1, '4' as never)).code).toBe(TYPE);
    expect(thrownError(() => socket.getsockopt(SOL_SOCKET, 1, -1)).code).toBe(RANGE);
    expect(thrownError(() => socket.getsockopt(SOL_SOCKET, 1, 2 ** 40)).code).toBe(RANGE);
    expect(thrownError(() => socket.setsockopt(SOL_SOCKET, 9999, 2 ** 40)).code).toBe(RANGE);
    expect(thrownError(() => socket.setsockopt(SOL_SOCKET, 9999, 'x' as never)).code).toBe(TYPE);
    expect(thrownError(() => socket.setsockopt(SOL_SOCKET, 9999, null as never)).code).toBe(TYPE);
  });
});

it('a closed socket, and an object that is not a socket, throw', () => {
  const socket = boundSocket(tcp4);
  socket.close();
  expect(thrownSocketError(() => socket.getsockopt(SOL_SOCKET, SO_TYPE)).code).toBe('EBADF');
  const fds = new (c.array(c.int, 2))();
  c.pipe(fds);
  closeAfterTest(Socket.adopt(fds[1]));
  const pipe = closeAfterTest(Socket.adopt(fds[0]));
  expect(thrownSocketError(() => pipe.setsockopt(SOL_SOCKET, SO_RCVTIMEO, 1)).code).toBe('ENOTSOCK');
});

it('SO_MARK throws PermissionError without the capability', () => {
  if (process.getuid!() !== 0) {
    expect(thrownSocketError(() => boundSocket(tcp4).setsockopt(SOL_SOCKET, root.SO_MARK!, 1))).toBeInstanceOf(
      PermissionError,
    );
  }
});

it('each row of the option table has a test in this file', () => {
  const others =
    'SO_ERROR SO_TYPE SO_ACCEPTCONN SO_DOMAIN SO_PROTOCOL SO_PEERCRED SO_RCVBUF SO_SNDBUF SO_ATTACH_FILTER SO_DETACH_FILTER ' +
    'SO_INCOMING_CPU IP_ADD_MEMBERSHIP IP_DROP_MEMBERSHIP IP_MTU IPV6_JOIN_GROUP IPV6_LEAVE_GROUP TCP_INFO TCP_CONGESTION ' +
    'SO_COOKIE SO_NETNS_COOKIE SO_INCOMING_NAPI_ID SO_PEERGROUPS SO_PEERSEC TCP_SAVED_SYN TCP_QUEUE_SEQ TCP_TIMESTAMP ' +
    'TCP_DEFER_ACCEPT TCP_USER_TIMEOUT SO_PASSCRED SO_PASSPIDFD SO_PEERPIDFD TCP_ULP ' +
    // Of raw sockets, of other privileges, of listeners, or ones that the kernel changes.
    'IP_HDRINCL SO_SNDLOWAT SO_RCVBUFFORCE SO_SNDBUFFORCE SO_ZEROCOPY SO_ATTACH_REUSEPORT_CBPF TCP_MAXSEG TCP_FASTOPEN';
  const tested = new Set([...Object.keys(ROUND_TRIPS), ...others.split(' ')]);
  const names = optionRows.map(([name]) => name);
  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => !tested.has(name))).toEqual([]);
  expect(TCP_USER_TIMEOUT).toBe(c.TCP_USER_TIMEOUT);
});
