// <sys/epoll.h>. Linux; on macOS every call fails with `ENOSYS`.
import { native } from '../addon/binding.js';
import { missing, ret } from '../addon/errno.js';
import { fastEpollWait, REFUSED } from '../addon/registers.js';
import { mem, type Pointer } from '../ctypes/index.js';

/** `int epoll_create(int size)`. Linux. @throws TypeError for an argument of a wrong type. @see epoll_create(2) */
export const epoll_create = (size: number): number =>
  native.epoll_create ? ret(native.epoll_create(size)) : missing();

/** `int epoll_create1(int flags)`: EPOLL_CLOEXEC or 0. Linux. @throws TypeError for an argument of a wrong type. @see epoll_create(2) */
export const epoll_create1 = (flags: number): number =>
  native.epoll_create1 ? ret(native.epoll_create1(flags)) : missing();

/**
 * `int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)`: adds, changes or removes a descriptor. Linux.
 * @throws TypeError for an argument of a wrong type. @see epoll_ctl(2)
 */
export const epoll_ctl = (epfd: number, op: number, fd: number, event: Pointer): number =>
  native.epoll_ctl ? ret(native.epoll_ctl(epfd, op, fd, mem(event))) : missing();

/**
 * `int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)`: waits; how many events were left in `events`
 * (an instance of `array(epoll_event, n)`, or one). `timeout` in milliseconds. `maxevents` more than `events` has: `EFAULT`. Linux.
 * @throws TypeError for an argument of a wrong type. @see epoll_wait(2)
 */
export const epoll_wait = (epfd: number, events: Pointer, maxevents: number, timeout: number): number => {
  if (!native.epoll_wait) return missing();
  const bytes = mem(events);
  const result = fastEpollWait(epfd, bytes, maxevents, timeout);
  return ret(result === REFUSED ? native.epoll_wait(epfd, bytes, maxevents, timeout) : result);
};

/**
 * `int epoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout, const sigset_t *sigmask)`: the same with a
 * signal mask for the wait. Linux.
 * @throws TypeError for an argument of a wrong type. @see epoll_wait(2)
 */
export const epoll_pwait = (
  epfd: number,
  events: Pointer,
  maxevents: number,
  timeout: number,
  sigmask: Pointer,
): number =>
  native.epoll_pwait ? ret(native.epoll_pwait(epfd, mem(events), maxevents, timeout, mem(sigmask))) : missing();
