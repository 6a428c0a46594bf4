// splice(2). Linux.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, errnoName, must } from '../support/descriptors.js';
import { decodeText } from '../support/memory.js';
import { unixStream } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';

describe.runIf(linux)('splice', () => {
  function pipe(): [number, number] {
    const fds = new (c.array(c.int, 2))();
    must(c.pipe(fds));
    return [closeAfterTest(fds[0]), closeAfterTest(fds[1])];
  }

  test('moves data from a socket into a pipe, and from the pipe into a socket', () => {
    const [a, b] = connectedPair(unixStream);
    const [reads, writes] = pipe();
    must(c.send(a, 'spliced', 7, 0));
    expect(c.splice(b, null, writes, null, 100, c.SPLICE_F_MOVE!)).toBe(7);
    expect(c.splice(reads, null, b, null, 7n, 0)).toBe(7);
    const bytes = new Uint8Array(16);
    expect(decodeText(bytes.subarray(0, c.recv(a, bytes, 16, 0)))).toBe('spliced');
  });

  test('fails without a pipe, with an offset on a pipe, without data, and with wrong arguments', () => {
    const [a, b] = connectedPair(unixStream);
    const [, writes] = pipe();
    expect(errnoName(() => c.splice(a, null, b, null, 1, 0))).toBe('EINVAL');
    expect(errnoName(() => c.splice(a, null, writes, new c.loff_t(0), 1, 0))).toBe('ESPIPE');
    expect(errnoName(() => c.splice(a, null, writes, null, 1, c.SPLICE_F_NONBLOCK!))).toBe('EAGAIN');
    expect(errnoName(() => c.splice(a, null, writes, null, 1, 256))).toBe('EINVAL');
    expect(errnoName(() => c.splice(a, new Uint8Array(7), writes, null, 1, 0))).toBe('EFAULT');
    expect(errnoName(() => c.splice(a, null, writes, new Uint8Array(7), 1, 0))).toBe('EFAULT');
    expect(() => c.splice(a, 0 as unknown as c.Pointer, writes, null, 1, 0)).toThrow(TypeError);
  });
});

test.runIf(!linux)('splice fails with ENOSYS on macOS', () => {
  expect(errnoName(() => c.splice(0, null, 1, null, 1, 0))).toBe('ENOSYS');
});
