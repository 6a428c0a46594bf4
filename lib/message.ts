// Room: a message that recvmsg received, which owns the descriptors that came with it.
import type { Address } from './address.js';
import type { Received } from './call.js';
import { type ControlMessage, decodeControl } from './control.js';
import { closeUntaken, hold, take } from './descriptors.js';

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
    this.#held = hold(
      this,
      this.control.flatMap((message) => (message.type === 'rights' ? message.fds : [])),
    );
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
