// Sockets as web streams and node:stream: back-pressure, half-close, and errors.
import { once } from 'node:events';
import { Duplex, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AF_INET, SHUT_WR, SO_LINGER, SOCK_STREAM, SOL_SOCKET } from 'bsd-sockets';
import { Socket, toNetSocket } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, listeningSocket, receiveAll, receiveText, rejection } from '../support/promise_sockets.js';
import { tcp4, udp4, unixStream } from '../support/socket_kinds.js';

const data = Buffer.from(Uint8Array.from({ length: 2_000_000 }, (_, i) => i * 7 + (i >> 9)));
const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};
/** Ends by a reset. */
function reset(socket: Socket): void {
  socket.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 });
  socket.close();
}

describe('web streams', () => {
  it('are one readable and one writable, which end with the connection', async () => {
    const [a, b] = await connectedPair(tcp4);
    expect(a.readable).toBe(a.readable);
    expect(a.writable).toBe(a.writable);
    const writer = a.writable.getWriter();
    const received = receiveAll(b);
    await writer.write('text');
    await writer.write(Buffer.from(' and bytes'));
    await writer.close();
    expect((await received).toString()).toBe('text and bytes');
    await b.sendAll('answer'); // the other direction is open
    b.shutdown(SHUT_WR);
    const parts: Uint8Array[] = [];
    for await (const part of a.readable) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('answer');
  });
  it('can be piped through a transform', async () => {
    const [a, b] = await connectedPair(unixStream);
    const [d, e] = await connectedPair(tcp4);
    // a → b → d → e
    const piped = b.readable.pipeTo(d.writable);
    const sent = a.sendAll(data).then(() => a.shutdown(SHUT_WR));
    expect((await receiveAll(e)).equals(data)).toBe(true);
    await Promise.all([piped, sent]);
  });
  it('a slow reader stops the writer: no data is received ahead of a read', async () => {
    const [a, b] = await connectedPair(unixStream);
    const readable = b.readable;
    const writer = a.writable.getWriter();
    let done = false;
    const written = writer.write(new Uint8Array(10_000_000)).then(() => {
      done = true;
    });
    await turns(50);
    expect(done).toBe(false);
    const reader = readable.getReader();
    for (let left = 10_000_000; left > 0; ) left -= (await reader.read()).value!.length;
    await written;
  });
  it('report the connection’s errors', async () => {
    const [a, b] = await connectedPair(tcp4);
    const reading = rejection(b.readable.getReader().read());
    reset(a);
    expect(await reading).toMatchObject({ code: 'ECONNRESET' });
    const writer = b.writable.getWriter();
    expect((await rejection(writer.write('x'))).code).toMatch(/EPIPE|ECONNRESET/);
    const [d] = await connectedPair(tcp4);
    const waiting = rejection(d.readable.getReader().read());
    d.close();
    expect(await waiting).toMatchObject({ code: 'EBADF' });
  });
  it('cancelling ends waiting calls and receiving; aborting closes', async () => {
    const [a, b] = await connectedPair(tcp4);
    const reader = a.readable.getReader();
    const waiting = reader.read();
    await reader.cancel();
    expect((await waiting).done).toBe(true);
    await a.sendAll('still');
    expect(await receiveText(b)).toBe('still');
    await a.writable.abort('enough');
    expect(a.closed).toBe(true);
    expect([0, 'ECONNRESET']).toContain(await b.recv(new Uint8Array(1)).catch((error: { code: string }) => error.code));
  });
});

describe('toDuplex', () => {
  it('carries both directions and half-close, and closes when both have ended', async () => {
    const [a, b] = await connectedPair(tcp4);
    const duplex = a.toDuplex();
    const echo = b.readable.pipeTo(b.writable);
    duplex.end(data);
    const parts: Buffer[] = [];
    for await (const part of duplex) parts.push(part as Buffer);
    expect(Buffer.concat(parts).equals(data)).toBe(true);
    await echo;
    if (!duplex.closed) await once(duplex, 'close');
    expect(a.closed).toBe(true);
  });
  it('has back-pressure all the way through a pipeline', async () => {
    const [a, b] = await connectedPair(unixStream);
    const [d, e] = await connectedPair(tcp4);
    let read = 0;
    const source = Readable.from(
      (function* () {
        for (; read < 200; read++) yield Buffer.alloc(65_536, read);
      })(),
    );
    const upper = new Transform({ transform: (chunk: Buffer, _encoding, done) => done(null, chunk) });
    const done = Promise.all(
      [pipeline(source, upper, a.toDuplex()), pipeline(b.toDuplex(), d.toDuplex())].map((p) =>
        p.catch((error: Error) => error),
      ),
    );
    await turns(100);
    expect(read).toBeLessThan(200); // the last one reads nothing
    const received = await receiveAll(e);
    expect(received.length).toBe(200 * 65_536);
    for (let i = 0; i < 200; i++) expect([received[i * 65_536], received[i * 65_536 + 65_535]]).toEqual([i, i]);
    e.close();
    await done;
  });
  it('reports the connection’s errors', async () => {
    const [a, b] = await connectedPair(tcp4);
    const duplex = b.toDuplex();
    const error = once(duplex, 'error');
    duplex.resume();
    reset(a);
    expect((await error)[0]).toMatchObject({ code: 'ECONNRESET', syscall: 'recv' });
    expect(b.closed).toBe(true);
    const [d, e] = await connectedPair(tcp4);
    reset(d);
    expect((await rejection(pipeline(Readable.from([data, data, data]), e.toDuplex()))).code).toMatch(
      /EPIPE|ECONNRESET/,
    );
    expect(e.closed).toBe(true);
  });
  it('destroying it closes the socket and rejects waiting calls in both directions', async () => {
    const [a, b] = await connectedPair(unixStream);
    const duplex = a.toDuplex();
    duplex.resume();
    let failure: Error | null | undefined;
    duplex.write(new Uint8Array(10_000_000), (error) => {
      failure = error;
    });
    await turns(3);
    duplex.destroy();
    await once(duplex, 'close');
    expect(a.closed).toBe(true);
    expect(failure).toBeInstanceOf(Error);
    b.close();
    const [d] = await connectedPair(unixStream);
    const other = d.toDuplex();
    const error = once(other, 'error');
    other.resume();
    other.destroy(new Error('mine'));
    expect((await error)[0].message).toBe('mine');
  });
  it('takes strings, encodings and options; allowHalfOpen: false answers an end with an end', async () => {
    const [a, b] = await connectedPair(unixStream);
    const duplex = a.toDuplex({ allowHalfOpen: false, readableHighWaterMark: 1024 });
    duplex.write('c3b6', 'hex');
    expect(await receiveText(b)).toBe('ö');
    duplex.resume();
    b.shutdown(SHUT_WR);
    expect((await receiveAll(b)).length).toBe(0);
    if (!duplex.closed) await once(duplex, 'close');
  });
  it('converts to a web stream pair and to Duplex.from', async () => {
    const [a, b] = await connectedPair(unixStream);
    const duplex = Duplex.fromWeb({ readable: a.readable, writable: a.writable } as never);
    duplex.write('x');
    expect(await receiveText(b)).toBe('x');
    const closed = once(duplex, 'close');
    duplex.on('error', () => {});
    duplex.destroy();
    await closed;
  });
});

describe('toNetSocket', () => {
  it('hands the connection over', async () => {
    const [a, b] = await connectedPair(tcp4);
    const { port } = b.getsockname() as { port: number };
    const socket = toNetSocket(a);
    expect(a.closed).toBe(true);
    expect(socket.remotePort).toBe(port);
    socket.write('from Node');
    expect(await receiveText(b)).toBe('from Node');
    const heard = once(socket, 'data');
    await b.send('to Node');
    expect(String((await heard)[0])).toBe('to Node');
    const closed = once(socket, 'close');
    socket.end();
    expect((await receiveAll(b)).length).toBe(0);
    b.close();
    await closed;
  });
  it('refuses sockets that Node has no stream for, and leaves them alone', async () => {
    const [a, b] = await connectedPair(udp4);
    expect(() => toNetSocket(a)).toThrow(TypeError);
    await a.send('x');
    expect(await receiveText(b)).toBe('x');
    const closed = new Socket(AF_INET, SOCK_STREAM);
    closed.close();
    expect(() => toNetSocket(closed)).toThrow(/EBADF/);
  });
  it('takes a Unix connection too', async () => {
    const server = listeningSocket(unixStream);
    const client = closeAfterTest(new Socket(unixStream.domain, SOCK_STREAM));
    await client.connect(server.getsockname());
    const socket = toNetSocket((await server.accept()).socket);
    socket.end('hello');
    expect((await receiveAll(client)).toString()).toBe('hello');
    client.close();
    if (!socket.closed) await once(socket, 'close');
  });
});
