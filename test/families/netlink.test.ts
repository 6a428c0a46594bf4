// AF_NETLINK: dumps of the links, addresses and routes, compared with what the C library returns.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { errnoName, must } from '../support/descriptors.js';

type Body<T> = { at(pointer: c.Pointer, offset?: number): T; readonly size: number };
interface Entry<T> {
  readonly type: number;
  readonly body: T;
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

function netlink(): number {
  const fd = closeAfterTest(c.socket(c.AF_NETLINK!, c.flags(c.SOCK_RAW, c.SOCK_CLOEXEC), c.NETLINK_ROUTE!));
  const local = new c.sockaddr_nl({ nl_family: c.AF_NETLINK! });
  must(c.bind(fd, local, c.sizeof(local)));
  must(c.getsockname(fd, local, new c.socklen_t(c.sizeof(local))));
  expect(local.nl_pid).toBeGreaterThan(0);
  return fd;
}

/** As in C: NLMSG_OK and NLMSG_NEXT over what recv gave, RTA_OK and RTA_NEXT over each message. */
function dump<T>(type: number, Body: Body<T>): Entry<T>[] {
  const fd = netlink();
  const request = new Uint8Array(c.NLMSG_SPACE(c.rtgenmsg.size));
  const asked = c.nlmsghdr.at(request);
  Object.assign(asked, {
    nlmsg_len: c.NLMSG_LENGTH(c.rtgenmsg.size),
    nlmsg_type: type,
    nlmsg_flags: c.flags(c.NLM_F_REQUEST, c.NLM_F_DUMP),
    nlmsg_seq: 7,
  });
  c.rtgenmsg.at(c.NLMSG_DATA(asked)).rtgen_family = c.AF_UNSPEC;
  const kernel = new c.sockaddr_nl({ nl_family: c.AF_NETLINK! });
  must(c.sendto(fd, request, request.length, 0, kernel, c.sizeof(kernel)));
  const entries: Entry<T>[] = [];
  const buffer = new Uint8Array(65536);
  for (;;) {
    const len = new c.int(must(c.recv(fd, buffer, buffer.length, 0)));
    for (let nlh = c.nlmsghdr.at(buffer); c.NLMSG_OK(nlh, len); nlh = c.NLMSG_NEXT(nlh, len)) {
      expect(nlh.nlmsg_seq).toBe(7);
      if (nlh.nlmsg_type === c.NLMSG_DONE) return entries;
      expect(nlh.nlmsg_type).not.toBe(c.NLMSG_ERROR);
      const attributes = new Map<number, Uint8Array>();
      const data = c.NLMSG_DATA(nlh);
      const rest = new c.int(c.NLMSG_PAYLOAD(nlh, Body.size));
      let rta = c.rtattr.at(data, c.NLMSG_ALIGN(Body.size));
      for (; c.RTA_OK(rta, rest); rta = c.RTA_NEXT(rta, rest)) {
        attributes.set(rta.rta_type, c.RTA_DATA(rta).slice(0, c.RTA_PAYLOAD(rta)));
      }
      expect(rest.value).toBe(0);
      // The next recv fills the same memory.
      entries.push({ type: nlh.nlmsg_type, body: Body.at(data.slice(0, Body.size)), attributes });
    }
    expect(len.value).toBe(0);
  }
}

const text = (bytes: Uint8Array | undefined): string => String(c.array(c.char, bytes!.length).at(bytes!));

describe.runIf(process.platform === 'linux')('AF_NETLINK', () => {
  test('dumps the links that if_nameindex lists', () => {
    const links = dump(c.RTM_GETLINK!, c.ifinfomsg);
    expect(links.every(({ type }) => type === c.RTM_NEWLINK)).toBe(true);
    const listed = links.map(({ body, attributes }) => ({
      if_index: body.ifi_index,
      if_name: text(attributes.get(c.IFLA_IFNAME!)),
    }));
    expect(listed).toEqual(c.if_nameindex());
    const lo = links.find(({ body }) => body.ifi_type === c.ARPHRD_LOOPBACK)!;
    expect(lo.body.ifi_flags & c.IFF_LOOPBACK).toBe(c.IFF_LOOPBACK);
    expect(c.uint32_t.at(lo.attributes.get(c.IFLA_MTU!)!).value).toBeGreaterThan(1500);
  });

  test('dumps the addresses that getifaddrs lists', () => {
    const addresses = dump(c.RTM_GETADDR!, c.ifaddrmsg).map(({ body, attributes }) => {
      const bytes = attributes.get(c.IFA_LOCAL!) ?? attributes.get(c.IFA_ADDRESS!)!;
      return `${c.if_indextoname(body.ifa_index, null)} ${c.inet_ntop(body.ifa_family, bytes, null, 64)}`;
    });
    const listed: string[] = [];
    const list = new c.pointer<c.ifaddrs>();
    must(c.getifaddrs(list));
    for (let entry = list.value; entry; entry = entry.ifa_next) {
      const { ifa_addr } = entry;
      if (ifa_addr instanceof c.sockaddr_in)
        listed.push(`${entry.ifa_name} ${c.inet_ntop(c.AF_INET, ifa_addr.sin_addr, null, 64)}`);
      if (ifa_addr instanceof c.sockaddr_in6)
        listed.push(`${entry.ifa_name} ${c.inet_ntop(c.AF_INET6, ifa_addr.sin6_addr, null, 64)}`);
    }
    expect(addresses).toContain('lo 127.0.0.1');
    expect(addresses.sort()).toEqual(listed.sort());
  });

  test('dumps routes, the loopback one included', () => {
    const routes = dump(c.RTM_GETROUTE!, c.rtmsg);
    const loopback = routes.filter(
      ({ body, attributes }) =>
        body.rtm_family === c.AF_INET &&
        body.rtm_table === c.RT_TABLE_LOCAL &&
        attributes.get(c.RTA_DST!)?.[0] === 127 &&
        body.rtm_dst_len === 8,
    );
    expect(loopback).toHaveLength(1);
    const [{ body, attributes }] = loopback as [(typeof loopback)[0]];
    expect([body.rtm_type, body.rtm_protocol]).toEqual([c.RTN_LOCAL, c.RTPROT_KERNEL]);
    expect(c.if_indextoname(c.int.at(attributes.get(c.RTA_OIF!)!).value, null)).toBe('lo');
  });

  test('returns an nlmsgerr for a request that the kernel refuses', () => {
    const fd = netlink();
    const request = new Uint8Array(c.NLMSG_SPACE(c.ifinfomsg.size));
    const asked = c.nlmsghdr.at(request);
    asked.nlmsg_len = request.length;
    asked.nlmsg_type = c.RTM_GETLINK!;
    asked.nlmsg_flags = c.flags(c.NLM_F_REQUEST, c.NLM_F_ACK);
    c.ifinfomsg.at(c.NLMSG_DATA(asked)).ifi_index = 0x7fff_fff0;
    expect(c.send(fd, request, request.length, 0)).toBe(request.length);
    const answer = new Uint8Array(1024);
    const length = must(c.recv(fd, answer, answer.length, 0));
    const nlh = c.nlmsghdr.at(answer);
    expect(c.NLMSG_OK(nlh, length)).toBe(1);
    expect(nlh.nlmsg_type).toBe(c.NLMSG_ERROR);
    const error = c.nlmsgerr.at(c.NLMSG_DATA(nlh));
    expect([-error.error, error.msg.nlmsg_type]).toEqual([c.ENODEV, c.RTM_GETLINK]);
  });

  test('has groups and an option of its own', () => {
    const fd = netlink();
    const group = new c.int(c.RTNLGRP_LINK ?? 1);
    must(c.setsockopt(fd, c.SOL_NETLINK!, c.NETLINK_ADD_MEMBERSHIP!, group, c.sizeof(group)));
    const local = new c.sockaddr_nl();
    must(c.getsockname(fd, local, new c.socklen_t(c.sizeof(local))));
    expect(local.nl_groups).toBe(c.RTMGRP_LINK);
    must(c.setsockopt(fd, c.SOL_NETLINK!, c.NETLINK_DROP_MEMBERSHIP!, group, c.sizeof(group)));
    const on = new c.int(1);
    must(c.setsockopt(fd, c.SOL_NETLINK!, c.NETLINK_EXT_ACK!, on, c.sizeof(on)));
    expect(errnoName(() => c.socket(c.AF_NETLINK!, c.SOCK_RAW, 200))).toBe('EPROTONOSUPPORT');
  });
});
