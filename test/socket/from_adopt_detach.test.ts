// Socket.from, Socket.adopt and detach: who owns a descriptor.
import dgram from 'node:dgram';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import {
  AF_INET,
  BadDescriptorError,
  IPPROTO_TCP,
  SO_KEEPALIVE,
  SO_REUSEADDR,
  SO_TYPE,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
  TCP_NODELAY,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { tcp4, unixStream } from '../support/socket_kinds.js';
import {
  boundSocket,
  connectedPair,
  listeningSocket,
  localAddress,
  thrownError,
  thrownSocketError,
} from '../support/sockets.js';

const isOpen = (fd: number): boolean => c.fcntl(fd, c.F_GETFD) !== -1;

describe('Socket.from', () => {
  it('borrows a number: close leaves the descriptor open', () => {
    const [a] = connectedPair(unixStream);
    const borrowed = Socket.from(a.fd);
    expect(borrowed.fd).toBe(a.fd);
    expect(borrowed.send('x')).toBe(1);
    borrowed.close();
    expect(borrowed).toMatchObject({ closed: true, fd: -1 });
    expect(isOpen(a.fd)).toBe(true);
    expect(thrownSocketError(() => borrowed.send('x'))).toBeInstanceOf(BadDescriptorError);
  });

  it('reads and sets options of a live net.Socket and its server', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [[connection]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
      [net.Socket],
      [],
    ];
    const socket = Socket.from(client);
    expect(socket.getsockopt(IPPROTO_TCP, TCP_NODELAY)).toBe(false);
    client.setNoDelay(true);
    expect(socket.getsockopt(IPPROTO_TCP, TCP_NODELAY)).toBe(true);
    socket.setsockopt(SOL_SOCKET, SO_KEEPALIVE, true);
    expect(socket).toMatchObject({ domain: AF_INET, type: SOCK_STREAM, blocking: false });
    expect(localAddress(socket).port).toBe(client.localPort);
    expect(localAddress(Socket.from(server)).port).toBe(client.remotePort);
    expect(socket.tryRecv(new Uint8Array(1))).toBeNull();
    client.destroy();
    connection.destroy();
    await Promise.all([once(client, 'close'), once(server.close(), 'close')]);
    expect(thrownSocketError(() => socket.getsockname())).toBeInstanceOf(BadDescriptorError);
    expect(thrownSocketError(() => Socket.from(server).domain)).toBeInstanceOf(BadDescriptorError);
    expect(socket.fd).toBe(-1);
  });

  it('asks the owner at each call, so an owner may get its descriptor later', async () => {
    const server = http.createServer();
    const socket = Socket.from(server);
    expect(thrownSocketError(() => socket.getsockopt(SOL_SOCKET, SO_TYPE))).toBeInstanceOf(BadDescriptorError);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    expect(socket.getsockopt(SOL_SOCKET, SO_TYPE)).toBe(SOCK_STREAM);
    await once(server.close(), 'close');
    expect(socket.fd).toBe(-1);
  });

  it('borrows a dgram.Socket without a warning', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const udp = dgram.createSocket('udp4');
    const socket = Socket.from(udp);
    await once(udp.bind(0, '127.0.0.1'), 'listening');
    expect(socket.type).toBe(SOCK_DGRAM);
    expect(localAddress(socket).port).toBe(udp.address().port);
    udp.close();
    await once(udp, 'close');
    expect(thrownSocketError(() => socket.getsockname())).toBeInstanceOf(BadDescriptorError);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('borrows an object with a descriptor, another Socket included', () => {
    const [a] = connectedPair(unixStream);
    const owner = { fd: a.fd };
    const socket = Socket.from(owner);
    expect(socket.send('x')).toBe(1);
    expect(Socket.from(a).send('x')).toBe(1);
    owner.fd = -1;
    expect(thrownSocketError(() => socket.send('x'))).toBeInstanceOf(BadDescriptorError);
  });

  it.each([Number.NaN, 1.5, 2 ** 32, 2 ** 32 + 1, Number.POSITIVE_INFINITY, '1', null, {}])(
    'treats an owner whose descriptor is %s as closed',
    (fd) => {
      const owner: { fd: unknown } = { fd: 0 };
      const socket = Socket.from(owner);
      owner.fd = fd;
      for (const call of [
        () => socket.send(''),
        () => socket.recv(new Uint8Array(1)),
        () => socket.getsockname(),
        () => socket.trySendmsg({ data: '' }),
      ]) {
        expect(thrownSocketError(call)).toBeInstanceOf(BadDescriptorError);
      }
    },
  );

  it.each([undefined, null, 'x', true, {}, [], () => 1, Symbol('x'), 1n, { fd: '1' }])(
    'throws TypeError for %s',
    (source) => {
      expect(thrownError(() => Socket.from(source as never))).toMatchObject({
        name: 'TypeError',
        code: 'ERR_INVALID_ARG_TYPE',
      });
    },
  );
});

describe('Socket.adopt', () => {
  it('takes ownership: close closes the descriptor, and it is close-on-exec', () => {
    const sv = new (c.array(c.int, 2))();
    expect(c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, sv)).toBe(0);
    const fds = [sv[0], sv[1]] as const;
    expect(c.fcntl(fds[0], c.F_GETFD)).toBe(0);
    const [a, b] = [Socket.adopt(fds[0]), Socket.adopt(fds[1])];
    expect(c.fcntl(fds[0], c.F_GETFD)).toBe(c.FD_CLOEXEC);
    expect(a.send('x')).toBe(1);
    a.close();
    expect(isOpen(fds[0])).toBe(false);
    b.close();
  });
  it.each([-1, 1_000_000])('throws BadDescriptorError for %i, which is not open', (fd) => {
    const error = thrownSocketError(() => Socket.adopt(fd));
    expect(error).toBeInstanceOf(BadDescriptorError);
    expect(error.fd).toBe(fd);
  });
  it('takes a descriptor that is not a socket: its calls throw', () => {
    const fds = new (c.array(c.int, 2))();
    c.pipe(fds);
    using a = Socket.adopt(fds[0]);
    using _b = Socket.adopt(fds[1]);
    expect(thrownSocketError(() => a.send('x'))).toMatchObject({ code: 'ENOTSOCK', name: 'BadDescriptorError' });
    expect(thrownSocketError(() => a.domain)).toMatchObject({ code: 'ENOTSOCK', syscall: 'getsockopt' });
  });
});

describe('detach', () => {
  it('returns the open descriptor and gives up ownership', () => {
    const socket = boundSocket(tcp4);
    const { port } = localAddress(socket);
    const fd = socket.detach();
    expect(socket).toMatchObject({ closed: true, fd: -1 });
    expect(isOpen(fd)).toBe(true);
    const again = closeAfterTest(Socket.adopt(fd));
    expect(localAddress(again).port).toBe(port);
    expect(thrownSocketError(() => socket.detach())).toBeInstanceOf(BadDescriptorError);
  });
  it('lets Node listen on a socket with options that Node lacks', async () => {
    const socket = new Socket(AF_INET, SOCK_STREAM).setsockopt(SOL_SOCKET, SO_REUSEADDR, true).bind({ port: 0 });
    const { port } = socket.getsockname();
    const server = http.createServer((_request, response) => response.end('hello')).listen({ fd: socket.detach() });
    await once(server, 'listening');
    const request = http.get({ port, host: '127.0.0.1', agent: false });
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(String((await answer.toArray())[0])).toBe('hello');
    await Promise.all([once(request.socket!, 'close'), once(server.close(), 'close')]);
  });
  it('lets another object use the listener', () => {
    const listener = listeningSocket(tcp4);
    const name = listener.getsockname();
    const other = closeAfterTest(Socket.adopt(listener.detach()));
    const client = closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).connect(name as never);
    expect(closeAfterTest(other.accept().socket).getpeername()).toEqual(client.getsockname());
  });
});
