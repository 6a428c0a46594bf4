// Tests of each code of "would block": MSG_FASTOPEN's EINPROGRESS, EAGAIN that is another socket's, and failures that accept passes over.
import {
  AF_INET,
  AF_UNIX,
  Socket as Blocking,
  MSG_FASTOPEN,
  MSG_OOB,
  SO_LINGER,
  SO_RCVLOWAT,
  SOCK_STREAM,
  SOL_SOCKET,
} from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest, socketPath } from '../support/cleanup.js';
import {
  boundSocket,
  connectedPair,
  listeningSocket,
  newSocket,
  receiveText,
  rejection,
} from '../support/promise_sockets.js';
import { tcp4, tcp6, udp4, udp6, unixDatagram } from '../support/socket_kinds.js';

describe.runIf(MSG_FASTOPEN !== undefined).for([tcp4, tcp6])('MSG_FASTOPEN over $name', (kind) => {
  const flags = MSG_FASTOPEN!;
  it('trySendto and trySendmsg give null where the connection is being made, or the length', () => {
    const address = listeningSocket(kind).getsockname();
    const make = (): Blocking => closeAfterTest(new Blocking(kind.domain, kind.type));
    for (const result of [make().trySendto('x', address, flags), make().trySendmsg({ data: 'x', address, flags })])
      expect([null, 1]).toContain(result);
  });
  it('sendto and sendmsg of the promises send their data once the connection is made', async () => {
    const listener = listeningSocket(kind);
    const address = listener.getsockname();
    for (const send of [
      (s: Socket) => s.sendto('hello', address, flags),
      (s: Socket) => s.sendmsg({ data: ['he', 'llo'], address, flags }),
    ]) {
      const client = newSocket(kind);
      const [sent, { socket }] = await Promise.all([send(client), listener.accept()]);
      closeAfterTest(socket);
      expect([sent, await receiveText(socket)]).toEqual([5, 'hello']);
    }
  });
  it('a refused connection rejects, with its own code', async () => {
    const listener = listeningSocket(kind);
    const address = listener.getsockname();
    listener.close();
    for (const call of [
      newSocket(kind).sendto('x', address, flags),
      newSocket(kind).sendmsg({ data: 'x', address, flags }),
    ])
      expect(await rejection(call)).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

/** Waits as long as a short time-out lets it, and says how busy the event loop was. */
async function utilization(milliseconds: number): Promise<number> {
  const before = performance.eventLoopUtilization();
  const cpu = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const { user, system } = process.cpuUsage(cpu);
  return Math.max(performance.eventLoopUtilization(before).utilization, (user + system) / 1000 / milliseconds);
}
describe('a full receiver, of which the kernel raises no event', () => {
  const sends: Readonly<Record<string, (s: Socket, path: string) => Promise<unknown>>> = {
    sendto: (s, path) => s.sendto('x', { family: 'unix', path } as never),
    sendmsg: (s, path) => s.sendmsg({ data: 'x', address: { family: 'unix', path } } as never),
  };
  it.for(Object.entries(sends))('%s waits at rest, and is served when there is room', async ([, send]) => {
    const path = socketPath();
    const receiver = newSocket(unixDatagram).bind({ family: 'unix', path } as never);
    const sender = newSocket(unixDatagram);
    let queued = 0;
    for (;;) {
      const sent = await Promise.race([send(sender, path), new Promise((resolve) => setTimeout(resolve, 50, 'full'))]);
      if (sent === 'full') break;
      queued++;
    }
    // The call that found it full waits; another behind it does, too.
    const last = send(sender, path);
    expect(await utilization(300)).toBeLessThan(0.5);
    for (let i = 0; i < queued + 2; i++) expect(await receiver.recv(new Uint8Array(2))).toBe(1);
    expect(await last).toBe(1);
  });
  it('a connected sender waits at rest, too', async () => {
    const receiver = boundSocket(unixDatagram);
    const senders = [newSocket(unixDatagram), newSocket(unixDatagram)];
    for (const sender of senders) await sender.connect(receiver.getsockname());
    let queued = 0;
    while ((await senders[0]!.send('x', { timeout: 20 }).catch(() => 0)) === 1) queued++;
    const calls = [senders[1]!.send('x'), senders[1]!.sendAll('x').then(() => 1), senders[0]!.sendmsg({ data: 'x' })];
    expect(await utilization(300)).toBeLessThan(0.5);
    for (let i = 0; i < queued + 3; i++) expect(await receiver.recv(new Uint8Array(2))).toBe(1);
    expect(await Promise.all(calls)).toEqual([1, 1, 1]);
  });
  it.runIf(process.platform === 'linux')('connect to a full Unix backlog waits at rest, and is served', async () => {
    const path = socketPath();
    const listener = closeAfterTest(new Blocking(AF_UNIX, SOCK_STREAM))
      .bind({ family: 'unix', path } as never)
      .listen(0);
    const clients: Promise<unknown>[] = [];
    for (let i = 0; i < 4; i++) {
      const client = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM));
      clients.push(client.connect({ family: 'unix', path } as never));
    }
    expect(await utilization(300)).toBeLessThan(0.5);
    for (let accepted = 0; accepted < 4; ) {
      const connection = listener.tryAccept();
      if (connection === null) await new Promise((resolve) => setTimeout(resolve, 1));
      else {
        closeAfterTest(connection.socket);
        accepted++;
      }
    }
    await Promise.all(clients);
  });
});

it('accept and for await on a datagram socket reject: EOPNOTSUPP is permanent', async () => {
  for (const kind of [udp4, udp6, unixDatagram]) {
    const socket = boundSocket(kind);
    expect(await rejection(socket.accept())).toMatchObject({ code: 'EOPNOTSUPP' });
    const loop = async (): Promise<void> => {
      for await (const _ of socket);
    };
    expect(await rejection(loop())).toMatchObject({ code: 'EOPNOTSUPP' });
  }
});
it('a connection that was reset before it was accepted does not end accept', async () => {
  const listener = listeningSocket(tcp4);
  const address = listener.getsockname();
  for (let i = 0; i < 20; i++) {
    const client = new Blocking(AF_INET, SOCK_STREAM).connect(address as never);
    client.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 }); // a reset
    client.close();
  }
  const last = closeAfterTest(new Blocking(AF_INET, SOCK_STREAM)).connect(address as never);
  const { port } = last.getsockname() as { port: number };
  for (;;) {
    const accepted = await listener.accept();
    accepted.socket.close();
    if ((accepted.address as { port: number }).port === port) break;
  }
});

describe('readiness that a short recv does not foretell', () => {
  it('data behind an urgent byte', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b] = await connectedPair(tcp4);
      await a.send('abc');
      await a.send('!', MSG_OOB);
      await a.send('def');
      const urgent = new Uint8Array(1);
      expect(await b.recv(urgent, MSG_OOB)).toBe(1);
      let text = '';
      while (text.length < 6) text += await receiveText(b);
      expect(text).toBe('abcdef');
    }
  });
  it.each([[1], [8]])('SO_RCVLOWAT of %i byte(s)', async (least) => {
    const [a, b] = await connectedPair(tcp4);
    b.setsockopt(SOL_SOCKET, SO_RCVLOWAT, least);
    for (const size of [8, 9, 20, 64]) {
      const waiting = b.recv(new Uint8Array(64));
      await a.send(new Uint8Array(size));
      let received = await waiting;
      // Fewer bytes than that raise no event, but a call that is made then takes them.
      while (received < size) received += await b.recv(new Uint8Array(64));
      expect(received).toBe(size);
    }
  });
});
