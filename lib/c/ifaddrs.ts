// <ifaddrs.h>: the addresses of the interfaces.
import { native } from '../addon/binding.js';
import { ret } from '../addon/errno.js';
import { shown, typeError } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { pointer } from './pointer.js';
import { PointerStruct } from './pointer_struct.js';
import { type AnySockaddr, sockaddrOf } from './sockaddr.js';

/** `struct ifaddrs`: an address of an interface, and the next one. @see getifaddrs(3) */
export class ifaddrs extends PointerStruct {
  /** `sizeof(struct ifaddrs)`. */
  static readonly size: number = structSizes.ifaddrs;
  /** The next one, or null. */
  ifa_next: ifaddrs | null = null;
  /** The interface. */
  ifa_name: string | null = null;
  /** IFF_ flags. */
  ifa_flags = 0;
  /** Its address, or null. */
  ifa_addr: AnySockaddr | null = null;
  /** The address's mask, or null. */
  ifa_netmask: AnySockaddr | null = null;
  /** The peer's address of a point-to-point link, or the broadcast address (IFF_POINTOPOINT says which). */
  ifa_dstaddr: AnySockaddr | null = null;
  /** The link's statistics (`struct rtnl_link_stats`; macOS: `struct if_data`) of an AF_PACKET (AF_LINK) address, or null. */
  ifa_data: Uint8Array | null = null;

  constructor(
    init?: Partial<
      Pick<
        ifaddrs,
        | 'ifa_next'
        | 'ifa_name'
        | 'ifa_flags'
        | 'ifa_addr'
        | 'ifa_netmask'
        | 'ifa_dstaddr'
        | 'ifa_broadaddr'
        | 'ifa_data'
      >
    >,
  ) {
    super();
    this.assign(init);
  }
  /** The same memory as `ifa_dstaddr`. */
  get ifa_broadaddr(): AnySockaddr | null {
    return this.ifa_dstaddr;
  }
  set ifa_broadaddr(address: AnySockaddr | null) {
    this.ifa_dstaddr = address;
  }
}

/** `int getifaddrs(struct ifaddrs **ifap)`: 0, and the list of addresses in `ifap.value`; -1 with `errno`. @throws TypeError @see getifaddrs(3) */
export const getifaddrs = (ifap: pointer<ifaddrs>): number => {
  if (!(ifap instanceof pointer))
    throw typeError(`getifaddrs(): argument 1 (ifap) must be a pointer, got ${shown(ifap)}`);
  const list = native.getifaddrs();
  if (typeof list === 'number') return ret(list);
  let next: ifaddrs | null = null;
  for (const [ifa_name, ifa_flags, addr, netmask, dstaddr, ifa_data] of list.reverse()) {
    next = new ifaddrs({
      ifa_next: next,
      ifa_name,
      ifa_flags,
      ifa_addr: sockaddrOf(addr ?? null),
      ifa_netmask: sockaddrOf(netmask ?? null),
      ifa_dstaddr: sockaddrOf(dstaddr ?? null),
      ifa_data: ifa_data ?? null,
    });
  }
  ifap.value = next;
  return 0;
};

/** `void freeifaddrs(struct ifaddrs *ifa)`: nothing to do, the list is JavaScript's. @throws TypeError @see getifaddrs(3) */
export const freeifaddrs = (ifa: ifaddrs | null): void => {
  if (ifa !== null && !(ifa instanceof ifaddrs)) {
    throw typeError(`freeifaddrs(): argument 1 (ifa) must be an ifaddrs, got ${shown(ifa)}`);
  }
};
