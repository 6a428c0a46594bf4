// Messages of sendmsg and recvmsg: the parts of one to send, and a received one, which owns the descriptors that came with it.
import type { Address, AddressInput } from './address.js';
import { type ControlMessage, decodeControl, descriptorsIn, encodeControl } from './control.js';
import { closeHeld, type Held, hold, takeHeld } from './descriptor.js';
import { bytesFor, type Data, listOf, type Memory, memoryFor } from './memory.js';
import type { Received } from './system_calls.js';
import { checkFields, checkFlags, checkInteger, keys } from './validate.js';

/** A message to send. */
export interface OutgoingMessage<A extends Address = Address> {
  /** Its bytes, in one piece or several. */
  readonly data: Data | readonly Data[];
  readonly control?: readonly ControlMessage[];
  readonly address?: AddressInput<A>;
}
/** Where to receive a message. */
export interface ReceiveOptions {
  /** Memory for its bytes, in one piece or several. */
  readonly buffers: Memory | readonly Memory[];
  /** The room for control messages, in bytes: none by default. */
  readonly controlSize?: number;
  readonly flags?: number;
}

/** A message to send, as the system call takes it. */
export interface Parts {
  readonly pieces: Uint8Array[];
  readonly address: Uint8Array | null;
  readonly control: Uint8Array | null;
  readonly flags: number;
}

const MESSAGE = keys('data', 'control', 'address', 'flags');
const ROOM = keys('buffers', 'controlSize', 'flags');

/**
 * The parts of a message to send, each of its properties read once. `encode` gives an address's bytes; `index` is the message's place among
 * several. @throws TypeError, RangeError
 */
export function partsOf(message: unknown, encode: (address: unknown) => Uint8Array, index?: number): Parts {
  const [name, of] = index === undefined ? ['message', 'data'] : [`messages[${index}]`, `messages[${index}].data`];
  checkFields(name, message, MESSAGE);
  const { data, control, address, flags = 0 } = message;
  checkFlags(flags);
  return {
    pieces: listOf(data, (piece, i) => bytesFor(of, piece, i), of),
    address: address === undefined ? null : encode(address),
    control: control === undefined ? null : encodeControl(control),
    flags,
  };
}

/** Where a message is received, as the system call takes it. */
export interface Room {
  readonly buffers: Uint8Array[];
  readonly controlSize: number;
  readonly flags: number;
}

/** The room for a message to receive, each property of the options read once. @throws TypeError, RangeError */
export function roomOf(options: unknown): Room {
  checkFields('options', options, ROOM);
  const { buffers, controlSize = 0, flags = 0 } = options;
  checkFlags(flags);
  checkInteger('controlSize', controlSize, 0, 1 << 20);
  return {
    buffers: listOf(buffers, (buffer, i) => memoryFor('buffers', buffer, undefined, i), 'buffers'),
    controlSize,
    flags,
  };
}

/**
 * A received message. Descriptors among its control messages are close-on-exec and the message's own until `Socket.adopt(fd)` or
 * `take()` takes them; `close()` (or `using`) closes the rest, and so does garbage collection.
 */
export class ReceivedMessage<A extends Address = Address> {
  /** How many bytes were received. */
  readonly length: number;
  /** The sender's address. */
  readonly address: A;
  /** The control messages. */
  readonly control: readonly ControlMessage[];
  /** MSG_TRUNC, MSG_CTRUNC, MSG_EOR, MSG_OOB, MSG_ERRQUEUE. */
  readonly flags: number;
  readonly #held: Held;

  /** @internal */
  constructor({ length, address, control, flags }: Received) {
    this.length = length;
    this.address = address as A;
    this.control = decodeControl(control);
    this.flags = flags;
    this.#held = hold(this, descriptorsIn(this.control));
  }

  /** Takes all descriptors that were not taken yet: the caller closes them. */
  take(): number[] {
    return takeHeld(this.#held);
  }
  /** Closes the descriptors that were not taken. */
  close(): void {
    closeHeld(this.#held);
  }
  [Symbol.dispose](): void {
    this.close();
  }
}
