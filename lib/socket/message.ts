// Room: messages of sendmsg and recvmsg: what one is made of, and one that came, which owns the descriptors that came with it.
import type { Address, AddressInput } from './address.js';
import { type ControlMessage, decodeControl, descriptorsIn, encodeControl } from './control.js';
import { closeUntaken, hold, take } from './ownership.js';
import { type Buffer_, bytesFor, checkFlags, type Data, memoryFor, type Received } from './system_calls.js';
import { checkInteger, invalidType } from './validate.js';

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
  readonly buffers: Buffer_ | readonly Buffer_[];
  /** The room for control messages, in bytes: none by default. */
  readonly controlSize?: number;
  readonly flags?: number;
}

const asList = <T>(value: unknown, each: (piece: unknown) => T): T[] =>
  Array.isArray(value) ? (value as unknown[]).map(each) : [each(value)];

/** The pieces, address and control data of a message to send. `encode` makes an address's bytes. */
export function partsOf(
  message: unknown,
  encode: (address: unknown) => Uint8Array,
): [pieces: Uint8Array[], address: Uint8Array | null, control: Uint8Array | null] {
  if (typeof message !== 'object' || message === null) throw invalidType('message', 'an object', message);
  const { data, control, address } = message as { data?: unknown; control?: unknown; address?: unknown };
  return [
    asList(data, (piece) => bytesFor('data', piece)),
    address === undefined ? null : encode(address),
    control === undefined ? null : encodeControl(control),
  ];
}

/** The memory, the room for control data and the flags of a message to receive. */
export function roomOf(options: unknown): [buffers: Uint8Array[], controlSize: number, flags: number] {
  if (typeof options !== 'object' || options === null) throw invalidType('options', 'an object', options);
  const { buffers, controlSize = 0, flags = 0 } = options as ReceiveOptions;
  checkFlags(flags);
  checkInteger('controlSize', controlSize, 0, 1 << 20);
  return [asList(buffers, (buffer) => memoryFor('buffers', buffer)), controlSize, flags];
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
  readonly #held: Set<number>;

  /** @internal */
  constructor({ length, address, control, flags }: Received) {
    this.length = length;
    this.address = address as A;
    this.control = decodeControl(control);
    this.flags = flags;
    this.#held = hold(this, descriptorsIn(this.control));
  }

  /** Takes all descriptors that nobody has taken yet: the caller closes them. */
  take(): number[] {
    const fds = [...this.#held];
    for (const fd of fds) take(fd);
    return fds;
  }
  /** Closes the descriptors that nobody has taken. */
  close(): void {
    closeUntaken(this.#held);
  }
  [Symbol.dispose](): void {
    this.close();
  }
}
