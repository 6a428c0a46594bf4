// <fcntl.h>.
import { native } from '../addon/binding.js';
import { ret } from '../addon/errno.js';
import { mem, type Pointer } from '../ctypes/index.js';
import { F_GETOWN } from '../generated/constants.js';

const owner = new Int32Array(1);

/**
 * `int fcntl(int fd, int cmd, ... arg)`: the third argument as C takes it for the command: none, an int, or a pointer
 * (`F_GETLK`: a `flock`). An argument to a command that this package does not know: `EINVAL`. `F_GETOWN` may give a negative
 * number that is no failure (a process group).
 * @throws TypeError for an argument of a wrong type. @see fcntl(2)
 */
export const fcntl = (fd: number, cmd: number, arg?: number | Pointer): number => {
  if (cmd === F_GETOWN) {
    const result = native.fcntl_getown(fd, owner);
    return result < 0 ? ret(result) : owner[0]!;
  }
  if (typeof arg !== 'object' || arg === null) return ret(native.fcntl(fd, cmd, arg));
  return ret(native.fcntl(fd, cmd, arg, mem(arg)));
};
