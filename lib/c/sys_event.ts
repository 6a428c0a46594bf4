// Room: <sys/event.h>. macOS; Linux: every call gives `ENOSYS`.
import { native } from '../addon/binding.js';
import { missing, ret } from '../addon/errno.js';
import { mem, type Pointer, type StructType } from '../ctypes/index.js';
import { kevent as kevent_struct } from '../generated/structs.js';

/** `int kqueue(void)`: a new kernel event queue. macOS. @see kqueue(2) */
export const kqueue = (): number => (native.kqueue ? ret(native.kqueue()) : missing());

const wait = (
  kq: number,
  changelist: Pointer,
  nchanges: number,
  eventlist: Pointer,
  nevents: number,
  timeout: Pointer,
): number =>
  native.kevent ? ret(native.kevent(kq, mem(changelist), nchanges, mem(eventlist), nevents, mem(timeout))) : missing();

/** C's `struct kevent`. macOS. */
export type kevent = kevent_struct;

/**
 * As in C, a type and a function: `new kevent()` is a `struct kevent`, and `int kevent(int kq, const struct kevent *changelist, int
 * nchanges, struct kevent *eventlist, int nevents, const struct timespec *timeout)` registers changes and waits for events. A count
 * more than its list has: `EFAULT`. macOS.
 * @throws TypeError for an argument of a wrong type. @see kevent(2)
 */
export const kevent: StructType<kevent_struct> & typeof wait = new Proxy(kevent_struct, {
  apply: (_target, _self, args: Parameters<typeof wait>) => wait(...args),
}) as StructType<kevent_struct> & typeof wait;
