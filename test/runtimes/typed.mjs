// bsd-sockets and bsd-sockets/promises: addresses, options, errors, control messages, Poller, batches; promises with abort and time-out;
// the termination of a worker.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as t from 'bsd-sockets';
import { close, EBADF, errno } from 'bsd-sockets/c';
import * as p from 'bsd-sockets/promises';
import { fails, group, same } from './check.mjs';

const { AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET } = t;
const LOOPBACK = { address: '127.0.0.1', port: 0 };
const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);

export async function checkTyped() {
  await group('addresses', () => {
    for (const address of [
      { family: 'inet', address: '127.0.0.1', port: 80 },
      { family: 'inet6', address: '::1', port: 80 },
      { family: 'unix', path: '/tmp/x' },
    ]) {
      const decoded = t.decodeAddress(t.encodeAddress(/** @type {any} */ (address)));
      for (const [key, value] of Object.entries(address)) {
        same(`address ${Object.values(address).join(' ')}: ${key}`, /** @type {any} */ (decoded)[key], value);
      }
    }
    same('inet_pton', [...t.inet_pton(AF_INET, '1.2.3.4')], [1, 2, 3, 4]);
    same('inet_ntop', t.inet_ntop(AF_INET, new Uint8Array([1, 2, 3, 4])), '1.2.3.4');
    same('if_nametoindex', t.if_indextoname(t.if_nametoindex('lo')), 'lo');
    same(
      'getifaddrs',
      t.getifaddrs().some(({ name }) => name === 'lo'),
      true,
    );
    same('getaddrinfo', t.getaddrinfo('127.0.0.1', '80').length > 0, true);
  });

  await group('a stream', async () => {
    const [a, b] = t.Socket.pair(AF_UNIX, SOCK_STREAM);
    same('domain', a.domain, AF_UNIX);
    same('type', a.type, SOCK_STREAM);
    same('send', a.send('hello'), 5);
    const buffer = new Uint8Array(8);
    same('recv', [b.recv(buffer), text(buffer.subarray(0, 5))], [5, 'hello']);
    same('tryRecv', b.tryRecv(buffer), null);
    b.setsockopt(SOL_SOCKET, t.SO_KEEPALIVE, true);
    same('getsockopt', b.getsockopt(SOL_SOCKET, t.SO_KEEPALIVE), true);
    same('SO_TYPE', b.getsockopt(SOL_SOCKET, t.SO_TYPE), SOCK_STREAM);
    a.sendAll('abc');
    b.recvExactly(buffer.subarray(0, 3));
    same('sendAll, recvExactly', text(buffer.subarray(0, 3)), 'abc');
    a.sendmsg({ data: 'fd', control: [{ type: 'rights', fds: [a.fd] }] });
    const message = b.recvmsg({ buffers: buffer, controlSize: 64 });
    const [rights] = message.control;
    same('recvmsg', [message.length, rights?.type], [2, 'rights']);
    message[Symbol.dispose]();
    b.close();
    same('closed', b.closed, true);
    await fails('send: EPIPE', () => a.send('x'), { name: 'BrokenPipeError', code: 'EPIPE', syscall: 'send' });
    a.close();
    await fails('a closed socket', () => a.send('x'), { code: 'EBADF' });
    a.close();
  });

  await group('errors', async () => {
    const using = new t.Socket(AF_INET, SOCK_STREAM);
    using.bind(LOOPBACK).listen();
    const taken = new t.Socket(AF_INET, SOCK_STREAM);
    await fails('bind: EADDRINUSE', () => taken.bind(using.getsockname()), {
      name: 'AddressInUseError',
      code: 'EADDRINUSE',
    });
    await fails('bind: EADDRNOTAVAIL', () => taken.bind({ address: '192.0.2.1', port: 0 }), { code: 'EADDRNOTAVAIL' });
    await fails('getpeername: ENOTCONN', () => taken.getpeername(), { name: 'NotConnectedError', code: 'ENOTCONN' });
    await fails('an address that is none', () => taken.bind({ address: 'x', port: 0 }), { constructor: TypeError });
    const gone = using.getsockname();
    using.close();
    await fails('connect: ECONNREFUSED', () => taken.connect(gone), {
      name: 'ConnectionRefusedError',
      code: 'ECONNREFUSED',
    });
    taken.close();
    await fails('getaddrinfo: EAI_NONAME', () => t.getaddrinfo('1.2.3.4.5', null, { flags: t.AI_NUMERICHOST }), {
      name: 'AddressInfoError',
    });
    same('a subclass', t.ConnectionRefusedError.prototype instanceof t.SocketError, true);
  });

  await group('batches and pollers', async () => {
    const [a, b] = t.Socket.pair(AF_UNIX, SOCK_DGRAM);
    const out = new t.MessageBatch(4, { size: 16 });
    out.add(new Uint8Array([1])).add(new Uint8Array([2, 3]));
    same('sendmmsg', a.sendmmsg(out), 2);
    const batch = new t.MessageBatch(4, { size: 16 });
    same('recvmmsg', [b.recvmmsg(batch), batch.length, [...batch.data(1)]], [2, 2, [2, 3]]);
    const poller = new t.Poller();
    poller.add(b, t.POLLIN);
    same('Poller.wait, none', [...poller.wait(0)].length, 0);
    a.send('x');
    same(
      'Poller.wait',
      [...poller.wait(5000)].map((event) => event.events & t.POLLIN),
      [t.POLLIN],
    );
    b.recv(new Uint8Array(4));
    const told = new Promise((resolve) => poller.start((/** @type {any} */ events) => resolve([...events].length)));
    setTimeout(() => a.send('y'), 5);
    same('Poller.start', await told, 1);
    poller.stop();
    poller.close();
    const ready = t.poll([{ socket: b, events: t.POLLIN }], 0);
    same('poll', ready.length, 1);
    a.close();
    b.close();
  });

  await group('promises', async () => {
    const server = new p.Socket(AF_INET, SOCK_STREAM);
    server.bind(LOOPBACK);
    server.listen();
    const client = new p.Socket(AF_INET, SOCK_STREAM);
    const [{ socket, address }] = await Promise.all([server.accept(), client.connect(server.getsockname())]);
    same('accept', address.family, 'inet');
    const buffer = new Uint8Array(16);
    const waiting = socket.recv(buffer);
    same('send', await client.send('hello'), 5);
    same('recv', [await waiting, text(buffer.subarray(0, 5))], [5, 'hello']);
    await client.sendAll('0123456789');
    await socket.recvExactly(buffer.subarray(0, 10));
    same('recvExactly', text(buffer.subarray(0, 10)), '0123456789');

    const controller = new AbortController();
    const aborted = socket.recv(buffer, { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await fails('abort', () => aborted, { name: 'AbortError' });
    await fails('an aborted signal', () => socket.recv(buffer, { signal: controller.signal }), { name: 'AbortError' });
    const late = AbortSignal.timeout(20);
    await fails('time-out', () => socket.recv(buffer, { signal: late }), { name: 'AbortError' });
    const twice = [socket.recv(buffer.subarray(0, 1)), socket.recv(buffer.subarray(1, 2))];
    await client.send('ab');
    same('in order', [await Promise.all(twice), text(buffer.subarray(0, 2))], [[1, 1], 'ab']);

    let echoed = 0;
    const reader = (async () => {
      for (let n = await socket.recv(buffer); n > 0; n = await socket.recv(buffer)) echoed += n;
    })();
    for (let i = 0; i < 500; i++) await client.sendAll('0123456789');
    client.close();
    await reader;
    same('500 messages', echoed, 5000);
    await fails('closed', () => client.recv(buffer), { code: 'EBADF' });
    const left = server.accept();
    server.close();
    await fails('close rejects the waiter', () => left, { code: 'EBADF' });
    socket.close();
    const refused = new p.Socket(AF_INET, SOCK_STREAM);
    await fails('connect: ECONNREFUSED', () => refused.connect({ address: '127.0.0.1', port: 1 }), {
      code: 'ECONNREFUSED',
    });
    refused.close();
    same('getaddrinfo', (await p.getaddrinfo('127.0.0.1', '80')).length > 0, true);
    same(
      'getnameinfo',
      typeof (await p.getnameinfo({ family: 'inet', address: '127.0.0.1', port: 80 })).host,
      'string',
    );

    const [u, v] = p.Socket.pair(AF_UNIX, SOCK_DGRAM);
    const datagram = v.recvfrom(buffer);
    await u.send('one');
    same('recvfrom', (await datagram).length, 3);
    const message = v.recvmsg({ buffers: buffer, controlSize: 64 });
    await u.sendmsg({ data: 'two', control: [{ type: 'rights', fds: [u.fd] }] });
    const received = await message;
    same('recvmsg', received.control[0]?.type, 'rights');
    received[Symbol.dispose]();
    u.close();
    v.close();
  });

  await group('streams', async () => {
    const [a, b] = p.Socket.pair(AF_UNIX, SOCK_STREAM);
    const duplex = a.toDuplex();
    b.sendAll('from b');
    const [chunk] = await once(duplex, 'data');
    same('toDuplex reads', String(chunk), 'from b');
    duplex.write('from a');
    const buffer = new Uint8Array(16);
    same('toDuplex writes', text(buffer.subarray(0, await b.recv(buffer))), 'from a');
    const closed = once(duplex, 'close');
    duplex.destroy();
    await closed;
    const [x, y] = p.Socket.pair(AF_UNIX, SOCK_STREAM);
    const writer = x.writable.getWriter();
    await writer.write(new TextEncoder().encode('web'));
    const reader = y.readable.getReader();
    same('readable', text((await reader.read()).value ?? new Uint8Array()), 'web');
    x.close();
    y.close();
    b.close();
  });

  await group('a worker', async () => {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url));
    const [{ fds }] = await once(worker, 'message');
    same('a worker has sockets', fds.length, 2);
    await worker.terminate();
    same('a terminated worker’s sockets are closed', [close(fds[0]), errno], [-1, EBADF]);
    const second = new Worker(new URL('./worker.mjs', import.meta.url));
    const [message] = await once(second, 'message');
    same('another worker', message.fds.length, 2);
    await second.terminate();
  });
}
