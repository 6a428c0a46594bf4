// Control data of IP: address and interface of a packet, time to live, type of service, hop limit and traffic class.
import { readFileSync } from 'node:fs';
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { controlData, encodeControlMessage, receiveMessage, sendMessage } from '../support/control_messages.js';
import { errnoName, loopback, must, receiverAndSender, setOption } from '../support/descriptors.js';
import { reportMissing } from '../support/machine.js';
import { udp4, udp6 } from '../support/socket_kinds.js';

const { IPPROTO_IP, IPPROTO_IPV6 } = c;
const lo = c.if_nametoindex('lo') || c.if_nametoindex('lo0');
const intOf = (data: Uint8Array): number => c.int.at(data).value;

describe('IPv4', () => {
  test.runIf(c.IP_PKTINFO)('IP_PKTINFO reports where a datagram came in, and chooses where one goes out', () => {
    const receiver = closeAfterTest(c.socket(c.AF_INET, c.SOCK_DGRAM, 0));
    const any = new c.sockaddr_in({ sin_family: c.AF_INET }); // of every interface
    must(c.bind(receiver, any, c.sizeof(any)));
    must(c.getsockname(receiver, any, new c.socklen_t(c.sizeof(any))));
    must(setOption(receiver, IPPROTO_IP, c.IP_PKTINFO!, 1));
    any.sin_addr.s_addr = c.inet_addr('127.0.0.2');
    const sender = closeAfterTest(c.socket(c.AF_INET, c.SOCK_DGRAM, 0));
    must(c.connect(sender, any, c.sizeof(any)));
    const chosen = new c.in_pktinfo({ ipi_ifindex: lo });
    chosen.ipi_spec_dst.s_addr = c.inet_addr('127.0.0.3'); // the source
    must(sendMessage(sender, 'info', encodeControlMessage(IPPROTO_IP, c.IP_PKTINFO!, chosen)));
    const message = receiveMessage(receiver);
    expect(c.inet_ntoa(c.sockaddr_in.at(message.name).sin_addr)).toBe('127.0.0.3');
    const info = c.in_pktinfo.at(controlData(message, IPPROTO_IP, c.IP_PKTINFO!));
    expect([info.ipi_ifindex, c.inet_ntoa(info.ipi_addr)]).toEqual([lo, '127.0.0.2']);
  });

  test.runIf(c.IP_RECVTTL)('IP_TTL and IP_TOS apply to a socket and to one datagram', () => {
    const { receiver, sender } = receiverAndSender(udp4);
    must(setOption(receiver, IPPROTO_IP, c.IP_RECVTTL!, 1));
    must(setOption(receiver, IPPROTO_IP, c.IP_RECVTOS!, 1));
    must(setOption(sender, IPPROTO_IP, c.IP_TTL, 33));
    must(setOption(sender, IPPROTO_IP, c.IP_TOS, c.IPTOS_LOWDELAY!));
    must(c.send(sender, 'a', 1, 0));
    let message = receiveMessage(receiver);
    expect(intOf(controlData(message, IPPROTO_IP, c.IP_TTL))).toBe(33);
    expect(controlData(message, IPPROTO_IP, c.IP_TOS)[0]).toBe(c.IPTOS_LOWDELAY);
    must(sendMessage(sender, 'b', encodeControlMessage(IPPROTO_IP, c.IP_TTL, new c.int(7))));
    message = receiveMessage(receiver);
    expect(intOf(controlData(message, IPPROTO_IP, c.IP_TTL))).toBe(7);
    const tos = encodeControlMessage(IPPROTO_IP, c.IP_TOS, new c.int(c.IPTOS_THROUGHPUT!));
    must(sendMessage(sender, 'c', tos));
    message = receiveMessage(receiver);
    expect(controlData(message, IPPROTO_IP, c.IP_TOS)[0]).toBe(c.IPTOS_THROUGHPUT);
    expect(errnoName(() => sendMessage(sender, 'd', encodeControlMessage(IPPROTO_IP, c.IP_TTL, new c.int(999))))).toBe(
      'EINVAL',
    );
  });

  test.runIf(c.IP_RECVORIGDSTADDR)('IP_RECVORIGDSTADDR reports the original destination', () => {
    const { receiver, sender, address } = receiverAndSender(udp4);
    must(setOption(receiver, IPPROTO_IP, c.IP_RECVORIGDSTADDR!, 1));
    must(c.send(sender, 'o', 1, 0));
    const original = c.sockaddr_in.at(controlData(receiveMessage(receiver), IPPROTO_IP, c.IP_ORIGDSTADDR!));
    expect(c.memcmp(original, address, 8)).toBe(0);
  });
});

describe('IPv6', () => {
  test('IPV6_PKTINFO reports where a datagram came in, and chooses where one goes out', () => {
    const { receiver, sender } = receiverAndSender(udp6);
    must(setOption(receiver, IPPROTO_IPV6, c.IPV6_RECVPKTINFO!, 1));
    const chosen = new c.in6_pktinfo({ ipi6_addr: c.in6addr_loopback, ipi6_ifindex: lo });
    must(sendMessage(sender, 'info', encodeControlMessage(IPPROTO_IPV6, c.IPV6_PKTINFO!, chosen)));
    const info = c.in6_pktinfo.at(controlData(receiveMessage(receiver), IPPROTO_IPV6, c.IPV6_PKTINFO!));
    expect(c.IN6_IS_ADDR_LOOPBACK(info.ipi6_addr)).toBe(1);
    expect(info.ipi6_ifindex).toBe(lo);
    c.inet_pton(c.AF_INET6, '2001:db8::1', chosen.ipi6_addr); // not ours
    const other = encodeControlMessage(IPPROTO_IPV6, c.IPV6_PKTINFO!, chosen);
    expect(errnoName(() => sendMessage(sender, 'x', other))).toMatch(/^E/);
  });

  test('IPV6_HOPLIMIT and IPV6_TCLASS apply to a socket and to one datagram', () => {
    const { receiver, sender } = receiverAndSender(udp6);
    must(setOption(receiver, IPPROTO_IPV6, c.IPV6_RECVHOPLIMIT!, 1));
    must(setOption(receiver, IPPROTO_IPV6, c.IPV6_RECVTCLASS!, 1));
    must(setOption(sender, IPPROTO_IPV6, c.IPV6_UNICAST_HOPS, 44));
    must(setOption(sender, IPPROTO_IPV6, c.IPV6_TCLASS!, 0x28));
    must(c.send(sender, 'a', 1, 0));
    let message = receiveMessage(receiver);
    expect(intOf(controlData(message, IPPROTO_IPV6, c.IPV6_HOPLIMIT!))).toBe(44);
    expect(intOf(controlData(message, IPPROTO_IPV6, c.IPV6_TCLASS!))).toBe(0x28);
    must(sendMessage(sender, 'b', encodeControlMessage(IPPROTO_IPV6, c.IPV6_HOPLIMIT!, new c.int(5))));
    message = receiveMessage(receiver);
    expect(intOf(controlData(message, IPPROTO_IPV6, c.IPV6_HOPLIMIT!))).toBe(5);
    must(sendMessage(sender, 'c', encodeControlMessage(IPPROTO_IPV6, c.IPV6_TCLASS!, new c.int(0x10))));
    message = receiveMessage(receiver);
    expect(intOf(controlData(message, IPPROTO_IPV6, c.IPV6_TCLASS!))).toBe(0x10);
  });
});

/** The IPv6 groups of the interfaces, as the kernel lists them. */
const memberships = (): string[] =>
  readFileSync('/proc/net/igmp6', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).slice(1, 3).join(' '));
const hexOf = (address: c.in_addr | c.in6_addr): string =>
  Buffer.from(address.buffer, address.byteOffset, address.byteLength).toString('hex');

describe('MCAST_JOIN_GROUP', () => {
  test.each([
    ['IPv4', c.AF_INET, IPPROTO_IP, '239.1.2.3'],
    ['IPv6', c.AF_INET6, IPPROTO_IPV6, 'ff01::1234'],
  ] as const)('joins a group on the loopback interface over %s', (_name, family, level, group) => {
    const receiver = closeAfterTest(c.socket(family, c.SOCK_DGRAM, 0));
    const request = new c.group_req({ gr_interface: lo });
    const address = loopback(family);
    const member = family === c.AF_INET ? c.sockaddr_in.at(request.gr_group) : c.sockaddr_in6.at(request.gr_group);
    const addr = address instanceof c.sockaddr_in ? address.sin_addr : address.sin6_addr;
    must(c.inet_pton(family, group, addr));
    c.memcpy(member, address, c.sizeof(address));
    if (address instanceof c.sockaddr_in6) address.sin6_scope_id = lo;
    must(c.bind(receiver, address, c.sizeof(address)));
    must(c.getsockname(receiver, address, new c.socklen_t(c.sizeof(address))));
    const sender = closeAfterTest(c.socket(family, c.SOCK_DGRAM, 0));
    if (family === c.AF_INET) {
      const via = new c.ip_mreqn({ imr_ifindex: lo });
      must(c.setsockopt(sender, level, c.IP_MULTICAST_IF, via, c.sizeof(via)));
    } else {
      must(setOption(sender, level, c.IPV6_MULTICAST_IF, lo));
    }
    must(c.setsockopt(receiver, level, c.MCAST_JOIN_GROUP, request, c.sizeof(request)));
    expect(errnoName(() => c.setsockopt(receiver, level, c.MCAST_JOIN_GROUP, request, c.sizeof(request)))).toBe(
      'EADDRINUSE',
    );
    if (process.platform === 'linux' && family === c.AF_INET6) expect(memberships()).toContain(`lo ${hexOf(addr)}`);
    const sent = errnoName(() => c.sendto(sender, 'group', 5, 0, address, c.sizeof(address)));
    if (sent === 'ENETUNREACH' && family === c.AF_INET6)
      reportMissing('a multicast route of the loopback interface', sent);
    else expect([sent, receiveMessage(receiver).bytes.length]).toEqual(['no error: 5', 5]);
    must(c.setsockopt(receiver, level, c.MCAST_LEAVE_GROUP, request, c.sizeof(request)));
    expect(errnoName(() => c.setsockopt(receiver, level, c.MCAST_LEAVE_GROUP, request, c.sizeof(request)))).toBe(
      'EADDRNOTAVAIL',
    );
    if (process.platform === 'linux') expect(memberships()).not.toContain(`lo ${hexOf(addr)}`);
  });
});
