// Benchmark: the groups, and who competes in each. The first contestant is C: the limit.

/** A program that competes. */
export interface Entry {
  readonly name: string;
  /** In bench/: `.c` is compiled, `.ts` runs on Node, `.py` on CPython (where there is one). */
  readonly file: string;
  /** What its ratio to C should be at most. */
  readonly goal?: number;
}

/** Contestants that are measured side by side. */
export interface Group {
  readonly title: string;
  readonly entries: readonly [Entry, ...Entry[]];
}

export const groups: Readonly<Record<string, Group>> = {
  calls: {
    title: 'send + recv of 1 byte, AF_UNIX datagram pair',
    entries: [
      { name: 'C', file: 'calls/pair.c' },
      { name: 'bsd-sockets/c', file: 'calls/pair.ts', goal: 1.12 },
      { name: 'Socket', file: 'calls/socket.ts', goal: 1.25 },
      { name: 'CPython', file: 'calls/pair.py' },
    ],
  },
  eagain: {
    title: 'a recv that fails with EAGAIN',
    entries: [
      { name: 'C', file: 'eagain/none.c' },
      { name: 'bsd-sockets/c', file: 'eagain/none.ts', goal: 1.2 },
      { name: 'tryRecv', file: 'eagain/try.ts', goal: 1.2 },
      { name: 'recv, thrown', file: 'eagain/throw.ts' },
    ],
  },
  udp: {
    title: 'receiving datagrams of 64 bytes, bursts of 64, a packet',
    entries: [
      { name: 'C recvmmsg', file: 'udp/receive.c' },
      { name: 'MessageBatch', file: 'udp/batch.ts', goal: 1.06 },
      { name: '/c recvmmsg', file: 'udp/vector.ts', goal: 1.5 },
      { name: '/c recvfrom', file: 'udp/recvfrom.ts' },
    ],
  },
  accept: {
    title: 'accept + close of connections that wait',
    entries: [
      { name: 'C', file: 'accept/accept.c' },
      { name: 'bsd-sockets/c', file: 'accept/c.ts', goal: 1.1 },
      { name: 'Socket', file: 'accept/socket.ts' },
    ],
  },
};
