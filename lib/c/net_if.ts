// Room: <net/if.h> and <ifaddrs.h>: the interfaces.
import { native } from '../addon/binding.js';
import { fail, ret, ret_null } from '../addon/errno.js';
import { type ConstPointer, mem, type Pointer, shown, typeError } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { pointer } from './pointer.js';
import { PointerStruct } from './pointer_struct.js';
import { type AnySockaddr, sockaddrOf } from './sockaddr.js';

/** `unsigned int if_nametoindex(const char *ifname)`: an interface's index, 0 with `errno` if there is none. @throws TypeError @see if_nametoindex(3) */
export const if_nametoindex = (ifname: ConstPointer): number => {
  const index = native.if_nametoindex(mem(ifname));
  return index < 0 ? fail(index, 0) : index;
};

/**
 * `char *if_indextoname(unsigned int ifindex, char *ifname)`: an interface's name, also left in `ifname` (room for IF_NAMESIZE bytes)
 * if that is not null; `null` with `errno`.
 * @throws TypeError for an argument of a wrong type. @see if_indextoname(3)
 */
export const if_indextoname = (ifindex: number, ifname: Pointer): string | null =>
  ret_null(native.if_indextoname(ifindex, mem(ifname)));

/** `struct if_nameindex`. @see if_nameindex(3) */
export interface IfNameindex {
  /** The index. */
  readonly if_index: number;
  /** The name. */
  readonly if_name: string;
}

/** `struct if_nameindex *if_nameindex(void)`: all interfaces; `null` with `errno`. @see if_nameindex(3) */
export const if_nameindex = (): IfNameindex[] | null => {
  const flat = ret_null(native.if_nameindex());
  if (flat === null) return null;
  const list: IfNameindex[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    list.push({ if_index: flat[i] as number, if_name: flat[i + 1] as string });
  }
  return list;
};

/** `void if_freenameindex(struct if_nameindex *ptr)`: nothing to do, the list is JavaScript's. @throws TypeError @see if_nameindex(3) */
export const if_freenameindex = (ptr: readonly IfNameindex[] | null): void => {
  if (ptr !== null && !Array.isArray(ptr)) {
    throw typeError(`if_freenameindex(): argument 1 (ptr) must be a list of if_nameindex(), not ${shown(ptr)}`);
  }
};

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
    throw typeError(`getifaddrs(): argument 1 (ifap) must be a pointer, not ${shown(ifap)}`);
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
    throw typeError(`freeifaddrs(): argument 1 (ifa) must be an ifaddrs, not ${shown(ifa)}`);
  }
};
