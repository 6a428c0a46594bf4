// AF_INET and AF_INET6, flow information and scope included.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import {
  boundSocket,
  connectedPair,
  errnoName,
  localAddress,
  loopback,
  must,
  receiverAndSender,
  setOption,
} from '../support/descriptors.js';
import { socketKind, udp4, udp6 } from '../support/socket_kinds.js';

const link = (() => {
  // A link-local address of this machine, with the index of its interface.
  const list = new c.pointer<c.ifaddrs>();
  must(c.getifaddrs(list));
  for (let entry = list.value; entry; entry = entry.ifa_next) {
    const address = entry.ifa_addr;
    if (address instanceof c.sockaddr_in6 && c.IN6_IS_ADDR_LINKLOCAL(address.sin6_addr)) return address;
  }
  return undefined;
})();

describe.each([
  ['AF_INET', c.AF_INET],
  ['AF_INET6', c.AF_INET6],
] as const)('%s', (_name, family) => {
  test('a stream has the addresses of both ends', () => {
    const [client, server] = connectedPair(socketKind(family, c.SOCK_STREAM));
    const peer = loopback(family);
    const length = new c.socklen_t(c.sizeof(peer));
    must(c.getpeername(server, peer, length));
    expect(length.value).toBe(c.sizeof(peer));
    const own_ = localAddress(client, loopback(family));
    expect(c.memcmp(peer, own_, c.sizeof(peer))).toBe(0);
    expect(c.send(client, 'x', 1, 0)).toBe(1);
    expect(c.recv(server, new Uint8Array(4), 4, 0)).toBe(1);
  });

  test('a datagram has its sender’s address', () => {
    const { receiver, sender } = receiverAndSender(socketKind(family, c.SOCK_DGRAM));
    must(c.send(sender, 'ab', 2, 0));
    const from = new c.sockaddr_storage();
    const length = new c.socklen_t(c.sizeof(from));
    expect(c.recvfrom(receiver, new Uint8Array(8), 8, 0, from, length)).toBe(2);
    expect(from.ss_family).toBe(family);
    expect(c.memcmp(from, localAddress(sender, loopback(family)), length.value)).toBe(0);
  });

  test('a port that is taken fails with EADDRINUSE', () => {
    const [, address] = boundSocket(socketKind(family, c.SOCK_STREAM));
    const other = closeAfterTest(c.socket(family, c.SOCK_STREAM, 0));
    expect(errnoName(() => c.bind(other, address, c.sizeof(address)))).toBe('EADDRINUSE');
  });
});

describe('AF_INET6', () => {
  test('takes an IPv4-mapped address', () => {
    const [, address] = boundSocket(udp4);
    const six = closeAfterTest(c.socket(c.AF_INET6, c.SOCK_DGRAM, 0));
    const mapped = new c.sockaddr_in6({ sin6_family: c.AF_INET6, sin6_port: (address as c.sockaddr_in).sin_port });
    must(c.inet_pton(c.AF_INET6, '::ffff:127.0.0.1', mapped.sin6_addr));
    expect(c.IN6_IS_ADDR_V4MAPPED(mapped.sin6_addr)).toBe(1);
    must(setOption(six, c.IPPROTO_IPV6, c.IPV6_V6ONLY, 0));
    must(c.connect(six, mapped, c.sizeof(mapped)));
    const only = closeAfterTest(c.socket(c.AF_INET6, c.SOCK_DGRAM, 0));
    must(setOption(only, c.IPPROTO_IPV6, c.IPV6_V6ONLY, 1));
    expect(errnoName(() => c.connect(only, mapped, c.sizeof(mapped)))).toBe('ENETUNREACH');
  });

  test.runIf(c.IPV6_FLOWINFO)('delivers the flow label of a sockaddr_in6', () => {
    const [receiver, address] = boundSocket(udp6);
    must(setOption(receiver, c.IPPROTO_IPV6, c.IPV6_FLOWINFO!, 1));
    const sender = closeAfterTest(c.socket(c.AF_INET6, c.SOCK_DGRAM, 0));
    // struct in6_flowlabel_req of <linux/in6.h>
    const in6_flowlabel_req = c.struct('in6_flowlabel_req', {
      flr_dst: c.in6_addr,
      flr_label: c.uint32_t,
      flr_action: c.uint8_t,
      flr_share: c.uint8_t,
      flr_flags: c.uint16_t,
      flr_expires: c.uint16_t,
      flr_linger: c.uint16_t,
      flr_pad: c.uint32_t,
    });
    const label = c.htonl(0x12345);
    const request = new in6_flowlabel_req({ flr_dst: c.in6addr_loopback, flr_label: label, flr_share: 255 });
    request.flr_flags = 1; // IPV6_FL_F_CREATE
    must(c.setsockopt(sender, c.IPPROTO_IPV6, c.IPV6_FLOWLABEL_MGR!, request, c.sizeof(request)));
    must(setOption(sender, c.IPPROTO_IPV6, c.IPV6_FLOWINFO_SEND!, 1));
    const to = new c.sockaddr_in6(address as c.sockaddr_in6);
    to.sin6_flowinfo = label;
    must(c.sendto(sender, 'f', 1, 0, to, c.sizeof(to)));
    const control = new Uint8Array(c.CMSG_SPACE(4));
    const message = new c.msghdr({ msg_control: control, msg_controllen: control.length });
    must(c.recvmsg(receiver, message, 0));
    const header = c.CMSG_FIRSTHDR(message)!;
    expect([header.cmsg_level, header.cmsg_type]).toEqual([c.IPPROTO_IPV6, c.IPV6_FLOWINFO]);
    expect(c.ntohl(c.uint32_t.at(c.CMSG_DATA(header)).value) & 0xfffff).toBe(0x12345);
  });

  test('needs the scope of a link-local address', (context) => {
    if (link === undefined) return context.skip('this machine has no link-local address');
    const fd = closeAfterTest(c.socket(c.AF_INET6, c.SOCK_DGRAM, 0));
    const scoped = new c.sockaddr_in6({ sin6_family: c.AF_INET6, sin6_addr: link.sin6_addr });
    expect(errnoName(() => c.bind(fd, scoped, c.sizeof(scoped)))).toBe('EINVAL');
    scoped.sin6_scope_id = link.sin6_scope_id;
    expect(c.if_indextoname(link.sin6_scope_id, null)).not.toBe(null);
    must(c.bind(fd, scoped, c.sizeof(scoped)));
    expect(localAddress(fd, new c.sockaddr_in6()).sin6_scope_id).toBe(link.sin6_scope_id);
  });
});
