// The address families, a row each: an address object to the kernel's bytes, and back. lib/socket/address.ts chooses the row.
import { native } from '../addon/binding.js';
import { hasSockaddrLength } from '../addon/platform.js';
import { bytesOfStruct, LITTLE_ENDIAN } from '../ctypes/index.js';
import * as constants from '../generated/constants.js';
import * as structs from '../generated/structs.js';
import type { Address, UnixAddress } from './address.js';
import { socketError } from './errors.js';
import { memoryFor } from './memory.js';
import {
  checkInteger,
  checkText,
  type Fields,
  integerOr,
  invalidType,
  invalidValue,
  type Keys,
  keys,
  outOfRange,
} from './validate.js';

/** How a family keeps its addresses. */
interface Family {
  /** AF_ number; undefined where the platform lacks the family. */
  readonly number: number | undefined;
  readonly name: Address['family'];
  /** The properties of an input address; `encode` reads each of them once. */
  readonly keys: Keys;
  /** The size of a sockaddr that has a fixed one, else 0: `decode` is given at least that, and may be given more. */
  readonly size: number;
  encode(fields: Fields, syscall: string): Uint8Array;
  decode(bytes: Uint8Array): Address;
}

const [U8, U16, U32] = [0xff, 0xffff, 0xffff_ffff];

// ---- What control messages and options share with addresses

/** An interface's index, of its index or its name; 0 where it is left out. @throws SocketError ENODEV; TypeError, RangeError */
export function interfaceIndex(name: string, value: unknown, min = 0): number {
  if (value === undefined) return 0;
  if (typeof value !== 'string') {
    if (typeof value !== 'number') throw invalidType(name, 'an interface, by index or name', value);
    checkInteger(name, value, min, 0x7fff_ffff);
    return value;
  }
  checkText(name, value);
  const index = native.if_nametoindex(value);
  if (index < 0) throw socketError(-index, 'if_nametoindex', { address: value });
  return index;
}

/** Writes a numeric address. Names are not looked up: that is getaddrinfo's task. @throws TypeError ERR_INVALID_IP_ADDRESS */
export function parseAddress(name: string, family: number, text: unknown, target: ArrayBufferView): void {
  checkText(name, text);
  if (native.inet_pton(family, text, target) !== 1) {
    const kind = family === constants.AF_INET ? 'IPv4' : 'IPv6';
    const expected = `a numeric ${kind} address (names are looked up by getaddrinfo first)`;
    throw invalidValue(name, expected, text, 'ERR_INVALID_IP_ADDRESS');
  }
}

export const formatAddress = (family: number, bytes: ArrayBufferView): string =>
  native.inet_ntop(family, bytes, null, 64) as string;

export const padded = (bytes: Uint8Array, size: number): Uint8Array => {
  if (bytes.length >= size) return bytes;
  const whole = new Uint8Array(size);
  whole.set(bytes);
  return whole;
};

// ---- IPv4 and IPv6

// sockaddr_in and sockaddr_in6 are the same everywhere. They come with every datagram: their bytes are read without a struct around them.
const [PORT, INET, FLOW, INET6, SCOPE] = [2, 4, 4, 8, 24];

/** The bytes of an address that begins with a family and a port, as BSD's and Linux's do. */
function begin(size: number, family: number, fields: Fields, port: unknown, address: unknown): Uint8Array {
  if (port === undefined && address === undefined)
    throw invalidValue('address', 'an object with an address, a port, or both', fields);
  const number = integerOr(0, 'address.port', port, 0, U16);
  const bytes = new Uint8Array(size);
  bytes[hasSockaddrLength || !LITTLE_ENDIAN ? 1 : 0] = family;
  bytes[PORT] = number >> 8;
  bytes[PORT + 1] = number;
  return bytes;
}
const portOf = (bytes: Uint8Array): number => (bytes[PORT]! << 8) | bytes[PORT + 1]!;

const inet: Family = {
  number: constants.AF_INET,
  name: 'inet',
  keys: keys('family', 'address', 'port', 'size'), // dgram's `rinfo` has a size
  size: structs.sockaddr_in.size,
  encode(fields) {
    const { address, port } = fields;
    const bytes = begin(structs.sockaddr_in.size, constants.AF_INET, fields, port, address);
    if (address !== undefined)
      parseAddress('address.address', constants.AF_INET, address, bytes.subarray(INET, INET + 4));
    return bytes;
  },
  decode(bytes) {
    const [a, b, c, d] = [bytes[INET]!, bytes[INET + 1]!, bytes[INET + 2]!, bytes[INET + 3]!];
    return { family: 'inet', address: `${a}.${b}.${c}.${d}`, port: portOf(bytes) };
  },
};

const inet6: Family = {
  number: constants.AF_INET6,
  name: 'inet6',
  keys: keys('family', 'address', 'port', 'flowinfo', 'scopeId', 'size'),
  size: structs.sockaddr_in6.size,
  encode(fields) {
    const { address, port, flowinfo, scopeId } = fields;
    const bytes = begin(structs.sockaddr_in6.size, constants.AF_INET6, fields, port, address);
    const numbers = new DataView(bytes.buffer);
    numbers.setUint32(FLOW, integerOr(0, 'address.flowinfo', flowinfo, 0, U32)); // network order, as sin6_flowinfo is
    let scope = integerOr(0, 'address.scopeId', scopeId, 0, U32);
    if (address !== undefined) {
      let text = address;
      const zone = typeof text === 'string' ? /^(.*)%(.+)$/.exec(text) : null;
      if (zone) {
        text = zone[1]!;
        scope = zoneIndex(zone[2]!, address);
      }
      parseAddress('address.address', constants.AF_INET6, text, bytes.subarray(INET6, SCOPE));
    }
    numbers.setUint32(SCOPE, scope, LITTLE_ENDIAN);
    return bytes;
  },
  decode(bytes) {
    const numbers = new DataView(bytes.buffer, bytes.byteOffset);
    return {
      family: 'inet6',
      address: formatAddress(constants.AF_INET6, bytes.subarray(INET6, SCOPE)),
      port: portOf(bytes),
      flowinfo: numbers.getUint32(FLOW),
      scopeId: numbers.getUint32(SCOPE, LITTLE_ENDIAN),
    };
  },
};

/** The interface that the zone of `fe80::1%eth0` or `fe80::1%2` names. */
function zoneIndex(zone: string, address: unknown): number {
  if (!/^\d+$/.test(zone)) return interfaceIndex('address.address', zone);
  if (Number(zone) > U32) throw outOfRange('address.address', `an address whose zone is at most ${U32}`, address);
  return Number(zone);
}

// ---- Unix

// A byte-order mark is part of a name.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
/** Where sockaddr_un has its path, and how many bytes that may be. */
const PATH = structs.sockaddr_un.size - bytesOfStruct(new structs.sockaddr_un().sun_path).byteLength;
const PATH_SIZE = structs.sockaddr_un.size - PATH;

const unix: Family = {
  number: constants.AF_UNIX,
  name: 'unix',
  keys: keys('family', 'path', 'bytes'),
  size: 0,
  encode({ path, bytes }, syscall) {
    if (typeof path !== 'string') throw invalidType('address.path', 'of type string', path);
    const name = bytes === undefined ? encoder.encode(path) : memoryFor('address.bytes', bytes);
    const abstract = name[0] === 0;
    if (!abstract && name.includes(0)) {
      const [key, value] = bytes === undefined ? ['path', path] : ['bytes', bytes];
      throw invalidValue(`address.${key}`, 'without null bytes (an abstract name begins with one)', value);
    }
    // A path keeps its NUL. What is longer than the kernel's field is an error, never cut.
    const terminated = name.length === 0 || abstract ? 0 : 1;
    if (name.length + terminated > PATH_SIZE) throw socketError(constants.ENAMETOOLONG, syscall, { path });
    const whole = bytesOfStruct(new structs.sockaddr_un({ sun_family: constants.AF_UNIX }));
    whole.set(name, PATH);
    return whole.subarray(0, PATH + name.length + terminated);
  },
  decode(bytes): UnixAddress {
    let name = bytes.subarray(PATH);
    // An abstract name is all its bytes; a path ends at its NUL.
    if (name.length > 0 && name[0] !== 0) {
      const nul = name.indexOf(0);
      if (nul >= 0) name = name.subarray(0, nul);
    }
    try {
      return { family: 'unix', path: decoder.decode(name) };
    } catch {
      return { family: 'unix', path: Buffer.from(name).toString('latin1'), bytes: new Uint8Array(name) };
    }
  },
};

// ---- Packets, netlink, virtual machines, CAN

const swap16 = (x: number): number => new DataView(new Uint16Array([x]).buffer).getUint16(0);
/** Where sockaddr_ll has its address, and sockaddr_vm its flags. */
const HARDWARE = 12;
const VSOCK_FLAGS = 12;

const packet: Family = {
  number: constants.AF_PACKET,
  name: 'packet',
  keys: keys('family', 'protocol', 'interface', 'hatype', 'pkttype', 'address'),
  size: structs.sockaddr_ll.size,
  encode({ protocol, interface: link, hatype, pkttype, address = '' }) {
    const struct = new structs.sockaddr_ll({ sll_family: constants.AF_PACKET! });
    struct.sll_protocol = swap16(integerOr(0, 'address.protocol', protocol, 0, U16));
    struct.sll_ifindex = interfaceIndex('address.interface', link, -0x8000_0000);
    struct.sll_hatype = integerOr(0, 'address.hatype', hatype, 0, U16);
    struct.sll_pkttype = integerOr(0, 'address.pkttype', pkttype, 0, U8);
    if (typeof address !== 'string' || (address !== '' && !/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){0,31}$/i.test(address)))
      throw invalidValue('address.address', 'a hardware address (aa:bb:cc:dd:ee:ff)', address);
    const hardware = address === '' ? [] : address.split(':').map((byte) => Number.parseInt(byte, 16));
    struct.sll_halen = hardware.length;
    // Those of more than 8 bytes (InfiniBand's) go on beyond the struct.
    const bytes = padded(bytesOfStruct(struct), HARDWARE + hardware.length);
    bytes.set(hardware, HARDWARE);
    return bytes;
  },
  decode(bytes) {
    const struct = structs.sockaddr_ll.at(bytes);
    const hardware = bytes.subarray(HARDWARE, HARDWARE + struct.sll_halen);
    return {
      family: 'packet',
      protocol: swap16(struct.sll_protocol),
      interface: struct.sll_ifindex,
      hatype: struct.sll_hatype,
      pkttype: struct.sll_pkttype,
      address: Array.from(hardware, (byte) => byte.toString(16).padStart(2, '0')).join(':'),
    };
  },
};

const netlink: Family = {
  number: constants.AF_NETLINK,
  name: 'netlink',
  keys: keys('family', 'pid', 'groups'),
  size: structs.sockaddr_nl.size,
  encode({ pid, groups }) {
    const struct = new structs.sockaddr_nl({ nl_family: constants.AF_NETLINK! });
    struct.nl_pid = integerOr(0, 'address.pid', pid, 0, U32);
    struct.nl_groups = integerOr(0, 'address.groups', groups, 0, U32);
    return bytesOfStruct(struct);
  },
  decode(bytes) {
    const struct = structs.sockaddr_nl.at(bytes);
    return { family: 'netlink', pid: struct.nl_pid, groups: struct.nl_groups };
  },
};

const vsock: Family = {
  number: constants.AF_VSOCK,
  name: 'vsock',
  keys: keys('family', 'cid', 'port', 'flags'),
  size: structs.sockaddr_vm.size,
  encode({ cid, port, flags }) {
    checkInteger('address.cid', cid, 0, U32);
    checkInteger('address.port', port, 0, U32);
    const bytes = bytesOfStruct(
      new structs.sockaddr_vm({ svm_family: constants.AF_VSOCK!, svm_cid: cid, svm_port: port }),
    );
    bytes[VSOCK_FLAGS] = integerOr(0, 'address.flags', flags, 0, U8);
    return bytes;
  },
  decode(bytes) {
    const struct = structs.sockaddr_vm.at(bytes);
    const flags = bytesOfStruct(struct)[VSOCK_FLAGS] ?? 0; // macOS has none
    return { family: 'vsock', cid: struct.svm_cid, port: struct.svm_port, flags };
  },
};

const can: Family = {
  number: constants.AF_CAN,
  name: 'can',
  keys: keys('family', 'interface', 'rxId', 'txId', 'name', 'pgn', 'addr'),
  size: structs.sockaddr_can.size,
  encode({ interface: link, rxId, txId, name, pgn, addr }) {
    const struct = new structs.sockaddr_can({ can_family: constants.AF_CAN! });
    struct.can_ifindex = interfaceIndex('address.interface', link, -0x8000_0000);
    const { tp, j1939 } = struct.can_addr;
    if (name === undefined) {
      tp.rx_id = integerOr(0, 'address.rxId', rxId, 0, U32);
      tp.tx_id = integerOr(0, 'address.txId', txId, 0, U32);
    } else {
      if (typeof name !== 'bigint') throw invalidType('address.name', 'of type bigint', name);
      if (BigInt.asUintN(64, name) !== name) throw invalidValue('address.name', 'an unsigned 64-bit integer', name);
      j1939.name = name;
    }
    j1939.pgn = integerOr(0, 'address.pgn', pgn, 0, U32);
    j1939.addr = integerOr(0, 'address.addr', addr, 0, U8);
    return bytesOfStruct(struct);
  },
  decode(bytes) {
    const struct = structs.sockaddr_can.at(bytes);
    const { tp, j1939 } = struct.can_addr;
    return {
      family: 'can',
      interface: struct.can_ifindex,
      rxId: tp.rx_id,
      txId: tp.tx_id,
      name: j1939.name,
      pgn: j1939.pgn,
      addr: j1939.addr,
    };
  },
};

const unspec: Family = {
  number: constants.AF_UNSPEC,
  name: 'unspec',
  keys: keys('family'),
  size: 0,
  encode: () => bytesOfStruct(new structs.sockaddr()),
  decode: () => ({ family: 'unspec' }),
};

const families: readonly Family[] = [inet, inet6, unix, packet, netlink, vsock, can, unspec];

/** The row of an AF_ number. */
export const familyByNumber: ReadonlyMap<number, Family> = new Map(
  families.flatMap((family) => (family.number === undefined ? [] : [[family.number, family] as const])),
);
/** The row of a name. */
export const familyByName: ReadonlyMap<unknown, Family> = new Map(families.map((family) => [family.name, family]));

/** What Node calls the families: net's and dgram's addresses, `net.SocketAddress`, and the answers of dns.lookup. */
export const NODE_FAMILIES: ReadonlyMap<unknown, Family> = new Map<unknown, Family>([
  ['IPv4', inet],
  ['ipv4', inet],
  [4, inet],
  ['IPv6', inet6],
  ['ipv6', inet6],
  [6, inet6],
]);

/** How many of the bytes of a C-layer sockaddr, which may be a larger struct, are the address. */
export function lengthOf(bytes: Uint8Array, number: number): number {
  const family = familyByNumber.get(number);
  if (family === unix) {
    // A struct does not say how long an abstract name is: it has no NULs at its end here.
    const name = bytes.subarray(0, structs.sockaddr_un.size);
    if (name[PATH] === 0) return Math.max(PATH, name.findLastIndex((byte) => byte !== 0) + 1);
    const nul = name.indexOf(0, PATH);
    return nul < 0 ? name.length : nul + 1;
  }
  if (family === packet) return Math.min(bytes.length, Math.max(family.size, HARDWARE + bytes[HARDWARE - 1]!));
  return family === undefined || family.size === 0 ? bytes.length : Math.min(bytes.length, family.size);
}
