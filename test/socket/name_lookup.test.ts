// getaddrinfo, getnameinfo, getifaddrs, interfaces and numeric addresses of bsd-sockets.
import { networkInterfaces } from 'node:os';
import {
  AddressInfoError,
  AF_INET,
  AF_INET6,
  AI_CANONNAME,
  AI_NUMERICHOST,
  AI_PASSIVE,
  getaddrinfo,
  getifaddrs,
  getnameinfo,
  IFF_LOOPBACK,
  IFF_UP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  if_indextoname,
  if_nametoindex,
  inet_ntop,
  inet_pton,
  NI_NUMERICHOST,
  NI_NUMERICSERV,
  SOCK_DGRAM,
  SOCK_STREAM,
  Socket,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { tcp4 } from '../support/socket_kinds.js';
import { listeningSocket, localAddress, thrownSocketError } from '../support/sockets.js';

describe('getaddrinfo', () => {
  it('resolves numeric hosts for each family and type', () => {
    const four = getaddrinfo('127.0.0.1', 80, { type: SOCK_STREAM });
    expect(four).toEqual([
      {
        domain: AF_INET,
        type: SOCK_STREAM,
        protocol: IPPROTO_TCP,
        address: { family: 'inet', address: '127.0.0.1', port: 80 },
        canonicalName: null,
      },
    ]);
    const [six] = getaddrinfo('fe80::1%lo', '53', { type: SOCK_DGRAM });
    expect(six).toMatchObject({
      domain: AF_INET6,
      protocol: IPPROTO_UDP,
      address: { family: 'inet6', address: 'fe80::1', port: 53, scopeId: if_nametoindex('lo') },
    });
  });
  it('resolves localhost in the family asked for', () => {
    for (const family of ['inet', AF_INET] as const) {
      const answers = getaddrinfo('localhost', null, { family, protocol: IPPROTO_TCP });
      expect(answers.map(({ address }) => address)).toContainEqual({ family: 'inet', address: '127.0.0.1', port: 0 });
    }
    expect(getaddrinfo('::1', null, { family: 'inet6' })[0]!.address.family).toBe('inet6');
    expect(getaddrinfo('localhost', null, { flags: AI_CANONNAME })[0]!.canonicalName).toMatch(/localhost/);
  });
  it('resolves a null host to the wildcard address or to this host', () => {
    const passive = getaddrinfo(null, 80, { flags: AI_PASSIVE, family: 'inet', type: SOCK_STREAM });
    expect(passive[0]!.address.address).toBe('0.0.0.0');
    expect(getaddrinfo(null, 80, { family: 'inet' })[0]!.address.address).toBe('127.0.0.1');
  });
  it('resolves a service by its name', (context) => {
    if (c.getservbyname('http', 'tcp') === null) context.skip('this system has no list of services');
    expect(getaddrinfo('127.0.0.1', 'http', { type: SOCK_STREAM })[0]!.address.port).toBe(80);
  });
  it('returns what new Socket and connect take', () => {
    const listener = listeningSocket(tcp4);
    const [answer] = getaddrinfo('127.0.0.1', localAddress(listener).port, { type: SOCK_STREAM });
    const { domain, type, protocol, address } = answer!;
    const socket = closeAfterTest(new Socket(domain, type, protocol)).connect(address);
    expect(socket.getpeername()).toEqual(listener.getsockname());
    closeAfterTest(listener.accept().socket);
  });
  it('throws AddressInfoError', () => {
    const error = thrownSocketError(() => getaddrinfo('no host', 80, { flags: AI_NUMERICHOST }));
    expect(error).toBeInstanceOf(AddressInfoError);
    expect(error).toMatchObject({ code: 'EAI_NONAME', errno: c.EAI_NONAME, syscall: 'getaddrinfo' });
    expect(error.message).toBe(`getaddrinfo EAI_NONAME no host: ${c.gai_strerror(c.EAI_NONAME)}`);
    expect(thrownSocketError(() => getaddrinfo('127.0.0.1', null, { family: 99 })).code).toBe('EAI_FAMILY');
    expect(thrownSocketError(() => getaddrinfo('127.0.0.1', 'no-such-service')).code).toBe('EAI_SERVICE');
    expect(thrownSocketError(() => getaddrinfo(null, null)).code).toBe('EAI_NONAME');
  });
});

describe('getnameinfo', () => {
  it('returns numeric text', () => {
    const flags = NI_NUMERICHOST | NI_NUMERICSERV;
    expect(getnameinfo({ family: 'inet', address: '127.0.0.1', port: 80 }, flags)).toEqual({
      host: '127.0.0.1',
      service: '80',
    });
    const six = { family: 'inet6', address: '::1', port: 53, flowinfo: 0, scopeId: 0 } as const;
    expect(getnameinfo(six, flags)).toEqual({ host: '::1', service: '53' });
  });
  it('returns names that the system knows', () => {
    const { host } = getnameinfo({ family: 'inet', address: '127.0.0.1', port: 80 });
    expect(host.length).toBeGreaterThan(0);
  });
  it('throws AddressInfoError', () => {
    const wrong = { family: 'unix', path: '/x' } as never;
    expect(getnameinfo(wrong, NI_NUMERICSERV)).toMatchObject({ service: '/x' });
    const error = thrownSocketError(() => getnameinfo({ family: 'netlink', pid: 1, groups: 0 } as never));
    expect(error).toMatchObject({ code: 'EAI_FAMILY', syscall: 'getnameinfo' });
    expect(error).toBeInstanceOf(AddressInfoError);
  });
});

describe('interfaces', () => {
  it('getifaddrs lists what Node’s own list has', () => {
    const list = getifaddrs();
    for (const [name, addresses] of Object.entries(networkInterfaces())) {
      for (const { address, netmask, family } of addresses ?? []) {
        const own = list.find(
          (entry) =>
            entry.name === name &&
            entry.address?.family === (family === 'IPv4' ? 'inet' : 'inet6') &&
            'address' in entry.address &&
            entry.address.address === address,
        );
        expect(own?.netmask, `${name} ${address}`).toMatchObject({ address: netmask });
      }
    }
    const lo = list.find(({ name, address }) => name === 'lo' && address?.family === 'inet')!;
    expect(lo.flags & (IFF_UP | IFF_LOOPBACK)).toBe(IFF_UP | IFF_LOOPBACK);
    expect(list.find(({ name, address }) => name === 'lo' && address?.family === 'packet')?.address).toMatchObject({
      interface: if_nametoindex('lo'),
      address: '00:00:00:00:00:00',
    });
  });
  it('if_nametoindex and if_indextoname are inverse', () => {
    const index = if_nametoindex('lo');
    expect(if_indextoname(index)).toBe('lo');
    expect(thrownSocketError(() => if_nametoindex('no-such'))).toMatchObject({ code: 'ENODEV', address: 'no-such' });
    expect(thrownSocketError(() => if_indextoname(999_999))).toMatchObject({ code: 'ENXIO' });
  });
});

it.each([
  [AF_INET, '1.2.3.4', [1, 2, 3, 4]],
  [AF_INET6, '::1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  [AF_INET6, 'fe80::102', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]],
])('inet_pton and inet_ntop: %i %s', (family, text, bytes) => {
  expect([...inet_pton(family, text)]).toEqual(bytes);
  expect(inet_ntop(family, Uint8Array.from(bytes))).toBe(text);
});
it('inet_pton and inet_ntop throw for another family', () => {
  expect(thrownSocketError(() => inet_pton(99, '1.2.3.4'))).toMatchObject({ code: 'EAFNOSUPPORT' });
  expect(thrownSocketError(() => inet_ntop(99, new Uint8Array(16)))).toMatchObject({ code: 'EAFNOSUPPORT' });
});
