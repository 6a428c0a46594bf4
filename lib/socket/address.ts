// Addresses: the objects of the typed layers, and the kernel's bytes. lib/socket/families.ts has a row for each family.
import { hasSockaddrLength } from '../addon/platform.js';
import { LITTLE_ENDIAN } from '../ctypes/index.js';
import { BYTES } from '../ctypes/memory.js';
import * as constants from '../generated/constants.js';
import type * as structs from '../generated/structs.js';
import { type ErrorDetails, socketError } from './errors.js';
import { familyByName, familyByNumber, lengthOf, NODE_FAMILIES, padded } from './families.js';
import { MEMORY, memoryFor } from './memory.js';
import { checkFields, type Fields, invalidType, invalidValue, keys } from './validate.js';

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

/** `bsd-sockets/c`'s structs for addresses. */
export type Sockaddr =
  | structs.sockaddr
  | structs.sockaddr_storage
  | structs.sockaddr_in
  | structs.sockaddr_in6
  | structs.sockaddr_un
  | structs.sockaddr_ll
  | structs.sockaddr_nl
  | structs.sockaddr_vm
  | structs.sockaddr_can;

// Addresses as a method takes them: the family may be left out, and so may what has a default. `never` stands for the properties of
// `node:net`'s connect, and of other families: an object that has one must not be taken, for nothing would read it.

/** An IPv4 address as a method takes it; `{ port }` alone is the wildcard address. Node's own addresses serve, too. */
export interface InetInput {
  readonly family?: 'inet' | 'IPv4' | 'ipv4';
  /** Dotted numbers; a name is looked up first, with `getaddrinfo`. */
  readonly address?: string;
  readonly port: number;
  /** Of dgram's `rinfo`: ignored. */
  readonly size?: number;
  readonly host?: never;
  readonly hostname?: never;
  readonly path?: never;
}
/** An IPv6 address as a method takes it; `{ port }` alone is the wildcard address. Node's own addresses serve, too. */
export interface Inet6Input {
  readonly family?: 'inet6' | 'IPv6' | 'ipv6';
  /** With a zone where it needs one: `fe80::1%eth0`, `fe80::1%2`. */
  readonly address?: string;
  readonly port: number;
  readonly flowinfo?: number;
  /** The interface's index, if the address has no zone. */
  readonly scopeId?: number;
  /** Of dgram's `rinfo`: ignored. */
  readonly size?: number;
  readonly host?: never;
  readonly hostname?: never;
  readonly path?: never;
}
/** A Unix address as a method takes it. */
export interface UnixInput {
  readonly family?: 'unix';
  /** A path, or an abstract name, which begins with `\0` (Linux); '' has the kernel choose an abstract name. */
  readonly path: string;
  /** The name's own bytes, in place of the path's UTF-8. */
  readonly bytes?: ArrayBufferView | ArrayBufferLike;
  readonly address?: never;
  readonly port?: never;
  readonly host?: never;
  readonly hostname?: never;
}
/** An address of AF_PACKET as a method takes it. Linux. */
export interface PacketInput {
  readonly family?: 'packet';
  /** The interface's index or name. */
  readonly interface: number | string;
  /** ETH_P_ number, in host order. */
  readonly protocol?: number;
  readonly hatype?: number;
  readonly pkttype?: number;
  /** The hardware address: 'aa:bb:cc:dd:ee:ff'. */
  readonly address?: string;
}
/** An address of AF_NETLINK as a method takes it: by default the kernel (to bind: a port id of the kernel's choice). Linux. */
export interface NetlinkInput {
  readonly family?: 'netlink';
  readonly pid?: number;
  readonly groups?: number;
}
/** An address of AF_VSOCK as a method takes it. */
export interface VsockInput {
  readonly family?: 'vsock';
  readonly cid: number;
  readonly port: number;
  readonly flags?: number;
}
/** An address of AF_CAN as a method takes it: identifiers of ISO-TP, or a name of J1939. Linux. */
export interface CanInput {
  readonly family?: 'can';
  /** The interface's index or name; 0 for all. */
  readonly interface: number | string;
  readonly rxId?: number;
  readonly txId?: number;
  readonly name?: bigint;
  readonly pgn?: number;
  readonly addr?: number;
}
/** An address as a method takes it: its family, and what has a default, may be left out. */
export type AddressInput<A extends Address = Address> =
  | (A extends InetAddress
      ? InetInput
      : A extends Inet6Address
        ? Inet6Input
        : A extends UnixAddress
          ? UnixInput
          : A extends PacketAddress
            ? PacketInput
            : A extends NetlinkAddress
              ? NetlinkInput
              : A extends VsockAddress
                ? VsockInput
                : A extends CanAddress
                  ? CanInput
                  : A)
  | UnspecAddress
  | Sockaddr;

function familyOf(bytes: Uint8Array): number {
  if (hasSockaddrLength) return bytes[1]!;
  return LITTLE_ENDIAN ? bytes[0]! | (bytes[1]! << 8) : (bytes[0]! << 8) | bytes[1]!;
}

const NUMBERED = keys('family', 'bytes');

/**
 * The bytes of an address for a socket of `domain`, which is asked for only where the address does not say its family (AF_UNSPEC: it must
 * say it); `syscall` is what they are for. Each property of the address is read once.
 * @throws TypeError, RangeError; SocketError ENAMETOOLONG, EAFNOSUPPORT, and ENODEV for an interface's name
 */
export function encodeAddress(address: unknown, domain: number | (() => number), syscall = 'address'): Uint8Array {
  if (typeof address !== 'object' || address === null)
    throw invalidType('address', 'an address object or a C-layer sockaddr', address);
  if (BYTES in address) return encodeStruct(address);
  const { family: name } = address as Fields;
  let family = NODE_FAMILIES.get(name);
  const ofNode = family !== undefined;
  if (typeof name === 'number') {
    const { bytes } = address as Fields;
    if (bytes !== undefined || !ofNode) return encodeNumbered(address, bytes);
  }
  if (name === undefined) {
    const implied = typeof domain === 'number' ? domain : domain();
    family = implied === constants.AF_UNSPEC ? undefined : familyByNumber.get(implied);
    if (family === undefined && implied !== constants.AF_UNSPEC) {
      const expected = `the number ${implied}, the socket's family, which has no name here: { family: ${implied}, bytes }`;
      throw invalidValue('address.family', expected, name);
    }
  } else family ??= familyByName.get(name);
  if (family === undefined) {
    const expected = `one of ${[...familyByName.keys()].join(', ')}, or an AF_ number with the address's bytes`;
    throw name === undefined || typeof name === 'string'
      ? invalidValue('address.family', expected, name)
      : invalidType('address.family', expected, name);
  }
  checkFields('address', address, family.keys);
  if (family.number === undefined) throw socketError(constants.EAFNOSUPPORT, syscall);
  const bytes = family.encode(address, syscall);
  if (hasSockaddrLength) bytes[0] = bytes.length;
  return bytes;
}

/** An address of a family that has a number only: its bytes are the whole sockaddr. */
function encodeNumbered(address: object, bytes: unknown): Uint8Array {
  const memory = memoryFor('address.bytes', bytes, `${MEMORY}, for its family is a number`);
  checkFields('address', address, NUMBERED);
  return memory;
}

/** A C-layer sockaddr is the address that it holds. */
function encodeStruct(struct: object): Uint8Array {
  const type = (Object.getPrototypeOf(struct) as { constructor: { name: string } }).constructor.name;
  if (!type.startsWith('sockaddr')) throw invalidType('address', 'an address object or a C-layer sockaddr', struct);
  const bytes = bytesOfSockaddr(memoryFor('address', struct), struct).slice();
  if (hasSockaddrLength) bytes[0] = bytes.length;
  return bytes;
}

/** The address in the memory of `owner`: of a C-layer struct, which may be larger than its address, or all of it. */
export const bytesOfSockaddr = (memory: Uint8Array, owner: object): Uint8Array =>
  BYTES in owner && memory.length >= 2 ? memory.subarray(0, lengthOf(memory, familyOf(memory))) : memory;

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
  const number = familyOf(bytes);
  const family = familyByNumber.get(number);
  // An address of a fixed size needs no view of its own.
  if (family && family.size > 0 && length >= family.size) return family.decode(bytes);
  const written = bytes.subarray(0, length);
  return family ? family.decode(padded(written, family.size)) : { family: number, bytes: new Uint8Array(written) };
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
