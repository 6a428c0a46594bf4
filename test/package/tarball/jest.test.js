// Jest's default mode: each test file has its own copy of every module, in one process or in workers. Copied twice.
const { expect, test } = /** @type {any} */ (globalThis);
const c = require('bsd-sockets/c');
const { AF_INET, AF_UNIX, SOCK_STREAM, Socket, SocketError } = require('bsd-sockets');
const { Socket: Waiting } = require('bsd-sockets/promises');

test('errno is live', () => {
  expect(c.errno).toBe(0);
  expect(c.close(-1)).toBe(-1);
  expect(c.errno).toBe(c.EBADF);
});
test('an error is an instance of its class', () => {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  b.close();
  expect(() => a.send('x')).toThrow(SocketError);
  a.close();
});
test('the memory of a test is taken', () => {
  const sv = new (c.array(c.int, 2))();
  expect(c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, sv)).toBe(0);
  const buffer = new Uint8Array(4);
  expect(c.send(sv[0], Buffer.from('hi'), 2, 0)).toBe(2);
  expect(c.recv(sv[1], buffer, 4, 0)).toBe(2);
  expect(c.close(sv[0]) | c.close(sv[1])).toBe(0);
});
test('promises are settled', async () => {
  const server = new Waiting(AF_INET, SOCK_STREAM);
  server.bind({ address: '127.0.0.1', port: 0 });
  server.listen();
  const client = new Waiting(AF_INET, SOCK_STREAM);
  const [{ socket }] = await Promise.all([server.accept(), client.connect(server.getsockname())]);
  const received = socket.recv(new Uint8Array(4));
  await client.sendAll('abc');
  expect(await received).toBe(3);
  for (const each of [server, client, socket]) each.close();
});
