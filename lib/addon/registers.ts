// Room: the fast path of the hottest calls. Numbers go through memory that the addon owns, so that the view is the only argument
// to convert; its conditions are strict, and whatever does not meet them goes to the checked call.
import { native } from './binding.js';

/** [fd, length, flags, result]. */
export const regs: Int32Array = native.regs;
/** By names of their own: the addon has so many that V8 looks up each in a dictionary. */
export const { send_fast, recv_fast, send_view, recv_view, read_fast, write_fast, epoll_wait_fast } = native;
/** The result where native code refused the view: the checked call says why. */
export const REFUSED = -0x8000_0000;
/** An integer of 32 bits. (`x | 0` alone would throw an error of its own for a bigint, and run an object's code.) */
export const isInt32 = (x: unknown): x is number => typeof x === 'number' && (x | 0) === x;
