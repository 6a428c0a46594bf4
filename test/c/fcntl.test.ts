// fcntl(2).
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as c from 'bsd-sockets/c';
import { sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest, temporaryFolder } from '../support/cleanup.js';
import { connectedPair, newSocket } from '../support/descriptors.js';
import { GuardedMemory } from '../support/memory.js';
import { allKinds, tcp4, unixStream } from '../support/socket_kinds.js';

describe.each(allKinds)('fcntl: $name', (kind) => {
  test('F_GETFL and F_SETFL read and write flags; F_GETFL takes no third argument', () => {
    const [a] = connectedPair(kind);
    const before = c.fcntl(a, c.F_GETFL);
    expect(before & c.O_NONBLOCK).toBe(0);
    c.set_errno(77);
    expect(c.fcntl(a, c.F_SETFL, before | c.O_NONBLOCK)).toBe(0);
    expect(c.errno).toBe(77);
    expect(c.fcntl(a, c.F_GETFL, 0)).toBe(before | c.O_NONBLOCK);
    expect(c.recv(a, new Uint8Array(1), 1, 0)).toBe(-1);
    expect(c.errno).toBe(c.EAGAIN);
  });

  test('F_GETFD and F_SETFD read and write FD_CLOEXEC', () => {
    const fd = newSocket(kind);
    expect(c.fcntl(fd, c.F_GETFD)).toBe(0);
    expect(c.fcntl(fd, c.F_SETFD, c.FD_CLOEXEC)).toBe(0);
    expect(c.fcntl(fd, c.F_GETFD)).toBe(c.FD_CLOEXEC);
  });
});

describe('fcntl', () => {
  test('F_DUPFD returns the lowest free descriptor from the argument on', () => {
    const fd = newSocket(tcp4);
    const copy = closeAfterTest(c.fcntl(fd, c.F_DUPFD, 700));
    expect(copy).toBeGreaterThanOrEqual(700);
    expect(c.fcntl(closeAfterTest(c.fcntl(fd, c.F_DUPFD_CLOEXEC, 0)), c.F_GETFD)).toBe(c.FD_CLOEXEC);
    expect(c.fcntl(fd, c.F_DUPFD, -1)).toBe(-1);
    expect(c.errno).toBe(c.EINVAL);
  });

  test('F_SETOWN and F_GETOWN set and return the owner', () => {
    const fd = newSocket(tcp4);
    expect(c.fcntl(fd, c.F_SETOWN, process.pid)).toBe(0);
    expect(c.fcntl(fd, c.F_GETOWN)).toBe(process.pid);
    expect(c.fcntl(-1, c.F_GETOWN)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
  });

  test.runIf(process.platform === 'linux')(
    'F_GETOWN returns a process group as a negative number without failing',
    () => {
      const group = Number(readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')[2]);
      const fd = newSocket(tcp4);
      c.set_errno(77);
      expect(c.fcntl(fd, c.F_SETOWN, -group)).toBe(0);
      expect(c.fcntl(fd, c.F_GETOWN)).toBe(-group);
      expect(c.errno).toBe(77);
    },
  );

  test('F_GETLK and F_SETLK take a flock', () => {
    const directory = temporaryFolder();
    let fd = -1;
    try {
      fd = openSync(join(directory, 'f'), 'w+');
      const lock = new c.flock({ l_type: c.F_WRLCK, l_whence: 0, l_start: 0, l_len: 10 });
      expect(c.fcntl(fd, c.F_SETLK, lock)).toBe(0);
      expect(c.fcntl(fd, c.F_GETLK, lock)).toBe(0);
      expect(lock.l_type).toBe(c.F_UNLCK); // the own lock is no obstacle
      const memory = new GuardedMemory(sizeof(c.flock) - 1);
      expect(c.fcntl(fd, c.F_GETLK, memory.bytes)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
      expect(memory.intact).toBe(true);
      expect(c.fcntl(fd, c.F_GETLK, null)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
      expect(c.fcntl(fd, c.F_GETLK)).toBe(-1);
      expect(c.errno).toBe(c.EFAULT);
    } finally {
      closeSync(fd); // in a worker, Node closes what node:fs opened once more at its end, by number
    }
  });

  test('throws TypeError for a number in place of a pointer and the reverse', () => {
    const fd = newSocket(unixStream);
    expect(() => c.fcntl(fd, c.F_GETLK, 5)).toThrow(TypeError);
    expect(() => c.fcntl(fd, c.F_SETFL, new c.int())).toThrow(TypeError);
    expect(() => c.fcntl(fd, c.F_SETFL, null)).toThrow(TypeError);
    expect(() => c.fcntl(fd, c.F_SETFL, 1.5)).toThrow(TypeError);
    expect(() => c.fcntl(fd, c.F_SETFL, 'x' as never)).toThrow(TypeError);
  });

  test('fails with EINVAL for an unknown command', () => {
    const fd = newSocket(unixStream);
    for (const argument of [[], [1], [new c.int()]] as const) {
      expect(c.fcntl(fd, 99_999, ...argument)).toBe(-1);
      expect(c.errno).toBe(c.EINVAL);
    }
    expect(c.fcntl(-1, c.F_GETFL)).toBe(-1);
    expect(c.errno).toBe(c.EBADF);
  });
});
