// Tests of each entry point in a fresh process that imports it alone: it needs nothing that another one registers.
import { expect, it } from 'vitest';
import { run } from '../support/child_program.js';

const evaluate = async (program: string): Promise<string> => {
  const { status, stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    limit: 20_000,
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
};
const AF_INET = 2;
const SOCK_STREAM = 1;
it('bsd-sockets/promises: a connect that fails after a while rejects, options have their types, streams and names work', async () => {
  const stdout = await evaluate(`
    import { Socket, getaddrinfo } from 'bsd-sockets/promises';
    const listener = new Socket(${AF_INET}, ${SOCK_STREAM}).bind({ address: '127.0.0.1', port: 0 }).listen();
    const address = listener.getsockname();
    const client = new Socket(${AF_INET}, ${SOCK_STREAM});
    const [{ socket }] = await Promise.all([listener.accept(), client.connect(address)]);
    await client.sendAll(['a', 'b']);
    const { value } = await socket.readable.getReader().read();
    console.log(Buffer.from(value).toString(), client.domain, client.type, (await getaddrinfo('127.0.0.1', '80')).length > 0);
    listener.close();
    socket.close();
    client.close();
    for (let i = 0; i < 3; i++) {
      const refused = new Socket(${AF_INET}, ${SOCK_STREAM});
      await refused.connect(address).then(() => console.log('resolved'), ({ name, code }) => console.log(name, code));
      refused.close();
    }`);
  expect(stdout).toBe(`ab 2 1 true\n${'ConnectionRefusedError ECONNREFUSED\n'.repeat(3)}`);
});
it('bsd-sockets', async () => {
  const stdout = await evaluate(`
    import { AF_UNIX, SOCK_STREAM, SO_TYPE, SOL_SOCKET, Socket, Poller, POLLIN, SO_LINGER } from 'bsd-sockets';
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    b.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 1 }).send('x');
    const poller = new Poller().add(a, POLLIN);
    console.log([...poller.wait()].length, a.getsockopt(SOL_SOCKET, SO_TYPE), b.getsockopt(SOL_SOCKET, SO_LINGER).seconds);
    poller.close();
    a.close();
    b.close();`);
  expect(stdout).toBe('1 1 1\n');
});
it('bsd-sockets/c', async () => {
  const stdout = await evaluate(`
    import * as c from 'bsd-sockets/c';
    const sv = new (c.array(c.int, 2))();
    console.log(c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, sv), c.send(sv[0], Buffer.from('x'), 1, 0), c.close(sv[0]), c.close(sv[1]), c.close(sv[1]), c.errno === c.EBADF);`);
  expect(stdout).toBe('0 1 0 0 -1 true\n');
});
it('two copies of the package in one thread: neither takes the other’s descriptors for closed', async () => {
  const bundle = import.meta.resolve('bsd-sockets').replace(/[^/]*$/, '');
  const stdout = await evaluate(`
    import { cpSync, mkdtempSync, rmSync } from 'node:fs';
    import { join } from 'node:path';
    import { fileURLToPath } from 'node:url';
    const root = fileURLToPath(new URL('../..', '${bundle}'));
    const copy = mkdtempSync(join(root, 'dist', 'copy-'));
    try {
      cpSync(fileURLToPath('${bundle}'), join(copy, 'bundle'), { recursive: true });
      process.env.BSD_SOCKETS_BINARY = join(root, 'build/Release/bsd_sockets.node');
      const one = await import('${bundle}promises.js');
      const two = await import('file://' + join(copy, 'bundle', 'promises.js'));
      const pairs = [one, two, one].map(({ Socket }) => Socket.pair(1, 1));
      const buffer = new Uint8Array(1);
      for (const [a, b] of pairs) {
        const waiting = a.recv(buffer);
        await b.send('x');
        console.log(await waiting);
      }
      const many = Array.from({ length: 3 }, () => two.Socket.from(pairs[0][0].fd));
      console.log(many.every(({ closed }) => !closed));
      for (const socket of pairs.flat()) socket.close();
    } finally {
      rmSync(copy, { recursive: true });
    }`);
  expect(stdout).toBe('1\n1\n1\ntrue\n');
});
