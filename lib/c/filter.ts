// Room: <linux/filter.h>: classic BPF programs.
import { mem, type Pointer } from '../ctypes.js';
import { sock_filter, structSizes } from '../generated/structs.js';
import { PointerStruct } from './pointer_struct.js';

/** `struct sock_fprog`: a BPF program for SO_ATTACH_FILTER. Linux. @see socket(7) */
export class sock_fprog extends PointerStruct {
  /** `sizeof(struct sock_fprog)`. */
  static readonly size: number = structSizes.sock_fprog;
  /** How many instructions. */
  len = 0;
  /** The instructions: an instance of `array(sock_filter, n)`. */
  filter: Pointer = null;

  constructor(init?: Partial<Pick<sock_fprog, 'len' | 'filter'>>) {
    super();
    this.assign(init);
  }
  /** @internal As native code takes it. */
  flatten(): unknown[] {
    return [this.len, mem(this.filter)];
  }
}

/** `BPF_STMT(code, k)`: an instruction without jumps. Linux. @see <linux/filter.h> */
export const BPF_STMT = (code: number, k: number): sock_filter => new sock_filter({ code, k });
/** `BPF_JUMP(code, k, jt, jf)`: a conditional jump; `jt` and `jf` count the instructions to skip. Linux. @see <linux/filter.h> */
export const BPF_JUMP = (code: number, k: number, jt: number, jf: number): sock_filter =>
  new sock_filter({ code, jt, jf, k });
