// Socket.pair.
import { AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_STREAM, Socket } from 'bsd-sockets';
import { expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { unixKinds } from '../support/socket_kinds.js';
import { thrownSocketError } from '../support/sockets.js';

it.each(unixKinds)('Socket.pair returns two connected sockets: $name', ({ domain, type }) => {
  const [a, b] = Socket.pair(domain, type).map(closeAfterTest);
  a!.send('there');
  b!.send('back');
  const buffer = Buffer.alloc(16);
  expect(buffer.toString('latin1', 0, b!.recv(buffer))).toBe('there');
  expect(buffer.toString('latin1', 0, a!.recv(buffer))).toBe('back');
  expect(a!.getsockname()).toEqual({ family: 'unix', path: '' });
  expect(a!.getpeername()).toEqual({ family: 'unix', path: '' });
});

it('Socket.pair takes SOCK_NONBLOCK', () => {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK!);
  closeAfterTest(a);
  closeAfterTest(b);
  expect([a.blocking, b.blocking, a.type]).toEqual([false, false, SOCK_DGRAM]);
});

it('Socket.pair throws for a family without pairs', () => {
  expect(thrownSocketError(() => Socket.pair(AF_INET, SOCK_STREAM))).toMatchObject({
    code: 'EOPNOTSUPP',
    syscall: 'socketpair',
  });
});
