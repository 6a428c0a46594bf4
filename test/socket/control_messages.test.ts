// Control messages: each type to bytes and back, random bytes, and messages that are refused.
import { type ControlMessage, decodeControl, encodeControl } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descriptorsIn } from '../../lib/socket/control.js';
import { unixStream } from '../support/socket_kinds.js';
import { connectedPair, thrownError } from '../support/sockets.js';

const encode = (messages: unknown): Uint8Array => encodeControl(messages as ControlMessage[]);

const messages: ControlMessage[] = [
  { type: 'rights', fds: [] },
  { type: 'rights', fds: [3, 4, 5] },
  { type: 'credentials', pid: 1, uid: 0, gid: 0xfffffffe },
  { type: 'ttl', value: 64 },
  { type: 'tos', value: 0x10 },
  { type: 'hoplimit', value: 255 },
  { type: 'tclass', value: 0x20 },
  { type: 'mark', value: 7 },
  { type: 'pktinfo', address: '::1', interface: 1 },
  { level: 1, type: 999, data: new Uint8Array([1, 2, 3]) },
  { level: 999, type: 1, data: new Uint8Array(0) },
];

it.each(messages)('%j survives encoding and decoding', (message) => {
  expect(decodeControl(encode([message]))).toEqual([message]);
});
it('several messages are encoded one after the other, aligned', () => {
  expect(decodeControl(encode(messages))).toEqual(messages);
  expect(encode([])).toHaveLength(0);
});
it('the encoded bytes are those of C’s macros', () => {
  const bytes = encode([{ type: 'rights', fds: [7] }]);
  const message = new c.msghdr({ msg_control: bytes, msg_controllen: bytes.length });
  const header = c.CMSG_FIRSTHDR(message)!;
  expect([Number(header.cmsg_len), header.cmsg_level, header.cmsg_type]).toEqual([
    c.CMSG_LEN(4),
    c.SOL_SOCKET,
    c.SCM_RIGHTS,
  ]);
  expect(bytes).toHaveLength(c.CMSG_SPACE(4));
});

describe('control data with any bytes', () => {
  const pairs: [number, number | undefined][] = [
    [c.SOL_SOCKET, c.SCM_RIGHTS],
    [c.SOL_SOCKET, c.SCM_CREDENTIALS],
    [c.SOL_SOCKET, c.SCM_PIDFD],
    [c.SOL_SOCKET, c.SCM_TIMESTAMP],
    [c.SOL_SOCKET, c.SCM_TIMESTAMPNS],
    [c.SOL_SOCKET, c.SO_RXQ_OVFL],
    [c.IPPROTO_IP, c.IP_PKTINFO],
    [c.IPPROTO_IP, c.IP_TTL],
    [c.IPPROTO_IP, c.IP_TOS],
    [c.IPPROTO_IPV6, c.IPV6_PKTINFO],
    [c.IPPROTO_IPV6, c.IPV6_HOPLIMIT],
    [c.IPPROTO_UDP, c.UDP_GRO],
  ];
  const ends = (list: readonly ControlMessage[]): void => {
    for (const message of list) expect(message).toHaveProperty('type');
    for (const fd of descriptorsIn(list)) expect(Number.isInteger(fd)).toBe(true);
  };
  it('is decoded to its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => ends(decodeControl(bytes))),
      { numRuns: 3000 },
    );
  });
  it('is decoded behind headers of every type, whatever length they claim', () => {
    const header = fc.tuple(
      fc.constantFrom(...pairs),
      fc.oneof(fc.nat(80), fc.maxSafeInteger()),
      fc.uint8Array({ maxLength: 64 }),
    );
    fc.assert(
      fc.property(fc.array(header, { maxLength: 4 }), fc.nat(7), (headers, cut) => {
        const parts = headers.map(([[level, type], length, data]) => {
          const part = Buffer.alloc(c.CMSG_SPACE(data.length));
          part.writeBigInt64LE(BigInt(length), 0);
          part.writeInt32LE(level, 8);
          part.writeInt32LE(type ?? 0, 12);
          part.set(data, 16);
          return part;
        });
        const whole = Buffer.concat(parts);
        ends(decodeControl(whole.subarray(0, Math.max(0, whole.length - cut))));
      }),
      { numRuns: 3000 },
    );
  });
  it('is decoded as far as it goes if it was truncated within a message', () => {
    const bytes = encode([{ type: 'credentials', pid: 1, uid: 2, gid: 3 }]);
    new BigInt64Array(bytes.buffer)[0] = 20n;
    expect(decodeControl(bytes.subarray(0, 20))).toEqual([
      { level: c.SOL_SOCKET, type: c.SCM_CREDENTIALS, data: new Uint8Array([1, 0, 0, 0]) },
    ]);
  });
  it('does no harm when the kernel receives it', () => {
    const [a, b] = connectedPair(unixStream);
    const unknown = fc.record({ level: fc.nat(300), type: fc.nat(300), data: fc.uint8Array({ maxLength: 64 }) });
    fc.assert(
      fc.property(fc.array(unknown, { maxLength: 3 }), (control) => {
        try {
          a.sendmsg({ data: 'x', control: control.filter(({ level, type }) => level !== 1 || type !== 1) });
        } catch (error) {
          expect(error).toHaveProperty('errno');
          return;
        }
        b.recvmsg({ buffers: new Uint8Array(1), controlSize: 256 }).close();
      }),
      { numRuns: 500 },
    );
  });
});

const TYPE = 'ERR_INVALID_ARG_TYPE';
const RANGE = 'ERR_OUT_OF_RANGE';
it.each([
  [undefined, TYPE],
  [null, TYPE],
  [{}, TYPE],
  ['x', TYPE],
  [[null], TYPE],
  [[1], TYPE],
  [[{}], 'ERR_INVALID_ARG_VALUE'],
  [[{ type: 'nosuch' }], 'ERR_INVALID_ARG_VALUE'],
  [[{ type: 'timestamp', seconds: 1, nanoseconds: 1 }], 'ERR_INVALID_ARG_VALUE'],
  [[{ type: 'constructor' }], 'ERR_INVALID_ARG_VALUE'],
  [[{ type: 'rights' }], TYPE],
  [[{ type: 'rights', fds: 1 }], TYPE],
  [[{ type: 'rights', fds: ['1'] }], TYPE],
  [[{ type: 'rights', fds: [1.5] }], RANGE],
  [[{ type: 'rights', fds: [2 ** 32] }], RANGE],
  [[{ type: 'rights', fds: [{ fd: '1' }] }], TYPE],
  [[{ type: 'credentials', pid: 1, uid: 1 }], TYPE],
  [[{ type: 'ttl' }], TYPE],
  [[{ type: 'ttl', value: 2 ** 33 }], RANGE],
  [[{ type: 'segment', value: 70_000 }], RANGE],
  [[{ type: 'segment', value: -1 }], RANGE],
  [[{ type: 'pktinfo', address: 'lo' }], 'ERR_INVALID_IP_ADDRESS'],
  [[{ type: 'pktinfo', address: '127.0.0.1', interface: 'no-such' }], 'ENODEV'],
  [[{ type: 'pktinfo', address: '::1', interface: {} }], TYPE],
  [[{ level: 1, type: 1 }], TYPE],
  [[{ level: 1, type: 1, data: 'x' }], TYPE],
  [[{ level: 1, type: 1.5, data: new Uint8Array(1) }], RANGE],
  [[{ level: '1', type: 1, data: new Uint8Array(1) }], TYPE],
])('%j throws %s', (control, code) => {
  expect(thrownError(() => encode(control)).code).toBe(code);
});
