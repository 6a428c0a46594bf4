// Room: pipe2.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { failure, ok, own } from '../families/bed.js';

const linux = process.platform === 'linux';
const Ends = c.array(c.int, 2);

test.runIf(linux)('pipe2 sets its flags on both ends', () => {
  const fds = new Ends();
  ok(c.pipe2(fds, c.flags(c.O_CLOEXEC, c.O_NONBLOCK)));
  for (const fd of [own(fds[0]), own(fds[1])]) {
    expect(c.fcntl(fd, c.F_GETFD)).toBe(c.FD_CLOEXEC);
    expect(c.fcntl(fd, c.F_GETFL) & c.O_NONBLOCK).toBe(c.O_NONBLOCK);
  }
  expect(failure(() => c.read(fds[0], new Uint8Array(1), 1))).toBe('EAGAIN');
  expect(c.write(fds[1], 'through', 7)).toBe(7);
  expect(c.read(fds[0], new Uint8Array(16), 16)).toBe(7);
});

test.runIf(c.O_DIRECT)('O_DIRECT: a pipe of packets', () => {
  const fds = new Ends();
  ok(c.pipe2(fds, c.O_DIRECT!));
  own(fds[0]);
  own(fds[1]);
  ok(c.write(fds[1], 'one', 3));
  ok(c.write(fds[1], 'two', 3));
  expect(c.read(fds[0], new Uint8Array(16), 16)).toBe(3);
});

test.runIf(linux)('memory that is too small, flags that are none', () => {
  expect(failure(() => c.pipe2(new Uint8Array(7), 0))).toBe('EFAULT');
  expect(failure(() => c.pipe2(null, 0))).toBe('EFAULT');
  expect(failure(() => c.pipe2(new Int32Array(2), 1))).toBe('EINVAL');
  expect(() => c.pipe2('pipe' as unknown as c.Pointer, 0)).toThrow(TypeError);
});

test.runIf(!linux)('pipe2 is missing', () => {
  expect(failure(() => c.pipe2(new Int32Array(2), 0))).toBe('ENOSYS');
});
