// connect and accept of bsd-sockets/promises.
import { AF_UNIX, AlreadyConnectedError, ConnectionRefusedError, SOCK_STREAM } from 'bsd-sockets';
import { F_GETFD, F_GETFL, FD_CLOEXEC, fcntl, O_NONBLOCK } from 'bsd-sockets/c';
import { Socket } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/child_program.js';
import { closeAfterTest, socketPath } from '../support/cleanup.js';
import { boundSocket, listeningSocket, newSocket, receiveText, rejection } from '../support/promise_sockets.js';
import { streamKinds, tcp4, unixStream } from '../support/socket_kinds.js';
import { localPort } from '../support/sockets.js';

describe.for(streamKinds)('$name', (kind) => {
  it('connect and accept work many at once', async () => {
    const server = listeningSocket(kind);
    const clients = Array.from({ length: 20 }, () => newSocket(kind));
    const connected = Promise.all(clients.map((client) => client.connect(server.getsockname())));
    for (const _ of clients) await closeAfterTest((await server.accept()).socket).send('hello');
    expect(await connected).toEqual(clients);
    for (const client of clients) expect(await receiveText(client)).toBe('hello');
  });
  it('accept returns a non-blocking socket that is close-on-exec', async () => {
    const server = listeningSocket(kind);
    const client = newSocket(kind);
    const [{ socket }] = await Promise.all([server.accept(), client.connect(server.getsockname())]);
    closeAfterTest(socket);
    expect(fcntl(socket.fd, F_GETFL) & O_NONBLOCK).not.toBe(0);
    expect(fcntl(socket.fd, F_GETFD) & FD_CLOEXEC).not.toBe(0);
    expect([socket.domain, socket.type]).toEqual([kind.domain, kind.type]);
  });
  it('accept calls are served in order, and rejected by close', async () => {
    const server = listeningSocket(kind);
    const waiting = [server.accept(), server.accept()];
    const last = rejection(server.accept());
    for (let i = 0; i < 2; i++) {
      const client = newSocket(kind);
      await client.connect(server.getsockname());
      await client.send(`${i}`);
      expect(await receiveText(closeAfterTest((await waiting[i]!).socket))).toBe(`${i}`);
    }
    server.close();
    expect(await last).toMatchObject({ code: 'EBADF' });
  });
});

describe('connect', () => {
  it('rejects with the error in SO_ERROR, and with the address', async () => {
    const socket = boundSocket(tcp4);
    const port = localPort(socket); // bound, but not listening
    const client = newSocket();
    const error = await rejection(client.connect({ address: '127.0.0.1', port }));
    expect(error).toBeInstanceOf(ConnectionRefusedError);
    expect(error).toMatchObject({
      message: `connect ECONNREFUSED 127.0.0.1:${port}`,
      syscall: 'connect',
      address: '127.0.0.1',
      port,
    });
    socket.listen();
    const again = newSocket();
    await again.connect(socket.getsockname());
    closeAfterTest((await socket.accept()).socket);
    await again.connect(socket.getsockname()).catch(() => {}); // some systems tell of the first one's success once more
    expect(await rejection(again.connect(socket.getsockname()))).toBeInstanceOf(AlreadyConnectedError);
  });
  it('has the path of a Unix socket in its error', async () => {
    const path = socketPath();
    const client = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM));
    expect(await rejection(client.connect({ path }))).toMatchObject({ code: 'ENOENT', path, syscall: 'connect' });
  });
  it.runIf(process.platform === 'linux')(
    'waits until a full Unix listener has room, and can be cancelled meanwhile',
    async () => {
      const server = listeningSocket(unixStream, 0);
      const address = server.getsockname();
      const client = (): Socket => closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM));
      await client().connect(address);
      expect(await rejection(client().connect(address, { timeout: 20 }))).toMatchObject({ code: 'ETIMEDOUT' });
      expect(await rejection(client().connect(address, { signal: AbortSignal.timeout(20) }))).toMatchObject({
        code: 'ABORT_ERR',
      });
      const waiting = client();
      const connected = waiting.connect(address);
      const first = closeAfterTest((await server.accept()).socket);
      await connected;
      const second = closeAfterTest((await server.accept()).socket);
      await waiting.send('x');
      expect(await receiveText(second)).toBe('x');
      expect(await rejection(first.recv(new Uint8Array(1), { timeout: 0 }))).toMatchObject({ code: 'ETIMEDOUT' });
      const gone = client();
      await client().connect(address);
      const last = rejection(gone.connect(address));
      server.close();
      expect((await last).code).toMatch(/ECONNREFUSED|ECONNRESET/);
    },
  );
  it('survives a backlog that overflows; a cancelled call can be repeated', async () => {
    const server = listeningSocket(tcp4, 0);
    const address = server.getsockname();
    // On Linux two connections fit; the third one's is never answered.
    for (let i = 0; i < 2; i++)
      await newSocket()
        .connect(address, { timeout: 2000 })
        .catch(() => {});
    const late = newSocket();
    const first = await late.connect(address, { timeout: 10 }).catch((error: { code: string }) => error.code);
    if (first !== late) expect(first).toBe('ETIMEDOUT');
    const again = first === late ? Promise.resolve() : late.connect(address, { timeout: 10_000 });
    for (let i = 0; i < 3; i++) closeAfterTest((await server.accept({ timeout: 10_000 })).socket);
    await again;
    await late.send('x');
  }, 30_000);
});

describe('for await over a listener', () => {
  it('yields each connection, and ends when the listener is closed', async () => {
    const server = listeningSocket(tcp4);
    const served: string[] = [];
    const serving = (async () => {
      for await (const { socket, address } of server) {
        expect(address.family).toBe('inet');
        served.push(await receiveText(closeAfterTest(socket)));
        if (served.length === 3) setImmediate(() => server.close());
      }
    })();
    for (const name of ['a', 'b', 'c']) {
      const client = newSocket();
      await client.connect(server.getsockname());
      await client.send(name);
    }
    await serving;
    expect(served).toEqual(['a', 'b', 'c']);
  });
  it('leaves the listener open after break', async () => {
    const server = listeningSocket(tcp4);
    const client = newSocket();
    await client.connect(server.getsockname());
    for await (const { socket } of server) {
      closeAfterTest(socket);
      break;
    }
    expect(server.closed).toBe(false);
  });
  it('throws the listener’s error', async () => {
    const socket = newSocket();
    const error = await rejection(
      (async () => {
        for await (const _ of socket) expect.unreachable();
      })(),
    );
    expect(error).toMatchObject({ code: 'EINVAL' });
  });
  it.runIf(process.platform === 'linux')(
    'reports the descriptor limit once each time, and goes on when descriptors are free',
    async () => {
      const { status, stdout, stderr } = await runProgram(new URL('limit.mjs', import.meta.url));
      expect(stderr.match(/BSD_SOCKETS_ACCEPT/g)?.length, stderr).toBe(2);
      expect([status, stdout]).toEqual([0, 'served 1\nlimit\nserved 2\nclosed while it pauses: ended\n']);
    },
  );
});
