// Errors: a class and a code for each errno, the address in the message, the stack at the caller’s line.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import * as root from 'bsd-sockets';
import { AF_INET, AF_UNIX, MessageBatch, SOCK_STREAM, SOL_SOCKET, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import * as lib from '../../lib/socket/errors.js';
import { closeAfterTest } from '../support/cleanup.js';
import { tcp4, unixStream } from '../support/socket_kinds.js';
import { boundSocket, connectedPair, thrownError, thrownSocketError } from '../support/sockets.js';

const numbers = c as unknown as Record<string, number | undefined>;
// The package is bundled: lib's own modules have classes of their own.
const { addressInfoError, socketError } = lib;
const classes = lib as unknown as Record<string, new () => Error>;
const here = (errno: number): lib.SocketError => socketError(errno, 'call');

/** The contract's table, word for word. */
const TABLE: Record<string, string> = {
  WouldBlockError: 'EAGAIN EWOULDBLOCK EALREADY EINPROGRESS',
  BrokenPipeError: 'EPIPE ESHUTDOWN',
  ConnectionRefusedError: 'ECONNREFUSED',
  ConnectionResetError: 'ECONNRESET',
  ConnectionAbortedError: 'ECONNABORTED',
  NotConnectedError: 'ENOTCONN',
  AlreadyConnectedError: 'EISCONN',
  AddressInUseError: 'EADDRINUSE',
  AddressNotAvailableError: 'EADDRNOTAVAIL',
  PermissionError: 'EACCES EPERM',
  TimedOutError: 'ETIMEDOUT',
  InterruptedError: 'EINTR',
  UnreachableError: 'EHOSTUNREACH ENETUNREACH EHOSTDOWN ENETDOWN',
  BadDescriptorError: 'EBADF ENOTSOCK',
  ResourceLimitError: 'EMFILE ENFILE ENOBUFS ENOMEM',
  UnsupportedError: 'EAFNOSUPPORT EPROTONOSUPPORT ESOCKTNOSUPPORT EPROTOTYPE EOPNOTSUPP ENOPROTOOPT ENOSYS',
};
const expectedClasses = Object.entries(TABLE).flatMap(([name, codes]) =>
  codes.split(' ').map((code) => [code, name] as const),
);

describe('each errno', () => {
  it.each(expectedClasses)('%s makes a %s', (code, name) => {
    const error = here(numbers[code]!);
    expect(error).toBeInstanceOf(classes[name]!);
    expect(error).toBeInstanceOf(lib.SocketError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.errno).toBe(numbers[code]);
    // EWOULDBLOCK is EAGAIN here: one number has one name.
    expect(numbers[error.code]).toBe(error.errno);
    expect(String(error)).toBe(`${name}: call ${error.code}`);
    for (const other of Object.keys(TABLE)) if (other !== name) expect(error).not.toBeInstanceOf(classes[other]!);
  });
  it('of this platform has its name and a class; those that no class groups make a plain SocketError', () => {
    const grouped = new Map(expectedClasses);
    const own = Object.entries(numbers).filter(
      ([name, value]) =>
        /^E(?!AI_|POLL|TH_|V_)[A-Z0-9]+$/.test(name) && typeof value === 'number' && c.strerrorname_np(value) !== null,
    );
    expect(own.length).toBeGreaterThan(100);
    for (const [name, errno] of own) {
      const error = here(errno!);
      expect(numbers[error.code], name).toBe(errno);
      expect(error.code).toBe(c.strerrorname_np(errno!) === 'ENOTSUP' ? 'EOPNOTSUPP' : c.strerrorname_np(errno!));
      const Class = grouped.get(error.code);
      expect(error.constructor, name).toBe(Class === undefined ? lib.OtherSocketError : classes[Class]);
      expect(root).toHaveProperty(name, errno);
    }
  });
  it('without a name makes a SocketError too', () => {
    expect(here(99_999)).toMatchObject({ code: 'E99999', errno: 99_999 });
  });
});

it('each EAI_ code makes an AddressInfoError', () => {
  for (const [name, code] of Object.entries(numbers)) {
    if (!/^EAI_/.test(name) || code === undefined || name === 'EAI_SYSTEM') continue;
    const error = addressInfoError(code, 0, 'getaddrinfo', 'host');
    expect(error).toBeInstanceOf(lib.AddressInfoError);
    expect(error).toMatchObject({ code: name, errno: code });
    expect(error.message).toBe(`getaddrinfo ${name} host: ${c.gai_strerror(code)}`);
  }
  expect(addressInfoError(c.EAI_SYSTEM, c.EMFILE, 'getaddrinfo')).toMatchObject({ code: 'EMFILE' });
});

describe('the message has Node’s form', () => {
  it.each([
    [{ address: '127.0.0.1', port: 80 }, 'call ENOENT 127.0.0.1:80'],
    [{ address: '::1', port: 80 }, 'call ENOENT ::1:80'],
    [{ address: '::1', port: 0 }, 'call ENOENT ::1'],
    [{ path: '/tmp/x' }, 'call ENOENT /tmp/x'],
    [{ path: '\0name' }, 'call ENOENT \\0name'],
    [{ path: '' }, 'call ENOENT'],
    [{ fd: 3 }, 'call ENOENT'],
    [{}, 'call ENOENT'],
  ])('%j', (details, message) => {
    const error = socketError(c.ENOENT, 'call', details);
    expect(error.message).toBe(message);
    expect({ ...error }).toEqual({ code: 'ENOENT', errno: c.ENOENT, syscall: 'call', ...details });
  });
  it('equals that of node:net, word for word', async () => {
    const socket = boundSocket(tcp4);
    const { port } = socket.getsockname() as { port: number };
    const theirs = (await once(connect(port, '127.0.0.1'), 'error').catch((error: unknown) => [error]))[0] as Error;
    const ours = thrownSocketError(() =>
      closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).connect({ address: '127.0.0.1', port }),
    );
    expect(ours.message).toBe(theirs.message);
    expect({ ...ours, errno: -ours.errno }).toEqual({ ...theirs });
  });
});

describe('the stack begins at the caller’s line', () => {
  const [line] = [/errors\.test\.ts/];
  const closed = (): Socket => {
    const socket = new Socket(AF_INET, SOCK_STREAM) as Socket;
    socket.close();
    return socket;
  };
  const buffer = new Uint8Array(4);
  const calls: Record<string, () => unknown> = {
    'new Socket': () => new Socket(12345, 1),
    'new Socket of a wrong type': () => new Socket('x' as never, 1),
    'Socket.pair': () => Socket.pair(AF_INET, SOCK_STREAM),
    'Socket.from': () => Socket.from(null as never),
    'Socket.adopt': () => Socket.adopt(-1),
    'new MessageBatch': () => new MessageBatch(0, { size: 1 }),
    'MessageBatch data': () => new MessageBatch(1, { size: 1 }).data(5),
    'MessageBatch add': () => new MessageBatch(1, { size: 1 }).add('xx'),
    detach: () => closed().detach(),
    'domain of what is no socket': () => Socket.from(1_000_000).domain,
    'type of what is no socket': () => Socket.from(1_000_000).type,
    'protocol of what is no socket': () => Socket.from(1_000_000).protocol,
    'bind, which asks for the domain': () => Socket.from(1_000_000).bind({ family: 'unix', path: 'x' }),
    'recvfrom, which asks for the domain': () => Socket.from(1_000_000).recvfrom(buffer),
    'recvmmsg, which asks for the domain': () => Socket.from(1_000_000).recvmmsg(new MessageBatch(1, { size: 1 })),
    blocking: () => closed().blocking,
    'blocking =': () => {
      closed().blocking = true;
    },
    'blocking = 1': () => {
      closed().blocking = 1 as never;
    },
    bind: () => closed().bind({ port: 0 } as never),
    'bind elsewhere': () => closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).bind({ address: '192.0.2.1', port: 1 }),
    'bind of a wrong address': () => closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).bind({ address: 'x', port: 1 }),
    'bind of a path too long': () => closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM)).bind({ path: 'x'.repeat(200) }),
    listen: () => closed().listen(),
    accept: () => closed().accept(),
    connect: () => closed().connect({ port: 1 } as never),
    shutdown: () => closed().shutdown(1),
    getsockname: () => closed().getsockname(),
    getpeername: () => closed().getpeername(),
    getsockopt: () => closed().getsockopt(SOL_SOCKET, root.SO_TYPE),
    'getsockopt of nothing': () => closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).getsockopt(SOL_SOCKET, 9999),
    setsockopt: () => closed().setsockopt(SOL_SOCKET, 1, 1 as never),
    'setsockopt of a wrong value': () =>
      closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).setsockopt(SOL_SOCKET, root.SO_LINGER, 1 as never),
    'setsockopt of what is only asked': () =>
      closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).setsockopt(SOL_SOCKET, root.SO_TYPE, 1 as never),
    send: () => closed().send('x'),
    trySend: () => closed().trySend('x'),
    sendto: () => closed().sendto('x', { port: 1 } as never),
    trySendto: () => closed().trySendto('x', { port: 1 } as never),
    recv: () => closed().recv(buffer),
    tryRecv: () => closed().tryRecv(buffer),
    recvfrom: () => closed().recvfrom(buffer),
    tryRecvfrom: () => closed().tryRecvfrom(buffer),
    sendmsg: () => closed().sendmsg({ data: 'x' }),
    'sendmsg of a wrong control message': () =>
      connectedPair(unixStream)[0].sendmsg({ data: 'x', control: [{ type: 'x' } as never] }),
    trySendmsg: () => closed().trySendmsg({ data: 'x' }),
    recvmsg: () => closed().recvmsg({ buffers: buffer }),
    tryRecvmsg: () => closed().tryRecvmsg({ buffers: buffer }),
    sendmmsg: () => closed().sendmmsg([]),
    recvmmsg: () => closed().recvmmsg(new MessageBatch(1, { size: 1 })),
    sendAll: () => closed().sendAll('x'),
    recvExactly: () => closed().recvExactly(buffer),
    tryAccept: () => closed().tryAccept(),
    tryConnect: () => closed().tryConnect({ port: 1 } as never),
    poll: () => root.poll([{ socket: closed(), events: 1 }]),
    select: () => root.select({ read: [closed()] }),
    getaddrinfo: () => root.getaddrinfo('999.1.1.1', null, { flags: c.AI_NUMERICHOST }),
    getnameinfo: () => root.getnameinfo({ family: 'inet', address: 'x', port: 1 }),
    if_nametoindex: () => root.if_nametoindex('no-such'),
    if_indextoname: () => root.if_indextoname(999_999),
    inet_pton: () => root.inet_pton(AF_INET, 'x'),
    inet_ntop: () => root.inet_ntop(AF_INET, new Uint8Array(3)),
  };
  it.each(Object.entries(calls))('%s', (_name, call) => {
    const stack = thrownError(call).stack!.split('\n');
    expect(stack[1]).toMatch(line);
    expect(stack.slice(1).join('\n')).not.toMatch(/dist\/(lib|bundle)/);
  });
  it('also in a subclass’s method, an arrow function and another realm', () => {
    class Mine extends Socket {
      override send(data: string): number {
        return super.send(data);
      }
    }
    const mine = new Mine(AF_INET, SOCK_STREAM);
    mine.close();
    expect(thrownSocketError(() => mine.send('x')).stack!.split('\n')[1]).toMatch(line);
  });
});

it('errors work with frozen intrinsics and with a stack trace limit that the caller chose', () => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  const error = thrownSocketError(() => Socket.adopt(-1));
  expect(Error.stackTraceLimit).toBe(1);
  Error.stackTraceLimit = limit;
  expect(error.stack!.split('\n')).toHaveLength(2);
  const program = `import { Socket } from 'bsd-sockets'; try { Socket.adopt(-1) } catch (e) { console.log(e.code) }`;
  const child = spawnSync(
    process.execPath,
    ['--frozen-intrinsics', '--no-warnings', '--input-type=module', '-e', program],
    {
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  expect([child.stdout, child.stderr]).toEqual(['EBADF\n', '']);
});
