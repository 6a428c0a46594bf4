// sockatmark(3).
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, errnoName, must, waitForEvents } from '../support/descriptors.js';
import { tcp4 } from '../support/socket_kinds.js';

test('sockatmark returns 1 where the urgent byte was', () => {
  const [client, server] = connectedPair(tcp4);
  must(c.send(client, 'ab', 2, 0));
  must(c.send(client, '!', 1, c.MSG_OOB));
  must(c.send(client, 'c', 1, 0));
  expect(waitForEvents(server, c.POLLPRI) & c.POLLPRI).toBe(c.POLLPRI);
  expect(c.sockatmark(server)).toBe(0);
  const bytes = new Uint8Array(8);
  expect(c.recv(server, bytes, 8, 0)).toBe(2); // reading stops at the mark
  expect(c.sockatmark(server)).toBe(1);
  const mark = new c.int();
  must(c.ioctl(server, c.SIOCATMARK, mark));
  expect(mark.value).toBe(1);
  expect(c.recv(server, bytes, 1, c.MSG_OOB)).toBe(1);
  expect(String.fromCharCode(bytes[0]!)).toBe('!');
  expect(c.recv(server, bytes, 8, 0)).toBe(1);
  expect(c.sockatmark(server)).toBe(0);
});

test('sockatmark fails on descriptors that are not stream sockets', () => {
  const fds = new (c.array(c.int, 2))();
  must(c.pipe(fds));
  closeAfterTest(fds[0]);
  closeAfterTest(fds[1]);
  expect(errnoName(() => c.sockatmark(fds[0]))).toMatch(/^(ENOTTY|EINVAL|ENOTSOCK)$/);
  expect(errnoName(() => c.sockatmark(-1))).toBe('EBADF');
  expect(() => c.sockatmark(undefined as unknown as number)).toThrow(TypeError);
});
