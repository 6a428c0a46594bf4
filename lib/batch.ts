// Room: MessageBatch: the memory of several messages, prepared once and used again and again.
import { type Address, decodeAddress, encodeAddress } from './address.js';
import { type ControlMessage, decodeControl, encodeControl } from './control.js';
import { closeUntaken, hold } from './descriptors.js';
import { type Caller, invalidType, outOfRange } from './errors.js';
import { sockaddr_storage } from './generated/structs.js';

const NAME = sockaddr_storage.size;
/** Columns of the table that native code shares: lengths in bytes, and flags. */
const [LENGTH, NAMELEN, CONTROLLEN, FLAGS, COLUMNS] = [0, 1, 2, 3, 4];

/** What native code takes of a batch. */
export interface BatchMemory {
  readonly data: Uint8Array;
  readonly names: Uint8Array;
  readonly control: Uint8Array;
  readonly entries: Int32Array;
  readonly size: number;
  readonly controlSize: number;
}

const memories = new WeakMap<MessageBatch, BatchMemory>();
/** The memory of a batch, or the TypeError for what is none. */
export function memoryOf(batch: MessageBatch, caller: Caller): BatchMemory {
  const memory = memories.get(batch);
  if (memory === undefined) throw invalidType('batch', 'an instance of MessageBatch', batch, caller);
  return memory;
}
const setLengths = new WeakMap<MessageBatch, (length: number) => void>();
/** After recvmmsg: how many messages came. */
export const filled = (batch: MessageBatch, length: number): void => setLengths.get(batch)!(length);

/**
 * Room for `count` messages of at most `size` bytes (and `controlSize` bytes of control data) each. `Socket.recvmmsg(batch)` fills it;
 * `add` and `Socket.sendmmsg(batch)` send it. What `data(i)` gives is a view that the next call overwrites.
 * @throws RangeError for a count beyond 1024 or a size that is none.
 */
export class MessageBatch {
  readonly #count: number;
  readonly #memory: BatchMemory;
  #length = 0;
  #held: (Set<number> | undefined)[] = [];

  constructor(count: number, { size, controlSize = 0 }: { size: number; controlSize?: number }) {
    for (const [name, value, max] of [
      ['count', count, 1024],
      ['size', size, 1 << 24],
      ['controlSize', controlSize, 1 << 20],
    ] as const) {
      if (typeof value !== 'number') throw invalidType(name, 'of type number', value, MessageBatch);
      if (!Number.isInteger(value) || value < (name === 'count' ? 1 : 0) || value > max) {
        throw outOfRange(name, `a whole number up to ${max}`, value, MessageBatch);
      }
    }
    this.#count = count;
    this.#memory = {
      data: new Uint8Array(count * size),
      names: new Uint8Array(count * NAME),
      control: new Uint8Array(count * controlSize),
      entries: new Int32Array(count * COLUMNS),
      size,
      controlSize,
    };
    memories.set(this, this.#memory);
    setLengths.set(this, (length) => this.#fill(length));
  }

  /** How many messages it has room for. */
  get capacity(): number {
    return this.#count;
  }
  /** How many messages it holds. */
  get length(): number {
    return this.#length;
  }

  /** The bytes of message `i`: a view. @throws RangeError */
  data(i: number): Uint8Array {
    const { data, size, entries } = this.#memory;
    const start = this.#index(i, this.data) * size;
    // With MSG_TRUNC the length is the datagram's own, which may be more than there was room for.
    return data.subarray(start, start + Math.min(size, entries[i * COLUMNS + LENGTH]!));
  }
  /** The address of message `i`. @throws RangeError */
  address(i: number): Address {
    const start = this.#index(i, this.address) * NAME;
    return decodeAddress(
      this.#memory.names.subarray(start, start + Math.min(NAME, this.#memory.entries[i * COLUMNS + NAMELEN]!)),
    );
  }
  /** The control messages of message `i`. Its descriptors are closed by the next call unless they are taken. @throws RangeError */
  control(i: number): ControlMessage[] {
    const { control, controlSize, entries } = this.#memory;
    const start = this.#index(i, this.control) * controlSize;
    return decodeControl(control.subarray(start, start + Math.min(controlSize, entries[i * COLUMNS + CONTROLLEN]!)));
  }
  /** The flags of message `i`: MSG_TRUNC, MSG_CTRUNC, …. @throws RangeError */
  flags(i: number): number {
    return this.#memory.entries[this.#index(i, this.flags) * COLUMNS + FLAGS]!;
  }

  /**
   * Adds a message to send: its bytes are copied. `domain` tells the address's family where the address itself does not.
   * @throws RangeError if it does not fit, TypeError for a wrong type.
   */
  add(data: Uint8Array | string, address?: Address, control?: readonly ControlMessage[], domain = 0): this {
    const i = this.#length;
    if (i === this.#count) throw outOfRange('batch', `of at most ${this.#count} messages`, i + 1, this.add);
    const { data: memory, names, control: controls, entries, size, controlSize } = this.#memory;
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    if (!(bytes instanceof Uint8Array)) throw invalidType('data', 'a Uint8Array or a string', data, this.add);
    const name = address === undefined ? new Uint8Array(0) : encodeAddress(address, domain, this.add);
    const extra = control === undefined ? new Uint8Array(0) : encodeControl(control, this.add);
    if (bytes.length > size) throw outOfRange('data', `of at most ${size} bytes`, bytes.length, this.add);
    if (extra.length > controlSize)
      throw outOfRange('control', `of at most ${controlSize} bytes`, extra.length, this.add);
    memory.set(bytes, i * size);
    names.set(name.subarray(0, NAME), i * NAME);
    controls.set(extra, i * controlSize);
    entries.set([bytes.length, name.length, extra.length, 0], i * COLUMNS);
    this.#length = i + 1;
    return this;
  }

  /** Empties it, and closes descriptors that nobody took. */
  clear(): void {
    this.#fill(0);
  }

  #fill(length: number): void {
    for (const held of this.#held) if (held) closeUntaken(held);
    this.#held = [];
    this.#length = length;
    if (this.#memory.controlSize === 0) return;
    for (let i = 0; i < length; i++) {
      const fds = this.control(i).flatMap((message) => (message.type === 'rights' ? message.fds : []));
      if (fds.length > 0) this.#held.push(hold(this, fds));
    }
  }

  #index(i: number, caller: Caller): number {
    if (!Number.isInteger(i) || i < 0 || i >= this.#length) {
      throw outOfRange('i', `the number of a message: there are ${this.#length}`, i, caller);
    }
    return i;
  }
}
