// The fast path of send, recv, read, write and epoll_wait. The numbers of a call go through registers, four integers in memory that
// the addon owns, so that the memory is the only argument that Node-API converts. native/fast_call.h is the other end.
import { native } from './binding.js';

/** [fd, length, flags or time-out, result]. */
export const regs: Int32Array = native.regs;

// Names of their own: the addon has so many that V8 looks each up in a dictionary.
export const { send_fast, recv_fast, send_view, recv_view, read_fast, write_fast, epoll_wait_fast } = native;

/** The result where the fast path does not take the arguments. The caller then makes the checked call, which says why. */
export const REFUSED = -0x8000_0000;

/** A 32-bit integer. (`x | 0` alone throws an error of its own for a bigint, and runs an object's `valueOf`.) */
export const isInt32 = (x: unknown): x is number => typeof x === 'number' && (x | 0) === x;

/** Writes a call's numbers into the registers, if the fast path takes its arguments. */
function load(fd: unknown, memory: unknown, length: unknown, flags: unknown): memory is Uint8Array {
  if (!(memory instanceof Uint8Array && isInt32(fd) && isInt32(length) && isInt32(flags))) return false;
  regs[0] = fd;
  regs[1] = length;
  regs[2] = flags;
  return true;
}

/** A call on the fast path: its result, -errno, or REFUSED. */
type FastCall = (fd: unknown, memory: unknown, length: unknown, flags: unknown) => number;

// A function for each call, not one that is given the addon's function: V8 compiles the crossing into its caller only where a call
// site always calls the same function, which saves 13 of 140 ns.

export const fastSend: FastCall = (fd, memory, length, flags) => {
  if (!load(fd, memory, length, flags)) return REFUSED;
  send_fast(memory);
  return regs[3]!;
};
export const fastRecv: FastCall = (fd, memory, length, flags) => {
  if (!load(fd, memory, length, flags)) return REFUSED;
  recv_fast(memory);
  return regs[3]!;
};
export const fastRead: FastCall = (fd, memory, length, flags) => {
  if (!load(fd, memory, length, flags)) return REFUSED;
  read_fast(memory);
  return regs[3]!;
};
export const fastWrite: FastCall = (fd, memory, length, flags) => {
  if (!load(fd, memory, length, flags)) return REFUSED;
  write_fast(memory);
  return regs[3]!;
};
/** `length`: how many events; `flags`: the time-out in milliseconds. */
export const fastEpollWait: FastCall = (fd, memory, length, flags) => {
  if (!load(fd, memory, length, flags)) return REFUSED;
  epoll_wait_fast(memory);
  return regs[3]!;
};
