// VSOCK, ALG, XDP, MPTCP and UDP-Lite if this kernel has them; CAN, TIPC, SCTP, Bluetooth, RDS and PF_SYSTEM, whose
// absence must be reported as in C.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { include, runC, socketErrorInC } from '../support/c_program.js';
import { closeAfterTest, closeNow } from '../support/cleanup.js';
import {
  boundSocket,
  connectedPair,
  errnoName,
  getOption,
  loopback,
  must,
  setOption,
  waitForEvents,
} from '../support/descriptors.js';
import { reportMissing } from '../support/machine.js';
import { socketKind } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';

/** Whether a family is there; if not, ours and C's socket() say the same. */
function there(what: string, domain: number | undefined, type: number, protocol: number): boolean {
  const said = errnoName(() => {
    const fd = c.socket(domain!, type, protocol);
    if (fd >= 0) closeNow(closeAfterTest(fd));
    return fd;
  });
  if (said.startsWith('no error')) return true;
  expect(said).toBe(socketErrorInC(domain!, type, protocol));
  reportMissing(what, said);
  return false;
}

describe.runIf(linux)('AF_VSOCK', () => {
  const PORT = 1024 + (process.pid % 10000);

  test('connects a stream over the local CID, or fails as in C', () => {
    if (!there('AF_VSOCK', c.AF_VSOCK, c.SOCK_STREAM, 0)) return;
    const listener = closeAfterTest(c.socket(c.AF_VSOCK!, c.SOCK_STREAM, 0));
    const address = new c.sockaddr_vm({ svm_family: c.AF_VSOCK!, svm_port: PORT, svm_cid: c.VMADDR_CID_ANY! });
    must(c.bind(listener, address, c.sizeof(address)));
    const bound_ = new c.sockaddr_vm();
    must(c.getsockname(listener, bound_, new c.socklen_t(c.sizeof(bound_))));
    expect([bound_.svm_family, bound_.svm_port, bound_.svm_cid]).toEqual([c.AF_VSOCK, PORT, c.VMADDR_CID_ANY]);
    must(c.listen(listener, 1));
    const client = closeAfterTest(c.socket(c.AF_VSOCK!, c.SOCK_STREAM, 0));
    const to = new c.sockaddr_vm({ svm_family: c.AF_VSOCK!, svm_port: PORT, svm_cid: c.VMADDR_CID_LOCAL! });
    const wait = new c.timeval({ tv_usec: 50_000 });
    must(c.setsockopt(client, c.AF_VSOCK!, c.SO_VM_SOCKETS_CONNECT_TIMEOUT!, wait, c.sizeof(wait)));
    const said = errnoName(() => c.connect(client, to, c.sizeof(to)));
    if (!said.startsWith('no error')) {
      const printed = runC(
        `int fd = socket(AF_VSOCK, SOCK_STREAM, 0);
         struct timeval wait = {0, 50000};
         setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &wait, sizeof wait);
         struct sockaddr_vm to = {.svm_family = AF_VSOCK, .svm_port = ${PORT}, .svm_cid = VMADDR_CID_LOCAL};
         printf("%d", connect(fd, (struct sockaddr *)&to, sizeof to) < 0 ? errno : 0);`,
        include('linux/vm_sockets.h', 'sys/time.h'),
      );
      expect(said).toBe(c.strerrorname_np(Number(printed)));
      return reportMissing('the loopback of AF_VSOCK', said);
    }
    const peer = new c.sockaddr_vm();
    const server = closeAfterTest(c.accept(listener, peer, new c.socklen_t(c.sizeof(peer))));
    expect(peer.svm_cid).toBe(c.VMADDR_CID_LOCAL);
    must(c.send(client, 'v', 1, 0));
    expect(c.recv(server, new Uint8Array(1), 1, 0)).toBe(1);
  });

  test('has the machine’s CID, and a buffer size of 64 bits', () => {
    if (!there('AF_VSOCK', c.AF_VSOCK, c.SOCK_STREAM, 0)) return;
    const fd = closeAfterTest(c.socket(c.AF_VSOCK!, c.SOCK_STREAM, 0));
    const size = new c.uint64_t(65536n);
    must(c.setsockopt(fd, c.AF_VSOCK!, c.SO_VM_SOCKETS_BUFFER_SIZE!, size, c.sizeof(size)));
    size.value = 0n;
    must(c.getsockopt(fd, c.AF_VSOCK!, c.SO_VM_SOCKETS_BUFFER_SIZE!, size, new c.socklen_t(c.sizeof(size))));
    expect(size.value).toBe(65536n);
  });
});

describe.runIf(linux)('AF_ALG', () => {
  test('computes a SHA-256, or fails as in C', () => {
    if (!there('AF_ALG', c.AF_ALG, c.SOCK_SEQPACKET, 0)) return;
    const fd = closeAfterTest(c.socket(c.AF_ALG!, c.SOCK_SEQPACKET, 0));
    const address = new c.sockaddr_alg({ salg_family: c.AF_ALG! });
    c.strcpy(address.salg_type, 'hash');
    c.strcpy(address.salg_name, 'sha256');
    must(c.bind(fd, address, c.sizeof(address)));
    const operation = closeAfterTest(c.accept(fd, null, null));
    must(c.send(operation, 'abc', 3, 0));
    const digest = new Uint8Array(32);
    expect(c.read(operation, digest, 32)).toBe(32);
    expect(Buffer.from(digest).toString('hex')).toMatch(/^ba7816bf8f01cfea/);
  });
});

describe.runIf(linux)('AF_XDP', () => {
  test('has options without the rings, which need mmap', () => {
    if (!there('AF_XDP', c.AF_XDP, c.SOCK_RAW, 0)) return;
    const fd = closeAfterTest(c.socket(c.AF_XDP!, c.SOCK_RAW, 0));
    const offsets = new Uint8Array(4 * 32); // struct xdp_mmap_offsets
    const length = new c.socklen_t(offsets.length);
    must(c.getsockopt(fd, c.SOL_XDP!, c.XDP_MMAP_OFFSETS!, offsets, length));
    expect(length.value).toBe(128);
    must(setOption(fd, c.SOL_XDP!, c.XDP_RX_RING!, 64));
    expect(errnoName(() => setOption(fd, c.SOL_XDP!, c.XDP_RX_RING!, 63))).toBe('EINVAL');
    // The memory that it would name is the kernel's to write to from then on.
    const umem = new Uint8Array(32);
    expect(errnoName(() => c.setsockopt(fd, c.SOL_XDP!, c.XDP_UMEM_REG!, umem, 32))).toBe('EINVAL');
    const address = new c.sockaddr_xdp({ sxdp_family: c.AF_XDP!, sxdp_ifindex: c.if_nametoindex('lo') });
    const printed = runC(
      `int fd = socket(AF_XDP, SOCK_RAW, 0), n = 64; setsockopt(fd, 283, XDP_RX_RING, &n, sizeof n);
       struct sockaddr_xdp a = {.sxdp_family = AF_XDP, .sxdp_ifindex = if_nametoindex("lo")};
       printf("%d", bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ? errno : 0);`,
      include('linux/if_xdp.h', 'net/if.h'),
    );
    expect(errnoName(() => c.bind(fd, address, c.sizeof(address)))).toBe(c.strerrorname_np(Number(printed)));
  });
});

describe.runIf(linux).each([
  ['AF_INET', c.AF_INET],
  ['AF_INET6', c.AF_INET6],
] as const)('over %s', (_name, family) => {
  test('MPTCP carries a stream', () => {
    if (!there('MPTCP', family, c.SOCK_STREAM, c.IPPROTO_MPTCP!)) return;
    const [client, server] = connectedPair(socketKind(family, c.SOCK_STREAM, c.IPPROTO_MPTCP!));
    expect(getOption(client, c.SOL_SOCKET, c.SO_PROTOCOL!)).toBe(c.IPPROTO_MPTCP);
    must(c.send(client, 'multi', 5, 0));
    expect(c.recv(server, new Uint8Array(8), 8, 0)).toBe(5);
    const info = new Uint8Array(256);
    const length = new c.socklen_t(info.length);
    must(c.getsockopt(client, c.SOL_MPTCP!, c.MPTCP_INFO!, info, length));
    expect(length.value).toBeGreaterThan(40);
    // It holds the addresses of two arrays that the kernel fills.
    expect(errnoName(() => c.getsockopt(client, c.SOL_MPTCP!, 4 /* MPTCP_FULL_INFO */, info, length))).toBe('EINVAL');
  });

  test('UDP-Lite carries datagrams with partial checksums', () => {
    if (!there('UDP-Lite', family, c.SOCK_DGRAM, c.IPPROTO_UDPLITE!)) return;
    const [receiver, address] = boundSocket(socketKind(family, c.SOCK_DGRAM, c.IPPROTO_UDPLITE!));
    const sender = closeAfterTest(c.socket(family, c.SOCK_DGRAM, c.IPPROTO_UDPLITE!));
    const [SEND_CSCOV, RECV_CSCOV] = [10, 11]; // UDPLITE_SEND_CSCOV, UDPLITE_RECV_CSCOV of <linux/udp.h>
    must(setOption(sender, c.IPPROTO_UDPLITE!, SEND_CSCOV, 8));
    expect(getOption(sender, c.IPPROTO_UDPLITE!, SEND_CSCOV)).toBe(8);
    must(c.sendto(sender, 'covered', 7, 0, address, c.sizeof(address)));
    expect(waitForEvents(receiver, c.POLLIN)).toBe(c.POLLIN);
    expect(c.recv(receiver, new Uint8Array(16), 16, 0)).toBe(7);
    // A receiver that wants more of it covered drops it.
    must(setOption(receiver, c.IPPROTO_UDPLITE!, RECV_CSCOV, 12));
    must(c.sendto(sender, 'covered', 7, 0, address, c.sizeof(address)));
    must(setOption(sender, c.IPPROTO_UDPLITE!, SEND_CSCOV, 0));
    must(c.sendto(sender, 'whole', 5, 0, address, c.sizeof(address)));
    expect(waitForEvents(receiver, c.POLLIN)).toBe(c.POLLIN);
    expect(c.recv(receiver, new Uint8Array(16), 16, 0)).toBe(5);
  });

  test('SCTP carries a stream, or fails as in C', () => {
    if (!there('SCTP', family, c.SOCK_STREAM, c.IPPROTO_SCTP!)) return;
    const [client, server] = connectedPair(socketKind(family, c.SOCK_STREAM, c.IPPROTO_SCTP!));
    must(setOption(client, c.IPPROTO_SCTP!, c.SCTP_NODELAY!, 1));
    must(c.send(client, 's', 1, 0));
    expect(c.recv(server, new Uint8Array(1), 1, 0)).toBe(1);
  });
});

describe.runIf(linux)('families by their constants', () => {
  test('CAN takes a filter, or fails as in C', () => {
    if (!there('AF_CAN', c.AF_CAN, c.SOCK_RAW, c.CAN_RAW!)) return;
    const fd = closeAfterTest(c.socket(c.AF_CAN!, c.SOCK_RAW, c.CAN_RAW!));
    const filter = new c.can_filter({ can_id: 0x123, can_mask: c.CAN_SFF_MASK! });
    must(c.setsockopt(fd, c.SOL_CAN_RAW!, c.CAN_RAW_FILTER!, filter, c.sizeof(filter)));
  });

  test.each([
    ['AF_CAN', c.AF_CAN, c.SOCK_RAW, c.CAN_RAW, 29],
    ['AF_TIPC', c.AF_TIPC, c.SOCK_STREAM, 0, 30],
    ['AF_BLUETOOTH', c.AF_BLUETOOTH, c.SOCK_RAW, 1, 31],
    ['AF_RDS', c.AF_RDS, c.SOCK_SEQPACKET, 0, 21],
    ["macOS's PF_SYSTEM", 32, c.SOCK_DGRAM, 2, 32],
  ] as const)('socket() of %s returns what C returns', (name, domain, type, protocol, value) => {
    expect(domain).toBe(value);
    there(name, domain, type, protocol!);
  });

  test('structs of families that this kernel may lack have C’s layout', () => {
    const can = new c.sockaddr_can({ can_family: c.AF_CAN!, can_ifindex: 3 });
    expect([c.sizeof(can), c.offsetof(c.sockaddr_can, 'can_ifindex')]).toEqual([24, 4]);
    expect([c.sizeof(c.can_frame), c.offsetof(c.can_frame, 'data'), c.sizeof(c.can_filter)]).toEqual([16, 8, 8]);
    expect([c.sizeof(c.sockaddr_alg), c.offsetof(c.sockaddr_alg, 'salg_name')]).toEqual([88, 24]);
    expect([c.sizeof(c.sockaddr_xdp), c.sizeof(c.sockaddr_vm)]).toEqual([16, 16]);
    // macOS's own says so.
    expect(() => new c.sockaddr_ctl()).toThrow(TypeError);
  });
});

test('an unknown family fails with EAFNOSUPPORT', () => {
  const address = loopback(c.AF_INET);
  const fd = closeAfterTest(c.socket(c.AF_INET, c.SOCK_STREAM, 0));
  (address as c.sockaddr_in).sin_family = 99;
  expect(errnoName(() => c.bind(fd, address, c.sizeof(address)))).toBe('EAFNOSUPPORT');
  expect(errnoName(() => c.socket(99, c.SOCK_STREAM, 0))).toBe('EAFNOSUPPORT');
});
