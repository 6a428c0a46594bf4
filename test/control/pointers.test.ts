// No argument from JavaScript is an address that the kernel follows: options and control data that hold pointers or counts.
import * as c from 'bsd-sockets/c';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { encodeControlMessage, sendMessage } from '../support/control_messages.js';
import { connectedPair, errnoName, loopback, must } from '../support/descriptors.js';
import { tcp4, tcp6, unixDatagram, unixStream } from '../support/socket_kinds.js';

describe.runIf(process.platform === 'linux')('options that hold a pointer', () => {
  const [BOTH, SET, GET] = [3, 1, 2];
  test.each([
    ['TCP_ZEROCOPY_RECEIVE', c.IPPROTO_TCP, 35, BOTH],
    ['IPT_SO_SET_REPLACE', c.IPPROTO_IP, 64, SET],
    ['ARPT_SO_SET_REPLACE', c.IPPROTO_IP, 96, SET],
    ['IP6T_SO_SET_REPLACE', c.IPPROTO_IPV6, 64, SET],
    ['EBT_SO_SET_ENTRIES', c.IPPROTO_IP, 128, BOTH],
    ['EBT_SO_GET_ENTRIES', c.IPPROTO_IP, 129, BOTH],
    ['EBT_SO_GET_INIT_INFO', c.IPPROTO_IP, 130, GET],
    ['EBT_SO_GET_INIT_ENTRIES', c.IPPROTO_IP, 131, GET],
    ['SCTP_SOCKOPT_CONNECTX3', c.IPPROTO_SCTP!, 111, BOTH],
    ['RDS_GET_MR', 276, 2, BOTH],
    ['RDS_GET_MR_FOR_DEST', 276, 7, BOTH],
    ['XDP_UMEM_REG', 283, 4, BOTH],
    ['MPTCP_FULL_INFO', 284, 4, BOTH],
  ] as const)('%s fails with EINVAL on every socket', (_name, level, optname, calls) => {
    const [a] = connectedPair(unixStream);
    const tcp = closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM, 0));
    for (const fd of [a, tcp, -1]) {
      const bytes = new Uint8Array(256);
      if (calls & SET) expect(errnoName(() => c.setsockopt(fd, level, optname, bytes, 256))).toBe('EINVAL');
      const length = new c.socklen_t(256);
      if (calls & GET) expect(errnoName(() => c.getsockopt(fd, level, optname, bytes, length))).toBe('EINVAL');
      length.value = 257;
      if (calls & GET) expect(errnoName(() => c.getsockopt(fd, level, optname, bytes, length))).toBe('EFAULT');
    }
  });

  test('IPT_SO_GET_INFO, which has the same number, passes', () => {
    const fd = closeAfterTest(c.socket(c.AF_INET, c.SOCK_RAW, c.IPPROTO_RAW!));
    const info = new Uint8Array(84); // struct ipt_getinfo: a table's name first
    info.set(new TextEncoder().encode('no such table'));
    const said = errnoName(() => c.getsockopt(fd, c.IPPROTO_IP, 64, info, new c.socklen_t(84)));
    expect(said).toMatch(/^(ENOENT|ENOPROTOOPT)$/);
  });

  test('RDS’s requests for remote memory in control data are refused', () => {
    const [a] = connectedPair(unixDatagram);
    for (const type of [1, 3, 6, 7, 8, 9]) {
      const request = encodeControlMessage(276, type, new Uint8Array(48));
      expect(errnoName(() => sendMessage(a, 'x', request))).toBe('EINVAL');
      // Behind another message, too.
      const behind = new Uint8Array([...encodeControlMessage(c.SOL_SOCKET, c.SCM_RIGHTS, new c.int(a)), ...request]);
      expect(errnoName(() => sendMessage(a, 'x', behind))).toBe('EINVAL');
      expect(
        errnoName(() => {
          const msg_hdr = new c.msghdr({ msg_control: behind, msg_controllen: behind.length });
          return c.sendmmsg(a, new c.mmsghdr({ msg_hdr }), 1, 0);
        }),
      ).toBe('EINVAL');
    }
  });
});

describe.runIf(process.platform === 'linux')('getsockopt with a count inside the value', () => {
  const SOURCES = 8;

  test('IP_MSFILTER writes no source beyond the memory, whatever count it holds', () => {
    const fd = closeAfterTest(c.socket(c.AF_INET, c.SOCK_DGRAM, 0));
    const group = c.inet_addr('239.9.8.7');
    for (let i = 1; i <= SOURCES; i++) {
      const request = new c.ip_mreq_source();
      request.imr_multiaddr.s_addr = group;
      request.imr_interface.s_addr = c.htonl(c.INADDR_LOOPBACK);
      request.imr_sourceaddr.s_addr = c.inet_addr(`192.0.2.${i}`);
      must(c.setsockopt(fd, c.IPPROTO_IP, c.IP_ADD_SOURCE_MEMBERSHIP, request, c.sizeof(request)));
    }
    // struct ip_msfilter: group, interface, mode, count, sources
    const memory = new Uint8Array(16 + 4 * SOURCES + 64);
    const ask = (count: number, room: number): string => {
      memory.fill(0xee);
      const filter = memory.subarray(0, room);
      const words = new Uint32Array(memory.buffer, 0, 4);
      words.set([group, c.htonl(c.INADDR_LOOPBACK), 0, count]);
      return errnoName(() => c.getsockopt(fd, c.IPPROTO_IP, c.IP_MSFILTER!, filter, new c.socklen_t(16)));
    };
    expect(ask(SOURCES, 16 + 4 * SOURCES)).toBe('no error: 0');
    expect(memory[16 + 4 * SOURCES - 1]).not.toBe(0xee);
    expect(memory[16 + 4 * SOURCES]).toBe(0xee);
    for (const room of [16, 20, 16 + 4 * SOURCES - 1]) {
      expect(ask(1000, room)).toBe('EFAULT');
      expect(memory.subarray(room).every((byte) => byte === 0xee)).toBe(true);
    }
    expect(ask(0, 16)).toBe('no error: 0');
  });

  test.each([
    ['IPv4', c.AF_INET, c.IPPROTO_IP, '239.9.8.6', '192.0.2.'],
    ['IPv6', c.AF_INET6, c.IPPROTO_IPV6, 'ff02::9876', '2001:db8::'],
  ] as const)('MCAST_MSFILTER of %s does not either', (_name, family, level, group, prefix) => {
    const fd = closeAfterTest(c.socket(family, c.SOCK_DGRAM, 0));
    const lo = c.if_nametoindex('lo');
    const put = (to: c.sockaddr_storage, text: string): void => {
      const address = loopback(family);
      must(c.inet_pton(family, text, address instanceof c.sockaddr_in ? address.sin_addr : address.sin6_addr));
      c.memcpy(to, address, c.sizeof(address));
    };
    const request = new c.group_source_req({ gsr_interface: lo });
    put(request.gsr_group, group);
    for (let i = 1; i <= 3; i++) {
      put(request.gsr_source, prefix + i);
      must(c.setsockopt(fd, level, c.MCAST_JOIN_SOURCE_GROUP, request, c.sizeof(request)));
    }
    const HEADER = 144; // struct group_filter without its sources, which have 128 bytes each
    const memory = new Uint8Array(HEADER + 3 * 128 + 128);
    const ask = (count: number, room: number): string => {
      memory.fill(0xee);
      memory.fill(0, 0, HEADER);
      c.uint32_t.at(memory).value = lo;
      put(c.sockaddr_storage.at(memory, 8), group);
      c.uint32_t.at(memory, 140).value = count;
      const filter = memory.subarray(0, room);
      return errnoName(() => c.getsockopt(fd, level, c.MCAST_MSFILTER!, filter, new c.socklen_t(HEADER)));
    };
    expect(ask(3, HEADER + 3 * 128)).toBe('no error: 0');
    expect(c.sockaddr.at(memory, HEADER).sa_family).toBe(family);
    for (const room of [HEADER, HEADER + 128]) {
      expect(ask(3, room)).toBe('EFAULT');
      expect(memory.subarray(room).every((byte) => byte === 0xee)).toBe(true);
    }
  });

  test('SO_PEERGROUPS reports the needed length with ERANGE', () => {
    const [a] = connectedPair(unixStream);
    const groups = new Uint32Array(256);
    const length = new c.socklen_t(groups.byteLength);
    must(c.getsockopt(a, c.SOL_SOCKET, c.SO_PEERGROUPS!, groups, length));
    const needed = length.value;
    length.value = 0;
    if (needed === 0) return;
    expect(errnoName(() => c.getsockopt(a, c.SOL_SOCKET, c.SO_PEERGROUPS!, groups, length))).toBe('ERANGE');
    expect(length.value).toBe(needed);
  });
});

describe.runIf(process.platform === 'linux')('the kernel keeps to optlen', () => {
  const LEVELS = [0, 1, 6, 17, 41, 58, 255, 263, 270, 282, 283, 284];
  const SO_PEERPIDFD = 77; // opens a descriptor
  const sockets: [string, () => number][] = [
    ['tcp', () => connectedPair(tcp4)[0]],
    ['tcp6', () => connectedPair(tcp6)[0]],
    ['udp', () => closeAfterTest(c.socket(c.AF_INET, c.SOCK_DGRAM, 0))],
    ['udp6', () => closeAfterTest(c.socket(c.AF_INET6, c.SOCK_DGRAM, 0))],
    ['unix', () => connectedPair(unixStream)[0]],
    ['netlink', () => closeAfterTest(c.socket(c.AF_NETLINK!, c.SOCK_RAW, 0))],
  ];
  test.each(sockets)('getsockopt of a %s socket, for every option number and any content', (_name, make) => {
    const fd = make();
    const memory = new Uint8Array(1024);
    for (const level of LEVELS) {
      for (let optname = 0; optname < 135; optname++) {
        if (level === c.SOL_SOCKET && optname === SO_PEERPIDFD) continue;
        for (const length of [4, 16, 144]) {
          memory.fill(0xee);
          // Counts, if the kernel takes any from there, that are beyond the memory.
          c.getsockopt(fd, level, optname, memory.subarray(0, length).fill(0x7f), new c.socklen_t(length));
          const beyond = memory.findIndex((byte, i) => i >= length && byte !== 0xee);
          if (beyond >= 0) throw new Error(`option ${level}, ${optname} wrote at ${beyond} for a length of ${length}`);
        }
      }
    }
  });
});

test('sendmsg sends or refuses control data with any content', () => {
  const [a, b] = connectedPair(unixDatagram);
  const control = fc.tuple(
    fc.uint8Array({ maxLength: 96 }),
    fc.array(fc.record({ at: fc.nat(11), length: fc.nat(100), level: fc.constantFrom(1, 276, 0), type: fc.nat(12) })),
  );
  fc.assert(
    fc.property(control, ([bytes, headers]) => {
      const memory = bytes.slice();
      for (const { at, length, level, type } of headers) {
        if (8 * at + c.sizeof(c.cmsghdr) > memory.length) continue;
        Object.assign(c.cmsghdr.at(memory, 8 * at), { cmsg_len: length, cmsg_level: level, cmsg_type: type });
      }
      c.set_errno(0);
      if (sendMessage(a, 'x', memory) === 1) expect(c.recv(b, new Uint8Array(1), 1, c.MSG_DONTWAIT)).toBe(1);
      else expect(c.strerrorname_np(c.errno)).toMatch(/^E(INVAL|BADF|PERM|SRCH|TOOMANYREFS|OPNOTSUPP)$/);
    }),
    { numRuns: 1000 },
  );
});
