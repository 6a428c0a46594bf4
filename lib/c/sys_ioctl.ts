// Room: <sys/ioctl.h>, and the requests of <net/if.h> that hold pointers.
import { native } from '../binding.js';
import { mem, type Pointer, rangeError } from '../ctypes.js';
import { ret } from '../errno.js';
import { ifreq, structSizes } from '../generated/structs.js';
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
    /** The memory that SIOCETHTOOL and its kin read and write: a reference, not bytes of the struct. */
    ifr_data: Pointer;
  }
}
const data = new WeakMap<object, Pointer>();
Object.defineProperty(ifreq.prototype, 'ifr_data', {
  get(this: object) {
    return data.get(this) ?? null;
  },
  set(this: object, value: Pointer) {
    data.set(this, value);
  },
  configurable: true,
});

/** What native code takes: an ifconf or an ifreq with a reference is flattened to its fields. */
function flatten(argp: unknown, ifc_len: Int32Array): unknown {
  if (argp instanceof ifconf) return [argp.ifc_len, mem(argp.ifc_buf)];
  if (argp instanceof ifreq && data.has(argp)) return [mem(argp), mem(argp.ifr_data), ifc_len];
  return typeof argp === 'number' || typeof argp === 'bigint' ? argp : mem(argp);
}

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
  const ifc_len = new Int32Array(1);
  const result = native.ioctl(fd, request!, flatten(argp, ifc_len), ifc_len);
  if (result >= 0 && argp instanceof ifconf) argp.ifc_len = ifc_len[0]!;
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
