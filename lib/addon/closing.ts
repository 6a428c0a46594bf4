// Tells the event loop of descriptors that are about to be closed in this thread, by whichever layer.
import { native } from './binding.js';

let listener: ((fd: number) => void) | undefined;

/** `call` is made before a descriptor number of this thread is closed, given up, or replaced by dup2. */
export function onClosing(call: (fd: number) => void): void {
  listener = call;
}

/** The number is about to be closed: registrations on it end first, for a duplicate may keep its file open. */
export function closing(fd: number): void {
  listener?.(fd);
}

/** close(2) by a call that names only a number. */
export function closeNumber(fd: number): number {
  listener?.(fd);
  return native.close(fd);
}

/** The result of dup2(2) or dup3(2). What `newfd` was before is closed now: its registrations go, which the system may keep for a duplicate. */
export function replaced(oldfd: number, newfd: number, result: number): number {
  if (result >= 0 && oldfd !== newfd) listener?.(newfd);
  return result;
}
