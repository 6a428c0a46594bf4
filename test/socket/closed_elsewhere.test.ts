// Tests of descriptors that are closed behind their owner's back, and whose number another file has by now: the owner throws EBADF, and
// neither its close() nor its collection closes the other's file.
import { closeSync, openSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { AF_UNIX, POLLIN, Poller, SOCK_STREAM, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket as Waiting } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/child_program.js';
import { closeAfterTest, openDescriptors } from '../support/cleanup.js';
import { unixStream } from '../support/socket_kinds.js';
import { connectedPair, thrownError } from '../support/sockets.js';

interface Owner {
  readonly fd: number;
  close(): void;
}
const unixSocket = (): number => c.socket(c.AF_UNIX, c.SOCK_STREAM, 0);
/** A descriptor that came with a message. */
function received(): number {
  const [a, b] = connectedPair(unixStream);
  a.sendmsg({ data: 'x', control: [{ type: 'rights', fds: [a.fd] }] });
  const { control } = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
  return control.flatMap((message) => (message.type === 'rights' ? [...message.fds] : []))[0]!;
}
const owners: Readonly<Record<string, () => Owner>> = {
  'a Socket': () => new Socket(AF_UNIX, SOCK_STREAM),
  'an adopted Socket': () => Socket.adopt(unixSocket()),
  'a Socket on a received descriptor': () => Socket.adopt(received()),
  'a Socket of promises': () => new Waiting(AF_UNIX, SOCK_STREAM),
  'an adopted Socket of promises': () => Waiting.adopt(unixSocket()),
  'a Poller': () => new Poller(),
};
/** Ways to close a number, and to give it to another file; each leaves a descriptor with that number. */
const ways: Readonly<Record<string, (fd: number) => void>> = {
  'fs.closeSync, then fs.openSync': (fd) => {
    closeSync(fd);
    expect(openSync('/dev/null', 'r')).toBe(fd);
  },
  'c.close, then fs.openSync': (fd) => {
    c.close(fd);
    expect(openSync('/dev/null', 'r')).toBe(fd);
  },
  'c.close, then c.socket': (fd) => {
    c.close(fd);
    expect(unixSocket()).toBe(fd);
  },
  'c.close, then another Socket': (fd) => {
    c.close(fd);
    expect(new Socket(AF_UNIX, SOCK_STREAM).detach()).toBe(fd);
  },
  'fs.closeSync, then c.socket': (fd) => {
    closeSync(fd);
    expect(unixSocket()).toBe(fd);
  },
  'c.dup2': (fd) => {
    expect(c.dup2(0, fd)).toBe(fd);
  },
  'c.dup3': (fd) => {
    expect(c.dup3(0, fd, c.O_CLOEXEC)).toBe(fd);
  },
};

describe.for(Object.entries(owners))('%s', ([, make]) => {
  it.for(Object.entries(ways))('whose number ends by %s', ([, end]) => {
    const owner = make();
    const { fd } = owner;
    end(fd);
    const other = openDescriptors().get(fd);
    expect(other).toBeDefined();
    // The first close may say that its descriptor was gone; the second does nothing.
    try {
      owner.close();
    } catch (error) {
      expect(error).toMatchObject({ code: 'EBADF', syscall: 'close' });
    }
    owner.close();
    expect(openDescriptors().get(fd)).toBe(other);
    expect(owner.fd).toBe(-1);
    closeSync(fd);
  });
});

it('every call throws EBADF once another call of the package has closed the number', () => {
  const calls: readonly ((s: Socket) => unknown)[] = [
    (s) => s.send('x'),
    (s) => s.recv(new Uint8Array(1)),
    (s) => s.getsockname(),
    (s) => s.sendmsg({ data: 'x' }),
    (s) => closeAfterTest(new Poller()).add(s, POLLIN),
    (s) => s.detach(),
  ];
  for (const call of calls) {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    closeAfterTest(b);
    const { fd } = a;
    c.close(fd);
    closeAfterTest(unixSocket()); // has the number now
    expect(thrownError(() => call(a))).toMatchObject({ code: 'EBADF' });
    expect(a).toMatchObject({ fd: -1, closed: true });
  }
});

it('a descriptor that a live object owns cannot be adopted, by either layer; once it is closed by number, it can', () => {
  const makers = Object.values(owners);
  for (const make of makers) {
    const owner = make();
    for (const adopt of [Socket.adopt, Waiting.adopt])
      expect(thrownError(() => adopt(owner.fd))).toMatchObject({ code: 'ERR_INVALID_STATE' });
    owner.close();
  }
  const lost = new Socket(AF_UNIX, SOCK_STREAM);
  const { fd } = lost;
  c.close(fd);
  expect(unixSocket()).toBe(fd);
  const adopted = closeAfterTest(Socket.adopt(fd));
  expect(thrownError(() => lost.close())).toMatchObject({ code: 'EBADF' });
  expect(adopted.type).toBe(SOCK_STREAM);
});

it('another thread cannot adopt it either, and its close ends the ownership here', async () => {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    (async () => {
      const { Socket } = await import(workerData.index);
      const { close } = await import(workerData.c);
      let code;
      try {
        Socket.adopt(workerData.fd);
      } catch (error) {
        code = error.code;
      }
      parentPort.postMessage([code, close(workerData.fd)]);
    })();`;
  const socket = new Socket(AF_UNIX, SOCK_STREAM);
  const { fd } = socket;
  const workerData = { fd, index: import.meta.resolve('bsd-sockets'), c: import.meta.resolve('bsd-sockets/c') };
  const worker = new Worker(program, { eval: true, workerData });
  const answer = await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  expect(answer).toEqual(['ERR_INVALID_STATE', 0]);
  expect(socket.closed).toBe(true);
  expect(thrownError(() => socket.send('x'))).toMatchObject({ code: 'EBADF' });
});

it('the collection of such an owner leaves the other file alone', async () => {
  const { stdout, stderr, status } = await runProgram(new URL('../programs/collected_owners.mjs', import.meta.url));
  expect([status, stderr, stdout]).toEqual([0, '', 'all files are open\n']);
});
