// AF_UNIX: paths, abstract names with their exact length, unnamed sockets, autobind; streams, datagrams and packets.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as c from 'bsd-sockets/c';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, errnoName, must } from '../support/descriptors.js';
import { decodeText } from '../support/memory.js';
import { socketKind } from '../support/socket_kinds.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'unix-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const linux = process.platform === 'linux';
const PATH = c.offsetof(c.sockaddr_un, 'sun_path');

function nameOf(fd: number, peer = false): Uint8Array {
  const address = new c.sockaddr_un();
  const length = new c.socklen_t(c.sizeof(address));
  must(peer ? c.getpeername(fd, address, length) : c.getsockname(fd, address, length));
  expect(address.sun_family).toBe(c.AF_UNIX);
  return new Uint8Array(address.buffer, 0, length.value).subarray(PATH);
}

describe.each([
  ['SOCK_STREAM', c.SOCK_STREAM],
  ['SOCK_DGRAM', c.SOCK_DGRAM],
  ['SOCK_SEQPACKET', c.SOCK_SEQPACKET],
] as const)('%s', (name, type) => {
  const talks = (address: c.sockaddr_un, length: number): [number, number] => {
    const server = closeAfterTest(c.socket(c.AF_UNIX, type, 0));
    must(c.bind(server, address, length));
    if (type !== c.SOCK_DGRAM) must(c.listen(server, 1));
    const client = closeAfterTest(c.socket(c.AF_UNIX, type, 0));
    must(c.connect(client, address, length));
    const receiver = type === c.SOCK_DGRAM ? server : closeAfterTest(c.accept(server, null, null));
    must(c.send(client, 'one', 3, 0));
    must(c.send(client, 'two', 3, 0));
    const bytes = new Uint8Array(16);
    // A stream has no bounds, datagrams and packets have.
    const whole = type === c.SOCK_STREAM ? 'onetwo' : 'one';
    expect(decodeText(bytes.subarray(0, c.recv(receiver, bytes, 16, 0)))).toBe(whole);
    return [client, receiver];
  };

  test('binds to a path of SUN_LEN bytes', () => {
    const address = new c.sockaddr_un({ sun_family: c.AF_UNIX });
    c.strcpy(address.sun_path, join(directory, name));
    const [client, receiver] = talks(address, c.SUN_LEN(address));
    expect(decodeText(nameOf(client, true)).replace('\0', '')).toBe(join(directory, name));
    expect(nameOf(client).length).toBe(0); // unnamed
    if (type !== c.SOCK_DGRAM) expect(nameOf(receiver, true).length).toBe(0);
    const again = closeAfterTest(c.socket(c.AF_UNIX, type, 0));
    expect(errnoName(() => c.bind(again, address, c.SUN_LEN(address)))).toBe('EADDRINUSE');
  });

  test.runIf(linux)('binds to an abstract name of its exact length, NULs included', () => {
    const abstract = `\0${name}\0${process.pid}\0`;
    const address = new c.sockaddr_un({ sun_family: c.AF_UNIX });
    new Uint8Array(address.buffer, PATH).set(new TextEncoder().encode(abstract));
    const [client] = talks(address, PATH + abstract.length);
    expect(decodeText(nameOf(client, true))).toBe(abstract);
    // One byte more is another name.
    const other = closeAfterTest(c.socket(c.AF_UNIX, type, 0));
    expect(errnoName(() => c.connect(other, address, PATH + abstract.length + 1))).toBe('ECONNREFUSED');
  });

  test.runIf(linux)('gets a name of five digits by autobind', () => {
    const fd = closeAfterTest(c.socket(c.AF_UNIX, type, 0));
    const address = new c.sockaddr_un({ sun_family: c.AF_UNIX });
    must(c.bind(fd, address, c.sizeof(c.sa_family_t)));
    expect(decodeText(nameOf(fd))).toMatch(/^\0[0-9a-f]{5}$/);
  });

  test('has no name in a pair', () => {
    const [a, b] = connectedPair(socketKind(c.AF_UNIX, type));
    expect([nameOf(a).length, nameOf(b, true).length]).toEqual([0, 0]);
  });

  test('binds to a path that fills sun_path', () => {
    const address = new c.sockaddr_un({ sun_family: c.AF_UNIX });
    const path = join(directory, 'p'.repeat(c.sizeof(address.sun_path) - directory.length - 1));
    expect(path.length).toBe(c.sizeof(address.sun_path));
    c.strncpy(address.sun_path, path, path.length);
    expect(c.SUN_LEN(address)).toBe(c.sizeof(address));
    const fd = closeAfterTest(c.socket(c.AF_UNIX, type, 0));
    must(c.bind(fd, address, c.sizeof(address)));
    rmSync(path);
    const longer = new Uint8Array(c.sizeof(address) + 1);
    longer.set(new Uint8Array(address.buffer));
    const other = closeAfterTest(c.socket(c.AF_UNIX, type, 0));
    expect(errnoName(() => c.bind(other, longer, longer.length))).toBe('EINVAL');
  });
});

test.runIf(linux)('a datagram has its sender’s path, or none if it is unbound', () => {
  const address = new c.sockaddr_un({ sun_family: c.AF_UNIX, sun_path: join(directory, 'receiver') });
  const receiver = closeAfterTest(c.socket(c.AF_UNIX, c.SOCK_DGRAM, 0));
  must(c.bind(receiver, address, c.sizeof(address)));
  const sender = closeAfterTest(c.socket(c.AF_UNIX, c.SOCK_DGRAM, 0));
  const from = new c.sockaddr_un();
  const length = new c.socklen_t(c.sizeof(from));
  must(c.sendto(sender, 'u', 1, 0, address, c.sizeof(address)));
  expect(c.recvfrom(receiver, new Uint8Array(4), 4, 0, from, length)).toBe(1);
  expect(length.value).toBe(0);
  const own_ = new c.sockaddr_un({ sun_family: c.AF_UNIX, sun_path: join(directory, 'sender') });
  must(c.bind(sender, own_, c.SUN_LEN(own_)));
  must(c.sendto(sender, 'n', 1, 0, address, c.sizeof(address)));
  length.value = c.sizeof(from);
  expect(c.recvfrom(receiver, new Uint8Array(4), 4, 0, from, length)).toBe(1);
  expect(String(from.sun_path)).toBe(join(directory, 'sender'));
  expect(length.value).toBe(c.SUN_LEN(own_) + 1);
});
