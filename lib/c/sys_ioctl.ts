// <sys/ioctl.h>, and the requests of <net/if.h> that hold pointers.
import { native } from '../addon/binding.js';
import { ret } from '../addon/errno.js';
import { type CType, FIELDS, type Field, mem, type Pointer, rangeError, viewOf } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { ifreq, size_t } from '../generated/structs.js';
import { PointerStruct } from './pointer_struct.js';

/** `struct ifconf`: the list that SIOCGIFCONF fills. @see netdevice(7) */
export class ifconf extends PointerStruct {
  /** `sizeof(struct ifconf)`. */
  static readonly size: number = structSizes.ifconf;
  /** The buffer's length in bytes; the list's afterwards. */
  ifc_len = 0;
  /** The buffer. `null` (Linux) asks for the length alone. */
  ifc_buf: Pointer = null;

  constructor(init?: Partial<Pick<ifconf, 'ifc_len' | 'ifc_buf' | 'ifc_req'>>) {
    super();
    this.assign(init);
  }
  /** The same memory as `ifc_buf`: an instance of `array(ifreq, n)`, say. */
  get ifc_req(): Pointer {
    return this.ifc_buf;
  }
  set ifc_req(requests: Pointer) {
    this.ifc_buf = requests;
  }
}

declare module '../generated/structs.js' {
  interface ifreq {
    /** The memory that SIOCETHTOOL and its kin read and write: a reference, kept beside the struct. */
    ifr_data: Pointer;
  }
}
const UNION = ifreq[FIELDS].get('ifr_flags')!.offset;
const data = new WeakMap<ifreq, { readonly mark: number; readonly value: Pointer }>();
let marks = 0;
const markOf = (request: ifreq): DataView => viewOf(request.subarray(UNION, UNION + 4));
// As a union's member: its mark stands among the union's bytes, and whoever writes other ones there (memset, another field) has
// unset ifr_data. The mark is no address, and never gets to the kernel in the pointer's place.
Object.defineProperty(ifreq.prototype, 'ifr_data', {
  get(this: ifreq): Pointer {
    const entry = data.get(this);
    return entry !== undefined && markOf(this).getUint32(0) === entry.mark ? entry.value : null;
  },
  set(this: ifreq, value: Pointer) {
    const mark = value === null ? 0 : (marks = (marks + 1) >>> 0 || 1);
    markOf(this).setUint32(0, mark);
    data.set(this, { mark, value });
  },
  configurable: true,
});
// `new ifreq({ ifr_data })` and offsetof: at the union's start, and set through the accessor, as bit-fields are.
(ifreq[FIELDS] as Map<string, Field>).set('ifr_data', {
  type: size_t as CType,
  offset: UNION,
  bits: { shift: 0, width: 0 },
});

/** Where native code leaves an ifconf's length. */
const ifc_len = new Int32Array(1);

/**
 * `int ioctl(int fd, unsigned long request, ...)`: the third argument as the request wants it: a box or struct, an `ifconf`
 * (SIOCGIFCONF), an `ifreq` with `ifr_data`, a number, or none. A request that this package does not know: `EINVAL`, until
 * `vouch_ioctl` says what its argument is.
 * @throws TypeError for an argument of a wrong type: bytes where the request's class is needed. @see ioctl(2)
 */
export const ioctl = (
  fd: number,
  request: number | bigint | undefined,
  argp?: Pointer | ifconf | number | bigint,
): number => {
  if (argp instanceof ifreq) return ret(native.ioctl(fd, request!, argp, mem(argp), mem(argp.ifr_data)));
  if (typeof argp !== 'object' || argp === null) return ret(native.ioctl(fd, request!, argp));
  if (!(argp instanceof ifconf)) return ret(native.ioctl(fd, request!, argp, mem(argp)));
  const result = native.ioctl(fd, request!, argp, argp.ifc_len, mem(argp.ifc_buf), ifc_len);
  if (result >= 0) argp.ifc_len = ifc_len[0]!;
  return ret(result);
};

/**
 * Vouches that the argument of an `ioctl` request which this package does not know is `size` bytes that hold no pointer (0: the
 * argument is a number). From then on, in the whole process, `ioctl` passes it on. What the program says is believed.
 * @throws TypeError for an argument of a wrong type, RangeError for a request that is known already.
 */
export const vouch_ioctl = (request: number | bigint, size: number): void => {
  if (native.vouch_ioctl(request, size) < 0) throw rangeError(`vouch_ioctl(): the request ${request} is known already`);
};
