// Raw ICMP and ICMPv6 on the loopback interface, their filters, and ping sockets. Raw sockets need CAP_NET_RAW.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { errnoName, getOption, loopback, must, setOption, waitForEvents } from '../support/descriptors.js';
import { reportMissing } from '../support/machine.js';

const raw = c.socket(c.AF_INET, c.SOCK_RAW, c.IPPROTO_ICMP);
if (raw < 0) reportMissing('raw sockets', c.strerrorname_np(c.errno)!);
else c.close(raw);
const linux = process.platform === 'linux';

/** The internet checksum of RFC 1071. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return c.htons(~sum & 0xffff);
}

const ID = process.pid & 0xffff;

describe.runIf(raw >= 0 && linux)('raw sockets', () => {
  test('answer an ICMP echo; ICMP_FILTER passes only the answer', () => {
    const fd = closeAfterTest(c.socket(c.AF_INET, c.SOCK_RAW, c.IPPROTO_ICMP));
    must(setOption(fd, c.SOL_RAW!, c.ICMP_FILTER!, ~(1 << c.ICMP_ECHOREPLY!)));
    expect(getOption(fd, c.SOL_RAW!, c.ICMP_FILTER!)).toBe(~(1 << c.ICMP_ECHOREPLY!));
    const packet = new Uint8Array(c.icmphdr.size + 4);
    const icmp = c.icmphdr.at(packet);
    icmp.type = c.ICMP_ECHO!;
    icmp.un.echo.id = c.htons(ID);
    icmp.un.echo.sequence = c.htons(1);
    packet.set([1, 2, 3, 4], 8);
    icmp.checksum = checksum(packet);
    const to = loopback(c.AF_INET);
    must(c.sendto(fd, packet, packet.length, 0, to, c.sizeof(to)));
    const answer = new Uint8Array(128);
    for (;;) {
      expect(waitForEvents(fd, c.POLLIN)).toBe(c.POLLIN);
      const length = must(c.recv(fd, answer, answer.length, 0));
      const ip = c.iphdr.at(answer);
      expect([ip.version, ip.protocol]).toEqual([4, c.IPPROTO_ICMP]);
      const echo = c.icmphdr.at(answer, ip.ihl! * 4);
      expect(echo.type).toBe(c.ICMP_ECHOREPLY); // the request itself was filtered out
      if (c.ntohs(echo.un.echo.id) !== ID) continue; // another program's ping
      expect(length).toBe(20 + packet.length);
      expect([...answer.subarray(28, length)]).toEqual([1, 2, 3, 4]);
      return;
    }
  });

  test('take the program’s own IP header with IP_HDRINCL', () => {
    const fd = closeAfterTest(c.socket(c.AF_INET, c.SOCK_RAW, c.IPPROTO_RAW!));
    expect(getOption(fd, c.IPPROTO_IP, c.IP_HDRINCL)).toBe(1);
    const receiver = closeAfterTest(c.socket(c.AF_INET, c.SOCK_RAW, 253)); // RFC 3692: for experiments
    const packet = new Uint8Array(c.iphdr.size + 3);
    Object.assign(c.iphdr.at(packet), { version: 4, ihl: 5, ttl: 77, protocol: 253 });
    c.iphdr.at(packet).daddr = c.htonl(c.INADDR_LOOPBACK);
    const to = loopback(c.AF_INET);
    expect(c.sendto(fd, packet, packet.length, 0, to, c.sizeof(to))).toBe(packet.length);
    const answer = new Uint8Array(64);
    expect(waitForEvents(receiver, c.POLLIN)).toBe(c.POLLIN);
    expect(c.recv(receiver, answer, 64, 0)).toBe(packet.length);
    const ip = c.iphdr.at(answer);
    // The kernel fills in the length, the source and the checksum.
    expect([ip.ttl, c.ntohs(ip.tot_len!), ip.saddr]).toEqual([77, 23, c.htonl(c.INADDR_LOOPBACK)]);
  });

  test('answer an ICMPv6 echo; ICMP6_FILTER passes only the answer', () => {
    const fd = closeAfterTest(c.socket(c.AF_INET6, c.SOCK_RAW, c.IPPROTO_ICMPV6));
    const filter = new c.icmp6_filter();
    c.ICMP6_FILTER_SETBLOCKALL(filter);
    c.ICMP6_FILTER_SETPASS(c.ICMP6_ECHO_REPLY!, filter);
    must(c.setsockopt(fd, c.IPPROTO_ICMPV6, c.ICMP6_FILTER!, filter, c.sizeof(filter)));
    const read = new c.icmp6_filter();
    must(c.getsockopt(fd, c.IPPROTO_ICMPV6, c.ICMP6_FILTER!, read, new c.socklen_t(c.sizeof(read))));
    expect(c.ICMP6_FILTER_WILLPASS(c.ICMP6_ECHO_REPLY!, read)).toBe(1);
    expect(c.ICMP6_FILTER_WILLBLOCK(c.ICMP6_ECHO_REQUEST!, read)).toBe(1);
    const packet = new Uint8Array(c.icmp6_hdr.size + 2);
    const icmp = c.icmp6_hdr.at(packet);
    icmp.icmp6_type = c.ICMP6_ECHO_REQUEST!;
    c.uint16_t.at(packet, 4).value = c.htons(ID);
    c.uint16_t.at(packet, 6).value = c.htons(2);
    packet.set([9, 8], 8); // the kernel computes the checksum
    const to = loopback(c.AF_INET6);
    must(c.sendto(fd, packet, packet.length, 0, to, c.sizeof(to)));
    const answer = new Uint8Array(128);
    for (;;) {
      expect(waitForEvents(fd, c.POLLIN)).toBe(c.POLLIN);
      const length = must(c.recv(fd, answer, answer.length, 0));
      expect(c.icmp6_hdr.at(answer).icmp6_type).toBe(c.ICMP6_ECHO_REPLY);
      if (c.ntohs(c.uint16_t.at(answer, 4).value) !== ID) continue;
      expect([length, answer[8], answer[9]]).toEqual([10, 9, 8]);
      return;
    }
  });
});

describe.each([
  ['AF_INET', c.AF_INET, c.IPPROTO_ICMP],
  ['AF_INET6', c.AF_INET6, c.IPPROTO_ICMPV6],
] as const)('a ping socket of %s', (_name, family, protocol) => {
  test('sends an echo, or is not allowed to', () => {
    const fd = c.socket(family, c.SOCK_DGRAM, protocol);
    if (fd < 0) {
      // net.ipv4.ping_group_range
      expect(c.errno).toBe(c.EACCES);
      return reportMissing('ping sockets', 'EACCES');
    }
    closeAfterTest(fd);
    const packet = new Uint8Array(12);
    packet[0] = family === c.AF_INET ? 8 : 128;
    const to = loopback(family);
    must(c.sendto(fd, packet, packet.length, 0, to, c.sizeof(to)));
    expect(waitForEvents(fd, c.POLLIN)).toBe(c.POLLIN);
    const answer = new Uint8Array(64);
    expect(c.recv(fd, answer, 64, 0)).toBe(12);
    expect(answer[0]).toBe(family === c.AF_INET ? 0 : 129);
    packet[0] = 3;
    expect(errnoName(() => c.sendto(fd, packet, packet.length, 0, to, c.sizeof(to)))).toBe('EINVAL');
  });
});
