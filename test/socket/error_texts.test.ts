// Error texts are true: over every option row, control message, address family and argument, a wrong value gives an error that names the
// caller's own argument and describes the caller's own value.
import { inspect } from 'node:util';
import * as root from 'bsd-sockets';
import { AF_INET, AF_INET6, AF_UNIX, MessageBatch, SOCK_DGRAM, SOCK_STREAM, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { optionRows } from '../support/option_rows.js';
import { unixDatagram } from '../support/socket_kinds.js';
import { connectedPair, thrownError } from '../support/sockets.js';

class Thing {}
/** Values of every type. Each argument takes some of them. */
const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  1.5,
  -1,
  Number.NaN,
  2 ** 40,
  5n,
  '',
  'lo\0x',
  'not-a-value',
  'a text that is much longer than what an error shows of it',
  Symbol('s'),
  function named() {},
  {},
  [],
  [5],
  { unknown: 1 },
  Object.create(null),
  new Thing(),
  new Map(),
];

/** A value as Node's errors describe it. */
function described(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') {
    const name = (value as { constructor?: { name: string } }).constructor?.name ?? 'Object';
    return name === 'Object' ? 'a plain object' : `an instance of ${name}`;
  }
  const text = inspect(value);
  return `type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** The value at a path such as `control[0].fds[1]` of the arguments. */
function valueAt(args: Readonly<Record<string, unknown>>, path: string): unknown {
  const [first = '', ...rest] = path.split(/[.[\]]+/).filter(Boolean);
  expect(Object.keys(args), `the message names "${path}"`).toContain(first);
  return rest.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], args[first]);
}

/** Checks what a call with these arguments did: it succeeded, the system refused, or an error names and describes an argument. */
function isTrue(call: () => unknown, args: Readonly<Record<string, unknown>>): void {
  let error: Error & { code?: string };
  try {
    call();
    return;
  } catch (thrown) {
    error = thrown as typeof error;
  }
  if (error instanceof root.SocketError) return;
  const { message } = error;
  expect(error.code, message).toMatch(/^ERR_(INVALID_ARG_TYPE|INVALID_ARG_VALUE|OUT_OF_RANGE|INVALID_IP_ADDRESS)$/);
  const [, name = ''] =
    /^The (?:value of )?"([^"]+)" (?:argument must be|is out of range\. It must be) ./.exec(message) ?? [];
  expect(name, message).not.toBe('');
  const value = valueAt(args, name);
  const [, unknown] = /\. Received one with "([^"]+)"/.exec(message) ?? [];
  if (unknown === undefined)
    expect(message.endsWith(`Received ${described(value)}`), `${message} of ${inspect(args)}`).toBe(true);
  else expect(value).toHaveProperty(unknown);
}

/** The same object with one property replaced by each value in turn. */
function* altered(object: object): Generator<[what: string, object]> {
  for (const key of Object.keys(object))
    for (const value of VALUES) yield [`${key}: ${inspect(value)}`, { ...object, [key]: value }];
}

describe('setsockopt', () => {
  const structured: Record<string, object> = {
    SO_LINGER: { seconds: 1 },
    IP_ADD_MEMBERSHIP: { address: '239.1.2.3', interface: 'lo' },
    IP_DROP_MEMBERSHIP: { address: '239.1.2.3', interface: 'lo' },
    IPV6_JOIN_GROUP: { address: 'ff02::1', interface: 'lo' },
    IPV6_LEAVE_GROUP: { address: 'ff02::1', interface: 'lo' },
  };
  const instruction = { code: 6, jt: 0, jf: 0, k: 0 };
  it.each(optionRows)('%s', (name, level, option) => {
    const domain = name.startsWith('IPV6_') ? AF_INET6 : AF_INET;
    const socket = closeAfterTest(new Socket(domain, name.startsWith('TCP_') ? SOCK_STREAM : SOCK_DGRAM)) as Socket;
    const values = [...VALUES];
    for (const [, value] of altered(structured[name] ?? {})) values.push(value);
    if (name.startsWith('SO_ATTACH_')) for (const [, value] of altered(instruction)) values.push([instruction, value]);
    for (const value of values) isTrue(() => socket.setsockopt(level, option, value as never), { value });
  });
  it('an option without a row', () => {
    const socket = closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)) as Socket;
    for (const value of VALUES)
      isTrue(() => socket.setsockopt(c.IPPROTO_IP, c.IP_RECVOPTS!, value as never), { value });
  });
  it('the examples', () => {
    const socket = closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)) as Socket;
    const text = (option: number | undefined, value: unknown): string =>
      thrownError(() => socket.setsockopt(c.IPPROTO_IP, option!, value as never)).message;
    expect(text(c.IP_MULTICAST_IF, 5)).toBe('The "value" argument must be of type string. Received type number (5)');
    expect(text(c.IP_ADD_MEMBERSHIP, { address: 5 })).toBe(
      'The "value.address" argument must be of type string. Received type number (5)',
    );
    expect(text(c.IP_ADD_MEMBERSHIP, { group: '239.1.1.1' })).toBe(
      'The "value" argument must be an object with no other properties than address, interface. Received one with "group"',
    );
  });
});

describe('an address', () => {
  const addresses: object[] = [
    { family: 'inet', address: '127.0.0.1', port: 1 },
    { family: 'IPv4', address: '127.0.0.1', port: 1, size: 3 },
    { family: 'inet6', address: '::1', port: 1, flowinfo: 0, scopeId: 0 },
    { family: 'unix', path: '/x', bytes: new Uint8Array([47]) },
    { family: 'packet', protocol: 1, interface: 'lo', hatype: 1, pkttype: 0, address: '' },
    { family: 'netlink', pid: 0, groups: 0 },
    { family: 'vsock', cid: 1, port: 1, flags: 0 },
    { family: 'can', interface: 1, rxId: 1, txId: 1, name: undefined, pgn: 0, addr: 0 },
    { family: 'unspec' },
    { family: 99, bytes: new Uint8Array(4) },
  ];
  it.each(addresses)('%o', (good) => {
    for (const [, address] of altered(good)) isTrue(() => root.encodeAddress(address as never), { address });
    for (const address of VALUES) isTrue(() => root.encodeAddress(address as never), { address });
  });
  it.each([
    ['IPv4', AF_INET],
    ['IPv6', AF_INET6],
    ['Unix', AF_UNIX],
  ] as const)('of a socket: %s', (_name, domain) => {
    const socket = closeAfterTest(new Socket(domain as number, SOCK_DGRAM));
    for (const address of [...VALUES, { family: 'foo' }, { family: 'inet' }, { host: '127.0.0.1', port: 1 }]) {
      for (const name of ['bind', 'connect', 'tryConnect'] as const)
        isTrue(() => (socket[name] as (address: unknown) => unknown)(address), { address });
      isTrue(() => socket.sendto('x', address as never), { address, data: 'x' });
    }
  });
  it('the examples', () => {
    const socket = closeAfterTest(new Socket(AF_INET, SOCK_DGRAM));
    const text = (address: unknown): string => thrownError(() => socket.bind(address as never)).message;
    expect(text({ family: 'foo' })).toBe(
      'The "address.family" argument must be one of inet, inet6, unix, packet, netlink, vsock, can, unspec, or an AF_ number ' +
        "with the address's bytes. Received type string ('foo')",
    );
    expect(text({})).toBe(
      'The "address" argument must be an object with an address, a port, or both. Received a plain object',
    );
  });
});

describe('control messages', () => {
  const messages: object[] = [
    { type: 'rights', fds: [0, { fd: 1 }] },
    { type: 'credentials', pid: 1, uid: 1, gid: 1 },
    { type: 'pktinfo', address: '127.0.0.1', specificDestination: '127.0.0.1', interface: 'lo' },
    { type: 'pktinfo', address: '::1', interface: 1 },
    ...['ttl', 'tos', 'hoplimit', 'tclass', 'mark', 'segment'].map((type) => ({ type, value: 1 })),
    { level: 1, type: 99, data: new Uint8Array(2) },
    { type: 'timestamp', seconds: 1, nanoseconds: 1 },
    { type: 'pidfd', fd: 1 },
  ];
  it.each(messages)('%o', (good) => {
    for (const [, message] of altered(good)) {
      const control = [{ type: 'ttl', value: 1 }, message];
      isTrue(() => root.encodeControl(control as never), { control });
    }
  });
  it('a list of wrong things, and values other than lists', () => {
    for (const value of VALUES) {
      isTrue(() => root.encodeControl([value] as never), { control: [value] });
      isTrue(() => root.encodeControl(value as never), { control: value });
      const fds = { type: 'rights', fds: [0, value] };
      isTrue(() => root.encodeControl([fds] as never), { control: [fds] });
      const sockets = { type: 'rights', fds: [{ fd: value }] };
      isTrue(() => root.encodeControl([sockets] as never), { control: [sockets] });
    }
  });
  it('what can only be received says what can be sent', () => {
    expect(thrownError(() => root.encodeControl([{ type: 'pidfd', fd: 1 }])).message).toBe(
      'The "control[0].type" argument must be one of rights, credentials, pktinfo, ttl, tos, hoplimit, tclass, mark, segment, ' +
        "or a number with a level and data. Received type string ('pidfd')",
    );
  });
});

describe('every argument', () => {
  type Call = (...args: never[]) => unknown;
  const address = { family: 'unix', path: '/no/such' };
  const buffer = new Uint8Array(4);
  const batch = new MessageBatch(1, { size: 8, controlSize: 64 });
  const of = (name: keyof Socket): Call => ((...args: never[]) => (pairOf()[name] as Call)(...args)) as Call;
  /** A socket whose calls never wait. */
  function pairOf(): Socket {
    const [a] = connectedPair(unixDatagram);
    a.blocking = false;
    return a;
  }
  /** Function, its arguments by name. */
  const CALLS: readonly (readonly [name: string, call: Call, args: Readonly<Record<string, unknown>>])[] = [
    [
      'new Socket',
      ((...args: []) => closeAfterTest(new Socket(...(args as never as [1, 1])))) as Call,
      { domain: 1, type: 2, protocol: 0 },
    ],
    [
      'Socket.pair',
      ((...args: []) => Socket.pair(...(args as never as [1, 1])).map(closeAfterTest)) as Call,
      { domain: 1, type: 2, protocol: 0 },
    ],
    ['Socket.from', ((source: never) => closeAfterTest(Socket.from(source))) as Call, { source: 0 }],
    ['listen', of('listen'), { backlog: 1 }],
    ['shutdown', of('shutdown'), { how: 1 }],
    ['send', of('send'), { data: 'x', flags: 0 }],
    ['trySend', of('trySend'), { data: 'x', flags: 0 }],
    ['sendto', of('sendto'), { data: 'x', address, flags: 0 }],
    ['recv', of('recv'), { buffer, flags: 0 }],
    ['tryRecv', of('tryRecv'), { buffer, flags: 0 }],
    ['recvfrom', of('recvfrom'), { buffer, flags: 0 }],
    ['sendmsg', of('sendmsg'), { message: { data: 'x' } }],
    ['recvmsg', of('recvmsg'), { options: { buffers: buffer } }],
    ['recvmmsg', of('recvmmsg'), { batch, flags: 0 }],
    ['sendAll', of('sendAll'), { data: 'x' }],
    ['recvExactly', of('recvExactly'), { buffer }],
    ['getsockopt', of('getsockopt'), { level: 1, option: 3, size: 4 }],
    ['setsockopt', of('setsockopt'), { level: 1, option: 9999, value: 1 }],
    [
      'new MessageBatch',
      ((...args: []) => new MessageBatch(...(args as never as [1, { size: 1 }]))) as Call,
      { count: 1, options: { size: 1 } },
    ],
    ['getaddrinfo', root.getaddrinfo as Call, { host: '127.0.0.1', service: '1', hints: {} }],
    ['getnameinfo', root.getnameinfo as Call, { address: { family: 'inet', address: '127.0.0.1', port: 1 }, flags: 3 }],
    ['if_nametoindex', root.if_nametoindex as Call, { name: 'lo' }],
    ['if_indextoname', root.if_indextoname as Call, { index: 1 }],
    ['inet_pton', root.inet_pton as Call, { family: 2, address: '127.0.0.1' }],
    ['inet_ntop', root.inet_ntop as Call, { family: 2, bytes: new Uint8Array(4) }],
    ['decodeAddress', root.decodeAddress as Call, { bytes: new Uint8Array(4) }],
    ['decodeControl', root.decodeControl as Call, { bytes: new Uint8Array(4) }],
  ];
  it.each(CALLS)('%s', (_name, call, good) => {
    for (const [, args] of altered(good)) {
      // A property of the one object that a call takes is named without it: `buffers`, not `options.buffers`.
      const { message, options } = args as { message?: object; options?: object };
      isTrue(() => call(...(Object.values(args) as never[])), {
        data: undefined,
        buffers: undefined,
        size: undefined,
        ...options,
        ...message,
        ...args,
      });
    }
  });
  it.each([['hints', { family: 'inet', type: 1, protocol: 0, flags: 4 }]])('getaddrinfo: %s', (_name, good) => {
    for (const [, hints] of altered(good)) isTrue(() => root.getaddrinfo('127.0.0.1', null, hints as never), { hints });
  });
});
