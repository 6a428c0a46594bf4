// Room: MessageBatch: the memory of several messages, prepared once and used again and again; recvmmsg and sendmmsg with it.

import { argumentList } from '../addon/argument_list.js';
import { native } from '../addon/binding.js';
import { COLUMNS, CONTROLLEN, FLAGS, LENGTH, NAMELEN, pushMessage } from '../addon/msghdr.js';
import * as c from '../generated/constants.js';
import { sockaddr_storage } from '../generated/structs.js';
import { type Address, decodeAddress, encodeAddress } from './address.js';
import { type ControlMessage, decodeControl, descriptorsIn, encodeControl } from './control.js';
import { closeHeld, type Held, hold } from './descriptor.js';
import { bytesFor, type Data, lengthOf, listOf } from './memory.js';
import { type Parts, partsOf } from './message.js';
import { cloexecFor, domainOf, NOSIGNAL, retry } from './system_calls.js';
import { checkFields, checkInteger, invalidType, keys, outOfRange } from './validate.js';

const NAME = sockaddr_storage.size;
const OPTIONS = keys('size', 'controlSize');
/** The most memory of a batch: less than native code's 32-bit lengths. */
const MOST = 0x4000_0000;

/** The memory of a batch, which native code reads and writes. */
export interface BatchMemory {
  readonly data: Uint8Array;
  readonly names: Uint8Array;
  readonly control: Uint8Array;
  readonly entries: Int32Array;
  readonly size: number;
  readonly controlSize: number;
  /** It holds so many messages now, of a socket of that domain; descriptors of the last ones are closed. */
  fill(length: number, domain: number): void;
  /** How many messages it holds. */
  length(): number;
}

const memories = new WeakMap<object, BatchMemory>();
/** The memory of a batch. @throws TypeError */
export function memoryOf(batch: MessageBatch): BatchMemory {
  const memory = typeof batch === 'object' && batch !== null ? memories.get(batch) : undefined;
  if (memory === undefined) throw invalidType('batch', 'an instance of MessageBatch', batch);
  return memory;
}

/** recvmmsg(2) into a batch: how many messages came, or -errno. */
export function receiveBatch(fd: number, batch: BatchMemory, flags: number, domain: number | undefined): number {
  const { data, names, control, entries, size, controlSize, fill } = batch;
  const receive = native.recv_batch;
  if (receive === undefined) return -c.ENOSYS;
  fill(0, c.AF_UNSPEC);
  const count = entries.length / COLUMNS;
  const all = flags | (controlSize > 0 ? cloexecFor(domain) : 0);
  const result = retry(receive, fd, data, names, control, entries, 0, count, size, controlSize, all);
  if (result <= 0) return result;
  // Whose domain? Only an unnamed sender's address depends on it.
  let unnamed = false;
  for (let i = 0; i < result; i++) unnamed ||= entries[i * COLUMNS + NAMELEN] === 0;
  fill(result, unnamed ? (domain ?? domainOf(fd)) : c.AF_UNSPEC);
  return result;
}

/** sendmmsg(2) of a batch from its message `first` on: how many were sent, or -errno. */
export function sendBatch(fd: number, batch: BatchMemory, length: number, first: number, flags: number): number {
  const { data, names, control, entries, size, controlSize } = batch;
  const send = native.send_batch;
  if (send === undefined) return -c.ENOSYS;
  return retry(send, fd, data, names, control, entries, first, length - first, size, controlSize, flags | NOSIGNAL);
}

/** The parts of the messages of an array, from `first` on. @throws TypeError */
export function partsOfAll(messages: unknown, first: number, encode: (address: unknown) => Uint8Array): Parts[] {
  if (!Array.isArray(messages)) throw invalidType('messages', 'a MessageBatch or an array of messages', messages);
  const list = listOf(messages, (message) => message, 'messages');
  checkInteger('first', first, 0, list.length);
  return list.slice(first).map((message, i) => partsOf(message, encode, first + i));
}

/** sendmmsg(2) of messages: how many were sent, or -errno. */
export function sendMessages(fd: number, all: readonly Parts[], flags: number): number {
  if (native.sendmmsg === undefined) return -c.ENOSYS;
  const list = argumentList();
  list.push(fd);
  list.push(all.length);
  for (const { pieces, address, control } of all) pushMessage(list, pieces, address, control);
  list.push(all.length);
  list.push(flags | NOSIGNAL);
  list.push(null);
  let result: number;
  do result = list.call(native.sendmmsg);
  while (result === -c.EINTR);
  list.free();
  return result;
}

/**
 * Room for `count` messages of at most `size` bytes (and `controlSize` bytes of control data) each. `Socket.recvmmsg(batch)` fills it;
 * `add` and `Socket.sendmmsg(batch)` send it. What `data(i)` gives is a view that the next call overwrites.
 * @throws RangeError for a count beyond 1024 or a size that is none.
 */
export class MessageBatch {
  readonly #memory: BatchMemory;
  readonly #capacity: number;
  #length = 0;
  #domain: number = c.AF_UNSPEC;
  #held: Held[] = [];

  constructor(count: number, options: { readonly size: number; readonly controlSize?: number }) {
    checkFields('options', options, OPTIONS);
    const { size, controlSize = 0 } = options;
    checkInteger('count', count, 1, 1024); // UIO_MAXIOV: what the kernel takes at once
    checkInteger('size', size, 0, Math.floor(MOST / count));
    checkInteger('controlSize', controlSize, 0, 1 << 20);
    this.#capacity = count;
    this.#memory = {
      data: new Uint8Array(count * size),
      names: new Uint8Array(count * NAME),
      control: new Uint8Array(count * controlSize),
      entries: new Int32Array(count * COLUMNS),
      size,
      controlSize,
      fill: (length, domain) => this.#fill(length, domain),
      length: () => this.#length,
    };
    memories.set(this, this.#memory);
  }

  /** How many messages it has room for. */
  get capacity(): number {
    return this.#capacity;
  }
  /** How many messages it holds. */
  get length(): number {
    return this.#length;
  }

  /** The bytes of message `i`: a view. @throws RangeError */
  data(i: number): Uint8Array {
    const { data, size, entries } = this.#memory;
    const start = this.#index(i) * size;
    // With MSG_TRUNC the length is the datagram's own, which may be more than there was room for.
    return data.subarray(start, start + Math.min(size, entries[i * COLUMNS + LENGTH]!));
  }
  /** The address of message `i`. @throws RangeError */
  address(i: number): Address {
    const { names, entries } = this.#memory;
    const start = this.#index(i) * NAME;
    return decodeAddress(names.subarray(start, start + Math.min(NAME, entries[i * COLUMNS + NAMELEN]!)), this.#domain);
  }
  /** The control messages of message `i`. Its descriptors are closed by the next call unless they are taken. @throws RangeError */
  control(i: number): ControlMessage[] {
    return this.#control(this.#index(i));
  }
  /** The flags of message `i`: MSG_TRUNC, MSG_CTRUNC, …. @throws RangeError */
  flags(i: number): number {
    return this.#memory.entries[this.#index(i) * COLUMNS + FLAGS]!;
  }

  /**
   * Adds a message to send: its bytes are copied. The address must say its family, for a batch knows no socket.
   * @throws RangeError if it does not fit, TypeError for a wrong type.
   */
  add(data: Data, address?: Address, control?: readonly ControlMessage[]): this {
    const i = this.#length;
    if (i === this.#capacity) throw outOfRange('batch', `of at most ${this.#capacity} messages`, i + 1);
    const { data: memory, names, control: controls, entries, size, controlSize } = this.#memory;
    const bytes = bytesFor('data', data);
    const name = address === undefined ? new Uint8Array(0) : encodeAddress(address, c.AF_UNSPEC, 'sendmmsg');
    const extra = control === undefined ? new Uint8Array(0) : encodeControl(control);
    if (lengthOf(bytes) > size) throw outOfRange('data', `of at most ${size} bytes`, lengthOf(bytes));
    if (extra.length > controlSize) throw outOfRange('control', `of at most ${controlSize} bytes`, extra.length);
    if (name.length > NAME) throw outOfRange('address.bytes', `of at most ${NAME} bytes`, name.length);
    memory.set(bytes, i * size);
    names.set(name, i * NAME);
    controls.set(extra, i * controlSize);
    const row = i * COLUMNS;
    entries[row + NAMELEN] = name.length;
    entries[row + CONTROLLEN] = extra.length;
    entries[row + FLAGS] = 0;
    entries[row + LENGTH] = lengthOf(bytes);
    this.#length = i + 1;
    return this;
  }

  /** Empties it, and closes descriptors that nobody took. */
  clear(): void {
    this.#fill(0, c.AF_UNSPEC);
  }

  #fill(length: number, domain: number): void {
    while (this.#held.length > 0) closeHeld(this.#held.pop()!);
    this.#length = length;
    this.#domain = domain;
    if (this.#memory.controlSize === 0) return;
    for (let i = 0; i < length; i++) {
      const fds = descriptorsIn(this.#control(i)); // not what a subclass makes of them
      if (fds.length > 0) this.#held.push(hold(this, fds));
    }
  }

  #control(i: number): ControlMessage[] {
    const { control, controlSize, entries } = this.#memory;
    const start = i * controlSize;
    return decodeControl(control.subarray(start, start + Math.min(controlSize, entries[i * COLUMNS + CONTROLLEN]!)));
  }

  #index(i: number): number {
    if (!Number.isInteger(i) || i < 0 || i >= this.#length) {
      throw outOfRange('i', `the number of a message: there are ${this.#length}`, i);
    }
    return i;
  }
}
