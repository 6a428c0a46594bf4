// Room: <netdb.h>.
import { type HostEntry, native } from '../addon/binding.js';
import { ret, set_errno } from '../addon/errno.js';
import { type ConstPointer, mem } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { prefixed } from './message.js';
import { PointerStruct } from './pointer_struct.js';

/**
 * The error of the last `gethostbyname` or `gethostbyaddr` of this thread that failed: HOST_NOT_FOUND and its kin. A live binding.
 * @see gethostbyname(3)
 */
export let h_errno: number = 0;

/** `struct hostent`: a host's names and addresses. @see gethostbyname(3) */
export class hostent extends PointerStruct {
  /** `sizeof(struct hostent)`. */
  static readonly size: number = structSizes.hostent;
  /** The official name. */
  h_name: string | null = null;
  /** Other names. */
  h_aliases: string[] = [];
  /** AF_INET or AF_INET6. */
  h_addrtype = 0;
  /** Of each address, in bytes. */
  h_length = 0;
  /** The addresses, in network order: `unsigned_int.at(host.h_addr_list[0]).value`. */
  h_addr_list: Uint8Array[] = [];

  constructor(init?: Partial<Pick<hostent, 'h_name' | 'h_aliases' | 'h_addrtype' | 'h_length' | 'h_addr_list'>>) {
    super();
    this.assign(init);
  }

  /** `h_addr_list[0]`, or null where there is none. */
  get h_addr(): Uint8Array | null {
    return this.h_addr_list[0] ?? null;
  }
}

/** The resolver's answer, or null with `h_errno` (and `errno` where that says NETDB_INTERNAL, -1). */
function host(answer: HostEntry | number): hostent | null {
  if (typeof answer === 'number') {
    h_errno = -1;
    ret(answer);
    return null;
  }
  if (answer.length === 2) {
    h_errno = answer[0];
    if (h_errno === -1) set_errno(answer[1]);
    return null;
  }
  const [h_name, h_aliases, h_addrtype, h_length, h_addr_list] = answer;
  return new hostent({ h_name, h_aliases, h_addrtype, h_length, h_addr_list });
}

/**
 * `struct hostent *gethostbyname(const char *name)`: a host's IPv4 addresses, or `null` with `h_errno`. Blocks while it asks.
 * @throws TypeError for an argument of a wrong type. @see gethostbyname(3)
 */
export const gethostbyname = (name: ConstPointer): hostent | null => host(native.gethostbyname(mem(name)));

/** `struct hostent *gethostbyname2(const char *name, int af)`: the same for AF_INET or AF_INET6. @throws TypeError @see gethostbyname2(3) */
export const gethostbyname2 = (name: ConstPointer, af: number): hostent | null =>
  host(native.gethostbyname2(mem(name), af));

/**
 * `struct hostent *gethostbyaddr(const void *addr, socklen_t len, int type)`: the names of an address, or `null` with `h_errno`.
 * `len` in bytes.
 * @throws TypeError for an argument of a wrong type. @see gethostbyaddr(3)
 */
export const gethostbyaddr = (addr: ConstPointer, len: number, type: number): hostent | null =>
  host(native.gethostbyaddr(mem(addr), len, type));

/** `const char *hstrerror(int err)`: the message of an `h_errno`. @throws TypeError for what is no integer. @see hstrerror(3) */
export const hstrerror = (err: number): string => native.hstrerror(err);

/** `void herror(const char *s)`: writes `s: message of h_errno` to descriptor 2. @throws TypeError @see herror(3) */
export const herror = (s: ConstPointer): void => {
  prefixed('herror', s, hstrerror(h_errno));
};
