// The error queue: IP_RECVERR, and the completions of MSG_ZEROCOPY. Linux.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest, closeNow } from '../support/cleanup.js';
import { controlData, receiveMessage } from '../support/control_messages.js';
import {
  boundSocket,
  connectedPair,
  errnoName,
  localAddress,
  loopback,
  must,
  setOption,
  waitForEvents,
} from '../support/descriptors.js';
import { socketKind, tcp4, udp4 } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';

describe.runIf(linux).each([
  ['IP_RECVERR', c.AF_INET, c.IPPROTO_IP, c.IP_RECVERR],
  ['IPV6_RECVERR', c.AF_INET6, c.IPPROTO_IPV6, c.IPV6_RECVERR],
] as const)('%s', (_name, family, level, optname) => {
  test('reports who refused a datagram, and which one', () => {
    const [fd, address] = boundSocket(socketKind(family, c.SOCK_DGRAM));
    closeNow(fd);
    const sender = closeAfterTest(c.socket(family, c.SOCK_DGRAM, 0));
    must(setOption(sender, level, optname!, 1));
    must(c.sendto(sender, 'lost', 4, 0, address, c.sizeof(address)));
    expect(waitForEvents(sender, 0) & c.POLLERR).toBe(c.POLLERR);
    const message = receiveMessage(sender, c.MSG_ERRQUEUE!);
    expect(message.flags & c.MSG_ERRQUEUE!).toBe(c.MSG_ERRQUEUE);
    expect(String.fromCharCode(...message.bytes)).toBe('lost');
    expect(c.memcmp(message.name, address, family === c.AF_INET ? 8 : 24)).toBe(0); // to whom it went
    const data = controlData(message, level, optname!);
    const error = c.sock_extended_err.at(data);
    const expected =
      family === c.AF_INET
        ? [c.ECONNREFUSED, c.SO_EE_ORIGIN_ICMP ?? 2, c.ICMP_DEST_UNREACH, c.ICMP_PORT_UNREACH]
        : [c.ECONNREFUSED, c.SO_EE_ORIGIN_ICMP6 ?? 3, 1, 4];
    expect([error.ee_errno, error.ee_origin, error.ee_type, error.ee_code]).toEqual(expected);
    const offender = c.SO_EE_OFFENDER(error);
    expect(c.sockaddr.at(offender).sa_family).toBe(family);
    const text =
      family === c.AF_INET
        ? c.inet_ntoa(c.sockaddr_in.at(offender).sin_addr)
        : c.inet_ntop(family, c.sockaddr_in6.at(offender).sin6_addr, null, 64);
    expect(text).toBe(family === c.AF_INET ? '127.0.0.1' : '::1');
    expect(errnoName(() => c.recv(sender, new Uint8Array(1), 1, c.MSG_ERRQUEUE!))).toBe('EAGAIN');
  });
});

describe.runIf(linux && c.SO_ZEROCOPY)('MSG_ZEROCOPY', () => {
  test.each([
    ['tcp4', c.AF_INET],
    ['tcp6', c.AF_INET6],
  ] as const)('%s: each send completes with its number', (_name, family) => {
    const [client, server] = connectedPair(socketKind(family, c.SOCK_STREAM));
    must(setOption(client, c.SOL_SOCKET, c.SO_ZEROCOPY!, 1));
    const bytes = new Uint8Array(16384).fill(7); // referenced and unchanged until the completions have come
    expect(c.send(client, bytes, bytes.length, c.MSG_ZEROCOPY!)).toBe(bytes.length);
    expect(c.send(client, bytes, bytes.length, c.MSG_ZEROCOPY!)).toBe(bytes.length);
    const read = new Uint8Array(2 * bytes.length);
    expect(c.recv(server, read, read.length, c.MSG_WAITALL)).toBe(read.length);
    expect(read.every((byte) => byte === 7)).toBe(true);
    const done = new Set<number>();
    while (done.size < 2) {
      expect(waitForEvents(client, 0) & c.POLLERR).toBe(c.POLLERR);
      const message = receiveMessage(client, c.MSG_ERRQUEUE!);
      const [level, type] = family === c.AF_INET ? [c.IPPROTO_IP, c.IP_RECVERR!] : [c.IPPROTO_IPV6, c.IPV6_RECVERR!];
      const error = c.sock_extended_err.at(controlData(message, level, type));
      expect([error.ee_errno, error.ee_origin]).toEqual([0, c.SO_EE_ORIGIN_ZEROCOPY ?? 5]);
      for (let id = error.ee_info; id <= error.ee_data; id++) done.add(id);
    }
    expect([...done].sort()).toEqual([0, 1]);
  });

  test('completes for a datagram too, and copies without SO_ZEROCOPY', () => {
    const [receiver, address] = boundSocket(udp4);
    const sender = closeAfterTest(c.socket(c.AF_INET, c.SOCK_DGRAM, 0));
    must(c.connect(sender, address, c.sizeof(address)));
    must(setOption(sender, c.SOL_SOCKET, c.SO_ZEROCOPY!, 1));
    const bytes = new Uint8Array(4096);
    expect(c.send(sender, bytes, bytes.length, c.MSG_ZEROCOPY!)).toBe(bytes.length);
    expect(receiveMessage(receiver).bytes.length).toBe(4096);
    expect(waitForEvents(sender, 0) & c.POLLERR).toBe(c.POLLERR);
    const error = c.sock_extended_err.at(
      controlData(receiveMessage(sender, c.MSG_ERRQUEUE!), c.IPPROTO_IP, c.IP_RECVERR!),
    );
    expect([error.ee_info, error.ee_data]).toEqual([0, 0]);

    const [client] = connectedPair(tcp4);
    // Without SO_ZEROCOPY the flag says nothing: the bytes are copied, and nothing completes.
    expect(c.send(client, bytes, 1, c.MSG_ZEROCOPY!)).toBe(1);
    expect(errnoName(() => c.recv(client, new Uint8Array(1), 1, c.flags(c.MSG_ERRQUEUE, c.MSG_DONTWAIT)))).toBe(
      'EAGAIN',
    );
  });
});

test('a stream reports ECONNREFUSED without the error queue', () => {
  const [fd, address] = boundSocket(tcp4);
  const client = closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM, 0));
  expect(errnoName(() => c.connect(client, address, c.sizeof(address)))).toBe('ECONNREFUSED');
  expect(localAddress(fd, loopback(c.AF_INET))).toEqual(address);
});
