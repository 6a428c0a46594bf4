// <unistd.h>.
import { native } from '../addon/binding.js';
import { closeNumber, replaced } from '../addon/closing.js';
import { missing, ret } from '../addon/errno.js';
import { fastRead, fastWrite, REFUSED } from '../addon/registers.js';
import { type ConstPointer, mem, type Pointer } from '../ctypes/index.js';

/** `int close(int fd)`. @throws TypeError for an argument of a wrong type. @see close(2) */
export const close = (fd: number): number => ret(closeNumber(fd));

/**
 * `ssize_t read(int fd, void *buf, size_t count)`: how many bytes were read, 0 at the end. `count` more than `buf` has: `EFAULT`.
 * @throws TypeError for an argument of a wrong type. @see read(2)
 */
export const read = (fd: number, buf: Pointer, count: number | bigint): number => {
  const result = fastRead(fd, buf, count, 0);
  return ret(result === REFUSED ? native.read(fd, mem(buf), count) : result);
};

/**
 * `ssize_t write(int fd, const void *buf, size_t count)`: how many bytes were taken. `count` more than `buf` has: `EFAULT`.
 * @throws TypeError for an argument of a wrong type. @see write(2)
 */
export const write = (fd: number, buf: ConstPointer, count: number | bigint): number => {
  const result = fastWrite(fd, buf, count, 0);
  return ret(result === REFUSED ? native.write(fd, mem(buf), count) : result);
};

/** `int dup(int oldfd)`: a second descriptor for the same file. @throws TypeError for an argument of a wrong type. @see dup(2) */
export const dup = (oldfd: number): number => ret(native.dup(oldfd));

/**
 * `int dup2(int oldfd, int newfd)`: makes `newfd` a second descriptor for the same file; what it was before is closed.
 * @throws TypeError for an argument of a wrong type. @see dup2(2)
 */
export const dup2 = (oldfd: number, newfd: number): number => ret(replaced(oldfd, newfd, native.dup2(oldfd, newfd)));

/**
 * `int pipe(int pipefd[2])`: a pipe's two ends, left in `pipefd` (room for two ints, else `EFAULT`): [0] reads, [1] writes.
 * @throws TypeError for an argument of a wrong type. @see pipe(2)
 */
export const pipe = (pipefd: Pointer): number => ret(native.pipe(mem(pipefd)));

/**
 * `int dup3(int oldfd, int newfd, int flags)`: dup2 with O_CLOEXEC; equal descriptors are `EINVAL`. macOS: `ENOSYS`.
 * @throws TypeError for an argument of a wrong type. @see dup3(2)
 */
export const dup3 = (oldfd: number, newfd: number, flags: number): number =>
  native.dup3 ? ret(replaced(oldfd, newfd, native.dup3(oldfd, newfd, flags))) : missing();

/**
 * `int pipe2(int pipefd[2], int flags)`: pipe with O_CLOEXEC, O_NONBLOCK, O_DIRECT. macOS: `ENOSYS`.
 * @throws TypeError for an argument of a wrong type. @see pipe2(2)
 */
export const pipe2 = (pipefd: Pointer, flags: number): number =>
  native.pipe2 ? ret(native.pipe2(mem(pipefd), flags)) : missing();

/**
 * `int gethostname(char *name, size_t len)`: this host's name in `name`. `len` more than `name` has: `EFAULT`.
 * @throws TypeError for an argument of a wrong type. @see gethostname(2)
 */
export const gethostname = (name: Pointer, len: number | bigint): number => ret(native.gethostname(mem(name), len));

/**
 * `unsigned int sleep(unsigned int seconds)`: blocks this thread; the seconds left when a signal handler ended it.
 * @throws TypeError for an argument of a wrong type. @see sleep(3)
 */
export const sleep = (seconds: number): number => native.sleep(seconds);

/** `int usleep(useconds_t usec)`: blocks this thread, in microseconds. @throws TypeError for an argument of a wrong type. @see usleep(3) */
export const usleep = (usec: number): number => ret(native.usleep(usec));
