// Room: what a socket option is: its type, how its value is kept, and getsockopt and setsockopt with that. lib/sockopts.ts has the rows.

import { native } from '../../addon/binding.js';
import { bytesOfStruct, CODEC, FIELDS } from '../../ctypes/index.js';
import * as c from '../../generated/constants.js';
import * as structs from '../../generated/structs.js';
import { checkText, formatAddress, interfaceByName, parseAddress } from '../address.js';
import { check, type SocketError, socketError } from '../errors.js';
import { memoryFor } from '../memory.js';
import { checkInteger, invalidType, outOfRange } from '../validate.js';

declare const LEVEL: unique symbol;
declare const OPTION: unique symbol;
/** A level of options: a number that says which options belong to it. */
export type Level<L extends string> = number & { readonly [LEVEL]: L };
/** An option: a number that carries its level, and its value's type to set and to get. */
export type Option<L extends string, Set, Get = Set> = number & {
  readonly [OPTION]: { readonly level: L; readonly set: Set; readonly get: Get };
};
/** The level that an option belongs to; any, for an option without a type. */
export type LevelOf<O> = O extends { readonly [OPTION]: { readonly level: infer L extends string } }
  ? Level<L>
  : number;
/** What an option is set to; a number or bytes, for an option without a type. */
export type SetOf<O> = O extends { readonly [OPTION]: { readonly set: infer S } } ? S : number | ArrayBufferView;
/** What an option's value is; a number, for an option without a type. */
export type GetOf<O> = O extends { readonly [OPTION]: { readonly get: infer G } } ? G : number;

interface Codec<Set, Get> {
  /** The room to get it, in bytes; 0 for what can only be set. */
  readonly size: number;
  /** The bytes of one of what getsockopt counts, where these are no bytes. */
  readonly unit?: number;
  /** Memory for setsockopt (a flattened sock_fprog, for filters). */
  encode(value: Set): ArrayBufferView | [number, ArrayBufferView];
  decode(bytes: Uint8Array): Get;
}

const rows = new Map<number, Map<number, Codec<unknown, unknown>>>();

/** The option `optname` of `level`: made a row of the table. */
export function row<L extends string, S, G>(level: Level<L>, option: number, codec: Codec<S, G>): Option<L, S, G> {
  let options = rows.get(level);
  if (options === undefined) rows.set(level, (options = new Map()));
  options.set(option, codec as Codec<unknown, unknown>);
  return option as Option<L, S, G>;
}
/** A row that this platform may lack. */
export const optional = <L extends string, S, G>(level: Level<L>, option: number | undefined, codec: Codec<S, G>) =>
  option === undefined ? undefined : row(level, option, codec);

// ---- Codecs

const at = (bytes: Uint8Array, size: number): Uint8Array => {
  const whole = new Uint8Array(size);
  whole.set(bytes.subarray(0, size));
  return whole;
};
const readInt = (bytes: Uint8Array): number => (bytes.length === 1 ? bytes[0]! : structs.int.at(at(bytes, 4)).value);

/** A C int. */
export const int: Codec<number, number> = {
  size: 4,
  encode(value) {
    checkInteger('value', value);
    return new Int32Array([value]);
  },
  decode: readInt,
};
/** A C int that is 0 or 1. */
export const flag: Codec<boolean, boolean> = {
  size: 4,
  encode(value) {
    if (typeof value !== 'boolean') throw invalidType('value', 'of type boolean', value);
    return new Int32Array([value ? 1 : 0]);
  },
  decode: (bytes) => readInt(bytes) !== 0,
};
/** Milliseconds, kept in `unit`s of them. */
export const milliseconds = (unit: number): Codec<number, number> => ({
  size: 4,
  encode(value) {
    if (typeof value !== 'number') throw invalidType('value', 'of type number (milliseconds)', value);
    if (!(value >= 0) || value % unit !== 0 || value / unit > 0x7fff_ffff) {
      throw outOfRange(
        'value',
        unit === 1 ? 'whole milliseconds' : `a multiple of ${unit} milliseconds: the kernel counts seconds`,
        value,
      );
    }
    return new Int32Array([value / unit]);
  },
  decode: (bytes) => readInt(bytes) * unit,
});
/** Milliseconds, kept as a timeval; 0 is none. */
export const timeval: Codec<number, number> = {
  size: structs.timeval.size,
  encode(value) {
    if (typeof value !== 'number') throw invalidType('value', 'of type number (milliseconds)', value);
    if (!(value >= 0) || value > Number.MAX_SAFE_INTEGER)
      throw outOfRange('value', 'milliseconds, not negative', value);
    const tv_sec = Math.floor(value / 1000);
    // Rounded up: a time-out of less than a microsecond is not none.
    return bytesOfStruct(
      new structs.timeval({ tv_sec, tv_usec: Math.min(999_999, Math.ceil((value - tv_sec * 1000) * 1000)) }),
    );
  },
  decode(bytes) {
    const { tv_sec, tv_usec } = structs.timeval.at(at(bytes, structs.timeval.size));
    return Number(tv_sec) * 1000 + Number(tv_usec) / 1000;
  },
};
/** How long close() waits for unsent data; null: it does not. */
export interface Linger {
  readonly seconds: number;
}
export const linger: Codec<Linger | null, Linger | null> = {
  size: structs.linger.size,
  encode(value) {
    if (value === null) return bytesOfStruct(new structs.linger());
    if (typeof value !== 'object') throw invalidType('value', 'null or { seconds: number }', value);
    checkInteger('value.seconds', value.seconds, 0, 0x7fff_ffff);
    return bytesOfStruct(new structs.linger({ l_onoff: 1, l_linger: value.seconds }));
  },
  decode(bytes) {
    const { l_onoff, l_linger } = structs.linger.at(at(bytes, structs.linger.size));
    return l_onoff === 0 ? null : { seconds: l_linger };
  },
};
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** A short text. */
export const text = (size: number): Codec<string, string> => ({
  size,
  encode(value) {
    checkText('value', value);
    const bytes = Buffer.from(`${value}\0`);
    if (bytes.length > size) throw outOfRange('value', `of at most ${size - 1} bytes`, value);
    return bytes;
  },
  decode(bytes) {
    const nul = bytes.indexOf(0);
    return decoder.decode(nul < 0 ? bytes : bytes.subarray(0, nul));
  },
});
/** What can only be asked. */
export const readOnly = <G>(codec: Pick<Codec<never, G>, 'size' | 'decode'>): Codec<never, G> => ({
  ...codec,
  encode(_value) {
    throw socketError(c.ENOPROTOOPT, 'setsockopt');
  },
});
/** The error that waited on the socket; asking clears it. */
export const pendingError = readOnly<SocketError | null>({
  size: 4,
  decode(bytes) {
    const errno = readInt(bytes);
    return errno === 0 ? null : socketError(errno, 'getsockopt');
  },
});
/** A process's identity. */
export interface Credentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}
export const ucred = readOnly<Credentials>({
  size: structs.ucred.size,
  decode(bytes) {
    const { pid, uid, gid } = structs.ucred.at(at(bytes, structs.ucred.size));
    return { pid, uid, gid };
  },
});
/** A multicast group, and the interface to receive it on: an index, a name, or (IPv4) one of its addresses; 0 is the system's choice. */
export interface Membership {
  readonly address: string;
  readonly interface?: number | string;
}
function interfaceOf(value: Membership): number {
  const name = value.interface ?? 0;
  if (typeof name === 'string') return interfaceByName(name);
  checkInteger('value.interface', name, 0, 0x7fff_ffff);
  return name;
}
function checkMembership(value: unknown): asserts value is Membership {
  if (typeof value !== 'object' || value === null) throw invalidType('value', '{ address, interface? }', value);
}
export const membership: Codec<Membership, never> = {
  size: 0,
  encode(value) {
    checkMembership(value);
    const request = new structs.ip_mreqn();
    parseAddress(c.AF_INET, value.address, bytesOfStruct(request.imr_multiaddr));
    if (typeof value.interface === 'string' && /^\d+(\.\d+){3}$/.test(value.interface)) {
      parseAddress(c.AF_INET, value.interface, bytesOfStruct(request.imr_address));
    } else request.imr_ifindex = interfaceOf(value);
    return bytesOfStruct(request);
  },
  decode: () => undefined as never,
};
export const membership6: Codec<Membership, never> = {
  size: 0,
  encode(value) {
    checkMembership(value);
    const request = new structs.ipv6_mreq();
    parseAddress(c.AF_INET6, value.address, bytesOfStruct(request.ipv6mr_multiaddr));
    request.ipv6mr_interface = interfaceOf(value);
    return bytesOfStruct(request);
  },
  decode: () => undefined as never,
};
/** An IPv4 address. */
export const inet: Codec<string, string> = {
  size: 4,
  encode(value) {
    const address = new Uint8Array(4);
    parseAddress(c.AF_INET, value, address);
    return address;
  },
  decode: (bytes) => formatAddress(c.AF_INET, at(bytes, 4)),
};
/** TCP_INFO: the fields of `struct tcp_info` that the kernel filled. */
export type TcpInfo = {
  readonly [K in keyof structs.tcp_info as K extends `tcpi_${string}` ? K : never]: structs.tcp_info[K];
};
export const tcpInfo = readOnly<TcpInfo>({
  size: structs.tcp_info.size,
  decode(bytes) {
    const info = structs.tcp_info.at(at(bytes, structs.tcp_info.size));
    const filled: Record<string, unknown> = {};
    for (const [name, { offset, type }] of structs.tcp_info[FIELDS]) {
      if (offset + type.size <= bytes.length) filled[name] = info[name as keyof structs.tcp_info];
    }
    return filled as TcpInfo;
  },
});
/** One instruction of a classic BPF program. */
export interface FilterInstruction {
  readonly code: number;
  readonly jt?: number;
  readonly jf?: number;
  readonly k?: number;
}
export const filter: Codec<readonly FilterInstruction[], FilterInstruction[]> = {
  size: 4096 * structs.sock_filter.size, // BPF_MAXINSNS
  unit: structs.sock_filter.size,
  encode(value) {
    if (!Array.isArray(value)) throw invalidType('value', 'an array of instructions', value);
    checkInteger('value.length', value.length, 0, 4096);
    const { size } = structs.sock_filter;
    const program = new Uint8Array(size * value.length);
    const memory = new DataView(program.buffer);
    for (const [i, instruction] of value.entries()) {
      if (typeof instruction !== 'object' || instruction === null)
        throw invalidType(`value[${i}]`, 'an instruction: { code, jt?, jf?, k? }', instruction);
      const { code, jt = 0, jf = 0, k = 0 } = instruction;
      for (const [name, number, max] of Object.entries({ code, jt, jf, k }).map(
        ([name, number], column) => [name, number, [0xffff, 0xff, 0xff, 0xffff_ffff][column]!] as const,
      )) {
        checkInteger(`value[${i}].${name}`, number, 0, max);
      }
      structs.sock_filter[CODEC].init(memory, i * size, { code, jt, jf, k });
    }
    return [value.length, program];
  },
  decode(bytes) {
    const { size } = structs.sock_filter;
    return Array.from({ length: bytes.length / size }, (_, i) => {
      const { code, jt, jf, k } = structs.sock_filter.at(bytes, i * size);
      return { code, jt, jf, k };
    });
  },
};
/** What is set by asking for it; its value is null. */
export const NOTHING: Codec<null, never> = {
  size: 0,
  encode(value) {
    if (value !== null) throw invalidType('value', 'null', value);
    return new Int32Array(1);
  },
  decode: () => undefined as never,
};

// ---- The calls

/** getsockopt(2): an option's value; of `size` bytes, the bytes. */
export function getOption(open: () => number, level: unknown, optname: unknown, size: unknown): unknown {
  checkInteger('level', level);
  checkInteger('option', optname);
  if (size !== undefined) checkInteger('size', size, 0, 1 << 20);
  const codec = rows.get(level)?.get(optname);
  const room = size ?? codec?.size ?? 4;
  if (size === undefined && room === 0) throw socketError(c.ENOPROTOOPT, 'getsockopt');
  const { unit = 1 } = codec ?? {};
  const value = new Uint8Array(room);
  const length = new Uint32Array([room / unit]);
  check(native.getsockopt(open(), level, optname, value, length), 'getsockopt');
  const bytes = value.subarray(0, Math.min(length[0]! * unit, room));
  if (size !== undefined) return bytes;
  return codec ? codec.decode(bytes) : readInt(bytes);
}

/** setsockopt(2): sets an option to a value of its own type; without one, to a number (a C int). Bytes serve for each. */
export function setOption(open: () => number, level: unknown, optname: unknown, value: unknown): void {
  checkInteger('level', level);
  checkInteger('option', optname);
  const codec = rows.get(level)?.get(optname);
  let memory: ArrayBufferView | [number, ArrayBufferView];
  if (codec && !ArrayBuffer.isView(value)) memory = codec.encode(value);
  else if (typeof value === 'number') memory = int.encode(value);
  else memory = memoryFor('value', value, 'a number, a view or a buffer');
  // A filter's sock_fprog is 16 bytes, pointer and all.
  const length = Array.isArray(memory) ? 16 : memory.byteLength;
  check(native.setsockopt(open(), level, optname, memory, length), 'setsockopt');
}
