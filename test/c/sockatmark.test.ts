// Room: sockatmark.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { await_, connection, failure, ok, own } from '../families/bed.js';

test('is 1 where the urgent byte was', () => {
  const { client, server } = connection(c.AF_INET);
  ok(c.send(client, 'ab', 2, 0));
  ok(c.send(client, '!', 1, c.MSG_OOB));
  ok(c.send(client, 'c', 1, 0));
  expect(await_(server, c.POLLPRI) & c.POLLPRI).toBe(c.POLLPRI);
  expect(c.sockatmark(server)).toBe(0);
  const bytes = new Uint8Array(8);
  expect(c.recv(server, bytes, 8, 0)).toBe(2); // reading stops at the mark
  expect(c.sockatmark(server)).toBe(1);
  const mark = new c.int();
  ok(c.ioctl(server, c.SIOCATMARK, mark));
  expect(mark.value).toBe(1);
  expect(c.recv(server, bytes, 1, c.MSG_OOB)).toBe(1);
  expect(String.fromCharCode(bytes[0]!)).toBe('!');
  expect(c.recv(server, bytes, 8, 0)).toBe(1);
  expect(c.sockatmark(server)).toBe(0);
});

test('what is no stream socket', () => {
  const fds = new (c.array(c.int, 2))();
  ok(c.pipe(fds));
  own(fds[0]);
  own(fds[1]);
  expect(failure(() => c.sockatmark(fds[0]))).toMatch(/^(ENOTTY|EINVAL|ENOTSOCK)$/);
  expect(failure(() => c.sockatmark(-1))).toBe('EBADF');
  expect(() => c.sockatmark(undefined as unknown as number)).toThrow(TypeError);
});
