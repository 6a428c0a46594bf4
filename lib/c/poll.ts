// Room: <poll.h>.
import { native } from '../addon/binding.js';
import { missing, ret } from '../addon/errno.js';
import { mem, type Pointer } from '../ctypes/index.js';

/**
 * `int poll(struct pollfd *fds, nfds_t nfds, int timeout)`: waits until a descriptor is ready; how many are. `fds` is an instance
 * of `array(pollfd, n)` or one `pollfd`; `timeout` in milliseconds, negative: for ever. `nfds` more than `fds` has: `EFAULT`.
 * @throws TypeError for an argument of a wrong type. @see poll(2)
 */
export const poll = (fds: Pointer, nfds: number | bigint, timeout: number): number =>
  ret(native.poll(mem(fds), nfds, timeout));

/**
 * `int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t *sigmask)`: poll with a time-out in
 * nanoseconds (`null`: for ever; it stays as it is) and a signal mask for the wait. macOS: `ENOSYS`.
 * @throws TypeError for an argument of a wrong type. @see ppoll(2)
 */
export const ppoll = (fds: Pointer, nfds: number | bigint, tmo_p: Pointer, sigmask: Pointer): number =>
  native.ppoll ? ret(native.ppoll(mem(fds), nfds, mem(tmo_p), mem(sigmask))) : missing();
