// Control messages: objects of the typed layers, and the kernel's bytes. A row each in two tables, one to send and one to receive, for the
// same message may have another number in each direction. Lengths from the network are not trusted.

import { CMSG_ALIGN, CMSG_LEN, CMSG_SPACE } from '../addon/cmsg_space.js';
import { bytesOfStruct } from '../ctypes/index.js';
import * as c from '../generated/constants.js';
import * as structs from '../generated/structs.js';
import { formatAddress, interfaceIndex, parseAddress } from './families.js';
import { memoryFor } from './memory.js';
import { checkFields, checkInteger, type Fields, invalidType, invalidValue, type Keys, keys } from './validate.js';

/** Descriptors. Those that arrive are close-on-exec, and the message's until they are taken. */
export interface Rights {
  readonly type: 'rights';
  readonly fds: readonly number[];
}
/** The sending process. Linux. */
export interface CredentialsMessage {
  readonly type: 'credentials';
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}
/** The sending process, as a descriptor (SO_PASSPIDFD); the message's until it is taken. Negative: the process is gone. Linux. */
export interface PidDescriptor {
  readonly type: 'pidfd';
  readonly fd: number;
}
/** Which address and interface a datagram came in on, or is to leave from. */
export interface PacketInfo {
  readonly type: 'pktinfo';
  /** The datagram's destination; to send: its source. */
  readonly address: string;
  /** IPv4: the local address that it was matched with. */
  readonly specificDestination?: string;
  /** The interface's index (a name serves to send). */
  readonly interface: number | string;
}
/** When a message arrived. */
export interface Timestamp {
  readonly type: 'timestamp';
  readonly seconds: number;
  readonly nanoseconds: number;
}
/** One number: the time to live (hop limit), the type of service (traffic class), dropped messages, the mark, a segment's size. */
export interface NumberMessage {
  readonly type: 'ttl' | 'tos' | 'hoplimit' | 'tclass' | 'dropped' | 'mark' | 'segment';
  readonly value: number;
}
/** A message without a type here. */
export interface UnknownControl {
  readonly level: number;
  readonly type: number;
  readonly data: Uint8Array;
}
/** A control message. */
export type ControlMessage =
  | Rights
  | CredentialsMessage
  | PidDescriptor
  | PacketInfo
  | Timestamp
  | NumberMessage
  | UnknownControl;

// ---- To send

type Encoded = readonly [level: number, type: number, data: Uint8Array];
interface Outgoing {
  readonly type: string;
  readonly keys: Keys;
  /** `name` is where the message stands among the arguments: `control[0]`. Reads each property once. */
  encode(fields: Fields, name: string): Encoded;
}

/** C types of a control message's one number: their bounds, and their bytes. */
const NUMBERS = {
  int: { min: -0x8000_0000, max: 0x7fff_ffff, bytes: (value: number) => new Int32Array([value]) },
  u32: { min: 0, max: 0xffff_ffff, bytes: (value: number) => new Uint32Array([value]) },
  u16: { min: 0, max: 0xffff, bytes: (value: number) => new Uint16Array([value]) },
} as const;

const sentNumber = (
  type: NumberMessage['type'],
  level: number,
  number: number | undefined,
  of: keyof typeof NUMBERS,
): Outgoing | undefined =>
  number === undefined
    ? undefined
    : {
        type,
        keys: keys('type', 'value'),
        encode({ value }, name) {
          const { min, max, bytes } = NUMBERS[of];
          checkInteger(`${name}.value`, value, min, max);
          return [level, number, new Uint8Array(bytes(value).buffer)];
        },
      };

const rights: Outgoing = {
  type: 'rights',
  keys: keys('type', 'fds'),
  encode({ fds }, name) {
    if (!Array.isArray(fds)) throw invalidType(`${name}.fds`, 'an array of descriptors', fds);
    const numbers = Int32Array.from(fds as unknown[], (element, i) => {
      const [at, fd] =
        typeof element === 'object' && element !== null
          ? [`${name}.fds[${i}].fd`, (element as { fd?: unknown }).fd]
          : [`${name}.fds[${i}]`, element];
      checkInteger(at, fd, -0x8000_0000, 0x7fff_ffff);
      return fd;
    });
    return [c.SOL_SOCKET, c.SCM_RIGHTS, new Uint8Array(numbers.buffer)];
  },
};

const credentials = (number: number): Outgoing => ({
  type: 'credentials',
  keys: keys('type', 'pid', 'uid', 'gid'),
  encode({ pid, uid, gid }, name) {
    checkInteger(`${name}.pid`, pid, -0x8000_0000, 0x7fff_ffff);
    checkInteger(`${name}.uid`, uid, 0, 0xffff_ffff);
    checkInteger(`${name}.gid`, gid, 0, 0xffff_ffff);
    return [c.SOL_SOCKET, number, bytesOfStruct(new structs.ucred({ pid, uid, gid }))];
  },
});

const pktinfo: Outgoing = {
  type: 'pktinfo',
  keys: keys('type', 'address', 'specificDestination', 'interface'),
  encode({ address, specificDestination, interface: link }, name) {
    const index = interfaceIndex(`${name}.interface`, link);
    if (typeof address === 'string' && address.includes(':') && c.IPV6_PKTINFO !== undefined) {
      const info = new structs.in6_pktinfo({ ipi6_ifindex: index });
      parseAddress(`${name}.address`, c.AF_INET6, address, bytesOfStruct(info.ipi6_addr));
      if (specificDestination !== undefined)
        throw invalidValue(`${name}.specificDestination`, 'undefined, for IPv6 has none', specificDestination);
      return [c.IPPROTO_IPV6, c.IPV6_PKTINFO, bytesOfStruct(info)];
    }
    const info = new structs.in_pktinfo({ ipi_ifindex: index });
    parseAddress(`${name}.address`, c.AF_INET, address, bytesOfStruct(info.ipi_addr));
    // The kernel takes the source from ipi_spec_dst: where a received message is sent back, the address that it was matched with.
    const source = specificDestination ?? address;
    const key = specificDestination === undefined ? 'address' : 'specificDestination';
    parseAddress(`${name}.${key}`, c.AF_INET, source, bytesOfStruct(info.ipi_spec_dst));
    return [c.IPPROTO_IP, c.IP_PKTINFO, bytesOfStruct(info)];
  },
};

const outgoing: ReadonlyMap<unknown, Outgoing> = new Map(
  [
    rights,
    c.SCM_CREDENTIALS === undefined ? undefined : credentials(c.SCM_CREDENTIALS),
    pktinfo,
    sentNumber('ttl', c.IPPROTO_IP, c.IP_TTL, 'int'),
    sentNumber('tos', c.IPPROTO_IP, c.IP_TOS, 'int'),
    sentNumber('hoplimit', c.IPPROTO_IPV6, c.IPV6_HOPLIMIT, 'int'),
    sentNumber('tclass', c.IPPROTO_IPV6, c.IPV6_TCLASS, 'int'),
    sentNumber('mark', c.SOL_SOCKET, c.SO_MARK, 'u32'),
    sentNumber('segment', c.IPPROTO_UDP, c.UDP_SEGMENT, 'u16'),
  ].flatMap((row) => (row === undefined ? [] : [[row.type, row] as const])),
);

const UNKNOWN = keys('level', 'type', 'data');

/** The level, type and data of a message to send. */
function encode(message: unknown, name: string): Encoded {
  if (typeof message !== 'object' || message === null) throw invalidType(name, 'a control message', message);
  const { type } = message as Fields;
  if (typeof type === 'number') {
    checkFields(name, message, UNKNOWN);
    const { level, data } = message;
    checkInteger(`${name}.level`, level);
    checkInteger(`${name}.type`, type);
    return [level, type, memoryFor(`${name}.data`, data)];
  }
  const row = outgoing.get(type);
  if (row === undefined) {
    const expected = `one of ${[...outgoing.keys()].join(', ')}, or a number with a level and data`;
    throw invalidValue(`${name}.type`, expected, type);
  }
  checkFields(name, message, row.keys);
  return row.encode(message, name);
}

/** The control buffer of messages to send. @throws TypeError, RangeError; SocketError ENODEV for the name of an interface */
export function encodeControl(messages: unknown): Uint8Array {
  if (!Array.isArray(messages)) throw invalidType('control', 'an array', messages);
  const encoded = (messages as unknown[]).map((message, i) => encode(message, `control[${i}]`));
  const buffer = new Uint8Array(encoded.reduce((sum, [, , data]) => sum + CMSG_SPACE(data.length), 0));
  let offset = 0;
  for (const [level, type, data] of encoded) {
    const header = structs.cmsghdr.at(buffer, offset);
    header.cmsg_len = CMSG_LEN(data.length);
    header.cmsg_level = level;
    header.cmsg_type = type;
    buffer.set(data, offset + CMSG_LEN(0));
    offset += CMSG_SPACE(data.length);
  }
  return buffer;
}

// ---- Received

interface Incoming {
  readonly level: number;
  readonly type: number | undefined;
  /** undefined where the data is too short. */
  decode(data: Uint8Array): ControlMessage | undefined;
}

/** A number of the kernel's; a type of service comes as one byte. */
const receivedNumber = (
  type: NumberMessage['type'],
  level: number,
  number: number | undefined,
  of: { at(data: Uint8Array): { readonly value: number } },
): Incoming => ({
  level,
  type: number,
  decode(data) {
    if (data.length < 1) return undefined;
    return { type, value: data.length < 4 ? data[0]! : of.at(data).value };
  },
});

const timestamp = (type: number | undefined, unit: 'tv_usec' | 'tv_nsec'): Incoming => ({
  level: c.SOL_SOCKET,
  type,
  decode(data) {
    if (data.length < structs.timeval.size) return undefined;
    if (unit === 'tv_nsec') {
      const { tv_sec, tv_nsec } = structs.timespec.at(data);
      return { type: 'timestamp', seconds: Number(tv_sec), nanoseconds: Number(tv_nsec) };
    }
    const { tv_sec, tv_usec } = structs.timeval.at(data);
    return { type: 'timestamp', seconds: Number(tv_sec), nanoseconds: Number(tv_usec) * 1000 };
  },
});

const incoming: readonly Incoming[] = [
  {
    level: c.SOL_SOCKET,
    type: c.SCM_RIGHTS,
    decode: (data) => ({ type: 'rights', fds: Array.from(new Int32Array(data.slice(0, data.length & ~3).buffer)) }),
  },
  {
    level: c.SOL_SOCKET,
    type: c.SCM_CREDENTIALS,
    decode(data) {
      if (data.length < structs.ucred.size) return undefined;
      const { pid, uid, gid } = structs.ucred.at(data);
      return { type: 'credentials', pid, uid, gid };
    },
  },
  {
    level: c.SOL_SOCKET,
    type: c.SCM_PIDFD,
    decode: (data) => (data.length < 4 ? undefined : { type: 'pidfd', fd: structs.int.at(data).value }),
  },
  {
    level: c.IPPROTO_IP,
    type: c.IP_PKTINFO,
    decode(data) {
      if (data.length < structs.in_pktinfo.size) return undefined;
      const info = structs.in_pktinfo.at(data);
      return {
        type: 'pktinfo',
        address: formatAddress(c.AF_INET, bytesOfStruct(info.ipi_addr)),
        specificDestination: formatAddress(c.AF_INET, bytesOfStruct(info.ipi_spec_dst)),
        interface: info.ipi_ifindex,
      };
    },
  },
  {
    level: c.IPPROTO_IPV6,
    type: c.IPV6_PKTINFO,
    decode(data) {
      if (data.length < structs.in6_pktinfo.size) return undefined;
      const info = structs.in6_pktinfo.at(data);
      const address = formatAddress(c.AF_INET6, bytesOfStruct(info.ipi6_addr));
      return { type: 'pktinfo', address, interface: info.ipi6_ifindex };
    },
  },
  timestamp(c.SCM_TIMESTAMP, 'tv_usec'),
  timestamp(c.SCM_TIMESTAMPNS, 'tv_nsec'),
  receivedNumber('ttl', c.IPPROTO_IP, c.IP_TTL, structs.int),
  receivedNumber('tos', c.IPPROTO_IP, c.IP_TOS, structs.int),
  receivedNumber('hoplimit', c.IPPROTO_IPV6, c.IPV6_HOPLIMIT, structs.int),
  receivedNumber('tclass', c.IPPROTO_IPV6, c.IPV6_TCLASS, structs.int),
  receivedNumber('dropped', c.SOL_SOCKET, c.SO_RXQ_OVFL, structs.unsigned_int),
  receivedNumber('mark', c.SOL_SOCKET, c.SO_MARK, structs.unsigned_int),
  receivedNumber('segment', c.IPPROTO_UDP, c.UDP_GRO, structs.int),
];
const byNumber = new Map(
  incoming.flatMap((row) => (row.type === undefined ? [] : [[`${row.level} ${row.type}`, row] as const])),
);

/** The messages in a control buffer. A length that does not fit ends the list. */
export function decodeControl(buffer: Uint8Array): ControlMessage[] {
  const messages: ControlMessage[] = [];
  for (let offset = 0; offset + structs.cmsghdr.size <= buffer.length; ) {
    const header = structs.cmsghdr.at(buffer, offset);
    const length = Number(header.cmsg_len);
    if (length < CMSG_LEN(0) || offset + length > buffer.length) break;
    const data = buffer.subarray(offset + CMSG_LEN(0), offset + length);
    const { cmsg_level: level, cmsg_type: type } = header;
    messages.push(byNumber.get(`${level} ${type}`)?.decode(data) ?? { level, type, data: new Uint8Array(data) });
    offset += CMSG_ALIGN(length);
  }
  return messages;
}

/** The descriptors that messages brought. */
export const descriptorsIn = (messages: readonly ControlMessage[]): number[] =>
  messages.flatMap((message) => {
    if (message.type === 'rights') return message.fds;
    return message.type === 'pidfd' && message.fd >= 0 ? [message.fd] : [];
  });
