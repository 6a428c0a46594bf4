// getifaddrs(3) and freeifaddrs.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { include, runC } from '../support/c_program.js';
import { must } from '../support/descriptors.js';

const linux = process.platform === 'linux';

function entries(): c.ifaddrs[] {
  const ifap = new c.pointer<c.ifaddrs>();
  must(c.getifaddrs(ifap));
  const list: c.ifaddrs[] = [];
  for (let entry = ifap.value; entry; entry = entry.ifa_next) list.push(entry);
  c.freeifaddrs(ifap.value);
  return list;
}

const text = (address: c.AnySockaddr | null): string =>
  address instanceof c.sockaddr_in
    ? c.inet_ntoa(address.sin_addr)
    : address instanceof c.sockaddr_in6
      ? `${c.inet_ntop(c.AF_INET6, address.sin6_addr, null, 64)}%${address.sin6_scope_id}`
      : '-';

test('getifaddrs lists the loopback interface', () => {
  const four = entries().find(({ ifa_name, ifa_addr }) => /^lo/.test(ifa_name!) && ifa_addr instanceof c.sockaddr_in)!;
  expect(text(four.ifa_addr)).toBe('127.0.0.1');
  expect(text(four.ifa_netmask)).toBe('255.0.0.0');
  expect(four.ifa_flags & c.flags(c.IFF_UP, c.IFF_LOOPBACK)).toBe(c.flags(c.IFF_UP, c.IFF_LOOPBACK));
  expect(four.ifa_broadaddr).toBe(four.ifa_dstaddr);
  expect(four.ifa_data).toBe(null);
  if (!linux) return;
  const link = entries().find(({ ifa_name, ifa_addr }) => ifa_name === 'lo' && ifa_addr instanceof c.sockaddr_ll)!;
  const address = link.ifa_addr as c.sockaddr_ll;
  expect([address.sll_ifindex, address.sll_hatype, address.sll_halen]).toEqual([
    c.if_nametoindex('lo'),
    c.ARPHRD_LOOPBACK,
    6,
  ]);
  expect(c.uint32_t.at(link.ifa_data).value).toBeGreaterThan(0); // rx_packets of struct rtnl_link_stats
});

test('getifaddrs returns the list that C returns', () => {
  const printed = runC(
    `struct ifaddrs *list; getifaddrs(&list);
     for (struct ifaddrs *i = list; i; i = i->ifa_next) {
       printf("%s %u %d", i->ifa_name, i->ifa_flags, i->ifa_addr ? i->ifa_addr->sa_family : -1);
       struct sockaddr *all[] = {i->ifa_addr, i->ifa_netmask, i->ifa_ifu.ifu_broadaddr};
       for (int k = 0; k < 3; k++) {
         char b[64] = "-";
         if (all[k] && all[k]->sa_family == AF_INET) inet_ntop(AF_INET, &((struct sockaddr_in *)all[k])->sin_addr, b, 64);
         if (all[k] && all[k]->sa_family == AF_INET6) {
           inet_ntop(AF_INET6, &((struct sockaddr_in6 *)all[k])->sin6_addr, b, 64);
           sprintf(b + strlen(b), "%%%u", ((struct sockaddr_in6 *)all[k])->sin6_scope_id);
         }
         printf(" %s", b);
       }
       puts("");
     }`.replaceAll('ifa_ifu.ifu_broadaddr', linux ? 'ifa_ifu.ifu_broadaddr' : 'ifa_dstaddr'),
    include('ifaddrs.h', 'net/if.h'),
  );
  const familyOf = (address: c.AnySockaddr | null): number => (address ? c.sockaddr.at(address).sa_family : -1);
  const ours = entries().map(
    ({ ifa_name, ifa_flags, ifa_addr, ifa_netmask, ifa_broadaddr }) =>
      `${ifa_name} ${ifa_flags} ${familyOf(ifa_addr)} ${[ifa_addr, ifa_netmask, ifa_broadaddr].map(text).join(' ')}`,
  );
  expect(ours).toEqual(printed.trimEnd().split('\n'));
});

test('ifaddrs can be made and reset; arguments of a wrong type throw TypeError', () => {
  const address = new c.sockaddr_in();
  const entry = new c.ifaddrs({ ifa_name: 'x', ifa_broadaddr: address });
  expect(entry.ifa_dstaddr).toBe(address);
  c.memset(entry, 0, c.sizeof(entry));
  expect([entry.ifa_name, entry.ifa_dstaddr]).toEqual([null, null]);
  for (const wrong of [null, undefined, {}, new Uint8Array(8)]) {
    expect(() => c.getifaddrs(wrong as c.pointer<c.ifaddrs>)).toThrow(TypeError);
  }
  expect(() => c.freeifaddrs({} as c.ifaddrs)).toThrow(TypeError);
  c.freeifaddrs(null);
});
