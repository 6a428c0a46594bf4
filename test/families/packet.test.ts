// AF_PACKET on the loopback interface, with a BPF filter. Needs CAP_NET_RAW.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { boundSocket, errnoName, getOption, must, setOption, waitForEvents } from '../support/descriptors.js';
import { reportMissing } from '../support/machine.js';
import { udp4 } from '../support/socket_kinds.js';

const ETH_P_IP = c.ETH_P_IP!;
const packets = process.platform === 'linux' ? c.socket(c.AF_PACKET!, c.SOCK_RAW, c.htons(ETH_P_IP)) : -1;
if (packets < 0) reportMissing('packet sockets', c.strerrorname_np(c.errno)!);
else c.close(packets);
const lo = () => c.if_nametoindex('lo') || c.if_nametoindex('lo0');

function sniffer(type: number, protocol: number, program?: c.sock_fprog): number {
  const fd = closeAfterTest(c.socket(c.AF_PACKET!, type, 0)); // nothing arrives before bind
  if (program) must(c.setsockopt(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER!, program, c.sizeof(program)));
  const address = new c.sockaddr_ll({
    sll_family: c.AF_PACKET!,
    sll_protocol: c.htons(protocol),
    sll_ifindex: lo(),
  });
  must(c.bind(fd, address, c.sizeof(address)));
  return fd;
}

/** UDP to this port alone: what tcpdump compiles `udp dst port` to, in short. */
function filterFor(port: number, ethernet: boolean): c.sock_fprog {
  const ip = ethernet ? 14 : 0;
  const filter = new (c.array(c.sock_filter, 6))([
    c.BPF_STMT(c.flags(c.BPF_LD, c.BPF_B, c.BPF_ABS), ip + 9),
    c.BPF_JUMP(c.flags(c.BPF_JMP, c.BPF_JEQ, c.BPF_K), c.IPPROTO_UDP, 0, 3),
    c.BPF_STMT(c.flags(c.BPF_LD, c.BPF_H, c.BPF_ABS), ip + 20 + 2),
    c.BPF_JUMP(c.flags(c.BPF_JMP, c.BPF_JEQ, c.BPF_K), port, 0, 1),
    c.BPF_STMT(c.flags(c.BPF_RET, c.BPF_K), 0xffff),
    c.BPF_STMT(c.flags(c.BPF_RET, c.BPF_K), 0),
  ]);
  return new c.sock_fprog({ len: 6, filter });
}

/** Two receivers and a sender: the filter lets pass what goes to the second. */
function traffic(): { wanted: number; send: () => void } {
  const [[, addressOfA], [, addressOfB]] = [boundSocket(udp4), boundSocket(udp4)];
  const sender = closeAfterTest(c.socket(c.AF_INET, c.SOCK_DGRAM, 0));
  return {
    wanted: c.ntohs((addressOfB as c.sockaddr_in).sin_port),
    send: () => {
      for (const address of [addressOfA, addressOfB])
        must(c.sendto(sender, 'packet', 6, 0, address, c.sizeof(address)));
    },
  };
}

describe.runIf(packets >= 0)('AF_PACKET', () => {
  test.each([
    ['SOCK_RAW', c.SOCK_RAW, 14],
    ['SOCK_DGRAM', c.SOCK_DGRAM, 0],
  ] as const)('%s receives the packets that the filter passes', (_name, type, ip) => {
    const { wanted, send } = traffic();
    const fd = sniffer(type, c.ETH_P_ALL!, filterFor(wanted, ip > 0));
    send();
    const frame = new Uint8Array(2048);
    const from = new c.sockaddr_ll();
    const length = new c.socklen_t(c.sizeof(from));
    const types: (number | undefined)[] = [];
    // Loopback shows each packet twice: as it leaves and as it comes.
    for (let seen = 0; seen < 2; seen++) {
      expect(waitForEvents(fd, c.POLLIN)).toBe(c.POLLIN);
      const n = must(c.recvfrom(fd, frame, frame.length, 0, from, length));
      expect(n).toBe(ip + 20 + 8 + 6);
      if (ip) expect(c.ntohs(c.ether_header.at(frame).ether_type)).toBe(ETH_P_IP);
      const header = c.iphdr.at(frame, ip);
      expect([header.version, header.ihl, header.protocol]).toEqual([4, 5, c.IPPROTO_UDP]);
      const udp = c.udphdr.at(frame, ip + 20);
      expect([c.ntohs(udp.dest!), c.ntohs(udp.len!)]).toEqual([wanted, 8 + 6]);
      expect(String(c.array(c.char, 6).at(frame, ip + 28))).toBe('packet');
      expect([from.sll_family, c.ntohs(from.sll_protocol!), from.sll_ifindex, from.sll_hatype]).toEqual([
        c.AF_PACKET,
        ETH_P_IP,
        lo(),
        c.ARPHRD_LOOPBACK,
      ]);
      types.push(from.sll_pkttype);
    }
    expect(types).toEqual([c.PACKET_OUTGOING, c.PACKET_HOST]);
    expect(errnoName(() => c.recv(fd, frame, frame.length, c.MSG_DONTWAIT))).toBe('EAGAIN');
    const statistics = new c.tpacket_stats();
    must(c.getsockopt(fd, c.SOL_PACKET!, c.PACKET_STATISTICS!, statistics, new c.socklen_t(c.sizeof(statistics))));
    expect([statistics.tp_packets, statistics.tp_drops]).toEqual([2, 0]);
  });

  test('SO_GET_FILTER counts instructions, and writes no more than fit', () => {
    const fd = sniffer(c.SOCK_RAW, c.ETH_P_ALL!);
    const program = filterFor(9, true);
    must(c.setsockopt(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER!, program, c.sizeof(program)));
    const room = new (c.array(c.sock_filter, 6))();
    const count = new c.socklen_t(6);
    must(c.getsockopt(fd, c.SOL_SOCKET, c.SO_GET_FILTER!, room, count));
    expect(count.value).toBe(6);
    expect(c.memcmp(room, program.filter, c.sizeof(room))).toBe(0);
    count.value = 7;
    expect(errnoName(() => c.getsockopt(fd, c.SOL_SOCKET, c.SO_GET_FILTER!, room, count))).toBe('EFAULT');
    count.value = 0;
    must(c.getsockopt(fd, c.SOL_SOCKET, c.SO_GET_FILTER!, null, count));
    expect(count.value).toBe(6);
    const negative = new c.int(-1);
    expect(errnoName(() => c.getsockopt(fd, c.SOL_SOCKET, c.SO_GET_FILTER!, room, negative))).toBe('EINVAL');
    must(setOption(fd, c.SOL_SOCKET, c.SO_DETACH_FILTER!, 0));
  });

  test('joins a membership, and sends a frame', () => {
    const fd = sniffer(c.SOCK_RAW, c.ETH_P_ALL!);
    const membership = new c.packet_mreq({ mr_ifindex: lo(), mr_type: c.PACKET_MR_PROMISC! });
    must(c.setsockopt(fd, c.SOL_PACKET!, c.PACKET_ADD_MEMBERSHIP!, membership, c.sizeof(membership)));
    must(c.setsockopt(fd, c.SOL_PACKET!, c.PACKET_DROP_MEMBERSHIP!, membership, c.sizeof(membership)));
    expect(getOption(fd, c.SOL_PACKET!, c.PACKET_VERSION!)).toBe(0);

    const ETHERTYPE = 0x88b5; // for local experiments
    const receiver = sniffer(c.SOCK_DGRAM, ETHERTYPE);
    const frame = new Uint8Array(60);
    c.ether_header.at(frame).ether_type = c.htons(ETHERTYPE);
    frame.set([104, 105], 14);
    const to = new c.sockaddr_ll({ sll_family: c.AF_PACKET!, sll_ifindex: lo(), sll_halen: 6 });
    expect(c.sendto(fd, frame, frame.length, 0, to, c.sizeof(to))).toBe(frame.length);
    expect(waitForEvents(receiver, c.POLLIN)).toBe(c.POLLIN);
    const payload = new Uint8Array(64);
    expect(c.recv(receiver, payload, 64, 0)).toBe(60 - 14);
    expect([...payload.subarray(0, 3)]).toEqual([104, 105, 0]);
  });

  test('fails for an interface that does not exist', () => {
    const fd = closeAfterTest(c.socket(c.AF_PACKET!, c.SOCK_RAW, 0));
    const address = new c.sockaddr_ll({ sll_family: c.AF_PACKET!, sll_ifindex: 0x7fff_fff0 });
    expect(errnoName(() => c.bind(fd, address, c.sizeof(address)))).toBe('ENODEV');
  });
});
