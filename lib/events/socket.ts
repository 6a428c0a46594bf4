// Room: the Socket of bsd-sockets/promises, on the event loop. Each call is tried first and waits only where it would block;
// one edge-triggered registration a socket, waiters served in order, in both directions at once.
import type { Duplex, DuplexOptions } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import * as c from '../generated/constants.js';
import { type Address, type AddressInput, checkAt, encodeAddress } from '../socket/address.js';
import type { Domain } from '../socket/domains.js';
import { ConnectionAbortedError, endOfStream, ResourceLimitError } from '../socket/errors.js';
import type { ReceivedMessage } from '../socket/message.js';
import type { GetOf, LevelOf, SetOf } from '../socket/options/rows.js';
import { Socket as Blocking, type DescriptorOwner, type OutgoingMessage, within } from '../socket/socket.js';
import type { Buffer_, Data } from '../socket/system_calls.js';
import { bytesFor, memoryFor, waitFor } from '../socket/system_calls.js';
import { invalidType } from '../socket/validate.js';
import { duplexOf, readableOf, writableOf } from './streams.js';
import {
  CALLS_A_TURN,
  type Call,
  type Closing,
  ERRORS,
  type Interest,
  NO_OPTIONS,
  READ,
  Waiting,
  type WaitOptions,
  WRITE,
} from './waiting.js';

/** How often a connect whose readiness nobody tells of is tried again, in milliseconds. */
const RETRY = 5;

/**
 * Whether a recv that TCP does not fill has taken all there was. An end that came with the last bytes must show (POLLRDHUP). Other streams
 * end a recv where descriptors or another sender's bytes begin.
 */
const DRAINS = c.POLLRDHUP !== undefined;

/** What a call that receives waits for. */
const receiving = (flags = 0): Interest => (flags & (c.MSG_ERRQUEUE ?? 0) ? ERRORS : READ);

/** The arguments of a call that has neither flags nor options. */
const PLAIN: [number, WaitOptions] = [0, NO_OPTIONS];

/** `recv(buffer, { timeout: 100 })`: flags may be skipped. */
function argumentsOf(flags: unknown, options: unknown): [number, WaitOptions] {
  if (flags === undefined && options === undefined) return PLAIN;
  const [number, wait] = typeof flags === 'object' && flags !== null ? [0, flags] : [flags ?? 0, options ?? NO_OPTIONS];
  if (!Number.isInteger(number)) throw invalidType('flags', 'an integer', number);
  if (typeof wait !== 'object' || wait === null) throw invalidType('options', 'an object', wait);
  return [number as number, wait as WaitOptions];
}

/**
 * A non-blocking socket whose waiting calls give promises. Each takes `{ signal, timeout }`: an abort rejects with AbortError, a time-out
 * (milliseconds) with TimedOutError, `close()` with BadDescriptorError. A waiting call keeps the process alive, an idle socket does not.
 */
export class Socket<A extends Address = Address> {
  readonly #socket: Blocking<A>;
  readonly #waiting: Waiting;
  #readable: ReadableStream<Uint8Array> | undefined;
  #writable: WritableStream<Uint8Array | string> | undefined;

  /** `socket(2)`: a new socket, non-blocking and close-on-exec. @throws SocketError, TypeError */
  constructor(domain: Domain<A>, type: number | undefined, protocol?: number);
  constructor(domain: number | undefined, type: number | undefined, protocol?: number);
  constructor(domain: number | Blocking<A> | undefined, type?: number | Waiting, protocol?: number) {
    this.#socket =
      domain instanceof Blocking ? domain : unblocked(new Blocking<A>(domain as Domain<A>, type as number, protocol));
    this.#waiting = type instanceof Waiting ? type : new Waiting();
  }

  /** `socketpair(2)`: two connected sockets. @throws SocketError, TypeError */
  static pair<A extends Address>(
    domain: Domain<A>,
    type: number | undefined,
    protocol?: number,
  ): [Socket<A>, Socket<A>];
  static pair(domain: number | undefined, type: number | undefined, protocol?: number): [Socket, Socket];
  static pair(domain: number | undefined, type: number | undefined, protocol?: number): [Socket, Socket] {
    const [a, b] = Blocking.pair(domain, type, protocol);
    return [around(a), around(b)];
  }
  /** On a descriptor that someone else owns, which becomes non-blocking: `close()` only forgets it. @throws TypeError, SocketError */
  static from(source: number | DescriptorOwner): Socket {
    return around(Blocking.from(source), new Waiting(true, closingOf(source)));
  }
  /** Takes ownership of a descriptor, which becomes non-blocking. @throws SocketError, TypeError */
  static adopt(fd: number): Socket {
    return around(Blocking.adopt(fd));
  }
  /** Gives up ownership: the descriptor, which stays non-blocking. What waits is rejected. @throws BadDescriptorError */
  detach(): number {
    this.#waiting.end();
    return this.#socket.detach();
  }

  /** The descriptor; -1 once closed. */
  get fd(): number {
    return this.#socket.fd;
  }
  /** Whether `close()` or `detach()` was called. */
  get closed(): boolean {
    return this.#socket.closed;
  }
  /** The domain: AF_INET, …. @throws SocketError */
  get domain(): number {
    return this.#socket.domain;
  }
  /** The type: SOCK_STREAM, …. @throws SocketError */
  get type(): number {
    return this.#socket.type;
  }
  /** The protocol: IPPROTO_TCP, …. @throws SocketError */
  get protocol(): number {
    return this.#socket.protocol;
  }

  /** Closes the socket, and rejects what waits with BadDescriptorError; calling it again does nothing. @throws SocketError */
  close(): void {
    this.#waiting.end();
    this.#socket.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** `bind(2)`. @throws SocketError, TypeError, RangeError */
  bind(address: AddressInput<A>): this {
    this.#socket.bind(address);
    return this;
  }
  /** `listen(2)`. @throws SocketError, TypeError */
  listen(backlog?: number): this {
    this.#socket.listen(backlog);
    return this;
  }
  /** `shutdown(2)`. @throws SocketError, TypeError */
  shutdown(how: number): this {
    this.#socket.shutdown(how);
    return this;
  }
  /** `getsockname(2)`. @throws SocketError */
  getsockname(): A {
    return this.#socket.getsockname();
  }
  /** `getpeername(2)`. @throws SocketError */
  getpeername(): A {
    return this.#socket.getpeername();
  }
  /** `getsockopt(2)`: an option's value, or with `size` its bytes. @throws SocketError, TypeError */
  getsockopt<O extends number>(level: LevelOf<O>, option: O): GetOf<O>;
  getsockopt(level: number, option: number, size: number): Uint8Array;
  getsockopt(level: number, option: number, size?: number): unknown {
    return size === undefined
      ? this.#socket.getsockopt(level as never, option)
      : this.#socket.getsockopt(level, option, size);
  }
  /** `setsockopt(2)`. @throws SocketError, TypeError, RangeError */
  setsockopt<O extends number>(level: LevelOf<O>, option: O, value: SetOf<O>): this {
    this.#socket.setsockopt(level, option, value);
    return this;
  }

  /** `accept(2)`: the next connection. @throws SocketError */
  async accept(options: WaitOptions = NO_OPTIONS): Promise<{ socket: Socket<A>; address: A }> {
    const attempt = () => within.accept(this.#socket);
    const { socket, address } = await this.#call(READ, attempt, 'accept', options);
    return { socket: on(socket), address };
  }

  /** `connect(2)`: resolves when the connection is made. @throws SocketError: what SO_ERROR says; TypeError, RangeError */
  async connect(address: AddressInput<A>, options: WaitOptions = NO_OPTIONS): Promise<this> {
    const bytes = encodeAddress(address, this.domain, 'connect');
    // A Unix listener's backlog that is full says EAGAIN, and nobody when there is room.
    const every = this.domain === c.AF_UNIX ? RETRY : undefined;
    let begun = false;
    const attempt = (): true | null => {
      if (!begun) {
        if (this.#socket.tryConnect(address) !== null) return true;
        begun = every === undefined;
        return null;
      }
      if (waitFor(this.fd, c.POLLOUT, 0) === 0) return null;
      const error = this.#socket.getsockopt(c.SOL_SOCKET as never, c.SO_ERROR) as unknown as { errno: number } | null;
      checkAt(error ? -error.errno : 0, 'connect', bytes);
      return true;
    };
    await this.#call(WRITE, attempt, 'connect', options, every);
    return this;
  }

  /** `send(2)`: how many bytes were taken. @throws SocketError, TypeError */
  send(data: Data, flags?: number | WaitOptions, options?: WaitOptions): Promise<number> {
    // No async function: what is called for each packet makes one promise, not two.
    try {
      const [f, wait] = argumentsOf(flags, options);
      const bytes = bytesFor('data', data);
      return this.#waiting.call(new Transfer(this.#socket, this.#waiting, WRITE, bytes, f), wait);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  /** `recv(2)`: how many bytes were received; 0 at the end of a stream. After a cancelled call no byte is lost. @throws SocketError, TypeError */
  recv(buffer: Buffer_, flags?: number | WaitOptions, options?: WaitOptions): Promise<number> {
    try {
      const [f, wait] = argumentsOf(flags, options);
      const bytes = memoryFor('buffer', buffer);
      return this.#waiting.call(new Transfer(this.#socket, this.#waiting, receiving(f), bytes, f), wait);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  /** `sendto(2)`. @throws SocketError, TypeError, RangeError */
  async sendto(
    data: Data,
    address: AddressInput<A>,
    flags?: number | WaitOptions,
    options?: WaitOptions,
  ): Promise<number> {
    const [f, wait] = argumentsOf(flags, options);
    const bytes = bytesFor('data', data);
    return this.#call(WRITE, () => this.#socket.trySendto(bytes, address, f), 'sendto', wait);
  }
  /** `recvfrom(2)`. @throws SocketError, TypeError */
  async recvfrom(
    buffer: Buffer_,
    flags?: number | WaitOptions,
    options?: WaitOptions,
  ): Promise<{ length: number; address: A; truncated: boolean }> {
    const [f, wait] = argumentsOf(flags, options);
    const bytes = memoryFor('buffer', buffer);
    return this.#call(receiving(f), () => this.#socket.tryRecvfrom(bytes, f), 'recvfrom', wait);
  }
  /** `sendmsg(2)`. @throws SocketError, TypeError, RangeError */
  async sendmsg(
    message: OutgoingMessage<A> & { readonly flags?: number },
    options: WaitOptions = NO_OPTIONS,
  ): Promise<number> {
    return this.#call(WRITE, () => this.#socket.trySendmsg(message), 'sendmsg', options);
  }
  /** `recvmsg(2)`. @throws SocketError, TypeError */
  async recvmsg(
    message: { buffers: Buffer_ | readonly Buffer_[]; controlSize?: number; flags?: number },
    options: WaitOptions = NO_OPTIONS,
  ): Promise<ReceivedMessage<A>> {
    return this.#call(receiving(message.flags), () => this.#socket.tryRecvmsg(message), 'recvmsg', options);
  }

  /** Sends all of it. @throws SocketError or AbortError, with `bytes`: how many were taken before. */
  async sendAll(data: Data, options: WaitOptions = NO_OPTIONS): Promise<void> {
    const bytes = bytesFor('data', data);
    let done = 0;
    const attempt = (): true | null => {
      for (let tries = 0; done < bytes.byteLength; tries++) {
        if (tries === CALLS_A_TURN) return this.#later(WRITE);
        const sent = this.#socket.trySend(done === 0 ? bytes : bytes.subarray(done));
        if (sent === null) return null;
        done += sent;
      }
      return true;
    };
    await counted(this.#call(WRITE, attempt, 'send', options), () => done);
  }

  /** Fills the buffer. @throws EndOfStreamError if the peer closes before; SocketError or AbortError; all with `bytes`. */
  async recvExactly(buffer: Buffer_, options: WaitOptions = NO_OPTIONS): Promise<void> {
    const bytes = memoryFor('buffer', buffer);
    let done = 0;
    const attempt = (): true | null => {
      for (let tries = 0; done < bytes.byteLength; tries++) {
        if (tries === CALLS_A_TURN) return this.#later(READ);
        const received = this.#socket.tryRecv(done === 0 ? bytes : bytes.subarray(done));
        if (received === null) return null;
        if (received === 0) throw endOfStream('recv', done, bytes.byteLength);
        done += received;
      }
      return true;
    };
    await counted(this.#call(READ, attempt, 'recv', options), () => done);
  }

  /**
   * `for await (const { socket, address } of server)`: accepts until the server is closed. When descriptors run out it says so by a
   * process warning, and goes on when there are some again.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<{ socket: Socket<A>; address: A }, void, undefined> {
    for (let told = false; !this.closed; ) {
      let next: { socket: Socket<A>; address: A };
      try {
        next = await this.accept();
      } catch (error) {
        if (this.closed) return;
        // A connection that ended before it was accepted concerns nobody else.
        if (error instanceof ConnectionAbortedError) continue;
        if (!(error instanceof ResourceLimitError)) throw error;
        if (!told) {
          process.emitWarning(`${error.message}: connections wait until descriptors are free again`, {
            type: 'BsdSocketsResourceWarning',
            code: 'BSD_SOCKETS_ACCEPT',
          });
        }
        told = true;
        await this.#waiting.pause(100);
        continue;
      }
      told = false;
      yield next;
    }
  }

  /** The received bytes as a web stream; its end is the peer's. Cancelling it shuts down receiving. */
  get readable(): ReadableStream<Uint8Array> {
    this.#readable ??= readableOf(this);
    return this.#readable;
  }
  /** What is written is sent, with back-pressure; closing it shuts down sending. */
  get writable(): WritableStream<Uint8Array | string> {
    this.#writable ??= writableOf(this);
    return this.#writable;
  }
  /** A `node:stream` Duplex over the socket, with back-pressure and half-close. Destroying it closes the socket. */
  toDuplex(options: DuplexOptions = {}): Duplex {
    return duplexOf(this, options);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.closed ? 'Socket { closed }' : `Socket { fd: ${this.fd} }`;
  }

  #call<T>(
    interest: Interest,
    attempt: () => T | null,
    syscall: string,
    options: WaitOptions,
    every?: number,
  ): Promise<T> {
    return this.#waiting.call({ interest, fd: this.fd, attempt, syscall, every }, options);
  }

  /** Goes on after the event loop has turned: nobody will tell that the socket is ready, for it is. */
  #later(interest: Interest): null {
    this.#waiting.soon(interest);
    return null;
  }
}

/** A send or a recv: with no closure, for they are what is called for each packet. */
class Transfer implements Call<number> {
  readonly interest: Interest;
  readonly drains: boolean;
  readonly #socket: Blocking;
  readonly #waiting: Waiting;
  readonly #bytes: Uint8Array;
  readonly #flags: number;

  constructor(socket: Blocking, waiting: Waiting, interest: Interest, bytes: Uint8Array, flags: number) {
    this.#socket = socket;
    this.#waiting = waiting;
    this.interest = interest;
    this.#bytes = bytes;
    this.#flags = flags;
    this.drains = DRAINS && interest === READ && flags === 0 && within.isTcp(socket);
  }
  get fd(): number {
    return this.#socket.fd;
  }
  get syscall(): string {
    return this.interest === WRITE ? 'send' : 'recv';
  }
  attempt(): number | null {
    if (this.interest === WRITE) return this.#socket.trySend(this.#bytes, this.#flags);
    const length = this.#socket.tryRecv(this.#bytes, this.#flags);
    if (length !== null) this.#waiting.drained = this.drains && length > 0 && length < this.#bytes.length;
    return length;
  }
}

/** Makes it non-blocking, or closes it. */
function unblocked<A extends Address>(socket: Blocking<A>): Blocking<A> {
  try {
    socket.blocking = false;
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

/** A non-blocking socket around a blocking one. */
const around = <A extends Address>(socket: Blocking<A>, waiting?: Waiting): Socket<A> => on(unblocked(socket), waiting);

/** A socket on one that does not block. */
const on = <A extends Address>(socket: Blocking<A>, waiting = new Waiting()): Socket<A> =>
  new Socket<A>(socket as unknown as Domain<A>, waiting as unknown as number);

/** Node's sockets and servers say when they are closed. */
function closingOf(source: unknown): Closing | undefined {
  const owner = source as Partial<Closing> | null;
  return typeof owner === 'object' && typeof owner?.on === 'function' && typeof owner.off === 'function'
    ? (owner as Closing)
    : undefined;
}

/** A failure says how many bytes were done. */
async function counted(call: Promise<unknown>, done: () => number): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (typeof error === 'object' && error !== null && !('bytes' in error)) Object.assign(error, { bytes: done() });
    throw error;
  }
}
