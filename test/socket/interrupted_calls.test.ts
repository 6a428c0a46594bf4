// Interrupted calls: EINTR is retried, an interrupted connect goes on, time-outs are kept.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AF_INET, AF_UNIX, POLLIN, poll, SO_RCVTIMEO, SOCK_STREAM, SOL_SOCKET, Socket } from 'bsd-sockets';
import { describe, expect, it } from 'vitest';
import { closeAfterTest, socketPath } from '../support/cleanup.js';
import { has } from '../support/facts.js';
import { whyNoStrace } from '../support/machine.js';
import { allKinds, tcp4 } from '../support/socket_kinds.js';
import { connectedPair, listeningSocket, localAddress, thrownSocketError } from '../support/sockets.js';

const obstacle = whyNoStrace();

describe('a call that fails with EINTR is repeated', () => {
  const calls = [
    'sendto',
    'sendto 2',
    'sendmsg',
    'sendmmsg',
    'sendmmsg 2',
    'recvfrom',
    'recvmsg',
    'recvmsg 2',
    'recvmmsg',
    has('accept4') ? 'accept4' : 'accept',
    'connect',
    'connect 2',
    'poll',
    'poll 2',
    'poll 3',
  ];
  it.for(calls)('%s', (call, context) => {
    if (obstacle) context.skip(obstacle);
    const [name] = call.split(' ');
    const program = fileURLToPath(new URL('interrupted.mjs', import.meta.url));
    const before = [
      'strace',
      '-f',
      '-qq',
      '-e',
      `trace=${name}`,
      '-e',
      'signal=none',
      '-e',
      `inject=${name}:error=EINTR:when=1..2`,
    ];
    const { stdout, stderr, status } = spawnSync(before[0]!, [...before.slice(1), process.execPath, program, call], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([status, stdout], stderr).toEqual([0, '1\n']);
    expect(stderr).toMatch(/EINTR.*\(INJECTED\)/);
  });
});

it('each method named after a BSD call makes that one system call', (context) => {
  if (obstacle) context.skip(obstacle);
  const program = fileURLToPath(new URL('one_call.mjs', import.meta.url));
  const args = ['-f', '-qq', '-e', 'trace=%network,fcntl,poll,close', '-e', 'signal=none', process.execPath, program];
  const { stderr, status } = spawnSync('strace', args, { encoding: 'utf8', timeout: 30_000 });
  expect(status).toBe(0);
  const parts = stderr.split(/^.*close\(-1\).*\n/m).filter((_, i) => i % 2 === 1);
  const calls = parts.map((part) => [...part.matchAll(/^(?:\[pid +\d+\] )?(\w+)\(/gm)].map(([, name]) => name).join());
  const expected =
    'bind sendto recvmsg recvmsg connect sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg getsockname getpeername getsockopt setsockopt ' +
    `listen ${has('accept4') ? 'accept4' : 'accept,fcntl'} shutdown close`;
  expect(calls).toEqual(expected.split(' '));
});

describe('after a signal that a handler catches', () => {
  /** Until a child waits in a system call of this number (x64, arm64): seen in /proc, for a bounded time. */
  const blockedIn = async (child: ChildProcess, numbers: readonly number[]): Promise<void> => {
    const end = Date.now() + 20_000;
    for (;;) {
      const [number] = readFileSync(`/proc/${child.pid}/syscall`, 'utf8').split(' ');
      if (numbers.includes(Number(number))) return;
      if (Date.now() > end) throw new Error(`the child never came to its call: ${number}`);
      await new Promise(setImmediate);
    }
  };
  const start = (...args: string[]): [ChildProcess, Promise<[string, number | null]>] => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('signalled.mjs', import.meta.url)), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout!.on('data', (data) => (text += data));
    return [child, once(child, 'close').then(([status]) => [text, status as number | null])];
  };
  const [RECVFROM, CONNECT, POLL] = [
    [45, 207],
    [42, 203],
    [7, 73],
  ] as const;
  const skip = process.platform === 'linux' ? '' : '/proc/<pid>/syscall is Linux’s';

  it('recv with SO_RCVTIMEO goes on', async (context) => {
    if (skip) context.skip(skip);
    const path = socketPath();
    const listener = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM)).bind({ path }).listen();
    const [child, ended] = start('recv', path);
    try {
      const { socket } = listener.accept();
      closeAfterTest(socket);
      await blockedIn(child, RECVFROM);
      child.kill('SIGUSR2');
      // It is in the call again once the signal was dealt with; whichever it is, the data comes.
      await blockedIn(child, RECVFROM);
      socket.send('abc');
      expect(await ended).toEqual(['3\n', 0]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('connect to a full Unix listener connects once it has room', async (context) => {
    if (skip) context.skip(skip);
    const path = socketPath();
    const listener = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM)).bind({ path }).listen(0);
    const first = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM)).connect({ path });
    const [child, ended] = start('connect unix', path);
    try {
      await blockedIn(child, CONNECT);
      child.kill('SIGUSR2');
      await blockedIn(child, [...CONNECT, ...POLL]);
      closeAfterTest(listener.accept().socket);
      const { socket } = listener.accept();
      expect(closeAfterTest(socket).recv(new Uint8Array(4))).toBe(1);
      expect(await ended).toEqual(['1\n', 0]);
      expect(first.getpeername()).toEqual({ family: 'unix', path });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('connect to a full TCP listener waits on and connects', async (context) => {
    if (skip) context.skip(skip);
    const listener = listeningSocket(tcp4, 0);
    const { port } = localAddress(listener);
    const first = closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).connect({ address: '127.0.0.1', port });
    const [child, ended] = start('connect', String(port));
    try {
      await blockedIn(child, CONNECT);
      child.kill('SIGUSR2');
      await blockedIn(child, POLL);
      closeAfterTest(listener.accept().socket);
      expect(poll([{ socket: listener, events: POLLIN }], 20_000)).toHaveLength(1);
      expect(closeAfterTest(listener.accept().socket).recv(new Uint8Array(4))).toBe(1);
      expect(await ended).toEqual(['1\n', 0]);
      expect(first.getpeername().port).toBe(port);
    } finally {
      child.kill('SIGKILL');
    }
  }, 40_000);
});

it.each(allKinds)('recv throws WouldBlockError no earlier than SO_RCVTIMEO: $name', (kind) => {
  const [a] = connectedPair(kind);
  a.setsockopt(SOL_SOCKET, SO_RCVTIMEO, 30);
  const start = performance.now();
  expect(thrownSocketError(() => a.recv(new Uint8Array(1))).name).toBe('WouldBlockError');
  expect(performance.now() - start).toBeGreaterThanOrEqual(25);
});

it('accept throws WouldBlockError after SO_RCVTIMEO', () => {
  const listener = listeningSocket(tcp4).setsockopt(SOL_SOCKET, SO_RCVTIMEO, 5);
  expect(thrownSocketError(() => listener.accept())).toMatchObject({ name: 'WouldBlockError', syscall: 'accept' });
});
