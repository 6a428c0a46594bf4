// recv and send of bsd-sockets/promises: tried first, in order, in both directions at once, cancelled without loss of data.
import { getEventListeners } from 'node:events';
import {
  AF_INET,
  AF_UNIX,
  BadDescriptorError,
  ConnectionResetError,
  EndOfStreamError,
  IP_RECVERR,
  IPPROTO_IP,
  MSG_ERRQUEUE,
  MSG_OOB,
  MSG_PEEK,
  NotConnectedError,
  SHUT_RDWR,
  SHUT_WR,
  SO_LINGER,
  SO_SNDBUF,
  SOCK_STREAM,
  SOL_SOCKET,
  TimedOutError,
} from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import {
  boundSocket,
  connectedPair,
  fillSendBuffer,
  receiveAll,
  receiveText,
  rejection,
} from '../support/promise_sockets.js';
import { messageKinds, streamKinds, tcp4, udp4, unixStream } from '../support/socket_kinds.js';

const bytes = (size: number): Buffer => Buffer.from(Uint8Array.from({ length: size }, (_, i) => i * 31 + (i >> 8)));

describe('after a recv that drained the queue', () => {
  /** What recv gives, with room for more, until the peer's end; each part is sent where the one before it has arrived. */
  const parts = async (socket: Socket, send: (i: number) => void): Promise<string[]> => {
    const received: string[] = [];
    for (let part = ''; ; received.push(part)) {
      send(received.length);
      part = await receiveText(socket);
      if (part === '') return received;
    }
  };
  it.for(streamKinds)(
    '$name: receives data that came before the call, and data that comes while it waits',
    async (kind) => {
      const [a, b] = await connectedPair(kind);
      const send = (i: number): void => {
        if (i === 6) a.shutdown(SHUT_WR);
        // Every other one comes when recv waits already.
        else if (i % 2) setImmediate(() => a.send(`${i}`));
        else a.send(`${i}`);
      };
      expect(await parts(b, send)).toEqual(['0', '1', '2', '3', '4', '5']);
    },
  );
  it.for(streamKinds)('$name: reports an end that came with the last bytes', async (kind) => {
    const [a, b] = await connectedPair(kind);
    const waits = receiveText(b);
    await a.send('one');
    expect(await waits).toBe('one');
    const last = receiveText(b);
    await a.send('two');
    a.close();
    expect(await last).toBe('two');
    expect(await receiveText(b)).toBe('');
  });
  it('receives bytes behind urgent data', async () => {
    const [a, b] = await connectedPair(tcp4);
    const waits = receiveText(b);
    await a.send('one');
    expect(await waits).toBe('one');
    await a.send('two!', MSG_OOB);
    await a.send('three');
    expect(await receiveText(b)).toBe('two');
    expect(await receiveText(b)).toBe('three');
  });
  it('tries at once if it has a time-out: the event loop may turn too late', async () => {
    const [a, b] = await connectedPair(tcp4);
    await a.send('one');
    expect(await receiveText(b)).toBe('one');
    await a.send('two');
    const received = b.recv(Buffer.alloc(8), { timeout: 1 });
    for (const end = performance.now() + 5; performance.now() < end; );
    expect(await received).toBe(3);
  });
});

describe.for(streamKinds)('$name', (kind) => {
  it('recv returns data that is there, and waits for data that is not', async () => {
    const [a, b] = await connectedPair(kind);
    expect(await a.send('one')).toBe(3);
    expect(await receiveText(b)).toBe('one');
    const later = receiveText(b);
    await a.send('two');
    expect(await later).toBe('two');
  });
  it('waiting calls are served in order', async () => {
    const [a, b] = await connectedPair(kind);
    const answers = Array.from({ length: 5 }, () => receiveText(b, 1));
    await a.sendAll('12345');
    expect(await Promise.all(answers)).toEqual(['1', '2', '3', '4', '5']);
  });
  it('sendAll and recvExactly work in both directions at once, with more than the buffers hold', async () => {
    const [a, b] = await connectedPair(kind);
    const data = bytes(3_000_000);
    const [one, two] = [Buffer.alloc(data.length), Buffer.alloc(data.length)];
    await Promise.all([a.sendAll(data), b.sendAll(data), a.recvExactly(one), b.recvExactly(two)]);
    expect(one.equals(data) && two.equals(data)).toBe(true);
  });
  it('concurrent sendAll calls do not mix their data', async () => {
    const [a, b] = await connectedPair(kind);
    const parts = Array.from({ length: 8 }, (_, i) => Buffer.alloc(400_000, i));
    const [received] = await Promise.all([
      receiveAll(b),
      Promise.all([...parts.map((part) => a.sendAll(part)), a.send('end')]).then(() => a.shutdown(SHUT_WR)),
    ]);
    expect(received.equals(Buffer.concat([...parts, Buffer.from('end')]))).toBe(true);
  });
  it('recv returns 0 at the peer’s end', async () => {
    const [a, b] = await connectedPair(kind);
    const waiting = b.recv(new Uint8Array(9));
    const exactly = rejection(b.recvExactly(new Uint8Array(9)));
    a.shutdown(SHUT_WR);
    expect(await waiting).toBe(0);
    expect(await exactly).toBeInstanceOf(EndOfStreamError);
    // The other direction is still open.
    await b.sendAll('still');
    expect(await receiveText(a)).toBe('still');
  });
  it('recv works one byte at a time', async () => {
    const [a, b] = await connectedPair(kind);
    const data = bytes(3000);
    const whole = Buffer.alloc(data.length);
    const done = b.recvExactly(whole);
    for (const byte of data) {
      await a.send(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    expect(whole.equals(data)).toBe(true);
  });
  it('a reader that stops makes the writer wait', async () => {
    const [a, b] = await connectedPair(kind);
    const data = bytes(8_000_000);
    let done = false;
    const sending = a.sendAll(data).then(() => {
      done = true;
    });
    await b.recv(new Uint8Array(1), MSG_PEEK);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    const received = Buffer.alloc(data.length);
    await b.recvExactly(received);
    await sending;
    expect(received.equals(data)).toBe(true);
  });
});

describe.for(messageKinds)('$name', (kind) => {
  it('keeps messages apart and in order', async () => {
    const [a, b] = await connectedPair(kind);
    const buffer = Buffer.alloc(2);
    const waiting = b.recvfrom(buffer);
    await a.send('one');
    expect(await waiting).toMatchObject({ length: kind.domain === AF_UNIX ? 2 : 2, truncated: true });
    expect(buffer.toString()).toBe('on');
    for (const word of ['two', 'three', 'four']) await a.sendmsg({ data: word });
    const { length, flags } = await b.recvmsg({ buffers: [buffer, Buffer.alloc(8)] });
    expect([length, flags]).toEqual([3, kind.type === 5 ? expect.any(Number) : 0]);
    expect([await receiveText(b), await receiveText(b)]).toEqual(['three', 'four']);
  });
});

it('sendto and recvfrom carry addresses', async () => {
  const [a, b] = await connectedPair(udp4);
  const c = closeAfterTest(new Socket(AF_INET, udp4.type)).bind({ address: '127.0.0.1', port: 0 });
  const waiting = c.recvfrom(new Uint8Array(5));
  await closeAfterTest(new Socket(AF_INET, udp4.type))
    .bind({ address: '127.0.0.1', port: 0 })
    .sendto('hello', c.getsockname());
  expect((await waiting).length).toBe(5);
  await rejection(b.recv(new Uint8Array(1), { timeout: 0 }));
  await a.sendto('x', b.getsockname());
  expect(await receiveText(b)).toBe('x');
});

describe('a cancelled call', () => {
  const limits = [
    ['signal', () => ({ signal: AbortSignal.timeout(5) }), { name: 'AbortError', code: 'ABORT_ERR' }],
    ['timeout', () => ({ timeout: 5 }), { code: 'ETIMEDOUT', syscall: 'recv' }],
  ] as const;
  it.for(limits)('by its %s loses no byte', async ([, options, expected]) => {
    const [a, b] = await connectedPair(tcp4);
    for (let i = 0; i < 3; i++) expect(await rejection(b.recv(new Uint8Array(9), options()))).toMatchObject(expected);
    await a.send('kept');
    expect(await receiveText(b)).toBe('kept');
  });
  it('rejects with TimedOutError, or with the signal’s reason', async () => {
    const [a] = await connectedPair(unixStream);
    expect(await rejection(a.recv(new Uint8Array(1), 0, { timeout: 0 }))).toBeInstanceOf(TimedOutError);
    const reason = new Error('because');
    expect(await rejection(a.recv(new Uint8Array(1), { signal: AbortSignal.abort(reason) }))).toMatchObject({
      code: 'ABORT_ERR',
      cause: reason,
    });
  });
  it('rejects before the system call if the signal is aborted already', async () => {
    const [a, b] = await connectedPair(unixStream);
    await a.send('x');
    await rejection(b.recv(new Uint8Array(1), { signal: AbortSignal.abort() }));
    expect(await receiveText(b)).toBe('x');
  });
  it.runIf(process.platform === 'linux')(
    'lets the next call in the queue go on, if the socket is ready for that one',
    async () => {
      const [a, b] = await connectedPair(messageKinds.at(-1)!); // seqpacket
      a.setsockopt(SOL_SOCKET, SO_SNDBUF, 64 * 1024);
      let sent = 0;
      while ((await a.send(new Uint8Array(1024), { timeout: 0 }).catch(() => null)) !== null) sent++;
      // One that fits when there is more room, and one behind it that fits already when a little was read.
      const stop = new AbortController();
      const first = rejection(a.send(new Uint8Array(32 * 1024), { signal: stop.signal }));
      const second = a.send(new Uint8Array(1));
      for (let i = 0; i < 4; i++) await b.recv(new Uint8Array(1024));
      stop.abort();
      await first;
      expect(await second).toBe(1);
      for (let i = 4; i < sent; i++) expect(await b.recv(new Uint8Array(1024))).toBe(1024);
      expect(await b.recv(new Uint8Array(1024))).toBe(1);
    },
  );
  it.runIf(MSG_ERRQUEUE !== undefined)(
    'leaves the error queue’s waiters alone: that is a direction of its own',
    async () => {
      const socket = boundSocket(udp4);
      socket.setsockopt(IPPROTO_IP, IP_RECVERR!, true);
      const [data, failure] = [
        receiveText(socket),
        socket.recvmsg({ buffers: [], controlSize: 512, flags: MSG_ERRQUEUE! }),
      ];
      const nobody = boundSocket(udp4);
      const address = nobody.getsockname();
      nobody.close();
      await socket.sendto('x', address);
      const { control } = await failure;
      expect(control.length).toBe(1);
      // The error is told to whatever receives next, as the system does it.
      expect(await rejection(data)).toMatchObject({ code: 'ECONNREFUSED' });
    },
  );
  it('of sendAll or recvExactly reports how far it came', async () => {
    const [a, b] = await connectedPair(unixStream);
    await a.send('four');
    const buffer = Buffer.alloc(9);
    expect(await rejection(b.recvExactly(buffer, { timeout: 5 }))).toMatchObject({ code: 'ETIMEDOUT', bytes: 4 });
    expect(buffer.toString('utf8', 0, 4)).toBe('four');
    const stop = new AbortController();
    const data = bytes(8_000_000);
    const sending = rejection(a.sendAll(data, { signal: stop.signal }));
    await b.recv(new Uint8Array(1), MSG_PEEK);
    stop.abort();
    const { code, bytes: sent } = await sending;
    expect(code).toBe('ABORT_ERR');
    a.shutdown(SHUT_WR);
    const received = await receiveAll(b);
    expect(received.length).toBe(sent);
    expect(received.equals(data.subarray(0, sent))).toBe(true);
  });
  it('leaves no listener and no timer', async () => {
    const [a, b] = await connectedPair(unixStream);
    const { signal } = new AbortController();
    const timers = (): number => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length;
    const before = timers();
    for (let i = 0; i < 20; i++) {
      const waiting = b.recv(new Uint8Array(1), { signal, timeout: 60_000 });
      expect(getEventListeners(signal, 'abort').length).toBe(1);
      await a.send('x');
      await waiting;
      await b.recv(new Uint8Array(1), { signal, timeout: 0 }).catch(() => {});
    }
    const stop = new AbortController();
    const several = Array.from({ length: 5 }, () =>
      rejection(b.recv(new Uint8Array(1), { signal: stop.signal, timeout: 60_000 })),
    );
    stop.abort();
    await Promise.all(several);
    const last = rejection(b.recv(new Uint8Array(1), { signal, timeout: 60_000 }));
    b.close();
    await last;
    expect(getEventListeners(signal, 'abort').length + getEventListeners(stop.signal, 'abort').length).toBe(0);
    expect(timers()).toBe(before);
  });
  it('may have a time-out beyond the limit of Node’s timers', async () => {
    const [a, b] = await connectedPair(unixStream);
    const waiting = [2 ** 31, 1e15, Number.POSITIVE_INFINITY].map((timeout) => b.recv(new Uint8Array(1), { timeout }));
    await rejection(b.recv(new Uint8Array(1), { timeout: 20 }));
    await a.send('abc');
    expect(await Promise.all(waiting)).toEqual([1, 1, 1]);
  });
});

describe('a closed socket', () => {
  it('rejects its waiting calls in both directions', async () => {
    const [a] = await connectedPair(unixStream);
    await fillSendBuffer(a);
    const waiting = [
      a.recv(new Uint8Array(1)),
      a.recvExactly(new Uint8Array(1)),
      a.send(new Uint8Array(99_999)),
      a.sendAll('more'),
    ].map(rejection);
    a.close();
    a.close();
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(BadDescriptorError);
    expect(await rejection(a.recv(new Uint8Array(1)))).toMatchObject({ code: 'EBADF', syscall: 'recv' });
    expect(a.fd).toBe(-1);
  });
  it('rejects them after detach, and leaves the descriptor open', async () => {
    const [a, b] = await connectedPair(unixStream);
    const waiting = rejection(a.recv(new Uint8Array(1)));
    const again = closeAfterTest(Socket.adopt(a.detach()));
    expect(await waiting).toBeInstanceOf(BadDescriptorError);
    const next = receiveText(again);
    await b.send('x');
    expect(await next).toBe('x');
  });
  it('gets no event of another socket that reuses its number', async () => {
    for (let round = 0; round < 200; round++) {
      const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
      const lost = rejection(a.recv(new Uint8Array(1)));
      await b.send('x'); // an event that is under way
      a.close();
      const [d, e] = Socket.pair(AF_UNIX, SOCK_STREAM); // on the same number
      const waiting = receiveText(d);
      expect((await lost.catch(() => ({ code: 'served' }))).code).toMatch(/EBADF|served/);
      await e.send(String(round));
      expect(await waiting).toBe(String(round));
      for (const socket of [b, d, e]) socket.close();
    }
  });
  it('rejects waiting calls after a reset', async () => {
    const [a, b] = await connectedPair(tcp4);
    const waiting = rejection(b.recv(new Uint8Array(1)));
    a.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 });
    a.close();
    expect(await waiting).toBeInstanceOf(ConnectionResetError);
    const [d, e] = await connectedPair(tcp4);
    const sending = rejection(e.sendAll(new Uint8Array(30_000_000)));
    await d.recv(new Uint8Array(1));
    d.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 });
    d.close();
    expect((await sending).code).toMatch(/ECONNRESET|EPIPE/);
  });
  it('ends waiting calls after its own shutdown', async () => {
    const [a] = await connectedPair(tcp4);
    const waiting = a.recv(new Uint8Array(1));
    a.shutdown(SHUT_RDWR);
    expect(await waiting).toBe(0);
  });
});

it('calls that never wait still let the event loop run', async () => {
  const [a, b] = await connectedPair(unixStream);
  let turned = false;
  setTimeout(() => {
    turned = true;
  }, 1);
  const buffer = new Uint8Array(1);
  while (!turned) {
    await a.send(buffer);
    await b.recv(buffer);
  }
  // One call that goes on for long, too.
  let turns = 0;
  const turn = (): void => {
    turns++;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  a.setsockopt(SOL_SOCKET, SO_SNDBUF, 4096);
  await Promise.all([a.sendAll(bytes(2_000_000)), b.recvExactly(new Uint8Array(2_000_000))]);
  clearImmediate(next);
  expect(turns).toBeGreaterThan(1);
});

it('a socket that stays ready, or never gets ready, does not keep the event loop busy', async () => {
  // The peer has ended its direction, and reads nothing: readable, half closed, full.
  const [a, b] = await connectedPair(tcp4);
  b.shutdown(SHUT_WR);
  expect(await a.recv(new Uint8Array(1))).toBe(0);
  await fillSendBuffer(a);
  const [d, e] = await connectedPair(unixStream);
  await e.send('never received');
  await fillSendBuffer(d);
  const waiting = [rejection(a.sendAll('more')), rejection(d.sendAll('more'))];
  const before = performance.eventLoopUtilization();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  a.close();
  d.close();
  await Promise.all(waiting);
});

describe('getters in the caller’s options', () => {
  it('may make another call: both wait, and both are served', async () => {
    const [a, b] = await connectedPair(unixStream);
    let [read, inner] = [await fillSendBuffer(a), Promise.resolve(0)];
    const message = {
      get data() {
        inner = a.send('one');
        Object.defineProperty(message, 'data', { value: 'two' });
        return 'two';
      },
    };
    const outer = a.sendmsg(message);
    for (read += 6; read > 0; ) read -= await b.recv(new Uint8Array(65536));
    expect(await Promise.all([inner, outer])).toEqual([3, 3]);
  });
  it('may close the socket; each is read once', async () => {
    const [a] = await connectedPair(unixStream);
    let reads = 0;
    const options = {
      get timeout() {
        reads++;
        a.close();
        return undefined;
      },
    };
    expect(await rejection(a.recv(new Uint8Array(1), options))).toBeInstanceOf(BadDescriptorError);
    expect(reads).toBe(1);
  });
});

describe('wrong input', () => {
  it('rejects before any system call', async () => {
    const [a, b] = await connectedPair(unixStream);
    const buffer = new Uint8Array(1);
    const calls = [
      a.recv('text' as never),
      a.recv(undefined as never),
      a.recvExactly('text' as never),
      a.recvfrom(7 as never),
      a.send(7 as never),
      a.recv(buffer, 'x' as never),
      a.recv(buffer, 0, 7 as never),
      a.recv(buffer, { timeout: '1' as never }),
      a.recv(buffer, { signal: {} as never }),
      a.recv(buffer, { signal: 7 as never }),
      a.recvExactly(buffer, null as never),
    ];
    for (const call of calls) expect(await rejection(call)).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(await rejection(a.recv(buffer, 1.5))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    for (const timeout of [-1, Number.NaN])
      expect(await rejection(a.recv(buffer, { timeout }))).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await b.send('x');
    expect(await receiveText(a)).toBe('x');
  });
  it('rejects if the buffer is detached while the call waits', async () => {
    const [a, b] = await connectedPair(unixStream);
    const buffer = new Uint8Array(8);
    const waiting = rejection(a.recv(buffer));
    structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
    await b.send('kept');
    expect(await waiting).toBeInstanceOf(TypeError);
    expect(await receiveText(a)).toBe('kept');
  });
  it('rejects calls that the socket cannot make', async () => {
    const socket = closeAfterTest(new Socket(AF_INET, SOCK_STREAM));
    expect(await rejection(socket.recv(new Uint8Array(1)))).toBeInstanceOf(NotConnectedError);
    expect(await rejection(socket.accept())).toMatchObject({ code: 'EINVAL', syscall: 'accept' });
    expect(await rejection(closeAfterTest(new Socket(AF_INET, udp4.type)).accept())).toMatchObject({
      code: 'EOPNOTSUPP',
    });
  });
});
