// Each property of an address, a control message, an option's value and hints is read exactly once.
import {
  type Address,
  AF_INET,
  AF_INET6,
  type ControlMessage,
  encodeAddress,
  encodeControl,
  getaddrinfo,
  getnameinfo,
  SOCK_DGRAM,
  SOL_SOCKET,
  Socket,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { misread } from '../support/reads.js';

const addresses: object[] = [
  { family: 'inet', address: '127.0.0.1', port: 1 },
  { family: 'IPv4', address: '127.0.0.1', port: 1 },
  { family: 4, address: '127.0.0.1', port: 1 },
  { family: 'inet6', address: '::1%1', port: 1, flowinfo: 1, scopeId: 1 },
  { family: 'unix', path: '/x', bytes: new Uint8Array([47, 120]) },
  { family: 'packet', protocol: 1, interface: 'lo', hatype: 1, pkttype: 1, address: '00:01' },
  { family: 'netlink', pid: 1, groups: 1 },
  { family: 'vsock', cid: 1, port: 1, flags: 1 },
  { family: 'can', interface: 1, rxId: 1, txId: 1, name: 1n, pgn: 1, addr: 1 },
  { family: 'unspec' },
  { family: 99, bytes: new Uint8Array(4) },
];
it.each(addresses)('an address: %o', (address) => {
  const unread = 'name' in address ? {} : misread(address, (value) => encodeAddress(value as Address));
  expect(unread).toEqual({});
  // With a J1939 name the identifiers of ISO-TP are not asked for: they stand at the same place.
  if ('name' in address)
    expect(Math.max(...Object.values(misread(address, (value) => encodeAddress(value as Address))))).toBeLessThan(2);
});

const messages: object[] = [
  { type: 'rights', fds: [0, { fd: 1 }] },
  { type: 'credentials', pid: 1, uid: 1, gid: 1 },
  { type: 'pktinfo', address: '127.0.0.1', specificDestination: '127.0.0.1', interface: 'lo' },
  { type: 'pktinfo', address: '::1', interface: 1 },
  ...['ttl', 'tos', 'hoplimit', 'tclass', 'mark', 'segment'].map((type) => ({ type, value: 1 })),
  { level: 1, type: 99, data: new Uint8Array(2) },
];
it.each(messages)('a control message: %o', (message) => {
  expect(misread([message], (value) => encodeControl(value as ControlMessage[]))).toEqual({});
});

const options: readonly [name: string, domain: number, level: number, option: number, value: unknown][] = [
  ['SO_LINGER', AF_INET, SOL_SOCKET, c.SO_LINGER, { seconds: 1 }],
  ['IP_ADD_MEMBERSHIP', AF_INET, c.IPPROTO_IP, c.IP_ADD_MEMBERSHIP, { address: '239.1.2.3', interface: 'lo' }],
  ['IP_ADD_MEMBERSHIP', AF_INET, c.IPPROTO_IP, c.IP_ADD_MEMBERSHIP, { address: '239.1.2.3', interface: '127.0.0.1' }],
  ['IPV6_JOIN_GROUP', AF_INET6, c.IPPROTO_IPV6, c.IPV6_JOIN_GROUP, { address: 'ff02::5', interface: 'lo' }],
  ['SO_ATTACH_FILTER', AF_INET, SOL_SOCKET, c.SO_ATTACH_FILTER!, [{ code: 6, jt: 0, jf: 0, k: 1 }]],
];
it.each(options)('the value of %s', (_name, domain, level, option, value) => {
  const socket = closeAfterTest(new Socket(domain, SOCK_DGRAM)) as Socket;
  expect(misread(value, (counted) => socket.setsockopt(level, option, counted as never))).toEqual({});
});

it('hints, and the address of getnameinfo', () => {
  expect(
    misread({ family: 'inet', type: 1, protocol: 0, flags: 0 }, (hints) =>
      getaddrinfo('127.0.0.1', null, hints as never),
    ),
  ).toEqual({});
  const address = { family: 'inet', address: '127.0.0.1', port: 1 } as const;
  expect(misread(address, (value) => getnameinfo(value, c.NI_NUMERICHOST | c.NI_NUMERICSERV))).toEqual({});
});
