// Room: what the tests of bsd-sockets/promises stand on: sockets that are closed after the test, pairs, rejections, child programs.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Address,
  AF_INET,
  AF_INET6,
  AF_UNIX,
  type InetAddress,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
} from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { afterEach, beforeAll } from 'vitest';

const open: Disposable[] = [];
const folders: string[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket[Symbol.dispose]();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The thread's one poller is made with the first call that waits, and stays. */
beforeAll(async () => {
  const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
  await a.recv(new Uint8Array(1), { timeout: 0 }).catch(() => {});
  a.close();
  b.close();
});

/** Closed after the test. */
export function kept<D extends Disposable>(disposable: D): D {
  open.push(disposable);
  return disposable;
}

/** A new path for a socket; its folder is removed after the test. */
export function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-'));
  folders.push(folder);
  return join(folder, 'socket');
}

export interface Kind {
  readonly name: string;
  readonly domain: number;
  readonly type: number;
}
export const TCP: Kind = { name: 'TCP over IPv4', domain: AF_INET, type: SOCK_STREAM };
export const TCP6: Kind = { name: 'TCP over IPv6', domain: AF_INET6, type: SOCK_STREAM };
export const UNIX: Kind = { name: 'Unix stream', domain: AF_UNIX, type: SOCK_STREAM };
export const UDP: Kind = { name: 'UDP over IPv4', domain: AF_INET, type: SOCK_DGRAM };
export const streams: readonly Kind[] = [TCP, TCP6, UNIX];
export const messages: readonly Kind[] = [
  UDP,
  { name: 'UDP over IPv6', domain: AF_INET6, type: SOCK_DGRAM },
  { name: 'Unix datagram', domain: AF_UNIX, type: SOCK_DGRAM },
  ...(process.platform === 'linux' ? [{ name: 'Unix seqpacket', domain: AF_UNIX, type: SOCK_SEQPACKET }] : []),
];

/** A socket of a kind, bound to the loopback interface or to a new path. */
export function bound({ domain, type }: Kind): Socket {
  const socket = kept(new Socket(domain, type));
  if (domain === AF_UNIX) return socket.bind({ family: 'unix', path: newPath() });
  return socket.bind({ address: domain === AF_INET6 ? '::1' : '127.0.0.1', port: 0 } as Address);
}
/** The same, listening. */
export const listening = (kind: Kind, backlog?: number): Socket => bound(kind).listen(backlog);

/** Two connected sockets of a kind: a client, and what it is connected to. */
export async function pair(kind: Kind): Promise<[Socket, Socket]> {
  if (kind.type !== SOCK_STREAM || kind.domain === AF_UNIX) {
    if (kind.domain !== AF_UNIX) {
      const [a, b] = [bound(kind), bound(kind)];
      return [await a.connect(b.getsockname()), await b.connect(a.getsockname())];
    }
    const [a, b] = Socket.pair(kind.domain, kind.type);
    return [kept(a), kept(b)];
  }
  const listener = listening(kind);
  const client = kept(new Socket(kind.domain, kind.type));
  const [{ socket }] = await Promise.all([listener.accept(), client.connect(listener.getsockname())]);
  return [client, kept(socket)];
}

/** A new stream socket, to connect to any address. */
export const client = ({ domain, type }: Kind = TCP): Socket => kept(new Socket(domain, type));

/** The port that a socket is bound to. */
export const portOf = (socket: { getsockname(): Address }): number => (socket.getsockname() as InetAddress).port;

/** What a promise is rejected with, which must be an error. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { code?: string; bytes?: number }> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`rejected with something that is no error: ${String(error)}`);
  }
  throw new Error(`not rejected: it gave ${String(value)}`);
}

/** Sends until the peer's buffer and one's own are full: how many bytes went. */
export async function fill(socket: Socket): Promise<number> {
  const chunk = new Uint8Array(65536);
  for (let sent = 0; ; ) {
    const result = await socket.send(chunk, { timeout: 0 }).catch((error: { code?: string }) => {
      if (error.code !== 'ETIMEDOUT') throw error;
      return null;
    });
    if (result === null) return sent;
    sent += result;
  }
}

/** The text that comes next, in one piece. */
export async function text(socket: Socket, size = 1024): Promise<string> {
  const buffer = Buffer.alloc(size);
  return buffer.toString('utf8', 0, await socket.recv(buffer));
}

/** Everything up to the end of the stream. */
export async function everything(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (;;) {
    const buffer = Buffer.alloc(65536);
    const length = await socket.recv(buffer);
    if (length === 0) return Buffer.concat(parts);
    parts.push(buffer.subarray(0, length));
  }
}

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** How a child ended, and what it wrote. */
export interface Ended {
  readonly status: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, within a time limit. */
export function run(
  command: string,
  args: readonly string[],
  { input, env = {}, limit = 20_000 }: { input?: string; env?: NodeJS.ProcessEnv; limit?: number } = {},
): Promise<Ended> {
  const child = spawn(command, args, { env: { ...process.env, ...env } });
  children.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (data: string) => (stdout += data));
  child.stderr.setEncoding('utf8').on('data', (data: string) => (stderr += data));
  child.stdin.on('error', () => {}); // it has ended: its outcome says so
  child.stdin.end(input);
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      children.delete(child);
      resolve({ status: signal ?? status!, stdout, stderr });
    });
  });
}

/** Runs a program of ours: a path below test/. */
export const runProgram = (
  path: string,
  args: readonly string[] = [],
  options: Parameters<typeof run>[2] = {},
): Promise<Ended> =>
  run(process.execPath, ['--expose-gc', fileURLToPath(new URL(`../${path}`, import.meta.url)), ...args], options);
