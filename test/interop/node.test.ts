// Descriptors of this package under Node’s servers and streams, and its options on Node’s sockets.
import { spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  Socket as Blocking,
  IP_TOS,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_V6ONLY,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_DEFER_ACCEPT,
  TCP_KEEPINTVL,
} from 'bsd-sockets';
import { Socket, toNetSocket } from 'bsd-sockets/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, runProgram } from '../support/child_program.js';
import { closeAfterTest, socketPath } from '../support/cleanup.js';
import { hasCommand } from '../support/machine.js';
import { connectedPair, listeningSocket, newSocket, receiveText } from '../support/promise_sockets.js';
import { tcp4, unixStream } from '../support/socket_kinds.js';
import { localPort } from '../support/sockets.js';

const curl = hasCommand('curl');
const openssl = hasCommand('openssl', 'version');

let folder: string;
let certificate: { key: Buffer; cert: Buffer };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-'));
  if (!openssl) return;
  const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'cert')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const { status, stderr } = spawnSync('openssl', [...request, ...files, '-subj', '/CN=localhost'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  certificate = { key: readFileSync(join(folder, 'key')), cert: readFileSync(join(folder, 'cert')) };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A listener of ours with options that Node lacks. */
function listenerWithOptions(): { server: Socket; port: number } {
  const server = closeAfterTest(new Socket(AF_INET, SOCK_STREAM))
    .setsockopt(SOL_SOCKET, SO_REUSEADDR, true)
    .setsockopt(SOL_SOCKET, SO_REUSEPORT, true)
    .bind({ address: '127.0.0.1', port: 0 });
  if (TCP_DEFER_ACCEPT !== undefined) server.setsockopt(IPPROTO_TCP, TCP_DEFER_ACCEPT, 1000);
  return { server: server.listen(), port: localPort(server) };
}
async function closed(server: { close(): unknown; once(event: string, listener: () => void): unknown }): Promise<void> {
  const end = new Promise<void>((resolve) => void server.once('close', resolve));
  server.close();
  await end;
}

describe('listeners of bsd-sockets under Node’s servers', () => {
  it('serve http, with curl', async ({ skip }) => {
    skip(!curl, 'no curl');
    const { server, port } = listenerWithOptions();
    const node = http.createServer((request, response) => response.end(`you are ${request.socket.remoteAddress}\n`));
    node.listen({ fd: server.detach() });
    await once(node, 'listening');
    expect((node.address() as net.AddressInfo).port).toBe(port);
    const { stdout } = await run('curl', ['-sS', '--max-time', '10', `http://127.0.0.1:${port}/`]);
    expect(stdout).toBe('you are 127.0.0.1\n');
    await closed(node);
  });
  it('serve https, with curl and openssl s_client', async ({ skip }) => {
    skip(!curl || !openssl, 'no curl, or no openssl');
    const { server, port } = listenerWithOptions();
    const node = https.createServer(certificate, (_request, response) => response.end('secret\n'));
    node.listen({ fd: server.detach() });
    await once(node, 'listening');
    expect((await run('curl', ['-ksS', '--max-time', '10', `https://127.0.0.1:${port}/`])).stdout).toBe('secret\n');
    const { stdout } = await run('openssl', ['s_client', '-quiet', '-connect', `127.0.0.1:${port}`], {
      input: 'GET / HTTP/1.0\r\n\r\n',
    });
    expect(stdout).toMatch(/^HTTP\/1.1 200 OK[\s\S]*secret\n/);
    await closed(node);
  });
  it('serve http2, with curl and Node', async ({ skip }) => {
    skip(!openssl, 'no openssl');
    const { server, port } = listenerWithOptions();
    const node = http2.createSecureServer(certificate, (_request, response) => void response.end('two\n'));
    node.listen({ fd: server.detach() });
    await once(node, 'listening');
    const session = http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    let body = '';
    for await (const part of session.request({ ':path': '/' }).setEncoding('utf8')) body += part;
    expect(body).toBe('two\n');
    await new Promise<void>((resolve) => session.close(resolve));
    if (curl && spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout.includes('HTTP2')) {
      const { stdout } = await run('curl', ['-ksS', '--http2', '-w', '%{http_version}', `https://127.0.0.1:${port}/`]);
      expect(stdout).toBe('two\n2');
    }
    await closed(node);
  });
  it.for([tcp4, unixStream])('serve net over $name', async (kind) => {
    const server = listeningSocket(kind);
    const address = server.getsockname();
    const node = net.createServer((socket) => socket.end('from Node'));
    node.listen({ fd: server.detach() });
    await once(node, 'listening');
    const client = closeAfterTest(new Socket(kind.domain, SOCK_STREAM));
    await client.connect(address);
    expect(await receiveText(client)).toBe('from Node');
    client.close();
    await closed(node);
  });
  it('may be a blocking Socket', async () => {
    const server = closeAfterTest(new Blocking(AF_INET6, SOCK_STREAM)).setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, true);
    server.bind({ address: '::1', port: 0 }).listen();
    const address = server.getsockname();
    const node = net.createServer((socket) => socket.end('six'));
    node.listen({ fd: server.detach() });
    await once(node, 'listening');
    const client = closeAfterTest(new Socket(AF_INET6, SOCK_STREAM));
    await client.connect(address);
    expect(await receiveText(client)).toBe('six');
    client.close();
    await closed(node);
  });
});

describe('connections of bsd-sockets under Node', () => {
  it('serve http if accepted', async () => {
    const server = listeningSocket(tcp4);
    const node = http.createServer((_request, response) => response.end('served'));
    const serving = (async () => {
      for await (const { socket } of server) node.emit('connection', toNetSocket(socket));
    })();
    const response = await fetch(`http://127.0.0.1:${localPort(server)}/`, { headers: { connection: 'close' } });
    expect(await response.text()).toBe('served');
    server.close();
    await serving;
    node.closeAllConnections();
  });
  it('carry an http client’s request if connected', async () => {
    const node = http.createServer((_request, response) => response.end('answer')).listen(0, '127.0.0.1');
    await once(node, 'listening');
    const client = new Socket(AF_INET, SOCK_STREAM).setsockopt(SOL_SOCKET, SO_RCVBUF, 65_536);
    await client.connect({ address: '127.0.0.1', port: (node.address() as net.AddressInfo).port });
    const socket = toNetSocket(client);
    const request = http.get({ createConnection: () => socket });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(await new Response(response as never).text()).toBe('answer');
    if (!socket.closed) await once(socket, 'close');
    await closed(node);
  });
});

describe('options of bsd-sockets on Node’s sockets', () => {
  it('work on net.Socket and net.Server', async () => {
    const node = net.createServer().listen(0, '127.0.0.1');
    await once(node, 'listening');
    const client = net.connect((node.address() as net.AddressInfo).port, '127.0.0.1');
    const [[accepted]] = (await Promise.all([once(node, 'connection'), once(client, 'connect')])) as [
      [net.Socket],
      unknown,
    ];
    const ours = Blocking.from(client);
    if (TCP_KEEPINTVL !== undefined) {
      ours.setsockopt(IPPROTO_TCP, TCP_KEEPINTVL, 7000);
      expect(ours.getsockopt(IPPROTO_TCP, TCP_KEEPINTVL)).toBe(7000);
    }
    ours.setsockopt(IPPROTO_IP, IP_TOS, 0x10);
    expect(ours.getsockopt(IPPROTO_IP, IP_TOS)).toBe(0x10);
    expect(Blocking.from(node).getsockname()).toMatchObject({ family: 'inet', port: client.remotePort });
    const end = once(accepted, 'close');
    ours.close(); // only forgets it
    client.end();
    accepted.end().resume();
    client.resume();
    await end;
    if (!client.closed) await once(client, 'close');
    await closed(node);
  });
  it('work on dgram.Socket, and dgram works on a bound descriptor', async () => {
    const theirs = dgram.createSocket('udp4');
    theirs.bind(0, '127.0.0.1');
    await once(theirs, 'listening');
    const options = Blocking.from(theirs).setsockopt(IPPROTO_IP, IP_TOS, 0x20);
    expect(options.getsockopt(IPPROTO_IP, IP_TOS)).toBe(0x20);
    const ours = new Socket(AF_INET, SOCK_DGRAM).setsockopt(SOL_SOCKET, SO_REUSEPORT, true);
    ours.bind({ address: '127.0.0.1', port: 0 });
    const port = localPort(ours);
    const adopted = dgram.createSocket('udp4');
    const listens = once(adopted, 'listening');
    adopted.bind({ fd: ours.detach(), exclusive: true });
    await listens;
    expect(adopted.address().port).toBe(port);
    const heard = once(adopted, 'message');
    theirs.send('hello', port, '127.0.0.1');
    expect(String((await heard)[0])).toBe('hello');
    await Promise.all([closed(theirs), closed(adopted)]);
  });
});

describe('descriptors of other processes', () => {
  const inherit = fileURLToPath(new URL('inherit.mjs', import.meta.url));
  it('a child inherits a listener as a descriptor of its stdio, and serves', async () => {
    const server = listeningSocket(tcp4);
    const worker = spawn(process.execPath, [inherit, 'listener', '3'], {
      stdio: ['ignore', 'inherit', 'inherit', server.fd],
    });
    const exit = once(worker, 'exit');
    const client = newSocket();
    await client.connect(server.getsockname());
    expect(await receiveText(client)).toBe('from the child');
    expect(await exit).toEqual([0, null]);
  });
  it('a socket pair is a child’s stdin and stdout', async () => {
    const [ours, theirs] = await connectedPair(unixStream);
    const cat = spawn('cat', [], { stdio: [theirs.fd, theirs.fd, 'inherit'] });
    const exit = once(cat, 'exit');
    theirs.close();
    await ours.sendAll('through a child');
    ours.shutdown(1);
    const buffer = Buffer.alloc(15);
    await ours.recvExactly(buffer);
    expect(buffer.toString()).toBe('through a child');
    expect(await exit).toEqual([0, null]);
    expect(await ours.recv(buffer)).toBe(0);
  });
  it('a child inherits no descriptor that was not passed on', async () => {
    const server = listeningSocket(tcp4);
    const { stdout } = await runProgram(new URL('inherit.mjs', import.meta.url), ['closed', String(server.fd)]);
    expect(stdout).toBe('EBADF\n');
  });
  it('Node’s own pipe to a child can be a Socket', async () => {
    const worker = spawn(process.execPath, [inherit, 'echo', '3'], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    });
    const exit = once(worker, 'exit');
    const pipe = worker.stdio[3] as net.Socket;
    const ours = closeAfterTest(Socket.from(pipe));
    expect(ours.domain).toBe(AF_UNIX);
    const heard = once(pipe, 'data');
    await ours.sendAll('over a pipe of Node’s');
    expect(String((await heard)[0])).toBe('over a pipe of Node’s');
    pipe.destroy();
    await exit;
  });
  it('a Python client connects to a path', async ({ skip }) => {
    skip(!hasCommand('python3'), 'no Python');
    const path = socketPath();
    const server = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM)).bind({ path }).listen();
    const python = run('python3', [
      '-c',
      `import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect(${JSON.stringify(path)})\ns.sendall(b'x' * 1000000)\ns.shutdown(1)\nprint(s.recv(9))`,
    ]);
    const { socket } = await server.accept();
    const buffer = Buffer.alloc(1_000_000);
    await closeAfterTest(socket).recvExactly(buffer);
    await socket.sendAll('done');
    expect(buffer.every((byte) => byte === 120)).toBe(true);
    expect((await python).stdout).toBe("b'done'\n");
  });
});

describe('SO_REUSEPORT', () => {
  it.runIf(process.platform === 'linux')(
    'spreads connections over several workers on one port',
    async () => {
      const { status, stdout, stderr } = await runProgram(new URL('reuseport.mjs', import.meta.url), ['threads']);
      expect([status, stderr]).toEqual([0, '']);
      const served = JSON.parse(stdout) as number[];
      expect(served.length).toBe(4);
      expect(served.reduce((sum, one) => sum + one)).toBe(400);
      for (const one of served) expect(one).toBeGreaterThan(40); // about 100 each: less than 41 once in ten billion
    },
    30_000,
  );
  it.runIf(process.platform === 'linux')(
    'spreads connections over the processes of a cluster',
    async () => {
      const { status, stdout, stderr } = await runProgram(new URL('reuseport.mjs', import.meta.url), ['cluster']);
      expect([status, stderr]).toEqual([0, '']);
      const served = JSON.parse(stdout) as number[];
      expect(served.length).toBe(4);
      expect(served.reduce((sum, one) => sum + one)).toBe(400);
      for (const one of served) expect(one).toBeGreaterThan(40);
    },
    30_000,
  );
});
