// Memory means one thing in every argument: any view, any ArrayBuffer or SharedArrayBuffer, also of another realm (node:vm), and a
// C-layer struct; never a detached buffer.
import { runInNewContext } from 'node:vm';
import {
  AF_INET,
  AF_UNIX,
  decodeAddress,
  decodeControl,
  encodeAddress,
  encodeControl,
  inet_ntop,
  SOCK_DGRAM,
  SOL_SOCKET,
  Socket,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { thrownError } from '../support/sockets.js';

/** The bytes in every kind of memory. Their number is a multiple of 8. */
function kinds(bytes: Uint8Array): [name: string, memory: object][] {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const offset = new Uint8Array(bytes.length + 8);
  offset.set(bytes, 8);
  const struct = new (c.array(c.uint8_t, bytes.length))(bytes);
  const foreign = (code: string): object => runInNewContext(code, { bytes: [...bytes] }) as object;
  return [
    ['Uint8Array', new Uint8Array(bytes)],
    ['Buffer', Buffer.from(new Uint8Array(bytes).buffer)],
    ['DataView at an offset', new DataView(offset.buffer, 8)],
    ['BigUint64Array', new BigUint64Array(new Uint8Array(bytes).buffer)],
    ['ArrayBuffer', new Uint8Array(bytes).buffer],
    ['SharedArrayBuffer', shared.buffer],
    ['Uint8Array of shared memory', shared],
    ['C array', struct],
    ['Uint8Array of another realm', foreign('new Uint8Array(bytes)')],
    ['Int16Array of another realm', foreign('new Int16Array(new Uint8Array(bytes).buffer)')],
    ['ArrayBuffer of another realm', foreign('new Uint8Array(bytes).buffer')],
    [
      'SharedArrayBuffer of another realm',
      foreign('{ const b = new SharedArrayBuffer(bytes.length); new Uint8Array(b).set(bytes); b }'),
    ],
  ];
}
const detached = (): [string, object][] =>
  kinds(new Uint8Array(8))
    .filter(([, memory]) => !('subarray' in memory && !ArrayBuffer.isView(memory)))
    .map(([name, memory]): [string, object] => {
      const buffer = (ArrayBuffer.isView(memory) ? memory.buffer : memory) as ArrayBuffer;
      if (!name.includes('hared')) structuredClone(buffer, { transfer: [buffer] });
      return [name, memory];
    })
    .filter(([name]) => !name.includes('hared'));

const sockaddr = encodeAddress({ family: 'inet', address: '127.0.0.1', port: 80 });
const linger = new Uint8Array(Int32Array.of(1, 7).buffer);
const control = encodeControl([{ level: 1, type: 99, data: new Uint8Array(8) }]);

type Take = (memory: never) => unknown;
const ARGUMENTS: readonly (readonly [name: string, bytes: Uint8Array, take: Take, expected: unknown])[] = [
  ['address.bytes', sockaddr, (bytes) => decodeAddress(encodeAddress({ family: 99, bytes })), decodeAddress(sockaddr)],
  [
    'address.bytes of a Unix name',
    Buffer.from('/tmp/abc'),
    (bytes) => decodeAddress(encodeAddress({ family: 'unix', path: '', bytes })),
    { family: 'unix', path: '/tmp/abc' },
  ],
  [
    'control.data',
    new Uint8Array(8).fill(3),
    (data) => decodeControl(encodeControl([{ level: 1, type: 99, data }])),
    [{ level: 1, type: 99, data: new Uint8Array(8).fill(3) }],
  ],
  [
    'an option’s value',
    linger,
    (value) =>
      closeAfterTest(new Socket(AF_INET, SOCK_DGRAM))
        .setsockopt(SOL_SOCKET, c.SO_LINGER, value)
        .getsockopt(SOL_SOCKET, c.SO_LINGER),
    { seconds: 7 },
  ],
  ['decodeAddress', sockaddr, (bytes) => decodeAddress(bytes), decodeAddress(sockaddr)],
  ['decodeControl', control, (bytes) => decodeControl(bytes), decodeControl(control)],
  ['inet_ntop', new Uint8Array(16), (bytes) => inet_ntop(c.AF_INET6, bytes), '::'],
  [
    'C: write',
    new Uint8Array(8).fill(65),
    (bytes) => c.inet_ntop(c.AF_INET, bytes, Buffer.alloc(64), 64),
    '65.65.65.65',
  ],
];

describe.each(ARGUMENTS)('%s', (_name, bytes, take, expected) => {
  it.each(kinds(bytes))('%s', (_kind, memory) => {
    expect(take(memory as never)).toEqual(expected);
  });
});

describe.each(ARGUMENTS.slice(0, -1))('%s: a detached buffer is a TypeError', (_name, _bytes, take) => {
  it.each(detached())('%s', (_kind, memory) => {
    expect(thrownError(() => take(memory as never)).message).toMatch(/\(not detached\)/);
  });
});

it('a C-layer struct is an option’s value', () => {
  const socket = closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM));
  socket.setsockopt(SOL_SOCKET, c.SO_LINGER, new c.linger({ l_onoff: 1, l_linger: 9 }) as never);
  expect(socket.getsockopt(SOL_SOCKET, c.SO_LINGER)).toEqual({ seconds: 9 });
});
