// <net/if.h>: the interfaces.
import { native } from '../addon/binding.js';
import { fail, ret_null } from '../addon/errno.js';
import { type ConstPointer, mem, type Pointer, shown, typeError } from '../ctypes/index.js';

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
  const pairs = ret_null(native.if_nameindex());
  if (pairs === null) return null;
  const list: IfNameindex[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    list.push({ if_index: pairs[i] as number, if_name: pairs[i + 1] as string });
  }
  return list;
};

/** `void if_freenameindex(struct if_nameindex *ptr)`: nothing to do, the list is JavaScript's. @throws TypeError @see if_nameindex(3) */
export const if_freenameindex = (ptr: readonly IfNameindex[] | null): void => {
  if (ptr !== null && !Array.isArray(ptr)) {
    throw typeError(`if_freenameindex(): argument 1 (ptr) must be a list of if_nameindex(), got ${shown(ptr)}`);
  }
};
