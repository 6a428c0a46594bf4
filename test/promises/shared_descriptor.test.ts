// Several sockets on one descriptor, and descriptors that another owner closes.
import { once } from 'node:events';
import { connect, createServer, type Socket as NetSocket } from 'node:net';
import { AF_UNIX, BadDescriptorError, Socket as Blocking, IPPROTO_TCP, SOCK_STREAM, TCP_NODELAY } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { run } from '../support/child_program.js';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, receiveText, rejection } from '../support/promise_sockets.js';
import { unixStream } from '../support/socket_kinds.js';
import { localPort } from '../support/sockets.js';

describe('two sockets on one descriptor', () => {
  it('both wait, and both are served', async () => {
    const [a, b] = await connectedPair(unixStream);
    const [one, two] = [closeAfterTest(Socket.from(a.fd)), closeAfterTest(Socket.from(a))];
    const answers = [receiveText(a, 1), receiveText(one, 1), receiveText(two, 1)];
    await b.send('xyz');
    expect((await Promise.all(answers)).sort()).toEqual(['x', 'y', 'z']);
    // Forgetting one leaves the others.
    const next = receiveText(two, 1);
    one.close();
    await b.send('1');
    expect(await next).toBe('1');
  });
  it('the owner’s close rejects the waiting calls of both', async () => {
    const [a, b] = await connectedPair(unixStream);
    const borrowed = closeAfterTest(Socket.from(a));
    const waiting = [rejection(borrowed.recv(new Uint8Array(1))), rejection(a.recv(new Uint8Array(1)))];
    a.close();
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(BadDescriptorError);
    expect(await rejection(borrowed.recv(new Uint8Array(1)))).toBeInstanceOf(BadDescriptorError);
    expect(b.closed).toBe(false);
  });
  it('a blocking Socket that owns the descriptor rejects them by its close', async () => {
    const [a, b] = Blocking.pair(AF_UNIX, SOCK_STREAM);
    closeAfterTest(b);
    const waiting = rejection(closeAfterTest(Socket.from(a)).recv(new Uint8Array(1)));
    a.close();
    expect(await waiting).toBeInstanceOf(BadDescriptorError);
  });
  it('a reused number: calls that wait for the old descriptor are rejected, those for the new one are served', async () => {
    const sv = new (c.array(c.int, 2))();
    c.socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
    const [fd, old] = [sv[0], sv[1]];
    const borrowed = closeAfterTest(Socket.from(fd));
    const lost = rejection(borrowed.recv(new Uint8Array(1)));
    c.close(fd); // behind everybody's back
    const [d, e] = Blocking.pair(AF_UNIX, SOCK_STREAM);
    closeAfterTest(e);
    expect(closeAfterTest(d).fd).toBe(fd);
    const waiting = receiveText(closeAfterTest(Socket.from(d)));
    expect(await lost).toBeInstanceOf(BadDescriptorError);
    e.send('x');
    expect(await waiting).toBe('x');
    c.close(old);
  });
});

it('accept does not block after its owner got another descriptor', async () => {
  const program = `
      import { AF_UNIX, SOCK_STREAM, Socket } from 'bsd-sockets';
      import { Socket as Waiting } from 'bsd-sockets/promises';
      const [one, two] = [1, 2].map(() => new Socket(AF_UNIX, SOCK_STREAM).bind({ path: '' }).listen());
      const owner = { fd: one.fd };
      const borrowed = Waiting.from(owner);
      owner.fd = two.fd;
      const late = borrowed.accept({ timeout: 10 }).catch(({ code }) => code);
      const client = new Socket(AF_UNIX, SOCK_STREAM);
      console.log(await late, (await Promise.all([borrowed.accept(), client.connect(two.getsockname())]))[0].address);
      process.exit();`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { limit: 4000 });
  expect(stdout).toBe("ETIMEDOUT { family: 'unix', path: '' }\n");
});

describe('Node’s own sockets', () => {
  it('options are set on them; a waiting call is rejected when they are closed', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as { port: number }).port, '127.0.0.1');
    const [[peer]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
      [NetSocket],
      unknown,
    ];
    client.pause();
    const ours = closeAfterTest(Socket.from(client));
    ours.setsockopt(IPPROTO_TCP, TCP_NODELAY, true);
    expect(ours.getsockopt(IPPROTO_TCP, TCP_NODELAY)).toBe(true);
    expect(localPort(closeAfterTest(Socket.from(server)))).toBe((server.address() as { port: number }).port);
    const waiting = Array.from({ length: 12 }, () => rejection(ours.recv(new Uint8Array(1))));
    expect(client.listenerCount('close')).toBeLessThan(5);
    client.destroy();
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(BadDescriptorError);
    expect(await rejection(ours.recv(new Uint8Array(1)))).toBeInstanceOf(BadDescriptorError);
    expect(client.listenerCount('close')).toBe(0);
    peer.destroy();
    server.close();
    await once(server, 'close');
  });
  it('accept beside a net.Server is rejected when that is closed', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const waiting = rejection(closeAfterTest(Socket.from(server)).accept());
    server.close();
    expect(await waiting).toBeInstanceOf(BadDescriptorError);
  });
});
