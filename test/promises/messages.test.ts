// Tests of sockets with message boundaries: a message of no bytes is a message, in each call and stream, and only a peer's shutdown is an end.
import { once } from 'node:events';
import { AF_UNIX, Socket as Blocking, SHUT_WR, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { has } from '../support/facts.js';
import { connectedPair, receiveText, rejection } from '../support/promise_sockets.js';
import { messageKinds, unixKinds, unixSeqpacket } from '../support/socket_kinds.js';

describe.for(messageKinds)('$name', (kind) => {
  it('readable gives a chunk a message, empty ones too', async () => {
    const [a, b] = await connectedPair(kind);
    for (const text of ['', 'one', '', 'two']) await a.send(text);
    const reader = b.readable.getReader();
    for (const text of ['', 'one', '', 'two']) {
      const { done, value } = await reader.read();
      expect([done, Buffer.from(value!).toString()]).toEqual([false, text]);
    }
  });
  it('toDuplex is in object mode: a chunk a message in both directions', async () => {
    const [a, b] = await connectedPair(kind);
    const duplex = b.toDuplex();
    expect([duplex.readableObjectMode, duplex.writableObjectMode]).toEqual([true, true]);
    const received: string[] = [];
    duplex.on('data', (chunk: Buffer) => received.push(chunk.toString()));
    duplex.on('end', () => received.push('the end'));
    for (const text of ['', 'one', '', 'two']) await a.send(text);
    while (received.length < 4) await once(duplex, 'data');
    expect(received).toEqual(['', 'one', '', 'two']);
    duplex.cork();
    for (const chunk of ['', 'three', Buffer.alloc(0), Buffer.from('four')]) duplex.write(chunk);
    duplex.uncork();
    for (const text of ['', 'three', '', 'four']) expect(await receiveText(a)).toBe(text);
    duplex.destroy();
    await once(duplex, 'close');
  });
  it('sendAll and writable send empty messages; pieces are one message', async () => {
    const [a, b] = await connectedPair(kind);
    await a.sendAll('');
    await a.sendAll(new Uint8Array(0));
    await a.sendAll(['', '']);
    await a.sendAll([]);
    for (let i = 0; i < 4; i++) expect(await receiveText(b)).toBe('');
    await a.sendAll(['he', '', 'ad', 'body']);
    expect(await receiveText(b)).toBe('headbody');
    const writer = a.writable.getWriter();
    await writer.write('');
    await writer.write('x');
    expect([await receiveText(b), await receiveText(b)]).toEqual(['', 'x']);
  });
  it('recvExactly goes on over empty messages', async () => {
    const [a, b] = await connectedPair(kind);
    const buffer = Buffer.alloc(4);
    const waiting = b.recvExactly(buffer);
    for (const text of ['', 'ab', '', '', 'cd']) await a.send(text);
    await waiting;
    expect(buffer.toString()).toBe('abcd');
  });
});

describe.for(unixKinds.filter(({ isStream }) => !isStream))('$name, blocking', (kind) => {
  it('sendAll sends empty messages, and recvExactly goes on over them', () => {
    const [a, b] = Blocking.pair(kind.domain, kind.type);
    closeAfterTest(a);
    closeAfterTest(b);
    a.sendAll('');
    a.sendAll(['', '']);
    const buffer = Buffer.alloc(4);
    expect([b.tryRecv(buffer), b.tryRecv(buffer), b.tryRecv(buffer)]).toEqual([0, 0, null]);
    for (const text of ['', 'ab', '']) a.send(text);
    a.sendAll(['c', 'd']);
    b.recvExactly(buffer);
    expect(buffer.toString()).toBe('abcd');
  });
});

// Without POLLRDHUP a half-close of packets cannot be told from an empty one; macOS has no such sockets.
it.runIf(has('pollRdhup'))('of packets, a peer that shuts its side ends what receives', async () => {
  const ends = [(peer: Socket) => peer.close(), (peer: Socket) => peer.shutdown(SHUT_WR)];
  for (const end of ends) {
    const [a, b] = await connectedPair(unixSeqpacket);
    await a.send('ab');
    end(a);
    expect(await rejection(b.recvExactly(new Uint8Array(4)))).toMatchObject({ code: 'EOF', bytes: 2 });
    // Messages that were queued before the end are received, behind an empty one too.
    const [c, d] = await connectedPair(unixSeqpacket);
    for (const text of ['', 'last']) await c.send(text);
    end(c);
    const reader = d.readable.getReader();
    expect((await reader.read()).value).toHaveLength(0);
    expect((await reader.read()).value).toHaveLength(4);
    expect((await reader.read()).done).toBe(true);
    const [e, f] = await connectedPair(unixSeqpacket);
    for (const text of ['', 'ab', '', 'cd']) await e.send(text);
    end(e);
    await f.recvExactly(new Uint8Array(4));
  }
});

it('a message longer than a chunk is one chunk', async () => {
  for (const type of process.platform === 'linux' ? [SOCK_DGRAM, SOCK_SEQPACKET] : []) {
    const [a, b] = Socket.pair(AF_UNIX, type);
    closeAfterTest(a);
    closeAfterTest(b);
    const reader = b.readable.getReader();
    const next = reader.read();
    await a.send(new Uint8Array(100_000));
    expect((await next).value).toHaveLength(100_000);
  }
});

describe('streams of bytes', () => {
  it('empty pieces send nothing, and pieces arrive in order, more than one system call takes', async () => {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    closeAfterTest(a);
    closeAfterTest(b);
    for (const data of ['', [], ['', '']]) await a.sendAll(data);
    await rejection(b.recv(new Uint8Array(1), { timeout: 0 }));
    const pieces = Array.from({ length: 3000 }, (_, i) => Buffer.alloc(i % 97, i % 251));
    const all = Buffer.concat(pieces);
    const received = Buffer.alloc(all.length);
    await Promise.all([a.sendAll(pieces), b.recvExactly(received)]);
    expect(received.equals(all)).toBe(true);
  });
  it('toDuplex and readable keep no large buffer for a byte that drips in', async () => {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    closeAfterTest(a);
    const duplex = b.toDuplex();
    const buffers = new Set<ArrayBufferLike>();
    let length = 0;
    duplex.on('data', (chunk: Buffer) => {
      buffers.add(chunk.buffer);
      length += chunk.length;
    });
    for (let i = 0; i < 300; i++) {
      const next = once(duplex, 'data');
      await a.send('x');
      await next;
    }
    const kept = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(length).toBe(300);
    expect(kept).toBeLessThan(300 * 1024); // 16 KB a byte would be 4.9 MB
    duplex.destroy();
    await once(duplex, 'close');
  });
});
