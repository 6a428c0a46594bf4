// pipe2(2). Linux.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { errnoName, must } from '../support/descriptors.js';

const linux = process.platform === 'linux';
const Ends = c.array(c.int, 2);

test.runIf(linux)('pipe2 sets its flags on both ends', () => {
  const fds = new Ends();
  must(c.pipe2(fds, c.flags(c.O_CLOEXEC, c.O_NONBLOCK)));
  for (const fd of [closeAfterTest(fds[0]), closeAfterTest(fds[1])]) {
    expect(c.fcntl(fd, c.F_GETFD)).toBe(c.FD_CLOEXEC);
    expect(c.fcntl(fd, c.F_GETFL) & c.O_NONBLOCK).toBe(c.O_NONBLOCK);
  }
  expect(errnoName(() => c.read(fds[0], new Uint8Array(1), 1))).toBe('EAGAIN');
  expect(c.write(fds[1], 'through', 7)).toBe(7);
  expect(c.read(fds[0], new Uint8Array(16), 16)).toBe(7);
});

test.runIf(c.O_DIRECT)('pipe2 with O_DIRECT makes a pipe of packets', () => {
  const fds = new Ends();
  must(c.pipe2(fds, c.O_DIRECT!));
  closeAfterTest(fds[0]);
  closeAfterTest(fds[1]);
  must(c.write(fds[1], 'one', 3));
  must(c.write(fds[1], 'two', 3));
  expect(c.read(fds[0], new Uint8Array(16), 16)).toBe(3);
});

test.runIf(linux)('pipe2 fails if the memory is too small, and for unknown flags', () => {
  expect(errnoName(() => c.pipe2(new Uint8Array(7), 0))).toBe('EFAULT');
  expect(errnoName(() => c.pipe2(null, 0))).toBe('EFAULT');
  expect(errnoName(() => c.pipe2(new Int32Array(2), 1))).toBe('EINVAL');
  expect(() => c.pipe2('pipe' as unknown as c.Pointer, 0)).toThrow(TypeError);
});

test.runIf(!linux)('pipe2 fails with ENOSYS on macOS', () => {
  expect(errnoName(() => c.pipe2(new Int32Array(2), 0))).toBe('ENOSYS');
});
