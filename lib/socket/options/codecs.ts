// Codecs: how the value of a socket option is kept in memory. lib/socket/options/rows.ts gives each option its codec.
import { bytesOfStruct, CODEC, FIELDS } from '../../ctypes/index.js';
import * as c from '../../generated/constants.js';
import * as structs from '../../generated/structs.js';
import { type SocketError, socketError } from '../errors.js';
import { formatAddress, interfaceIndex, padded, parseAddress } from '../families.js';
import { checkFields, checkInteger, checkText, integerOr, invalidType, keys, outOfRange } from '../validate.js';

/** Memory for setsockopt; a program of instructions is their number and their memory, which native code makes a sock_fprog of. */
export type Memory = ArrayBufferView | [count: number, instructions: ArrayBufferView];

/** How the value of an option is kept. `Set` is what it is set to, `Get` what it is. */
export interface Codec<Set, Get> {
  /** The room to get it, in bytes; 0 for an option that can only be set. */
  readonly size: number;
  /** The bytes of one element, where getsockopt counts elements. */
  readonly unit?: number;
  /** Whether only the kernel knows the length: `size` is enough in the usual case. */
  readonly grows?: boolean;
  /** Whether memory of the caller's own is refused, because it would hold a pointer. */
  readonly holdsPointer?: boolean;
  encode(value: Set): Memory;
  decode(bytes: Uint8Array): Get;
}

/** At least `size` bytes: the kernel may have written fewer. */
const at = (bytes: Uint8Array, size: number): Uint8Array => padded(bytes, size);

// ---- Numbers, by their C type

/** What an `int` of the kernel's holds. A single byte is a number, too: Linux gives one where there is room for no more. */
export const readInt = (bytes: Uint8Array): number =>
  bytes.length === 1 ? bytes[0]! : structs.int.at(at(bytes, 4)).value;

const integer = (min: number, max: number, decode: (bytes: Uint8Array) => number): Codec<number, number> => ({
  size: 4,
  encode(value) {
    checkInteger('value', value, min, max);
    return new Int32Array([value]); // a u32 wraps to the same bytes
  },
  decode,
});
/** `int`. */
export const int = integer(-0x8000_0000, 0x7fff_ffff, readInt);
/** `u32`: never negative. */
export const u32 = integer(0, 0xffff_ffff, (bytes) => readInt(bytes) >>> 0);
/** An option without a row: 32 bits that the caller takes for signed or not. */
export const anyInt = integer(-0x8000_0000, 0xffff_ffff, readInt);
/** `u64`: a bigint. A whole number serves to set it. */
export const u64: Codec<number | bigint, bigint> = {
  size: 8,
  encode(value) {
    if (typeof value !== 'bigint' && typeof value !== 'number')
      throw invalidType('value', 'of type bigint or number', value);
    if (typeof value === 'number' ? !Number.isSafeInteger(value) || value < 0 : BigInt.asUintN(64, value) !== value)
      throw outOfRange('value', 'an unsigned 64-bit integer', value);
    return new BigUint64Array([BigInt(value)]);
  },
  decode: (bytes) => structs.uint64_t.at(at(bytes, 8)).value,
};
/** `int` that is 0 or 1: a boolean. */
export const flag: Codec<boolean, boolean> = {
  size: 4,
  encode(value) {
    if (typeof value !== 'boolean') throw invalidType('value', 'of type boolean', value);
    return new Int32Array([value ? 1 : 0]);
  },
  decode: (bytes) => readInt(bytes) !== 0,
};

// ---- Times

/** Milliseconds, kept as an `int` of `unit` milliseconds. */
export const milliseconds = (unit: number): Codec<number, number> => ({
  size: 4,
  encode(value) {
    if (typeof value !== 'number') throw invalidType('value', 'of type number (milliseconds)', value);
    if (!(value >= 0) || value % unit !== 0 || value / unit > 0x7fff_ffff) {
      const limit = `whole milliseconds up to ${0x7fff_ffff}`;
      const multiple = `a multiple of ${unit} milliseconds up to ${0x7fff_ffff * unit}: the kernel counts seconds`;
      throw outOfRange('value', unit === 1 ? limit : multiple, value);
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
      throw outOfRange('value', `milliseconds from 0 to ${Number.MAX_SAFE_INTEGER}`, value);
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
/** How long close() waits for unsent data; null: it does not wait. */
export interface Linger {
  readonly seconds: number;
}
const LINGER = keys('seconds');
export const linger: Codec<Linger | null, Linger | null> = {
  size: structs.linger.size,
  encode(value) {
    if (value === null) return bytesOfStruct(new structs.linger());
    if (typeof value !== 'object') throw invalidType('value', 'null or { seconds: number }', value);
    checkFields('value', value, LINGER);
    const { seconds } = value as Linger;
    checkInteger('value.seconds', seconds, 0, 0x7fff_ffff);
    return bytesOfStruct(new structs.linger({ l_onoff: 1, l_linger: seconds }));
  },
  decode(bytes) {
    const { l_onoff, l_linger } = structs.linger.at(at(bytes, structs.linger.size));
    return l_onoff === 0 ? null : { seconds: l_linger };
  },
};

// ---- Texts and bytes

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decodeText = (bytes: Uint8Array): string => {
  const nul = bytes.indexOf(0);
  return decoder.decode(nul < 0 ? bytes : bytes.subarray(0, nul));
};
/** A short text, with its NUL at most `size` bytes. */
export const text = (size: number): Codec<string, string> => ({
  size,
  encode(value) {
    checkText('value', value);
    const bytes = Buffer.from(`${value}\0`);
    if (bytes.length > size) throw outOfRange('value', `of at most ${size - 1} bytes`, value);
    return bytes;
  },
  decode: decodeText,
});
/** An option that can only be asked. */
export const readOnly = <G>(codec: Pick<Codec<never, G>, 'size' | 'grows' | 'decode'>): Codec<never, G> => ({
  ...codec,
  encode(_value) {
    throw socketError(c.ENOPROTOOPT, 'setsockopt');
  },
});
/** A text of any length. */
export const longText = readOnly<string>({ size: 256, grows: true, decode: decodeText });
/** Bytes of any length. */
export const longBytes = readOnly<Uint8Array>({ size: 512, grows: true, decode: (bytes) => bytes.slice() });
/** Numbers of users or groups. */
export const ids = readOnly<number[]>({
  size: 256,
  grows: true,
  decode: (bytes) => Array.from(new Uint32Array(bytes.slice(0, bytes.length & ~3).buffer)),
});

// ---- What is known of a socket

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

// ---- Multicast

/** A multicast group, and the interface to receive it on: an index, a name, or (IPv4) one of its addresses; 0 is the system's choice. */
export interface Membership {
  readonly address: string;
  readonly interface?: number | string;
}
const MEMBERSHIP = keys('address', 'interface');
const isInetAddress = (value: unknown): boolean => typeof value === 'string' && /^\d+(\.\d+){3}$/.test(value);
/** An option that is set and cannot be asked. */
const setOnly = <S>(encode: (value: S) => Memory): Codec<S, never> => ({
  size: 0,
  encode,
  decode: () => undefined as never,
});

export const membership = setOnly<Membership>((value) => {
  checkFields('value', value, MEMBERSHIP);
  const { address, interface: link } = value;
  const request = new structs.ip_mreqn();
  parseAddress('value.address', c.AF_INET, address, bytesOfStruct(request.imr_multiaddr));
  if (isInetAddress(link)) parseAddress('value.interface', c.AF_INET, link, bytesOfStruct(request.imr_address));
  else request.imr_ifindex = interfaceIndex('value.interface', link);
  return bytesOfStruct(request);
});
export const membership6 = setOnly<Membership>((value) => {
  checkFields('value', value, MEMBERSHIP);
  const { address, interface: link } = value;
  const request = new structs.ipv6_mreq();
  parseAddress('value.address', c.AF_INET6, address, bytesOfStruct(request.ipv6mr_multiaddr));
  request.ipv6mr_interface = interfaceIndex('value.interface', link);
  return bytesOfStruct(request);
});
/** An IPv4 address. */
export const inet: Codec<string, string> = {
  size: 4,
  encode(value) {
    const address = new Uint8Array(4);
    parseAddress('value', c.AF_INET, value, address);
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

// ---- Filters

/** One instruction of a classic BPF program. */
export interface FilterInstruction {
  readonly code: number;
  readonly jt?: number;
  readonly jf?: number;
  readonly k?: number;
}
const INSTRUCTION = keys('code', 'jt', 'jf', 'k');
/** BPF_MAXINSNS. */
const MOST_INSTRUCTIONS = 4096;

export const filter: Codec<readonly FilterInstruction[], FilterInstruction[]> = {
  size: MOST_INSTRUCTIONS * structs.sock_filter.size,
  unit: structs.sock_filter.size,
  holdsPointer: true,
  encode(value) {
    if (!Array.isArray(value)) throw invalidType('value', 'an array of instructions', value);
    const { length } = value;
    if (length > MOST_INSTRUCTIONS)
      throw outOfRange('value', `an array of at most ${MOST_INSTRUCTIONS} instructions`, value);
    const { size } = structs.sock_filter;
    const program = new Uint8Array(size * length);
    const memory = new DataView(program.buffer);
    for (let i = 0; i < length; i++) {
      const instruction: unknown = value[i];
      const name = `value[${i}]`;
      checkFields(name, instruction, INSTRUCTION);
      const { code, jt, jf, k } = instruction;
      checkInteger(`${name}.code`, code, 0, 0xffff);
      structs.sock_filter[CODEC].init(memory, i * size, {
        code,
        jt: integerOr(0, `${name}.jt`, jt, 0, 0xff),
        jf: integerOr(0, `${name}.jf`, jf, 0, 0xff),
        k: integerOr(0, `${name}.k`, k, 0, 0xffff_ffff),
      });
    }
    return [length, program];
  },
  decode(bytes) {
    const { size } = structs.sock_filter;
    return Array.from({ length: bytes.length / size }, (_, i) => {
      const { code, jt, jf, k } = structs.sock_filter.at(bytes, i * size);
      return { code, jt, jf, k };
    });
  },
};
/** Set without a value: null. */
export const NOTHING: Codec<null, never> = setOnly((value) => {
  if (value !== null) throw invalidType('value', 'null', value);
  return new Int32Array(1);
});
