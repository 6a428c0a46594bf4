// <stdio.h>. Everything is written at once: nothing is buffered.
import { native } from '../addon/binding.js';
import { errno, ret } from '../addon/errno.js';
import { type ConstPointer, mem, wrongArgument } from '../ctypes/index.js';
import { printError } from './print_error.js';
import { strerror } from './string.js';

/** A `FILE *`. */
export interface FILE {
  /** Its descriptor: `fileno(stream)`. */
  readonly fd: number;
}
/** `stdout`: descriptor 1. @see stdio(3) */
export const stdout: FILE = Object.freeze({ fd: 1 });
/** `stderr`: descriptor 2. @see stdio(3) */
export const stderr: FILE = Object.freeze({ fd: 2 });

function descriptorOf(stream: FILE): number {
  const fd: unknown = (stream as FILE | null | undefined)?.fd;
  if (!Number.isInteger(fd)) throw wrongArgument('fprintf', 1, 'stream', 'a FILE: stdout, stderr', stream);
  return fd as number;
}

/** What a conversion may take: a number, a bigint for 64 bits, a text or memory for `%s`. */
export type PrintfArgument = number | bigint | ConstPointer;

/**
 * `int printf(const char *format, ...)`: formats as the C library does, and writes to descriptor 1; the number of bytes, or -1 with
 * `errno`. `%s` takes a string or memory with a NUL (`EFAULT` if there is none); `%c` a number or a text of one byte.
 * @throws TypeError for an argument that its conversion does not take, or a missing one. @see printf(3)
 */
export const printf = (format: ConstPointer, ...args: PrintfArgument[]): number =>
  ret(native.printf(errno, stdout.fd, mem(format), ...args.map((arg) => mem(arg))));

/**
 * `int fprintf(FILE *stream, const char *format, ...)`: the same to `stdout` or `stderr`.
 * @throws TypeError for an argument that its conversion does not take, or a missing one. @see printf(3)
 */
export const fprintf = (stream: FILE, format: ConstPointer, ...args: PrintfArgument[]): number =>
  ret(native.fprintf(errno, descriptorOf(stream), mem(format), ...args.map((arg) => mem(arg))));

/**
 * `void perror(const char *s)`: writes `s: message of errno` to descriptor 2 at once; the message alone if `s` is null or empty.
 * @throws TypeError for an argument of a wrong type. @see perror(3)
 */
export const perror = (s: ConstPointer): void => {
  printError('perror', s, strerror(errno));
};
