// Room: the control messages, a row each: its level and type, and how its bytes are kept. Lengths from the network are not trusted.

import { CMSG_ALIGN, CMSG_LEN, CMSG_SPACE } from '../addon/cmsg_space.js';
import { bytesOfStruct } from '../ctypes/index.js';
import * as c from '../generated/constants.js';
import * as structs from '../generated/structs.js';
import { formatAddress, interfaceByName, parseAddress } from './address.js';
import { checkInteger, invalidType, invalidValue } from './validate.js';

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

type Input = Readonly<Record<string, unknown>>;
interface Row {
  readonly name: string;
  readonly level: number;
  readonly type: number;
  encode?(message: Input): Uint8Array;
  decode(data: Uint8Array): ControlMessage | undefined;
}

const intBytes = (value: number): Uint8Array => new Uint8Array(new Int32Array([value]).buffer);
const readInt = (data: Uint8Array): number => (data.length < 4 ? data[0]! : structs.int.at(data).value);

function integer(message: Input, key: string): number {
  const value = message[key];
  checkInteger(`control.${key}`, value);
  return value;
}
function interfaceOf(message: Input): number {
  const value = message.interface ?? 0;
  return typeof value === 'string' ? interfaceByName(value) : integer({ interface: value }, 'interface');
}

const numberRow = (name: NumberMessage['type'], level: number, type: number | undefined): Row | undefined =>
  type === undefined
    ? undefined
    : {
        name,
        level,
        type,
        encode: (message) => intBytes(integer(message, 'value')),
        decode: (data) => (data.length >= 1 ? { type: name, value: readInt(data) } : undefined),
      };

function timestampRow(type: number | undefined, unit: 'tv_usec' | 'tv_nsec'): Row | undefined {
  if (type === undefined) return undefined;
  const { size } = structs.timeval;
  return {
    name: 'timestamp',
    level: c.SOL_SOCKET,
    type,
    decode(data) {
      if (data.length < size) return undefined;
      if (unit === 'tv_nsec') {
        const { tv_sec, tv_nsec } = structs.timespec.at(data);
        return { type: 'timestamp', seconds: Number(tv_sec), nanoseconds: Number(tv_nsec) };
      }
      const { tv_sec, tv_usec } = structs.timeval.at(data);
      return { type: 'timestamp', seconds: Number(tv_sec), nanoseconds: Number(tv_usec) * 1000 };
    },
  };
}

const rows = [
  {
    name: 'rights',
    level: c.SOL_SOCKET,
    type: c.SCM_RIGHTS,
    encode(message: Input) {
      if (!Array.isArray(message.fds)) throw invalidType('control.fds', 'an array of descriptors', message.fds);
      const fds = (message.fds as unknown[]).map((fd, i) => {
        const number = typeof fd === 'object' && fd !== null ? (fd as { fd?: unknown }).fd : fd;
        return integer({ [`fds[${i}]`]: number }, `fds[${i}]`);
      });
      return new Uint8Array(new Int32Array(fds).buffer);
    },
    decode: (data: Uint8Array): ControlMessage => ({
      type: 'rights',
      fds: Array.from(new Int32Array(data.slice(0, data.length & ~3).buffer)),
    }),
  },
  c.SCM_CREDENTIALS === undefined
    ? undefined
    : {
        name: 'credentials',
        level: c.SOL_SOCKET,
        type: c.SCM_CREDENTIALS,
        encode: (message: Input) =>
          bytesOfStruct(
            new structs.ucred({
              pid: integer(message, 'pid'),
              uid: integer(message, 'uid'),
              gid: integer(message, 'gid'),
            }),
          ),
        decode(data: Uint8Array): ControlMessage | undefined {
          if (data.length < structs.ucred.size) return undefined;
          const { pid, uid, gid } = structs.ucred.at(data);
          return { type: 'credentials', pid, uid, gid };
        },
      },
  c.SCM_PIDFD === undefined
    ? undefined
    : {
        name: 'pidfd',
        level: c.SOL_SOCKET,
        type: c.SCM_PIDFD,
        decode: (data: Uint8Array): ControlMessage | undefined =>
          data.length < 4 ? undefined : { type: 'pidfd', fd: structs.int.at(data).value },
      },
  {
    name: 'pktinfo',
    level: c.IPPROTO_IP,
    type: c.IP_PKTINFO,
    encode(message: Input) {
      const info = new structs.in_pktinfo({ ipi_ifindex: interfaceOf(message) });
      // To send, the kernel takes the source from ipi_spec_dst.
      parseAddress(c.AF_INET, message.address, bytesOfStruct(info.ipi_spec_dst));
      return bytesOfStruct(info);
    },
    decode(data: Uint8Array): ControlMessage | undefined {
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
  c.IPV6_PKTINFO === undefined
    ? undefined
    : {
        name: 'pktinfo6',
        level: c.IPPROTO_IPV6,
        type: c.IPV6_PKTINFO,
        encode(message: Input) {
          const info = new structs.in6_pktinfo({ ipi6_ifindex: interfaceOf(message) });
          parseAddress(c.AF_INET6, message.address, bytesOfStruct(info.ipi6_addr));
          return bytesOfStruct(info);
        },
        decode(data: Uint8Array): ControlMessage | undefined {
          if (data.length < structs.in6_pktinfo.size) return undefined;
          const info = structs.in6_pktinfo.at(data);
          const address = formatAddress(c.AF_INET6, bytesOfStruct(info.ipi6_addr));
          return { type: 'pktinfo', address, interface: info.ipi6_ifindex };
        },
      },
  timestampRow(c.SCM_TIMESTAMP, 'tv_usec'),
  timestampRow(c.SCM_TIMESTAMPNS, 'tv_nsec'),
  numberRow('ttl', c.IPPROTO_IP, c.IP_TTL),
  numberRow('tos', c.IPPROTO_IP, c.IP_TOS),
  numberRow('hoplimit', c.IPPROTO_IPV6, c.IPV6_HOPLIMIT),
  numberRow('tclass', c.IPPROTO_IPV6, c.IPV6_TCLASS),
  numberRow('dropped', c.SOL_SOCKET, c.SO_RXQ_OVFL),
  numberRow('mark', c.SOL_SOCKET, c.SO_MARK),
  numberRow('segment', c.IPPROTO_UDP, c.UDP_GRO),
].filter((row) => row !== undefined) as readonly Row[];

const byNumber = new Map(rows.map((row) => [`${row.level} ${row.type}`, row]));
const byName = new Map(rows.map((row) => [row.name, row]));

/** The level, type and data of a message to send. */
function encode(message: unknown): [level: number, type: number, data: Uint8Array] {
  if (typeof message !== 'object' || message === null) throw invalidType('control', 'an array of objects', message);
  const fields = message as Input;
  if (typeof fields.type === 'number') {
    const { data } = fields;
    if (!(data instanceof Uint8Array)) throw invalidType('control.data', 'an instance of Uint8Array', data);
    return [integer(fields, 'level'), integer(fields, 'type'), data];
  }
  let name = String(fields.type);
  if (name === 'pktinfo' && String(fields.address).includes(':')) name = 'pktinfo6';
  // One may ask for segments, and is told of them, by different options.
  if (name === 'segment' && c.UDP_SEGMENT !== undefined) {
    const { value } = fields;
    checkInteger('control.value', value, 0, 0xffff);
    return [c.IPPROTO_UDP, c.UDP_SEGMENT, new Uint8Array(new Uint16Array([value]).buffer)];
  }
  const row = byName.get(name);
  if (row?.encode === undefined) {
    throw invalidValue('control.type', `one of ${[...byName.keys()].join(', ')}, or a number`, fields.type);
  }
  return [row.level, row.type, row.encode(fields)];
}

/** The control buffer of messages to send. */
export function encodeControl(messages: unknown): Uint8Array {
  if (!Array.isArray(messages)) throw invalidType('control', 'an array', messages);
  const encoded = (messages as unknown[]).map((message) => encode(message));
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
