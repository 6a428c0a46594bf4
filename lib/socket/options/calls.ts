// getsockopt and setsockopt of the typed layers: the table says how an option's value is kept.
import { native } from '../../addon/binding.js';
import * as c from '../../generated/constants.js';
import { structSizes } from '../../generated/struct_sizes.js';
import { check, type SocketError, socketError } from '../errors.js';
import { isMemory, MEMORY, memoryFor } from '../memory.js';
import { checkInteger } from '../validate.js';
import { anyInt, type Memory, readInt } from './codecs.js';
import './rows.js'; // the rows register themselves
import { codecOf } from './table.js';

/** The most that an option's value may take, in bytes. */
const MOST = 1 << 20;

/** getsockopt(2): an option's value; of `size` bytes, the bytes. `open` gives the descriptor's number, when the arguments were read. */
export function getOption(open: () => number, level: unknown, optname: unknown, size: unknown): unknown {
  checkInteger('level', level);
  checkInteger('option', optname);
  const codec = codecOf(level, optname);
  const unit = codec?.unit ?? 1;
  if (size !== undefined) {
    checkInteger('size', size, 0, MOST);
    return ask(open, level, optname, size, unit);
  }
  if (codec === undefined) return readInt(ask(open, level, optname, 4, unit));
  if (codec.size === 0) throw socketError(c.ENOPROTOOPT, 'getsockopt');
  return codec.decode(ask(open, level, optname, codec.size, unit, codec.grows));
}

/** The bytes of an option's value, for which there is room for `size`. Where it grows, all of a longer value. */
function ask(
  open: () => number,
  level: number,
  optname: number,
  size: number,
  unit: number,
  grows = false,
): Uint8Array {
  const length = new Uint32Array(1);
  for (let room = size; ; ) {
    const value = new Uint8Array(room);
    length[0] = room / unit;
    const result = native.getsockopt(open(), level, optname, value, length);
    const needed = length[0]! * unit;
    if (result >= 0) return value.subarray(0, Math.min(needed, room));
    // Too little room is ERANGE, and EINVAL for TCP_SAVED_SYN. Both come with the length that is needed.
    const short = (result === -c.ERANGE || result === -c.EINVAL) && needed > room;
    if (!short) check(result, 'getsockopt');
    if (!grows || needed > MOST) throw needs(-result, needed);
    room = needed;
  }
}

const needs = (errno: number, length: number): SocketError => socketError(errno, 'getsockopt', { length });

/** setsockopt(2): sets an option to a value of its own type; without one, to a number (a C int). Memory serves for each. */
export function setOption(open: () => number, level: unknown, optname: unknown, value: unknown): void {
  checkInteger('level', level);
  checkInteger('option', optname);
  const memory = memoryOf(level, optname, value);
  const result = Array.isArray(memory)
    ? native.setsockopt(open(), level, optname, value, structSizes.sock_fprog, ...memory)
    : native.setsockopt(open(), level, optname, memory, memory.byteLength);
  check(result, 'setsockopt');
}

function memoryOf(level: number, optname: number, value: unknown): Memory {
  const codec = codecOf(level, optname);
  if (isMemory(value) && !codec?.holdsPointer) return memoryFor('value', value);
  if (codec !== undefined) return codec.encode(value);
  return typeof value === 'number' ? anyInt.encode(value) : memoryFor('value', value, `a number, ${MEMORY}`);
}
