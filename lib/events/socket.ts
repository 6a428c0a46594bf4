// The Socket of bsd-sockets/promises, on the event loop. Each call is tried first and waits only where it would block: lib/events/lane.ts.
import type { Duplex, DuplexOptions } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import { hasAccept4, hasSockCloexec } from '../addon/platform.js';
import * as c from '../generated/constants.js';
import { type Address, type AddressInput, checkAt } from '../socket/address.js';
import { Descriptor, findDescriptors } from '../socket/descriptor.js';
import type { Domain } from '../socket/domains.js';
import { check, endOfStream, ResourceLimitError, socketError, wouldBlock } from '../socket/errors.js';
import { bytesFor, type Data, lengthOf, listOf, type Memory, memoryFor, ownView, Pieces } from '../socket/memory.js';
import { type OutgoingMessage, partsOf, ReceivedMessage, type ReceiveOptions, roomOf } from '../socket/message.js';
import type { GetOf, LevelOf, SetOf } from '../socket/options/table.js';
import type { DescriptorOwner } from '../socket/socket.js';
import * as call from '../socket/system_calls.js';
import { checkFlags, checkInteger, memoryChanged } from '../socket/validate.js';
import * as verbs from '../socket/verbs.js';
import { NO_OPTIONS, type WaitOptions } from './abort.js';
import { connectionFailed, FAILED_IN_A_ROW } from './accept.js';
import { type Attempt, type Closing, Lane, NEXT_TURN, PACED, WAIT, WAIT_OR_TIMER } from './lane.js';
import { ERRORS, type Interest, READ, WRITE } from './loop.js';
import { duplexOf, readableOf, type StreamKind, writableOf } from './streams.js';
import { spend } from './turn.js';

/** What a call that receives waits for. */
const receiving = (flags: number): Interest => (flags & (c.MSG_ERRQUEUE ?? 0) ? ERRORS : READ);

/** `recv(buffer, { timeout: 100 })`: flags may be skipped. @throws TypeError, RangeError */
function argumentsOf(flags: unknown, options: unknown): [flags: number, options: WaitOptions] {
  const skipped = typeof flags === 'object' && flags !== null;
  const number = skipped ? 0 : (flags ?? 0);
  checkFlags(number);
  return [number, ((skipped ? flags : options) ?? NO_OPTIONS) as WaitOptions];
}

/** One web stream and its reader or writer side; made when they are asked for. */
interface Streams {
  readable?: ReadableStream<Uint8Array>;
  writable?: WritableStream<Uint8Array | string>;
}

/**
 * A non-blocking socket whose waiting calls give promises. Each takes `{ signal, timeout }`: an abort rejects with AbortError, a time-out
 * (milliseconds) with TimedOutError, `close()` with BadDescriptorError. A waiting call keeps the process alive, an idle socket does not.
 */
export class Socket<A extends Address = Address> {
  readonly #descriptor: Descriptor;
  #reader: Lane | undefined = undefined;
  #writer: Lane | undefined = undefined;
  #rare: { errors?: Lane; owner?: Closing | undefined; streams?: Streams } | undefined = undefined;
  static {
    findDescriptors((object) => (#descriptor in object ? object.#descriptor : undefined));
  }

  /** `socket(2)`: a new socket, non-blocking and close-on-exec. @throws SocketError, TypeError */
  constructor(domain: Domain<A>, type: number | undefined, protocol?: number);
  constructor(domain: number | undefined, type: number | undefined, protocol?: number);
  constructor(domain: unknown, type?: unknown, protocol: number | undefined = 0) {
    // No caller has a Descriptor: this is how the library makes a Socket on one.
    this.#descriptor =
      domain instanceof Descriptor ? domain : nonblocking(verbs.socket(domain, type, protocol, NONBLOCK));
  }

  /** `socketpair(2)`: two connected sockets. @throws SocketError, TypeError */
  static pair<A extends Address>(
    domain: Domain<A>,
    type: number | undefined,
    protocol?: number,
  ): [Socket<A>, Socket<A>];
  static pair(domain: number | undefined, type: number | undefined, protocol?: number): [Socket, Socket];
  static pair(domain: number | undefined, type: number | undefined, protocol = 0): [Socket, Socket] {
    const [a, b] = verbs.socketpair(domain, type, protocol, NONBLOCK);
    return [on(nonblocking(a)), on(nonblocking(b))];
  }
  /** On a descriptor that someone else owns, which becomes non-blocking: `close()` only forgets it. @throws TypeError, SocketError */
  static from(source: number | DescriptorOwner): Socket {
    const socket = on(unblocked(verbs.borrow(source)));
    const owner = closingOf(source);
    if (owner) socket.#rare = { owner };
    return socket;
  }
  /**
   * Takes ownership of a descriptor, which becomes non-blocking.
   * @throws SocketError, TypeError; Error (ERR_INVALID_STATE) if another object owns it
   */
  static adopt(fd: number): Socket {
    return on(unblocked(verbs.adopt(fd)));
  }
  /** Gives up ownership: the descriptor, which stays non-blocking. Waiting calls are rejected. @throws BadDescriptorError */
  detach(): number {
    return this.#descriptor.release();
  }

  /** The descriptor; -1 once closed. */
  get fd(): number {
    return this.#descriptor.fd;
  }
  /** Whether `close()` or `detach()` was called, or the descriptor was closed by another call of this package. */
  get closed(): boolean {
    return this.#descriptor.closed;
  }
  /** The domain: AF_INET, …. @throws SocketError */
  get domain(): number {
    return verbs.domainOf(this.#descriptor);
  }
  /** The type: SOCK_STREAM, …. @throws SocketError */
  get type(): number {
    return verbs.typeOf(this.#descriptor);
  }
  /** The protocol: IPPROTO_TCP, …. @throws SocketError */
  get protocol(): number {
    return verbs.protocolOf(this.#descriptor);
  }

  /** Closes the socket, and rejects waiting calls with BadDescriptorError; calling it again does nothing. @throws SocketError */
  close(): void {
    this.#descriptor.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** `bind(2)`. @throws SocketError, TypeError, RangeError */
  bind(address: AddressInput<A>): this {
    verbs.bind(this.#descriptor, address);
    return this;
  }
  /** `listen(2)`. @throws SocketError, TypeError */
  listen(backlog?: number): this {
    verbs.listen(this.#descriptor, backlog);
    return this;
  }
  /** `shutdown(2)`. @throws SocketError, TypeError */
  shutdown(how: number): this {
    verbs.shutdown(this.#descriptor, how);
    return this;
  }
  /** `getsockname(2)`. @throws SocketError */
  getsockname(): A {
    return verbs.getsockname(this.#descriptor) as A;
  }
  /** `getpeername(2)`. @throws SocketError */
  getpeername(): A {
    return verbs.getpeername(this.#descriptor) as A;
  }
  /** `getsockopt(2)`: an option's value, or with `size` its bytes. @throws SocketError, TypeError */
  getsockopt<O extends number>(level: LevelOf<O>, option: O): GetOf<O>;
  getsockopt(level: number, option: number, size: number): Uint8Array;
  getsockopt(level: number, option: number, size?: number): unknown {
    return verbs.getsockopt(this.#descriptor, level, option, size);
  }
  /** `setsockopt(2)`. @throws SocketError, TypeError, RangeError */
  setsockopt<O extends number>(level: LevelOf<O>, option: O, value: SetOf<O>): this;
  setsockopt(level: number, option: number, value: unknown): this {
    verbs.setsockopt(this.#descriptor, level, option, value);
    return this;
  }

  /** `accept(2)`: the next connection. Connections that failed before they were accepted are passed over. @throws SocketError */
  accept(options: WaitOptions = NO_OPTIONS): Promise<{ socket: Socket<A>; address: A }> {
    const d = this.#descriptor;
    return this.#lane(READ).call(
      (fd) => {
        for (let failed = 0; failed < FAILED_IN_A_ROW; failed++) {
          // A borrowed listener's owner may have made it blocking.
          if (d.borrowed !== undefined && check(call.waitFor(fd, c.POLLIN, 0), 'poll') === 0) return WAIT;
          const result = call.accept(fd, c.SOCK_NONBLOCK);
          if (wouldBlock(result)) return WAIT;
          if (connectionFailed(result)) continue;
          const connection = check(result, 'accept');
          const address = call.lastAddress() as A;
          return { socket: on<A>(accepted(connection, d)), address };
        }
        return WAIT_OR_TIMER;
      },
      'accept',
      options,
    );
  }

  /** `connect(2)`: resolves when the connection is made. @throws SocketError: the one that SO_ERROR holds; TypeError, RangeError */
  connect(address: AddressInput<A>, options: WaitOptions = NO_OPTIONS): Promise<this> {
    try {
      const bytes = verbs.encode(this.#descriptor, address, 'connect');
      let begun = false;
      return this.#lane(WRITE).call(
        (fd) => {
          let result: number;
          if (begun) {
            if (call.waitFor(fd, c.POLLOUT, 0) === 0) return WAIT;
            result = -Math.abs(call.option(fd, c.SO_ERROR));
          } else {
            result = call.connectOnce(fd, bytes);
            // A Unix listener whose backlog is full: the kernel raises no event when there is room.
            if (result === -c.EAGAIN) return PACED;
            begun = wouldBlock(result);
            if (begun) return WAIT;
          }
          checkAt(result, 'connect', bytes);
          return this;
        },
        'connect',
        options,
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** `send(2)`: how many bytes were taken. @throws SocketError, TypeError */
  send(data: Data, flags?: number | WaitOptions, options?: WaitOptions): Promise<number> {
    try {
      const bytes = bytesFor('data', data);
      const lane = this.#writer;
      if (flags === undefined && options === undefined) {
        if (lane !== undefined && !lane.idle) return lane.wait(bytes, lengthOf(bytes), false) as Promise<number>;
        if (!spend()) return this.#lane(WRITE).wait(bytes, lengthOf(bytes), false) as Promise<number>;
        const result = call.send(this.#descriptor.open('send'), bytes, c.MSG_DONTWAIT);
        if (result >= 0) return Promise.resolve(result);
        if (!wouldBlock(result)) throw socketError(-result, 'send');
        return this.#lane(WRITE).wait(bytes, lengthOf(bytes), true) as Promise<number>;
      }
      const [f, limits] = argumentsOf(flags, options);
      const pieces = new Pieces([bytes]);
      const attempt: Attempt<number> = (fd) => {
        const result = call.send(fd, pieces.after(0)[0]!, f | c.MSG_DONTWAIT);
        return wouldBlock(result) ? WAIT : check(result, 'send');
      };
      return this.#lane(WRITE).call(attempt, 'send', limits);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  /** `recv(2)`: how many bytes were received; 0 at the end of a stream. After a cancelled call no byte is lost. @throws SocketError, TypeError */
  recv(buffer: Memory, flags?: number | WaitOptions, options?: WaitOptions): Promise<number> {
    try {
      const bytes = memoryFor('buffer', buffer);
      const lane = this.#reader;
      if (flags === undefined && options === undefined) {
        if (lane !== undefined && !lane.idle) return lane.wait(bytes, lengthOf(bytes), false) as Promise<number>;
        if (!spend()) return this.#lane(READ).wait(bytes, lengthOf(bytes), false) as Promise<number>;
        const result = call.recv(this.#descriptor.open('recv'), bytes, c.MSG_DONTWAIT);
        if (result >= 0) return Promise.resolve(result);
        if (!wouldBlock(result)) throw socketError(-result, 'recv');
        return this.#lane(READ).wait(bytes, lengthOf(bytes), true) as Promise<number>;
      }
      const [f, limits] = argumentsOf(flags, options);
      const pieces = new Pieces([bytes]);
      const attempt: Attempt<number> = (fd) => {
        const result = call.recv(fd, pieces.after(0)[0]!, f | c.MSG_DONTWAIT);
        return wouldBlock(result) ? WAIT : check(result, 'recv');
      };
      return this.#lane(receiving(f)).call(attempt, 'recv', limits);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  /**
   * `recv(2)` of at most `limit` bytes: a copy of its own; empty at the end of a stream. No buffer is kept while it waits.
   * @throws SocketError, TypeError, RangeError
   */
  recvBytes(limit: number | WaitOptions = 65_536, options?: WaitOptions): Promise<Uint8Array> {
    try {
      const skipped = typeof limit === 'object' && limit !== null;
      const most = skipped ? 65_536 : limit;
      checkInteger('limit', most, 0, 0x7fff_ffff);
      const limits = (skipped ? limit : options) ?? NO_OPTIONS;
      const lane = this.#lane(READ);
      if (limits !== NO_OPTIONS) return lane.call(receivingBytes(most), 'recv', limits);
      if (!lane.idle || !spend()) return lane.wait(undefined, most, false) as Promise<Uint8Array>;
      const received = call.recvBytes(this.#descriptor.open('recv'), most, c.MSG_DONTWAIT);
      if (typeof received !== 'number') return Promise.resolve(received);
      if (!wouldBlock(received)) throw socketError(-received, 'recv');
      return lane.wait(undefined, most, true) as Promise<Uint8Array>;
    } catch (error) {
      return Promise.reject(error);
    }
  }
  /** `sendto(2)`. @throws SocketError, TypeError, RangeError */
  sendto(data: Data, address: AddressInput<A>, flags?: number | WaitOptions, options?: WaitOptions): Promise<number> {
    try {
      const d = this.#descriptor;
      const [f, limits] = argumentsOf(flags, options);
      const pieces = new Pieces([bytesFor('data', data)]);
      const name = verbs.encode(d, address, 'sendto');
      let begun = false;
      const attempt: Attempt<number> = (fd) => {
        const [bytes] = pieces.after(0);
        if (begun) return sendBegun(fd, bytes!, f);
        const result = call.sendto(fd, bytes!, f | c.MSG_DONTWAIT, name);
        // MSG_FASTOPEN began a connection, and took no data.
        begun = result === -c.EINPROGRESS || result === -c.EALREADY;
        return wouldBlock(result) ? unsent(d, fd, result, true) : checkAt(result, 'sendto', name);
      };
      return this.#lane(WRITE).call(attempt, 'sendto', limits);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  /** `recvfrom(2)`, by recvmsg: also says whether a datagram was cut. @throws SocketError, TypeError */
  recvfrom(
    buffer: Memory,
    flags?: number | WaitOptions,
    options?: WaitOptions,
  ): Promise<{ length: number; address: A; truncated: boolean }> {
    try {
      const d = this.#descriptor;
      const [f, limits] = argumentsOf(flags, options);
      const pieces = new Pieces([memoryFor('buffer', buffer)]);
      const attempt: Attempt<{ length: number; address: A; truncated: boolean }> = (fd) => {
        const received = call.recvmsg(fd, pieces.after(0), 0, f | c.MSG_DONTWAIT, d.domain);
        if (typeof received === 'number') {
          if (wouldBlock(received)) return WAIT;
          throw socketError(-received, 'recvfrom');
        }
        const { length, address } = received;
        return { length, address: address as A, truncated: (received.flags & c.MSG_TRUNC) !== 0 };
      };
      return this.#lane(receiving(f)).call(attempt, 'recvfrom', limits);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  /** `sendmsg(2)`: pieces of memory as one message, with control messages. @throws SocketError, TypeError, RangeError */
  sendmsg(
    message: OutgoingMessage<A> & { readonly flags?: number },
    options: WaitOptions = NO_OPTIONS,
  ): Promise<number> {
    try {
      const d = this.#descriptor;
      const parts = partsOf(message, (address) => verbs.encode(d, address, 'sendmsg'));
      const { address, control, flags } = parts;
      const pieces = new Pieces(parts.pieces);
      let begun = false;
      const attempt: Attempt<number> = (fd) => {
        const rest = pieces.after(0);
        if (begun && connecting(fd)) return WAIT;
        const [to, f] = begun ? [null, flags & ~(c.MSG_FASTOPEN ?? 0)] : [address, flags];
        const result = call.sendmsg(fd, rest, to, control, f | c.MSG_DONTWAIT);
        begun ||= result === -c.EINPROGRESS || result === -c.EALREADY;
        return wouldBlock(result) ? unsent(d, fd, result, to !== null) : checkAt(result, 'sendmsg', address);
      };
      return this.#lane(WRITE).call(attempt, 'sendmsg', options);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  /** `recvmsg(2)`: a message with its address, control messages and flags. @throws SocketError, TypeError */
  recvmsg(message: ReceiveOptions, options: WaitOptions = NO_OPTIONS): Promise<ReceivedMessage<A>> {
    try {
      const d = this.#descriptor;
      const { buffers, controlSize, flags } = roomOf(message);
      const pieces = new Pieces(buffers);
      const attempt: Attempt<ReceivedMessage<A>> = (fd) => {
        const domain = controlSize > 0 ? verbs.knownDomain(d, fd) : d.domain;
        const received = call.recvmsg(fd, pieces.after(0), controlSize, flags | c.MSG_DONTWAIT, domain);
        if (typeof received !== 'number') return new ReceivedMessage<A>(received);
        if (wouldBlock(received)) return WAIT;
        throw socketError(-received, 'recvmsg');
      };
      return this.#lane(receiving(flags)).call(attempt, 'recvmsg', options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Sends all of it, in one piece or several. On a socket with message boundaries the pieces are one message, which may be empty.
   * @throws SocketError, AbortError or TypeError, with `bytes`: how many were taken before
   */
  sendAll(data: Data | readonly Data[], options: WaitOptions = NO_OPTIONS): Promise<void> {
    try {
      const pieces = new Pieces(listOf(data, (piece, i) => bytesFor('data', piece, i)));
      let empty = pieces.total === 0 && !verbs.isStream(this.#descriptor);
      let done = 0;
      const attempt: Attempt<void> = (fd) => {
        for (let first = true; done < pieces.total || empty; first = false) {
          if (!first && !spend()) return NEXT_TURN;
          const rest = pieces.after(done);
          const result =
            rest.length === 1
              ? call.send(fd, rest[0]!, c.MSG_DONTWAIT)
              : call.sendmsg(fd, rest.slice(0, MOST_PIECES), null, null, c.MSG_DONTWAIT);
          if (wouldBlock(result)) return WAIT;
          done += check(result, 'send');
          empty = false;
        }
        return undefined;
      };
      return this.#lane(WRITE).call(attempt, 'send', options, () => done);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Fills the buffer. On a socket with message boundaries it goes on over an empty message.
   * @throws EndOfStreamError if the peer closes before; SocketError, AbortError or TypeError; all with `bytes`
   */
  recvExactly(buffer: Memory, options: WaitOptions = NO_OPTIONS): Promise<void> {
    try {
      const d = this.#descriptor;
      const bytes = ownView(memoryFor('buffer', buffer));
      const wanted = lengthOf(bytes);
      let done = 0;
      const attempt: Attempt<void> = (fd) => {
        for (let first = true; done < wanted; first = false) {
          if (!first && !spend()) return NEXT_TURN;
          if (lengthOf(bytes) !== wanted) throw memoryChanged(done);
          const result = call.recv(fd, done === 0 ? bytes : bytes.subarray(done), c.MSG_DONTWAIT);
          if (wouldBlock(result)) return WAIT;
          if (result === 0 && verbs.atEnd(d)) throw endOfStream('recv', done, wanted);
          done += check(result, 'recv');
        }
        return undefined;
      };
      return this.#lane(READ).call(attempt, 'recv', options, () => done);
    } catch (error) {
      return Promise.reject(error);
    }
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
        if (!(error instanceof ResourceLimitError)) throw error;
        if (!told) {
          process.emitWarning(`${error.message}: connections wait until descriptors are free again`, {
            type: 'BsdSocketsResourceWarning',
            code: 'BSD_SOCKETS_ACCEPT',
          });
        }
        told = true;
        await this.#pause(100);
        continue;
      }
      told = false;
      yield next;
    }
  }

  /**
   * What is received as a web stream. Of a stream socket it is a stream of bytes, whose end is the peer's; of a socket with message boundaries
   * one chunk a message, empty ones too. Cancelling it shuts down receiving.
   */
  get readable(): ReadableStream<Uint8Array> {
    const streams = this.#streams;
    streams.readable ??= readableOf(this, this.#kind);
    return streams.readable;
  }
  /** What is written is sent, with back-pressure; closing it shuts down sending. */
  get writable(): WritableStream<Uint8Array | string> {
    const streams = this.#streams;
    streams.writable ??= writableOf(this);
    return streams.writable;
  }
  get #kind(): StreamKind {
    const d = this.#descriptor;
    const bytes = verbs.isStream(d);
    // Elsewhere no message is longer than a chunk.
    return { bytes, long: !bytes && verbs.domainOf(d) === c.AF_UNIX, ended: () => verbs.atEnd(d) };
  }
  get #streams(): Streams {
    this.#rare ??= {};
    this.#rare.streams ??= {};
    return this.#rare.streams;
  }
  /**
   * A `node:stream` Duplex over the socket, with back-pressure and half-close; in object mode, one chunk a message, on a socket with message
   * boundaries. Destroying it closes the socket.
   */
  toDuplex(options: DuplexOptions = {}): Duplex {
    return duplexOf(this, this.#kind, options);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.closed ? 'Socket { closed }' : `Socket { fd: ${this.fd} }`;
  }

  #lane(interest: Interest): Lane {
    if (interest === READ) return (this.#reader ??= new Lane(this.#descriptor, READ, this.#rare?.owner));
    if (interest === WRITE) return (this.#writer ??= new Lane(this.#descriptor, WRITE, this.#rare?.owner));
    this.#rare ??= {};
    this.#rare.errors ??= new Lane(this.#descriptor, ERRORS, this.#rare.owner);
    return this.#rare.errors;
  }

  /** Waits, and no longer than the socket is open. */
  async #pause(timeout: number): Promise<void> {
    const lane = new Lane(this.#descriptor, ERRORS, undefined);
    await lane.call<never>(() => WAIT, 'accept', { timeout }).catch(() => {});
    this.#descriptor.detachFrom(lane);
  }
}

/** A try of recvBytes. */
const receivingBytes =
  (limit: number): Attempt<Uint8Array> =>
  (fd) => {
    const received = call.recvBytes(fd, limit, c.MSG_DONTWAIT);
    if (typeof received !== 'number') return received;
    if (wouldBlock(received)) return WAIT;
    throw socketError(-received, 'recv');
  };

/** UIO_MAXIOV: the pieces of one sendmsg at most. */
const MOST_PIECES = 1024;

/** Why a send that would block has to wait. `to`: it named an address. */
function unsent(d: Descriptor, fd: number, result: number, to: boolean): typeof WAIT | typeof PACED {
  // A Unix receiver that is full: the kernel raises no event when it has room, but a false one at each try.
  return to && result === -c.EAGAIN && verbs.knownDomain(d, fd) === c.AF_UNIX ? PACED : WAIT;
}

/** Whether a connection that a send began (MSG_FASTOPEN) is still being made. @throws SocketError for one that failed */
function connecting(fd: number): boolean {
  if (call.waitFor(fd, c.POLLOUT, 0) === 0) return true;
  check(-Math.abs(call.option(fd, c.SO_ERROR)), 'connect');
  return false;
}
/** The send of the data, once the connection is made. */
function sendBegun(fd: number, bytes: Uint8Array, flags: number): number | typeof WAIT {
  if (connecting(fd)) return WAIT;
  const result = call.send(fd, bytes, (flags & ~(c.MSG_FASTOPEN ?? 0)) | c.MSG_DONTWAIT);
  return wouldBlock(result) ? WAIT : check(result, 'sendto');
}

/** Makes it non-blocking, or closes it. */
function unblocked(descriptor: Descriptor): Descriptor {
  try {
    verbs.setBlocking(descriptor, false);
  } catch (error) {
    descriptor.close();
    throw error;
  }
  return descriptor;
}

/** Given to socket, socketpair and accept4, where they take flags. */
const NONBLOCK = hasSockCloexec ? (c.SOCK_NONBLOCK ?? 0) : 0;
/** A descriptor that was made with NONBLOCK. */
const nonblocking = (descriptor: Descriptor): Descriptor => (NONBLOCK === 0 ? unblocked(descriptor) : descriptor);
/** A connection of a listener, non-blocking. */
const accepted = (fd: number, listener: Descriptor): Descriptor => {
  const descriptor = verbs.accepted(fd, listener);
  return hasAccept4 ? descriptor : unblocked(descriptor);
};

/** A Socket on a descriptor that does not block. */
const on = <A extends Address>(descriptor: Descriptor): Socket<A> =>
  new Socket<A>(descriptor as unknown as Domain<A>, undefined);

/** Node's sockets and servers say when they are closed. */
function closingOf(source: unknown): Closing | undefined {
  const owner = source as Partial<Closing> | null;
  return typeof owner === 'object' && typeof owner?.on === 'function' && typeof owner.off === 'function'
    ? (owner as Closing)
    : undefined;
}
