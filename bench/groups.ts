// Benchmark: the groups, who competes in each, and the goals. The first contestant is what the others are compared with: C, mostly.
import type { Program } from './contestants.js';

/** What is measured, in which unit, and what is better. */
export interface Measure {
  readonly unit: string;
  readonly digits: number;
  readonly better: 'less' | 'more';
  /** How a contestant is compared: own ÷ other, or own − other. */
  readonly relation: 'ratio' | 'difference';
  /** The value, from what a contestant says a round took. */
  readonly value: (raw: number) => number;
}

const NS = { digits: 0, better: 'less', relation: 'ratio', value: (raw: number) => raw } as const;
export const measures = {
  time: { ...NS, unit: 'ns' },
  cpu: { ...NS, unit: 'ns CPU' },
  memory: { ...NS, unit: 'bytes' },
  allocation: { ...NS, unit: 'bytes', digits: 3 },
  start: { unit: 'ms', digits: 1, better: 'less', relation: 'difference', value: (raw: number) => raw / 1e6 },
  throughput: {
    unit: 'MB/s',
    digits: 0,
    better: 'more',
    relation: 'ratio',
    value: (raw: number) => (65_536 * 1e3) / raw,
  },
} as const satisfies Record<string, Measure>;

/**
 * At most (or at least, where more is better) so many times another contestant; in a difference, so much more than it. `SHOWN`: no goal, but
 * worth telling.
 */
export type Goals = Readonly<Record<string, number | null>>;
const SHOWN = null;

/** One that takes part. */
export interface Entry extends Program {
  readonly goals?: Goals;
}

/** Contestants that are measured side by side. */
export interface Group {
  readonly title: string;
  /** The title, for an overview's line. */
  readonly short: string;
  readonly measure: keyof typeof measures;
  /** Who starts the contestants; by itself, a process each that measures itself. */
  readonly kind?: 'echo' | 'memory';
  /** Of kind 'echo': how many. */
  readonly connections?: number;
  readonly turns?: number;
  /** Rounds a slice; from the slice's length if it is not given. */
  readonly rounds?: number;
  readonly entries: readonly [Entry, ...Entry[]];
}

/** Servers and clients share a processor: all servers find as many requests at a wake-up, and the figures are steady. */
const shared = { processors: '0' };
export const load: Program = { name: 'load', file: 'echo/load.c', ...shared };
const servers = {
  C: { name: 'C', file: 'echo/server.c', ...shared },
  loop: { name: '/c epoll loop', file: 'echo/loop.ts', ...shared },
  poller: { name: 'Poller', file: 'echo/poller.ts', ...shared },
  promises: { name: 'promises', file: 'echo/promises.ts', ...shared },
  net: { name: 'node:net', file: 'echo/net.ts', ...shared },
} as const satisfies Record<string, Program>;

/** The memory group asks its servers to collect their garbage. */
const collects = { node: ['--expose-gc'] };

const echo = (connections: number): Group => ({
  short: `echo, ${connections.toLocaleString('en')} connections`,
  title: `echo of 64 bytes, ${connections.toLocaleString('en')} connections: the server’s CPU a request`,
  measure: 'cpu',
  kind: 'echo',
  connections,
  turns: 40,
  entries: [
    servers.C,
    { ...servers.loop, goals: { C: 1.08, 'node:net': 0.6 } },
    { ...servers.poller, goals: { C: 1.1, 'node:net': 0.62 } },
    { ...servers.promises, goals: { C: 1.25, 'node:net': 0.7 } },
    servers.net,
  ],
});

/** A client and its server, each on a processor of its own, or both on one. */
const pingpong = (processors: readonly [string, string], net: number): Group => {
  const [client, server] = processors;
  const pinned = { processors: client, args: [server] };
  return {
    short: `ping-pong, ${client === server ? 'one core' : 'two cores'}`,
    title: `TCP ping-pong of 1 byte, two processes on ${client === server ? 'one core' : 'two cores'}: a round trip`,
    measure: 'time',
    entries: [
      { name: 'C', file: 'pingpong/pingpong.c', ...pinned },
      { name: 'bsd-sockets/c', file: 'pingpong/c.ts', ...pinned, goals: { C: 1.1, 'node:net': net } },
      { name: 'node:net', file: 'pingpong/net.ts', ...pinned },
    ],
  };
};

const empty = { name: 'an empty module', file: 'import/import.ts' } as const;
const importing = (name: string, goals?: Goals): Entry => ({ ...empty, name, args: [name], ...(goals && { goals }) });

export const groups: Readonly<Record<string, Group>> = {
  calls: {
    short: 'send + recv',
    title: 'send + recv of 1 byte, AF_UNIX datagram pair',
    measure: 'time',
    entries: [
      { name: 'C', file: 'calls/pair.c' },
      { name: 'bsd-sockets/c', file: 'calls/pair.ts', goals: { C: 1.12, koffi: 0.75, CPython: 0.6 } },
      { name: 'Socket', file: 'calls/socket.ts', goals: { C: 1.25, koffi: SHOWN, CPython: SHOWN } },
      { name: 'CPython', file: 'calls/pair.py' },
      { name: 'koffi', file: 'packages/koffi.mjs', needs: 'koffi' },
      { name: 'posix-socket', file: 'packages/posix-socket.mjs', needs: 'posix-socket' },
      { name: 'node-unix-socket', file: 'packages/node-unix-socket.mjs', needs: 'node-unix-socket' },
      { name: 'unix-dgram', file: 'packages/unix-dgram.mjs', needs: 'unix-dgram' },
    ],
  },
  eagain: {
    short: 'recv, EAGAIN',
    title: 'a recv that fails with EAGAIN',
    measure: 'time',
    entries: [
      { name: 'C', file: 'eagain/none.c' },
      { name: 'bsd-sockets/c', file: 'eagain/none.ts', goals: { C: 1.2, 'recv, thrown': 0.1 } },
      { name: 'tryRecv', file: 'eagain/try.ts', goals: { C: 1.2, 'recv, thrown': 0.1 } },
      { name: 'recv, thrown', file: 'eagain/throw.ts' },
    ],
  },
  pingpong: pingpong(['0', '1'], 0.75),
  pingpong1: pingpong(['0', '0'], 0.45),
  bulk: {
    short: 'TCP, 64 KiB',
    title: 'TCP bulk, buffers of 64 KiB, two processes: throughput',
    measure: 'throughput',
    entries: [
      { name: 'C', file: 'bulk/bulk.c' },
      { name: 'bsd-sockets/c', file: 'bulk/c.ts', goals: { C: 0.95, 'node:net': 1.5 } },
      { name: 'node:net', file: 'bulk/net.ts' },
    ],
  },
  echo1: {
    ...echo(1),
    short: 'echo, 1 connection',
    title: 'echo of 64 bytes, one connection: a round trip',
    measure: 'time',
    entries: [
      servers.C,
      { ...servers.loop, goals: { C: SHOWN, 'node:net': SHOWN } },
      { ...servers.poller, goals: { C: 1.4, 'node:net': 0.7 } },
      { ...servers.promises, goals: { C: SHOWN, 'node:net': SHOWN } },
      servers.net,
    ],
  },
  echo50: echo(50),
  echo500: echo(500),
  echo5000: echo(5000),
  udp: {
    short: 'UDP receive',
    title: 'receiving datagrams of 64 bytes, bursts of 64, a packet',
    measure: 'time',
    entries: [
      { name: 'C recvmmsg', file: 'udp/receive.c' },
      { name: 'MessageBatch', file: 'udp/batch.ts', goals: { 'C recvmmsg': 1.06, 'node:dgram': 0.2 } },
      { name: '/c recvmmsg', file: 'udp/vector.ts', goals: { 'C recvmmsg': 1.5, 'node:dgram': 0.3 } },
      { name: '/c recvfrom', file: 'udp/recvfrom.ts', goals: { 'C recvmmsg': SHOWN, 'node:dgram': SHOWN } },
      { name: 'node:dgram', file: 'udp/dgram.ts' },
    ],
  },
  udpsend: {
    short: 'UDP send',
    title: 'sending datagrams of 64 bytes, bursts of 64, a packet',
    measure: 'time',
    entries: [
      { name: 'C sendmmsg', file: 'udpsend/send.c' },
      { name: 'MessageBatch', file: 'udpsend/batch.ts', goals: { 'C sendmmsg': 1.05, 'node:dgram': 0.65 } },
      { name: '/c sendmmsg', file: 'udpsend/vector.ts', goals: { 'C sendmmsg': SHOWN, 'node:dgram': SHOWN } },
      { name: 'node:dgram', file: 'udpsend/dgram.ts' },
    ],
  },
  accept: {
    short: 'accept + close',
    title: 'accept + close of connections that wait',
    measure: 'cpu',
    entries: [
      { name: 'C', file: 'accept/accept.c' },
      { name: 'bsd-sockets/c', file: 'accept/c.ts', goals: { C: 1.1, 'node:net': 0.35 } },
      { name: 'Socket', file: 'accept/socket.ts', goals: { C: SHOWN, 'node:net': SHOWN } },
      { name: 'node:net', file: 'accept/net.ts' },
    ],
  },
  events: {
    short: 'one event',
    title: 'one event of a Poller: send, wait, recv; few descriptors and many, all but 10 idle',
    measure: 'time',
    entries: [
      { name: '10 descriptors', file: 'events/poller.ts', args: ['10'] },
      { name: '100 descriptors', file: 'events/poller.ts', args: ['100'] },
      { name: '1,000 descriptors', file: 'events/poller.ts', args: ['1000'] },
      { name: '10,000 descriptors', file: 'events/poller.ts', args: ['10000'], goals: { '10 descriptors': 1.15 } },
      { name: '10,000 descriptors, poll()', file: 'events/poll.ts', args: ['10000'] },
    ],
  },
  memory: {
    short: 'memory, idle connection',
    title: 'an idle connection of a server that has 9,000: private dirty memory',
    measure: 'memory',
    kind: 'memory',
    connections: 9000,
    turns: 3,
    rounds: 1,
    entries: [
      { ...servers.net, ...collects },
      { ...servers.poller, ...collects, goals: { 'node:net': 0.1 } },
      { ...servers.promises, ...collects, goals: { 'node:net': 0.45 } },
      servers.C,
    ],
  },
  allocation: {
    short: 'allocation',
    title: 'the heap that a pair of calls takes, over ten million calls without a collection',
    measure: 'allocation',
    turns: 1,
    rounds: 5_000_000,
    entries: [
      { name: '/c send, recv', file: 'allocation/allocation.ts', args: ['pair'] },
      { name: 'Socket send, recv', file: 'allocation/allocation.ts', args: ['Socket.send, recv'] },
      { name: 'Socket trySend, tryRecv', file: 'allocation/allocation.ts', args: ['Socket.trySend, tryRecv'] },
    ],
  },
  import: {
    short: 'import',
    title: 'starting Node with one import, over an empty module',
    measure: 'start',
    turns: 30,
    rounds: 1,
    entries: [
      empty,
      importing('bsd-sockets/c', { 'an empty module': 10 }),
      importing('bsd-sockets', { 'an empty module': SHOWN }),
      importing('bsd-sockets/promises', { 'an empty module': SHOWN }),
      { ...importing('koffi'), needs: 'koffi' },
    ],
  },
};
