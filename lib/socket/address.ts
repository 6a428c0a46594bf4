// Room: friendly addresses and the kernel's: every family, exactly, in both directions.
import { native } from '../addon/binding.js';
import { hasSockaddrLength } from '../addon/platform.js';
import { bytesOfStruct, LITTLE_ENDIAN } from '../ctypes/index.js';
import * as constants from '../generated/constants.js';
import * as structs from '../generated/structs.js';
import { type ErrorDetails, socketError } from './errors.js';
import { checkInteger, invalidType, invalidValue } from './validate.js';

/** An IPv4 address. */
export interface InetAddress {
  readonly family: 'inet';
  /** Dotted numbers. */
  readonly address: string;
  readonly port: number;
}
/** An IPv6 address. */
export interface Inet6Address {
  readonly family: 'inet6';
  /** Without a zone: that is `scopeId`. */
  readonly address: string;
  readonly port: number;
  readonly flowinfo: number;
  /** The interface's index, for link-local addresses; 0 for none. */
  readonly scopeId: number;
}
/** A Unix address: a path, an abstract name (which begins with `\0`, Linux), or '' for none. */
export interface UnixAddress {
  readonly family: 'unix';
  readonly path: string;
  /** The name's own bytes, where they are no UTF-8. */
  readonly bytes?: Uint8Array;
}
/** A link-layer address of AF_PACKET. Linux. */
export interface PacketAddress {
  readonly family: 'packet';
  /** ETH_P_ number, in host order. */
  readonly protocol: number;
  /** The interface's index. */
  readonly interface: number;
  /** ARPHRD_ type. */
  readonly hatype: number;
  /** PACKET_HOST, PACKET_BROADCAST, …. */
  readonly pkttype: number;
  /** The hardware address: 'aa:bb:cc:dd:ee:ff'. */
  readonly address: string;
}
/** An address of AF_NETLINK: port id 0 is the kernel. Linux. */
export interface NetlinkAddress {
  readonly family: 'netlink';
  readonly pid: number;
  /** A mask of multicast groups. */
  readonly groups: number;
}
/** An address of AF_VSOCK. */
export interface VsockAddress {
  readonly family: 'vsock';
  readonly cid: number;
  readonly port: number;
  /** VMADDR_FLAG_TO_HOST, or 0. Linux. */
  readonly flags: number;
}
/** An address of AF_CAN: an interface, and the identifiers of ISO-TP or of J1939. Linux. */
export interface CanAddress {
  readonly family: 'can';
  /** The interface's index; 0 for all. */
  readonly interface: number;
  /** ISO-TP. */
  readonly rxId: number;
  readonly txId: number;
  /** J1939. The kernel keeps it where ISO-TP's identifiers are: on input one or the other. */
  readonly name: bigint;
  readonly pgn: number;
  readonly addr: number;
}
/** No address: dissolves a datagram socket's connection. */
export interface UnspecAddress {
  readonly family: 'unspec';
}
/** An address of another family, as the kernel has it. */
export interface UnknownAddress {
  /** AF_ number. */
  readonly family: number;
  /** The whole sockaddr. */
  readonly bytes: Uint8Array;
}

/** An address of any family. */
export type Address =
  | InetAddress
  | Inet6Address
  | UnixAddress
  | PacketAddress
  | NetlinkAddress
  | VsockAddress
  | CanAddress
  | UnspecAddress
  | UnknownAddress;

/** What may be left out on input: the family, and what has a default. */
type Loose<A, Required extends keyof A> = { readonly family?: A extends { family: infer F } ? F : never } & Pick<
  A,
  Required
> &
  Partial<Omit<A, 'family' | Required>>;
type InputOf<A> = A extends InetAddress
  ? Loose<InetAddress, 'port'>
  : A extends Inet6Address
    ? Loose<Inet6Address, 'port'>
    : A extends UnixAddress
      ? Loose<UnixAddress, 'path'>
      : A extends PacketAddress
        ? Omit<Loose<PacketAddress, never>, 'interface'> & { readonly interface: number | string }
        : A extends NetlinkAddress
          ? Loose<NetlinkAddress, never>
          : A extends VsockAddress
            ? Loose<VsockAddress, 'cid' | 'port'>
            : A extends CanAddress
              ? Omit<Loose<CanAddress, never>, 'interface'> & { readonly interface: number | string }
              : A;
/** An address as a method takes it: its family, and what has a default, may be left out. */
export type AddressInput<A extends Address = Address> = InputOf<A> | UnspecAddress;

interface Codec {
  readonly family: number | undefined;
  readonly name: string;
  /** Where it has a fixed size: what `decode` is given at least, and may be given more. */
  readonly size: number;
  encode(address: Fields, syscall: string): Uint8Array;
  decode(bytes: Uint8Array): Address;
}
type Fields = Readonly<Record<string, unknown>>;

/** A field's number, its default where it is left out. */
function number(fields: Fields, key: string, max: number, fallback?: number): number {
  const value = fields[key] ?? fallback;
  checkInteger(`address.${key}`, value, 0, max);
  return value;
}

function interfaceIndex(fields: Fields): number {
  const value = fields.interface ?? 0;
  if (typeof value === 'string') return interfaceByName(value);
  checkInteger('address.interface', value, -0x8000_0000, 0x7fff_ffff);
  return value;
}

/** C's text ends at a NUL: one within is refused, not taken for the end. */
export function checkText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value);
  if (value.includes('\0')) throw invalidValue(name, 'a string without null bytes', value);
}

/** The index of an interface. @throws SocketError ENODEV */
export function interfaceByName(name: string): number {
  checkText('interface', name);
  const index = native.if_nametoindex(name);
  if (index < 0) throw socketError(-index, 'if_nametoindex', { address: name });
  return index;
}

/** Writes a numeric address. Names are not looked up: that is getaddrinfo's. */
export function parseAddress(family: number, text: unknown, target: ArrayBufferView): void {
  checkText('address.address', text);
  if (native.inet_pton(family, text, target) !== 1) {
    const kind = family === constants.AF_INET ? 'IPv4' : 'IPv6';
    const expected = `a numeric ${kind} address (names are looked up by getaddrinfo first)`;
    throw invalidValue('address.address', expected, text, 'ERR_INVALID_IP_ADDRESS');
  }
}

export const formatAddress = (family: number, bytes: ArrayBufferView): string =>
  native.inet_ntop(family, bytes, null, 64) as string;

const swap16 = (x: number): number => new DataView(new Uint16Array([x]).buffer).getUint16(0);
// A byte-order mark is part of a name.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const PATH = structs.sockaddr_un.size - bytesOfStruct(new structs.sockaddr_un().sun_path).byteLength;

function encodeUnix(fields: Fields, syscall: string): Uint8Array {
  const { path, bytes: raw } = fields;
  if (typeof path !== 'string') throw invalidType('address.path', 'of type string', path);
  const name = raw instanceof Uint8Array ? raw : encoder.encode(path);
  const abstract = name[0] === 0;
  if (!abstract && name.includes(0))
    throw invalidValue('address.path', 'without null bytes (an abstract name begins with one)', path);
  // A path keeps its NUL: what is longer than the kernel's field is an error, never cut.
  const terminated = name.length === 0 || abstract ? 0 : 1;
  const room = structs.sockaddr_un.size - PATH;
  if (name.length + terminated > room) throw socketError(constants.ENAMETOOLONG, syscall, { path });
  const address = new structs.sockaddr_un({ sun_family: constants.AF_UNIX });
  const whole = bytesOfStruct(address);
  whole.set(name, PATH);
  return whole.subarray(0, PATH + name.length + terminated);
}

function decodeUnix(bytes: Uint8Array): UnixAddress {
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
}

/** Where sockaddr_ll has its address, and sockaddr_vm its flags. */
const HARDWARE = 12;
const VSOCK_FLAGS = 12;

// sockaddr_in and sockaddr_in6 are the same everywhere. They come with every datagram: their bytes are read without a struct around them.
const [PORT, INET, FLOW, INET6, SCOPE] = [2, 4, 4, 8, 24];

/** The bytes of an address that begins with a family and a port, as BSD's and Linux's do. */
function begin(size: number, family: number, fields: Fields): Uint8Array {
  const port = number(fields, 'port', 0xffff, 0);
  const bytes = new Uint8Array(size);
  bytes[hasSockaddrLength || !LITTLE_ENDIAN ? 1 : 0] = family;
  bytes[PORT] = port >> 8;
  bytes[PORT + 1] = port;
  return bytes;
}
const portOf = (bytes: Uint8Array): number => (bytes[PORT]! << 8) | bytes[PORT + 1]!;

const codecs: readonly Codec[] = [
  {
    family: constants.AF_INET,
    name: 'inet',
    size: structs.sockaddr_in.size,
    encode(fields) {
      const bytes = begin(structs.sockaddr_in.size, constants.AF_INET, fields);
      if (fields.address !== undefined) parseAddress(constants.AF_INET, fields.address, bytes.subarray(INET, INET + 4));
      return bytes;
    },
    decode(bytes) {
      const [a, b, c, d] = [bytes[INET]!, bytes[INET + 1]!, bytes[INET + 2]!, bytes[INET + 3]!];
      return { family: 'inet', address: `${a}.${b}.${c}.${d}`, port: portOf(bytes) };
    },
  },
  {
    family: constants.AF_INET6,
    name: 'inet6',
    size: structs.sockaddr_in6.size,
    encode(fields) {
      const bytes = begin(structs.sockaddr_in6.size, constants.AF_INET6, fields);
      const numbers = new DataView(bytes.buffer);
      numbers.setUint32(FLOW, number(fields, 'flowinfo', 0xffffffff, 0)); // network order, as sin6_flowinfo is
      let scope = number(fields, 'scopeId', 0xffffffff, 0);
      if (fields.address !== undefined) {
        let text = fields.address;
        const zone = typeof text === 'string' ? /^(.*)%(.+)$/.exec(text) : null;
        if (zone) {
          text = zone[1]!;
          const id = /^\d+$/.test(zone[2]!) ? Number(zone[2]) : interfaceByName(zone[2]!);
          scope = number({ zone: id }, 'zone', 0xffffffff);
        }
        parseAddress(constants.AF_INET6, text, bytes.subarray(INET6, SCOPE));
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
  },
  { family: constants.AF_UNIX, name: 'unix', size: 0, encode: encodeUnix, decode: decodeUnix },
  {
    family: constants.AF_PACKET,
    name: 'packet',
    size: structs.sockaddr_ll.size,
    encode(fields) {
      const struct = new structs.sockaddr_ll({ sll_family: constants.AF_PACKET! });
      struct.sll_protocol = swap16(number(fields, 'protocol', 0xffff, 0));
      struct.sll_ifindex = interfaceIndex(fields);
      struct.sll_hatype = number(fields, 'hatype', 0xffff, 0);
      struct.sll_pkttype = number(fields, 'pkttype', 0xff, 0);
      const text = fields.address ?? '';
      if (typeof text !== 'string' || (text !== '' && !/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){0,31}$/i.test(text)))
        throw invalidValue('address.address', 'a hardware address (aa:bb:cc:dd:ee:ff)', text);
      const hardware = text === '' ? [] : text.split(':').map((byte) => Number.parseInt(byte, 16));
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
  },
  {
    family: constants.AF_NETLINK,
    name: 'netlink',
    size: structs.sockaddr_nl.size,
    encode(fields) {
      const struct = new structs.sockaddr_nl({ nl_family: constants.AF_NETLINK! });
      struct.nl_pid = number(fields, 'pid', 0xffffffff, 0);
      struct.nl_groups = number(fields, 'groups', 0xffffffff, 0);
      return bytesOfStruct(struct);
    },
    decode(bytes) {
      const struct = structs.sockaddr_nl.at(bytes);
      return { family: 'netlink', pid: struct.nl_pid, groups: struct.nl_groups };
    },
  },
  {
    family: constants.AF_VSOCK,
    name: 'vsock',
    size: structs.sockaddr_vm.size,
    encode(fields) {
      const struct = new structs.sockaddr_vm({ svm_family: constants.AF_VSOCK! });
      struct.svm_cid = number(fields, 'cid', 0xffffffff);
      struct.svm_port = number(fields, 'port', 0xffffffff);
      const bytes = bytesOfStruct(struct);
      bytes[VSOCK_FLAGS] = number(fields, 'flags', 0xff, 0);
      return bytes;
    },
    decode(bytes) {
      const struct = structs.sockaddr_vm.at(bytes);
      const flags = bytesOfStruct(struct)[VSOCK_FLAGS] ?? 0; // macOS has none
      return { family: 'vsock', cid: struct.svm_cid, port: struct.svm_port, flags };
    },
  },
  {
    family: constants.AF_CAN,
    name: 'can',
    size: structs.sockaddr_can.size,
    encode(fields) {
      const struct = new structs.sockaddr_can({ can_family: constants.AF_CAN! });
      struct.can_ifindex = interfaceIndex(fields);
      const { tp, j1939 } = struct.can_addr;
      if (fields.name === undefined) {
        tp.rx_id = number(fields, 'rxId', 0xffffffff, 0);
        tp.tx_id = number(fields, 'txId', 0xffffffff, 0);
      } else {
        if (typeof fields.name !== 'bigint') throw invalidType('address.name', 'of type bigint', fields.name);
        j1939.name = fields.name;
      }
      j1939.pgn = number(fields, 'pgn', 0xffffffff, 0);
      j1939.addr = number(fields, 'addr', 0xff, 0);
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
  },
  {
    family: constants.AF_UNSPEC,
    name: 'unspec',
    size: 0,
    encode: () => bytesOfStruct(new structs.sockaddr()),
    decode: () => ({ family: 'unspec' }),
  },
];

const byNumber = new Map(codecs.filter(({ family }) => family !== undefined).map((codec) => [codec.family, codec]));
const byName = new Map(codecs.map((codec) => [codec.name, codec]));

const padded = (bytes: Uint8Array, size: number): Uint8Array => {
  if (bytes.length >= size) return bytes;
  const whole = new Uint8Array(size);
  whole.set(bytes);
  return whole;
};

function familyOf(bytes: Uint8Array): number {
  if (hasSockaddrLength) return bytes[1]!;
  return LITTLE_ENDIAN ? bytes[0]! | (bytes[1]! << 8) : (bytes[0]! << 8) | bytes[1]!;
}

/**
 * The bytes of an address for a socket of `domain` (AF_UNSPEC: the address must say its family); `syscall` is what they are for.
 * @throws TypeError, RangeError, ENAMETOOLONG
 */
export function encodeAddress(address: unknown, domain: number, syscall = 'address'): Uint8Array {
  if (typeof address !== 'object' || address === null) throw invalidType('address', 'an address object', address);
  const fields = address as Fields;
  const { family } = fields;
  if (typeof family === 'number') {
    if (!(fields.bytes instanceof Uint8Array))
      throw invalidType('address.bytes', 'an instance of Uint8Array', fields.bytes);
    return fields.bytes;
  }
  const implied = domain === constants.AF_UNSPEC ? undefined : byNumber.get(domain);
  const codec = family === undefined ? implied : byName.get(family as string);
  if (codec === undefined) {
    const expected = `one of ${[...byName.keys()].join(', ')}, or a number with the address's bytes (the socket's family is ${domain})`;
    throw family === undefined || typeof family === 'string'
      ? invalidValue('address.family', expected, family)
      : invalidType('address.family', expected, family);
  }
  if (codec.family === undefined) throw socketError(constants.EAFNOSUPPORT, syscall);
  const bytes = codec.encode(fields, syscall);
  if (hasSockaddrLength) bytes[0] = bytes.length;
  return bytes;
}

/**
 * The address that the kernel left in `bytes`, of which it wrote `length`; none is no address: an unnamed one, of a Unix socket.
 * A kernel that writes of more than there is room for cut it.
 */
export function decodeAddress(
  bytes: Uint8Array,
  domain: number = constants.AF_UNSPEC,
  length: number = bytes.length,
): Address {
  if (length < 2) return domain === constants.AF_UNIX ? { family: 'unix', path: '' } : { family: 'unspec' };
  const family = familyOf(bytes);
  const codec = byNumber.get(family);
  // What is fixed in size needs no view of its own.
  if (codec && codec.size > 0 && length >= codec.size) return codec.decode(bytes);
  const written = bytes.subarray(0, length);
  return codec ? codec.decode(padded(written, codec.size)) : { family, bytes: new Uint8Array(written) };
}

/** Throws where a call to an address failed: the error tells the address. */
export function checkAt(result: number, syscall: string, bytes: Uint8Array | null): number {
  if (result < 0) throw socketError(-result, syscall, bytes === null ? {} : addressDetails(decodeAddress(bytes)));
  return result;
}

function addressDetails(address: Address): ErrorDetails {
  switch (address.family) {
    case 'unix':
      return { path: address.path };
    case 'vsock':
      return { address: `${address.cid}`, port: address.port };
    case 'inet':
    case 'inet6':
      return { address: address.address, port: address.port };
    default:
      return {};
  }
}
