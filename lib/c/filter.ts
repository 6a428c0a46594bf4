// Room: <linux/filter.h>: classic BPF programs.
import { type Pointer, shown, typeError } from '../ctypes/index.js';
import { structSizes } from '../generated/struct_sizes.js';
import { sock_filter } from '../generated/structs.js';
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
}

function operand(macro: string, argument: number, name: string, value: unknown): number {
  if (Number.isInteger(value)) return value as number;
  throw typeError(`${macro}(): argument ${argument} (${name}) must be an integer, got ${shown(value)}`);
}

/** `BPF_STMT(code, k)`: an instruction without jumps. Linux. @throws TypeError @see <linux/filter.h> */
export const BPF_STMT = (code: number, k: number): sock_filter =>
  new sock_filter({ code: operand('BPF_STMT', 1, 'code', code), k: operand('BPF_STMT', 2, 'k', k) });
/** `BPF_JUMP(code, k, jt, jf)`: a conditional jump; `jt` and `jf` count the instructions to skip. Linux. @throws TypeError @see <linux/filter.h> */
export const BPF_JUMP = (code: number, k: number, jt: number, jf: number): sock_filter =>
  new sock_filter({
    code: operand('BPF_JUMP', 1, 'code', code),
    jt: operand('BPF_JUMP', 3, 'jt', jt),
    jf: operand('BPF_JUMP', 4, 'jf', jf),
    k: operand('BPF_JUMP', 2, 'k', k),
  });
