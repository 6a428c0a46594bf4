// Addresses of every family: objects to bytes and back, and through the kernel.
import { spawnSync } from 'node:child_process';
import * as dgram from 'node:dgram';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import * as root from 'bsd-sockets';
import {
  type Address,
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  AF_VSOCK,
  if_nametoindex,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  Socket,
  UnsupportedError,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runC, stringLiteralInC } from '../support/c_program.js';
import { closeAfterTest, socketPath, temporaryFolder } from '../support/cleanup.js';
import { hasCommand } from '../support/machine.js';
import { thrownError, thrownSocketError } from '../support/sockets.js';

/** What a socket of a domain makes of an address that does not say its family; AF_UNSPEC: the address says it. */
function encode(address: unknown, domain: number = c.AF_UNSPEC): Uint8Array {
  const name = NAMES.get(domain);
  const isPlain = typeof address === 'object' && address !== null && !('family' in address);
  if (!isPlain || name === undefined) return root.encodeAddress(address as Address);
  return root.encodeAddress(Object.create(address, { family: { value: name, enumerable: true } }) as Address);
}
const NAMES = new Map<number, string>([
  [c.AF_INET, 'inet'],
  [c.AF_INET6, 'inet6'],
  [c.AF_UNIX, 'unix'],
  [c.AF_PACKET!, 'packet'],
  [c.AF_NETLINK!, 'netlink'],
  [c.AF_VSOCK, 'vsock'],
  [c.AF_CAN!, 'can'],
]);
const { decodeAddress } = root;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** A 16-bit number of the kernel's own order, for the expectations below. */
const family = (number: number): string => hex(new Uint8Array(new Uint16Array([number]).buffer));

describe('encodeAddress and decodeAddress are inverse', () => {
  const all: [Address, string][] = [
    [{ family: 'inet', address: '1.2.3.4', port: 0x1234 }, `${family(c.AF_INET)}1234010203040000000000000000`],
    [{ family: 'inet', address: '0.0.0.0', port: 0 }, `${family(c.AF_INET)}0000000000000000000000000000`],
    [
      { family: 'inet6', address: 'fe80::1', port: 0x50, flowinfo: 0x01020304, scopeId: 7 },
      `${family(c.AF_INET6)}005001020304fe80000000000000000000000000000107000000`,
    ],
    [
      { family: 'inet6', address: '::ffff:1.2.3.4', port: 65535, flowinfo: 0xffffffff, scopeId: 0xffffffff },
      `${family(c.AF_INET6)}ffffffffffff00000000000000000000ffff01020304ffffffff`,
    ],
    [{ family: 'unix', path: '/tmp/x' }, `${family(c.AF_UNIX)}2f746d702f7800`],
    [{ family: 'unix', path: '\0name' }, `${family(c.AF_UNIX)}006e616d65`],
    [{ family: 'unix', path: '\0' }, `${family(c.AF_UNIX)}00`],
    [{ family: 'unix', path: '\0a\0b\0' }, `${family(c.AF_UNIX)}0061006200`],
    [{ family: 'unix', path: '' }, family(c.AF_UNIX)],
    [{ family: 'unix', path: '\ufeffä' }, `${family(c.AF_UNIX)}efbbbfc3a400`],
    [
      { family: 'packet', protocol: 0x0800, interface: 3, hatype: 1, pkttype: 4, address: '0a:0b:0c:0d:0e:0f' },
      `${family(c.AF_PACKET!)}0800030000000100040${'60a0b0c0d0e0f0000'}`,
    ],
    [{ family: 'netlink', pid: 0xfffffffe, groups: 5 }, `${family(c.AF_NETLINK!)}0000feffffff05000000`],
    [{ family: 'vsock', cid: 3, port: 0x01020304, flags: 1 }, `${family(c.AF_VSOCK)}0000040302010300000001000000`],
    [{ family: 'unspec' }, '00000000000000000000000000000000'],
    [{ family: 77, bytes: Buffer.from(`${family(77)}010203`, 'hex') }, `${family(77)}010203`],
  ];
  it.each(all)('%j', (address, bytes) => {
    expect(hex(encode(address))).toBe(bytes);
    const back = decodeAddress(Buffer.from(bytes, 'hex'));
    expect('bytes' in back ? { ...back, bytes: hex(back.bytes!) } : back).toEqual(
      'bytes' in address ? { ...address, bytes: hex(address.bytes!) } : address,
    );
  });
  it('AF_CAN has ISO-TP’s identifiers, or J1939’s name, number and address', () => {
    const can = { family: 'can', interface: 4 } as const;
    const transport = { ...can, rxId: 0x18da10f1, txId: 0x18daf110, name: 0x18daf11018da10f1n, pgn: 0, addr: 0 };
    const bytes = `${family(c.AF_CAN!)}000004000000f110da1810f1da180000000000000000`;
    expect(hex(encode({ ...can, rxId: 0x18da10f1, txId: 0x18daf110 }))).toBe(bytes);
    expect(decodeAddress(Buffer.from(bytes, 'hex'))).toEqual(transport);
    const back = decodeAddress(encode({ ...can, name: 0x0102030405060708n, pgn: 0x12300, addr: 0x20 }));
    expect(back).toMatchObject({ name: 0x0102030405060708n, pgn: 0x12300, addr: 0x20 });
    expect(decodeAddress(encode(back))).toEqual(back);
  });
  it('a path that is not UTF-8 keeps its bytes', () => {
    const bytes = Buffer.from(`${family(c.AF_UNIX)}2ffffe00`, 'hex');
    const address = decodeAddress(bytes);
    expect(address).toEqual({ family: 'unix', path: '/ÿþ', bytes: new Uint8Array([0x2f, 0xff, 0xfe]) });
    expect(hex(encode(address))).toBe(hex(bytes));
  });
  it('a hardware address may be longer than the struct (InfiniBand)', () => {
    const address = Array.from({ length: 20 }, (_, i) => i.toString(16).padStart(2, '0')).join(':');
    const packet = { family: 'packet', protocol: 1, interface: 1, hatype: 32, pkttype: 0, address } as const;
    expect(decodeAddress(encode(packet))).toEqual(packet);
  });
});

describe('random addresses', () => {
  const u32 = fc.nat(0xffff_ffff);
  const u16 = fc.nat(0xffff);
  const u8 = fc.nat(0xff);
  const ipv6 = fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => c.inet_ntop(c.AF_INET6, bytes, Buffer.alloc(64), 64)!);
  const any: fc.Arbitrary<Address> = fc.oneof(
    fc.record({ family: fc.constant('inet' as const), address: fc.ipV4(), port: u16 }),
    fc.record({ family: fc.constant('inet6' as const), address: ipv6, port: u16, flowinfo: u32, scopeId: u32 }),
    fc.record({
      family: fc.constant('unix' as const),
      path: fc
        .string({ unit: 'binary', maxLength: 26 })
        .map((name) => (name.startsWith('\0') ? name : name.replaceAll('\0', 'x'))),
    }),
    fc.record({
      family: fc.constant('packet' as const),
      protocol: u16,
      interface: fc.nat(0x7fff_ffff),
      hatype: u16,
      pkttype: u8,
      address: fc
        .uint8Array({ maxLength: 32 })
        .map((bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(':')),
    }),
    fc.record({ family: fc.constant('netlink' as const), pid: u32, groups: u32 }),
    fc.record({ family: fc.constant('vsock' as const), cid: u32, port: u32, flags: u8 }),
  );
  it('survive encoding and decoding', () => {
    fc.assert(
      fc.property(any, (address) => {
        expect(decodeAddress(encode(address))).toEqual(address);
      }),
      { numRuns: 2000 },
    );
  });
  it('any bytes decode, and encode to an address of the same meaning', () => {
    const families = [
      c.AF_UNSPEC,
      c.AF_INET,
      c.AF_INET6,
      c.AF_UNIX,
      c.AF_PACKET!,
      c.AF_NETLINK!,
      c.AF_VSOCK,
      c.AF_CAN!,
      200,
    ];
    const bytes = fc.tuple(fc.constantFrom(...families), fc.uint8Array({ maxLength: 110 })).map(([number, rest]) => {
      const whole = new Uint8Array(2 + rest.length);
      whole.set(new Uint8Array(new Uint16Array([number]).buffer));
      whole.set(rest, 2);
      return whole;
    });
    fc.assert(
      fc.property(bytes, (memory) => {
        const address = decodeAddress(memory);
        // A path may fill the kernel's field, without a NUL: that can be received, not sent.
        if (address.family === 'unix' && address.path !== '' && !address.path.startsWith('\0') && memory.length > 109)
          return;
        expect(decodeAddress(encode(address))).toEqual(address);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('names that are too long', () => {
  it.each(['bind', 'connect', 'sendto'] as const)('throw ENAMETOOLONG before the call: %s', (method) => {
    const socket = closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM));
    for (const path of [`/${'x'.repeat(107)}`, `\0${'x'.repeat(108)}`, 'ä'.repeat(54), 'x'.repeat(100_000)]) {
      const error = thrownSocketError(() =>
        method === 'sendto' ? socket.sendto('x', { path }) : socket[method]({ path }),
      );
      expect(error).toMatchObject({ code: 'ENAMETOOLONG', syscall: method, path });
    }
    expect(socket.getsockname().path).toBe('');
  });
  it('the longest path is accepted', () => {
    const abstract = `\0${process.pid}-${'x'.repeat(200)}`.slice(0, 108);
    const socket = closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM)).bind({ path: abstract });
    expect(socket.getsockname()).toEqual({ family: 'unix', path: abstract });
    const folder = temporaryFolder();
    const path = join(folder, 'x'.repeat(106 - folder.length));
    expect(path).toHaveLength(107);
    const server = closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM)).bind({ path });
    expect(server.getsockname()).toEqual({ family: 'unix', path });
    expect(existsSync(path)).toBe(true);
  });
  it('a NUL within a path is refused', () => {
    expect(thrownError(() => closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM)).bind({ path: 'a\0b' })).code).toBe(
      'ERR_INVALID_ARG_VALUE',
    );
  });
});

describe('abstract names are exact: other programs connect by them', () => {
  const name = `bsd-sockets-${process.pid}`;
  it('autobind assigns one', () => {
    const socket = closeAfterTest(new Socket(AF_UNIX, SOCK_DGRAM)).bind({ path: '' });
    expect(socket.getsockname().path).toMatch(/^\0[0-9a-f]{5}$/);
  });
  it('a Python client connects', (context) => {
    if (!hasCommand('python3')) context.skip('python3 is not installed');
    const listener = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM))
      .bind({ path: `\0${name}-py` })
      .listen();
    const program = `import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('\\0${name}-py')\ns.sendall(b'from Python')`;
    const { status, stderr } = spawnSync('python3', ['-c', program], { encoding: 'utf8', timeout: 20_000 });
    expect([status, stderr]).toEqual([0, '']);
    const peer = closeAfterTest(listener.accept().socket);
    const buffer = Buffer.alloc(32);
    expect(buffer.toString('latin1', 0, peer.recv(buffer))).toBe('from Python');
  });
  it('a C client connects', (context) => {
    if (!hasCommand('cc')) context.skip('there is no C compiler');
    const listener = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM))
      .bind({ path: `\0${name}-c` })
      .listen();
    runC(`struct sockaddr_un address = {.sun_family = AF_UNIX};
      const char name[] = ${stringLiteralInC(`\0${name}-c`)};
      memcpy(address.sun_path, name, sizeof name - 1);
      int fd = socket(AF_UNIX, SOCK_STREAM, 0);
      if (connect(fd, (struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + sizeof name - 1) != 0) return 1;
      return send(fd, "from C", 6, 0) != 6;`);
    const buffer = Buffer.alloc(32);
    expect(buffer.toString('latin1', 0, closeAfterTest(listener.accept().socket).recv(buffer))).toBe('from C');
  });
});

describe('input of encodeAddress', () => {
  const inet6 = (address: object): Address => decodeAddress(encode(address, AF_INET6));
  it('takes a zone by name or number', () => {
    expect(inet6({ address: 'fe80::1%lo', port: 1 })).toMatchObject({
      address: 'fe80::1',
      scopeId: if_nametoindex('lo'),
    });
    expect(inet6({ address: 'fe80::1%9', port: 1 })).toMatchObject({ address: 'fe80::1', scopeId: 9 });
    expect(thrownError(() => inet6({ address: 'fe80::1%no-such', port: 1 })).code).toBe('ENODEV');
    expect(thrownError(() => inet6({ address: 'fe80::1%99999999999', port: 1 })).code).toBe('ERR_OUT_OF_RANGE');
  });
  it('takes the socket’s family unless the address names another', () => {
    expect(hex(encode({ port: 1 }, c.AF_INET))).toBe(`${family(c.AF_INET)}0001${'00'.repeat(12)}`);
    expect(encode({ port: 1 }, c.AF_INET6)).toHaveLength(28);
    expect(hex(encode({ family: 'unspec' }, c.AF_INET))).toBe('00'.repeat(16));
  });
  const TYPE = 'ERR_INVALID_ARG_TYPE';
  const RANGE = 'ERR_OUT_OF_RANGE';
  const VALUE = 'ERR_INVALID_ARG_VALUE';
  const IP = 'ERR_INVALID_IP_ADDRESS';
  it.each([
    [c.AF_INET, undefined, TYPE],
    [c.AF_INET, null, TYPE],
    [c.AF_INET, '127.0.0.1', TYPE],
    [c.AF_INET, { port: '80' }, TYPE],
    [c.AF_INET, { port: -1 }, RANGE],
    [c.AF_INET, { port: 65536 }, RANGE],
    [c.AF_INET, { port: 1.5 }, RANGE],
    [c.AF_INET, { port: 1, address: 1 }, TYPE],
    [c.AF_INET, { port: 1, address: 'localhost' }, IP],
    [c.AF_INET, { port: 1, address: '127.0.0.1\0.evil' }, VALUE],
    [c.AF_INET, { port: 1, address: '::1' }, IP],
    [c.AF_INET, { port: 1, address: '' }, IP],
    [c.AF_INET, { family: 'nosuch', port: 1 }, VALUE],
    [c.AF_INET, { family: {}, port: 1 }, TYPE],
    [c.AF_INET, { family: 2, port: 1 }, TYPE],
    [c.AF_UNSPEC, { port: 1 }, VALUE],
    [c.AF_INET6, { port: 1, flowinfo: 2 ** 32 }, RANGE],
    [c.AF_INET6, { port: 1, scopeId: -1 }, RANGE],
    [c.AF_INET6, { port: 1, address: '127.0.0.1' }, IP],
    [c.AF_UNIX, {}, TYPE],
    [c.AF_UNIX, { path: 1 }, TYPE],
    [c.AF_UNIX, { path: Buffer.from('x') }, TYPE],
    [c.AF_PACKET, { interface: 'lo', address: 'zz' }, VALUE],
    [c.AF_PACKET, { interface: 'lo', address: 5 }, VALUE],
    [c.AF_PACKET, { interface: 2 ** 31 }, RANGE],
    [c.AF_PACKET, { interface: true }, TYPE],
    [c.AF_PACKET, { interface: 'lo\0' }, VALUE],
    [c.AF_NETLINK, { pid: -1 }, RANGE],
    [c.AF_VSOCK, { port: 1 }, TYPE],
    [c.AF_VSOCK, { cid: 1, port: 2 ** 32 }, RANGE],
    [c.AF_CAN, { interface: 1, rxId: 'x' }, TYPE],
    [c.AF_CAN, { interface: 1, name: 5 }, TYPE],
    [99, { port: 1 }, VALUE],
    [99, { family: 99, bytes: [1] }, TYPE],
  ])('domain %i: %j', (domain, address, code) => {
    expect(thrownError(() => encode(address, domain)).code).toBe(code);
  });
});

describe('a property that an address does not have', () => {
  const text = (address: unknown, domain: number = c.AF_INET): string => {
    const error = thrownError(() => encode(address, domain));
    expect([error.name, error.code]).toEqual(['TypeError', 'ERR_INVALID_ARG_VALUE']);
    return error.message;
  };
  it.each([
    [c.AF_INET, { host: '127.0.0.1', port: 80 }, 'host', 'address'],
    [c.AF_INET, { hostname: '127.0.0.1', port: 80 }, 'hostname', 'address'],
    [c.AF_INET, { adress: '127.0.0.1', port: 80 }, 'adress', 'address'],
    [c.AF_INET, { Address: '127.0.0.1', port: 80 }, 'Address', 'address'],
    [c.AF_INET, { address: '127.0.0.1', prot: 80 }, 'prot', 'port'],
    [c.AF_INET, { address: '127.0.0.1', port: 80, scopeId: 1 }, 'scopeId', undefined],
    [c.AF_INET6, { address: '::1', port: 80, scopeID: 1 }, 'scopeID', 'scopeId'],
    [c.AF_INET6, { address: '::1', port: 80, flowInfo: 1 }, 'flowInfo', 'flowinfo'],
    [c.AF_UNIX, { path: '/x', port: 1 }, 'port', undefined],
    [c.AF_UNIX, { pth: '/x' }, 'pth', 'path'],
    [c.AF_PACKET, { ifindex: 1 }, 'ifindex', 'interface'],
    [c.AF_NETLINK, { group: 1 }, 'group', 'groups'],
    [c.AF_VSOCK, { cid: 1, port: 1, flag: 1 }, 'flag', 'flags'],
    [c.AF_CAN, { interface: 1, rxID: 1 }, 'rxID', 'rxId'],
    [c.AF_UNSPEC, { family: 'unspec', port: 1 }, 'port', undefined],
    [c.AF_UNSPEC, { family: 77, bytes: new Uint8Array(4), port: 1 }, 'port', undefined],
    [c.AF_INET, { port: 1, host: undefined }, 'host', 'address'],
    [c.AF_INET, { port: 1, constructor: 1 }, 'constructor', undefined],
  ] as const)('domain %s, %o: %s', (domain, address, key, guess) => {
    const end = guess === undefined ? '' : ` (did you mean "${guess}"?)`;
    expect(text(address, domain)).toMatch(
      new RegExp(
        `^The "address" argument must be an object with no other properties than [a-zA-Z, ]+\\. Received one with "${key}"`,
      ),
    );
    expect(text(address, domain).endsWith(`Received one with "${key}"${end}`)).toBe(true);
  });
  it('bind never listens on every interface by mistake', () => {
    const socket = closeAfterTest(new Socket(AF_INET, SOCK_STREAM));
    for (const wrong of [{ host: '127.0.0.1', port: 0 }, {}, { family: 'inet' }, { path: '/x' }, { port: undefined }]) {
      expect(thrownError(() => socket.bind(wrong as never))).toBeInstanceOf(TypeError);
    }
    expect(socket.getsockname()).toEqual({ family: 'inet', address: '0.0.0.0', port: 0 });
    expect(socket.bind({ port: 0 }).getsockname().port).toBeGreaterThan(0);
  });
  it('an inherited one is seen, too; a class’s getters are read', () => {
    expect(thrownError(() => encode(Object.create({ host: 'x' }, {}), c.AF_INET)).message).toContain('"host"');
    class Local {
      get address() {
        return '127.0.0.1';
      }
      get port() {
        return 1;
      }
    }
    expect(decodeAddress(encode(new Local(), c.AF_INET))).toEqual({ family: 'inet', address: '127.0.0.1', port: 1 });
  });
});

describe('Node’s own addresses are understood', () => {
  const inet = { family: 'inet', address: '127.0.0.1', port: 80 };
  const inet6 = { family: 'inet6', address: '::1', port: 80, flowinfo: 0, scopeId: 0 };
  it.each([
    [{ address: '127.0.0.1', family: 'IPv4', port: 80 }, inet],
    [{ address: '::1', family: 'IPv6', port: 80 }, inet6],
    [{ address: '127.0.0.1', family: 'IPv4', port: 80, size: 12 }, inet],
    [{ address: '127.0.0.1', family: 4, port: 80 }, inet],
    [{ address: '::1', family: 6, port: 80 }, inet6],
    [new net.SocketAddress({ address: '127.0.0.1', port: 80 }), inet],
    [new net.SocketAddress({ address: '::1', family: 'ipv6', port: 80 }), inet6],
  ])('%o', (address, expected) => {
    expect(decodeAddress(encode(address))).toEqual(expected);
  });
  it('net.Server’s address, dgram’s rinfo', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    closeAfterTest(new Socket(AF_INET, SOCK_STREAM)).connect(server.address() as never);
    server.close();
    const receiver = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const sender = closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)).bind({ address: '127.0.0.1', port: 0 });
    const message = once(receiver, 'message');
    sender.sendto('x', receiver.address() as never);
    const [, rinfo] = (await message) as [Buffer, dgram.RemoteInfo];
    expect(sender.sendto('back', rinfo as never)).toBe(4);
    expect(sender.getsockname().port).toBe(rinfo.port);
    receiver.close();
  });
});

describe('a C-layer sockaddr is the address that it holds', () => {
  const path = Buffer.from('/tmp/a path');
  const un = (bytes: Uint8Array): c.sockaddr_un => {
    const struct = new c.sockaddr_un({ sun_family: c.AF_UNIX });
    new Uint8Array(struct.buffer, struct.byteOffset + 2, 108).set(bytes);
    return struct;
  };
  const storage = (bytes: Uint8Array): c.sockaddr_storage => {
    const struct = new c.sockaddr_storage();
    new Uint8Array(struct.buffer, struct.byteOffset, struct.byteLength).set(bytes);
    return struct;
  };
  const sin = new c.sockaddr_in({
    sin_family: c.AF_INET,
    sin_port: c.htons(80),
    sin_addr: { s_addr: c.htonl(c.INADDR_LOOPBACK) },
  });
  const inet: Address = { family: 'inet', address: '127.0.0.1', port: 80 };
  const inet6: Address = { family: 'inet6', address: '::1', port: 1, flowinfo: 0, scopeId: 0 };
  const long = {
    family: 'packet',
    protocol: 1,
    interface: 1,
    hatype: 32,
    pkttype: 0,
    address: Array(20).fill('0a').join(':'),
  };
  it.each<[string, root.Sockaddr, Address, number]>([
    ['sockaddr_in', sin, inet, 16],
    ['sockaddr of 16 bytes', c.sockaddr.at(sin), inet, 16],
    ['sockaddr_storage, IPv4', storage(encode(inet)), inet, 16],
    ['sockaddr_storage, IPv6', storage(encode(inet6)), inet6, 28],
    ['sockaddr_storage, Unix', storage(encode({ family: 'unix', path: '/x' })), { family: 'unix', path: '/x' }, 5],
    ['sockaddr_storage, a long hardware address', storage(encode(long)), long as Address, 32],
    ['sockaddr_un, a path', un(path), { family: 'unix', path: '/tmp/a path' }, 2 + path.length + 1],
    ['sockaddr_un, an abstract name', un(Buffer.from('\0name')), { family: 'unix', path: '\0name' }, 7],
    ['sockaddr_un, unnamed', un(Buffer.alloc(0)), { family: 'unix', path: '' }, 2],
    ['sockaddr_un, a path of all bytes', un(Buffer.alloc(108, 'x')), { family: 'unix', path: 'x'.repeat(108) }, 110],
    [
      'sockaddr_nl',
      new c.sockaddr_nl({ nl_family: c.AF_NETLINK!, nl_pid: 7 }),
      { family: 'netlink', pid: 7, groups: 0 },
      12,
    ],
  ])('%s', (_name, struct, address, length) => {
    const bytes = root.encodeAddress(struct);
    expect(bytes).toHaveLength(length);
    expect(root.decodeAddress(bytes)).toEqual(address);
    expect(root.decodeAddress(struct)).toEqual(address);
  });
  it('serves in calls', () => {
    const name = un(Buffer.from(`\0bsd-${process.pid}-struct`));
    const listener = closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM)).bind(name).listen();
    expect(listener.getsockname().path).toBe(`\0bsd-${process.pid}-struct`);
    closeAfterTest(new Socket(AF_UNIX, SOCK_STREAM)).connect(name);
    closeAfterTest(listener.accept().socket);
  });
  it('a struct other than a sockaddr, and bytes without a family, are TypeErrors', () => {
    for (const wrong of [new c.in_addr(), new c.int(2), new Uint8Array(16), Buffer.from('127.0.0.1')])
      expect(thrownError(() => root.encodeAddress(wrong as never))).toBeInstanceOf(TypeError);
  });
});

describe('encodeAddress and decodeAddress at the root', () => {
  it('an address must say its family', () => {
    expect(thrownError(() => root.encodeAddress({ address: '127.0.0.1', port: 1 } as never)).message).toMatch(
      /^The "address.family" argument must be one of .*\. Received undefined$/,
    );
  });
  it('a socket of a family without a name takes the number and the bytes', (context) => {
    let socket: Socket;
    try {
      socket = closeAfterTest(new Socket(c.AF_KEY, SOCK_RAW, 2)); // PF_KEY_V2
    } catch (error) {
      return context.skip(`no AF_KEY here: ${String(error)}`);
    }
    expect(thrownError(() => socket.bind({ port: 1 })).message).toBe(
      `The "address.family" argument must be the number ${c.AF_KEY}, the socket's family, which has no name here: ` +
        `{ family: ${c.AF_KEY}, bytes }. Received undefined`,
    );
  });
  it('errors say what was asked', () => {
    const path = 'x'.repeat(200);
    expect(thrownSocketError(() => root.encodeAddress({ family: 'unix', path }))).toMatchObject({
      code: 'ENAMETOOLONG',
      syscall: 'encodeAddress',
      path,
    });
  });
  it('too few bytes are no address', () => {
    expect(root.decodeAddress(new Uint8Array(1))).toEqual({ family: 'unspec' });
    expect(root.decodeAddress(new ArrayBuffer(0))).toEqual({ family: 'unspec' });
  });
});

describe('addresses that the kernel assigns', () => {
  it('netlink: a port of the socket’s own', () => {
    const socket = closeAfterTest(new Socket(AF_NETLINK!, SOCK_RAW, c.NETLINK_ROUTE)).bind({ pid: 0 });
    const name = socket.getsockname();
    expect(name).toMatchObject({ family: 'netlink', groups: 0 });
    expect(name.pid).toBeGreaterThan(0);
  });
  it('packet: the loopback interface', (context) => {
    if (process.getuid!() !== 0) context.skip('needs CAP_NET_RAW');
    const socket = closeAfterTest(new Socket(AF_PACKET!, SOCK_RAW)).bind({ interface: 'lo', protocol: c.ETH_P_IP! });
    expect(socket.getsockname()).toEqual({
      family: 'packet',
      protocol: c.ETH_P_IP,
      interface: if_nametoindex('lo'),
      hatype: c.ARPHRD_LOOPBACK,
      pkttype: 0,
      address: '00:00:00:00:00:00',
    });
  });
  it('vsock: a port of this machine', (context) => {
    let socket: Socket<Address>;
    try {
      socket = closeAfterTest(new Socket(AF_VSOCK, SOCK_STREAM)) as never;
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedError);
      return context.skip(`no AF_VSOCK here: ${String(error)}`);
    }
    socket.bind({ family: 'vsock', cid: c.VMADDR_CID_ANY, port: c.VMADDR_PORT_ANY });
    expect(socket.getsockname()).toMatchObject({ family: 'vsock', cid: c.VMADDR_CID_ANY });
  });
  it('unix: a path that another program bound with all 108 bytes', () => {
    const path = socketPath().padEnd(108, 'x').slice(0, 108);
    const fd = c.socket(c.AF_UNIX, c.SOCK_DGRAM, 0);
    const address = new c.sockaddr_un({ sun_family: c.AF_UNIX });
    new Uint8Array(address.buffer, address.byteOffset + 2, 108).set(Buffer.from(path));
    expect(c.bind(fd, address, c.sizeof(address))).toBe(0);
    expect(closeAfterTest(Socket.adopt(fd)).getsockname()).toEqual({ family: 'unix', path });
    rmSync(path);
  });
});
