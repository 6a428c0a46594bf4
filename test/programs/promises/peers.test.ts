// Programs on the event loop with peers in other languages.
import { AF_INET, SO_LINGER, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ChildProgram, killChildren, nodeProgram, run } from '../../support/child_program.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { hasCommand } from '../../support/machine.js';
import {
  boundSocket,
  fillSendBuffer,
  listeningSocket,
  receiveAll,
  receiveText,
  rejection,
} from '../../support/promise_sockets.js';
import { tcp4, udp4 } from '../../support/socket_kinds.js';
import { localPort } from '../../support/sockets.js';
import { raise } from './limits.mjs';

const program = (name: string, ...args: (string | number)[]): ChildProgram =>
  new ChildProgram(nodeProgram(new URL(name, import.meta.url), ...args));
afterEach(killChildren);

const connected = async (port: number | string): Promise<Socket> => {
  const client = closeAfterTest(new Socket(AF_INET, SOCK_STREAM));
  return client.connect({ address: '127.0.0.1', port: Number(port) });
};

describe('an echo server', () => {
  it('serves 10,000 connections at once on one thread', async ({ skip }) => {
    const limit = raise();
    skip(limit < 10_500, `10,000 connections need as many descriptors in a process; ${limit} are allowed`);
    const server = program('echo.mjs');
    const clients = program('echo_clients.mjs', await server.port(), 10_000);
    const { status, lines } = await clients.outcome;
    server.end();
    const outcome = await server.outcome;
    expect([status, lines]).toEqual([0, ['connected 10000', 'right 30000']]);
    expect([outcome.status, outcome.lines.at(-1)]).toEqual([0, 'at once 10000, left 0']);
  }, 60_000);
  it('serves nc and socat', async ({ skip }) => {
    const peers = [
      ['nc', ['-q', '1', '127.0.0.1']],
      ['socat', ['-', 'TCP:127.0.0.1:']],
    ] as const;
    const there = peers.filter(([command]) => hasCommand(command));
    skip(there.length === 0, 'neither nc nor socat');
    const server = program('echo.mjs');
    const port = await server.port();
    for (const [command, args] of there) {
      const all = command === 'socat' ? [args[0], `${args[1]}${port}`] : [...args, port];
      expect((await run(command, all, { input: 'hello\n' })).stdout).toBe('hello\n');
    }
    server.end();
    expect((await server.outcome).status).toBe(0);
  });
});

describe('a TCP proxy', () => {
  it('passes on both directions, half-close and resets', async () => {
    const target = listeningSocket(tcp4);
    const proxy = program('proxy.mjs', localPort(target));
    const port = await proxy.port();
    const client = await connected(port);
    const { socket } = await target.accept();
    closeAfterTest(socket);
    const data = Buffer.alloc(3_000_000, 'abc');
    const [there, back] = await Promise.all([
      receiveAll(socket),
      receiveAll(client),
      client.sendAll(data).then(() => client.shutdown(1)),
      socket.sendAll(data).then(() => socket.shutdown(1)),
    ]);
    expect([there.equals(data), back.equals(data)]).toEqual([true, true]);
    const second = await connected(port);
    const { socket: other } = await target.accept();
    const waiting = rejection(closeAfterTest(other).recv(new Uint8Array(1)));
    second.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 });
    second.close();
    expect(await waiting).toMatchObject({ code: 'ECONNRESET' });
    proxy.end();
    expect((await proxy.outcome).status).toBe(0);
  }, 20_000);
  it('stops the sender if its peer never reads', async () => {
    const target = listeningSocket(tcp4);
    const proxy = program('proxy.mjs', localPort(target));
    const client = await connected(await proxy.port());
    const { socket } = await target.accept();
    closeAfterTest(socket);
    // Until nothing moves any more: what is under way is bounded by the buffers of the system, not by the proxy's memory.
    let sent = 0;
    for (let idle = 0; idle < 5; ) {
      const more = await fillSendBuffer(client);
      sent += more;
      idle = more === 0 ? idle + 1 : 0;
      process.kill(proxy.pid, 'SIGUSR2');
      await proxy.line(/passed \d+/);
    }
    expect(sent).toBeLessThan(64_000_000);
    client.shutdown(1);
    expect((await receiveAll(socket)).length).toBe(sent);
    proxy.end();
    client.close();
    socket.close();
    expect((await proxy.outcome).status).toBe(0);
  }, 20_000);
});

it('a UDP relay carries the datagrams of a Python client', async ({ skip }) => {
  skip(!hasCommand('python3'), 'no Python');
  const target = boundSocket(udp4);
  const relay = program('relay.mjs', localPort(target));
  const port = await relay.port();
  const serving = (async () => {
    const buffer = Buffer.alloc(65_536);
    for (let i = 0; i < 60; i++) {
      const { length, address } = await target.recvfrom(buffer);
      await target.sendto(buffer.toString('latin1', 0, length).toUpperCase(), address);
    }
  })();
  const client = `import socket
for c in range(3):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(5)
    for i in range(20):
        s.sendto(b'word %d %d' % (c, i), ('127.0.0.1', ${port}))
        assert s.recv(100) == b'WORD %d %d' % (c, i)
print('right')`;
  expect(await run('python3', ['-c', client])).toMatchObject({ stdout: 'right\n', stderr: '' });
  await serving;
  relay.end();
  expect((await relay.outcome).status).toBe(0);
  expect(SOCK_DGRAM).toBe(udp4.type);
});

it('a chat drops a client that reads too slowly', async () => {
  const chat = program('chat.mjs');
  const port = await chat.port();
  const join = async (
    name: string,
  ): Promise<{ socket: Socket; line(): Promise<string>; hear(line: string): Promise<void> }> => {
    const socket = await connected(port);
    let rest = '';
    const line = async (): Promise<string> => {
      while (!rest.includes('\n')) rest += await receiveText(socket, 65_536);
      const end = rest.indexOf('\n');
      const next = rest.slice(0, end);
      rest = rest.slice(end + 1);
      return next;
    };
    const hear = async (wanted: string): Promise<void> => {
      while ((await line()) !== wanted) {}
    };
    await socket.sendAll(`${name}\n`);
    return { socket, line, hear };
  };
  const ada = await join('ada');
  await ada.hear('* ada came');
  const [bob, slow] = [await join('bob'), await join('slow')];
  await ada.hear('* slow came');
  await bob.hear('* slow came');
  await bob.socket.sendAll('hel');
  await bob.socket.sendAll('lo\r\n');
  await ada.hear('bob: hello');
  // More than the system's buffers hold for one who never reads; at the pace of one who does.
  const long = `${'x'.repeat(60_000)}\n`;
  do await ada.socket.sendAll(long);
  while ((await bob.line()) !== '* slow was put out');
  bob.socket.close();
  await ada.hear('* bob left');
  chat.end();
  await receiveAll(ada.socket).catch(() => {}); // its end, or a reset: the chat may not have read all that was said
  expect((await chat.outcome).status).toBe(0);
  slow.socket.close();
}, 20_000);

it('an HTTP server on a listener with options that Node lacks answers curl', async ({ skip }) => {
  skip(!hasCommand('curl'), 'no curl');
  const server = program('http.mjs');
  const url = `http://127.0.0.1:${await server.port()}/`;
  for (let i = 0; i < 3; i++) {
    const { stdout } = await run('curl', ['-sS', '--max-time', '10', url, url]);
    expect(stdout).toBe('{"state":1,"buffer":true}\n'.repeat(2));
  }
  server.end();
  expect((await server.outcome).status).toBe(0);
});
