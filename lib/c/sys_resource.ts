// Room: <sys/resource.h>.
import { native } from '../addon/binding.js';
import { ret } from '../addon/errno.js';
import { mem, type Pointer } from '../ctypes/index.js';

/**
 * `int getrlimit(int resource, struct rlimit *rlim)`. Node raises the soft limit of descriptors to the hard one when it starts.
 * @throws TypeError for an argument of a wrong type. @see getrlimit(2)
 */
export const getrlimit = (resource: number, rlim: Pointer): number => ret(native.getrlimit(resource, mem(rlim)));

/** `int setrlimit(int resource, const struct rlimit *rlim)`. @throws TypeError for an argument of a wrong type. @see setrlimit(2) */
export const setrlimit = (resource: number, rlim: Pointer): number => ret(native.setrlimit(resource, mem(rlim)));
