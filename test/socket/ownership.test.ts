// Ownership: a closed Socket never touches a reused number; a leaked one is closed with a warning; children inherit none.
import { spawnSync } from 'node:child_process';
import {
  AF_INET,
  AF_UNIX,
  BadDescriptorError,
  MessageBatch,
  SO_TYPE,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { tcp4, unixDatagram, unixStream } from '../support/socket_kinds.js';
import { connectedPair, listeningSocket, thrownSocketError } from '../support/sockets.js';

describe('a closed Socket never touches a descriptor that has its number', () => {
  const calls: Record<string, (socket: Socket) => unknown> = {
    bind: (s) => s.bind({ family: 'unix', path: '' }),
    listen: (s) => s.listen(),
    accept: (s) => s.accept(),
    tryAccept: (s) => s.tryAccept(),
    connect: (s) => s.connect({ family: 'unspec' }),
    tryConnect: (s) => s.tryConnect({ family: 'unspec' }),
    shutdown: (s) => s.shutdown(c.SHUT_RDWR),
    getsockname: (s) => s.getsockname(),
    getpeername: (s) => s.getpeername(),
    getsockopt: (s) => s.getsockopt(SOL_SOCKET, SO_TYPE),
    setsockopt: (s) => s.setsockopt(SOL_SOCKET, c.SO_RCVBUF, 1),
    send: (s) => s.send('x'),
    trySend: (s) => s.trySend('x'),
    sendto: (s) => s.sendto('x', { family: 'unix', path: 'x' }),
    trySendto: (s) => s.trySendto('x', { family: 'unix', path: 'x' }),
    recv: (s) => s.recv(new Uint8Array(1)),
    tryRecv: (s) => s.tryRecv(new Uint8Array(1)),
    recvfrom: (s) => s.recvfrom(new Uint8Array(1)),
    tryRecvfrom: (s) => s.tryRecvfrom(new Uint8Array(1)),
    sendmsg: (s) => s.sendmsg({ data: 'x' }),
    trySendmsg: (s) => s.trySendmsg({ data: 'x' }),
    recvmsg: (s) => s.recvmsg({ buffers: new Uint8Array(1) }),
    tryRecvmsg: (s) => s.tryRecvmsg({ buffers: new Uint8Array(1) }),
    sendmmsg: (s) => s.sendmmsg([{ data: 'x' }]),
    recvmmsg: (s) => s.recvmmsg(new MessageBatch(1, { size: 1 })),
    sendAll: (s) => s.sendAll('x'),
    recvBytes: (s) => s.recvBytes(),
    recvExactly: (s) => s.recvExactly(new Uint8Array(1)),
    detach: (s) => s.detach(),
    blocking: (s) => s.blocking,
    'blocking =': (s) => {
      s.blocking = false;
    },
  };
  const methods = Object.getOwnPropertyNames(Socket.prototype).filter(
    (name) => !['constructor', 'close', 'fd', 'closed', 'domain', 'type', 'protocol'].includes(name),
  );
  it('the table has every method', () => {
    expect(methods.filter((name) => !(name in calls))).toEqual([]);
  });
  it.each(Object.entries(calls))('%s', (_name, call) => {
    const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
    const { fd } = a;
    a.close();
    const other = closeAfterTest(Socket.pair(AF_UNIX, SOCK_STREAM).map(closeAfterTest)[0]!);
    expect(other.fd).toBe(fd);
    const error = thrownSocketError(() => call(a as Socket));
    expect(error).toBeInstanceOf(BadDescriptorError);
    expect(error.code).toBe('EBADF');
    a.close();
    expect(other.getsockopt(SOL_SOCKET, SO_TYPE)).toBe(SOCK_STREAM);
    expect(other.blocking).toBe(true);
    b.close();
  });
  it('poll and select refuse it', async () => {
    const { poll, select } = await import('bsd-sockets');
    const [a, b] = connectedPair(unixStream);
    b.send('x');
    a.close();
    expect(thrownSocketError(() => poll([{ socket: a, events: c.POLLIN }], 0))).toMatchObject({ syscall: 'poll' });
    expect(thrownSocketError(() => select({ read: [b], write: [a] }, 0))).toBeInstanceOf(BadDescriptorError);
  });
});

describe('a leaked descriptor is closed after garbage collection', () => {
  const child = (
    name: string,
    trace = false,
  ): { open: boolean[]; warnings: { name: string; code?: string; message: string }[] } => {
    const before = trace ? ['env', 'BSD_SOCKETS_TRACE_LEAKS=1'] : [];
    const { stdout, stderr } = runWith(name, before);
    expect(
      stderr.replaceAll(
        /^.*(BsdSocketsLeakWarning|node --trace-warnings|opened|leak\.mjs|node:internal|at ).*\n/gm,
        '',
      ),
    ).toBe('');
    return JSON.parse(stdout);
  };
  const runWith = (name: string, before: readonly string[]) => {
    const program = new URL('leak.mjs', import.meta.url).pathname;
    const command = [...before, process.execPath, '--expose-gc', program, name];
    return spawnSync(command[0]!, command.slice(1), { encoding: 'utf8', timeout: 30_000 });
  };
  it.each(['socket', 'pair', 'adopted', 'accepted', 'poller', 'pollers'])('with a warning: %s', (name) => {
    const { open, warnings } = child(name);
    expect(open).not.toContain(false);
    expect(warnings).toHaveLength(open.length);
    for (const { name: type, code, message } of warnings) {
      expect([type, code]).toEqual(['BsdSocketsLeakWarning', 'BSD_SOCKETS_LEAK']);
      expect(message.replace(/^\w+/, '')).toMatch(
        /^ \(fd \d+\) was garbage-collected without close\(\); its descriptor has been closed\..*BSD_SOCKETS_TRACE_LEAKS=1/,
      );
      expect(message.startsWith(name.startsWith('poller') ? 'Poller ' : 'Socket ')).toBe(true);
    }
  });
  it('a hundred at once, each reported', () => {
    const { open, warnings } = child('many');
    expect(open).not.toContain(false);
    const rest = warnings.map(({ message }) => /^(\d+) more were closed in the same collection/.exec(message)?.[1]);
    // One collection finds them all, or several do: everyone is told of.
    const told = rest.map((more) => (more === undefined ? 1 : Number(more))).reduce((a, b) => a + b);
    expect(told).toBe(100);
    expect(warnings.length).toBeLessThan(50);
  });
  it('with the place that opened it, if BSD_SOCKETS_TRACE_LEAKS=1', () => {
    const { warnings } = child('socket', true);
    expect(warnings[0]?.message).toMatch(/It was opened here:[\s\S]*leak\.mjs:\d+/);
  });
  it.each(['message', 'batch'])('without a warning if it was never taken from its %s', (name) => {
    const { open, warnings } = child(name);
    expect(open.length).toBeGreaterThan(0);
    expect(open).not.toContain(false);
    expect(warnings).toEqual([]);
  });
  it.each(['borrowed', 'detached', 'taken', 'reused'])('unless the Socket does not own it: %s', (name) => {
    const { open, warnings } = child(name);
    expect(open).toEqual([true]);
    expect(warnings).toHaveLength(1); // the leaked one beside it
  });
});

it('a message’s descriptors survive an owner that is closed, and a subclass that throws', () => {
  const [a, b] = connectedPair(unixDatagram);
  class Throws extends Socket {
    override get domain(): number {
      throw new Error('asked for its domain');
    }
  }
  let asked = 0;
  // By from() and by the call; afterwards it is closed.
  const owner = {
    get fd() {
      return ++asked > 2 ? -1 : b.fd;
    },
  };
  const control = [{ type: 'rights', fds: [a.fd] }] as const;
  a.sendmsg({ data: 'x', control });
  using message = Socket.from(owner).recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
  expect(message).toMatchObject({ address: { family: 'unix', path: '' }, control: [{ type: 'rights' }] });
  const receiver = closeAfterTest(new Throws(AF_UNIX, SOCK_DGRAM)).bind({ family: 'unix', path: '' });
  const sender = closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM)).connect(receiver.getsockname() as never);
  sender.sendmsg({ data: 'x', control });
  const batch = new MessageBatch(1, { size: 1, controlSize: 64 });
  expect(receiver.recvmmsg(batch)).toBe(1);
  expect(batch.address(0)).toEqual({ family: 'unix', path: '' });
  batch.clear();
});

it('a spawned child inherits none of the descriptors', () => {
  const [a, b] = connectedPair(unixStream);
  const listener = listeningSocket(tcp4);
  const client = closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).connect(listener.getsockname() as never);
  const { socket } = listener.accept();
  closeAfterTest(socket);
  const tried = listener.tryAccept();
  a.sendmsg({ data: 'x', control: [{ type: 'rights', fds: [a.fd] }] });
  using message = b.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
  const adopted = closeAfterTest(Socket.adopt(c.socket(AF_UNIX, SOCK_DGRAM, 0)));
  const fds = message.control.flatMap((m) => (m.type === 'rights' ? [...m.fds] : []));
  const all = [a, b, listener, client, socket, adopted].map(({ fd }) => fd).concat(fds);
  expect(tried).toBeNull();
  const { stdout } = spawnSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' });
  const inherited = [...stdout.matchAll(/ (\d+) -> /g)].map(([, fd]) => Number(fd));
  expect(inherited.length).toBeGreaterThan(2);
  expect(stdout).not.toMatch(new RegExp(`socket:\\[(${all.map((fd) => inodeOf(fd)).join('|')})\\]`));
});
const inodeOf = (fd: number): string => {
  const { stdout } = spawnSync('readlink', [`/proc/${process.pid}/fd/${fd}`], { encoding: 'utf8' });
  const inode = /socket:\[(\d+)\]/.exec(stdout)?.[1];
  if (inode === undefined) throw new Error(`descriptor ${fd} is ${stdout}`);
  return inode;
};
