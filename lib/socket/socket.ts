// The Socket class: a descriptor with the verbs of the BSD socket API. Safe by default: typed, close-on-exec, no SIGPIPE, EINTR retried, and
// every failure an error of its own class.
import { native } from '../addon/binding.js';
import * as c from '../generated/constants.js';
import { type Address, type AddressInput, checkAt } from './address.js';
import { MessageBatch, memoryOf, partsOfAll, receiveBatch, sendBatch, sendMessages } from './batch.js';
import { Descriptor, findDescriptors } from './descriptor.js';
import type { Domain } from './domains.js';
import { check, endOfStream, orNull, socketError, wouldBlock } from './errors.js';
import { bytesFor, type Data, lengthOf, listOf, type Memory, memoryFor, ownView, Pieces } from './memory.js';
import { type OutgoingMessage, partsOf, ReceivedMessage, type ReceiveOptions, roomOf } from './message.js';
import type { GetOf, LevelOf, SetOf } from './options/table.js';
import * as call from './system_calls.js';
import { checkFlags, checkInteger, memoryChanged } from './validate.js';
import * as verbs from './verbs.js';

export type { OutgoingMessage, ReceiveOptions } from './message.js';

/** An object whose descriptor someone else owns: Node's sockets and servers, or any object with `fd`. */
export type DescriptorOwner = { readonly fd: number } | object;

/** A socket whose addresses are of type `A`. `close()` it, or declare it with `using`. */
export class Socket<A extends Address = Address> {
  readonly #descriptor: Descriptor;
  static {
    findDescriptors((object) => (#descriptor in object ? object.#descriptor : undefined));
  }

  /**
   * `socket(2)`: a new socket. Its descriptor is close-on-exec.
   * @throws SocketError; TypeError for an argument of a wrong type.
   */
  constructor(domain: Domain<A>, type: number | undefined, protocol?: number);
  constructor(domain: number | undefined, type: number | undefined, protocol?: number);
  constructor(domain: unknown, type?: unknown, protocol: number | undefined = 0) {
    // No caller has a Descriptor: this is how the library makes a Socket on one.
    this.#descriptor = domain instanceof Descriptor ? domain : verbs.socket(domain, type, protocol);
  }

  /** `socketpair(2)`: two connected sockets. @throws SocketError, TypeError */
  static pair<A extends Address>(
    domain: Domain<A>,
    type: number | undefined,
    protocol?: number,
  ): [Socket<A>, Socket<A>];
  static pair(domain: number | undefined, type: number | undefined, protocol?: number): [Socket, Socket];
  static pair(domain: number | undefined, type: number | undefined, protocol = 0): [Socket, Socket] {
    const [a, b] = verbs.socketpair(domain, type, protocol);
    return [on(a), on(b)];
  }

  /**
   * On a descriptor that someone else owns: a number, a `net.Socket`, a `net.Server`, a `dgram.Socket`, an object with `fd`. `close()`
   * only forgets it. An object is asked for its descriptor at each call: once it is destroyed, calls throw BadDescriptorError.
   * @throws TypeError for a source without a descriptor.
   */
  static from(source: number | DescriptorOwner): Socket {
    return on(verbs.borrow(source));
  }

  /**
   * Takes ownership of a descriptor: `close()` closes it. It is close-on-exec from now on.
   * @throws TypeError, RangeError; BadDescriptorError if it is not open; Error (ERR_INVALID_STATE) if another object owns it.
   */
  static adopt(fd: number): Socket {
    return on(verbs.adopt(fd));
  }

  /** Gives up ownership: the descriptor, which the caller closes. This object is closed. @throws BadDescriptorError */
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
  /** The domain: AF_INET, …. @throws SocketError for an adopted descriptor that is no socket. */
  get domain(): number {
    return verbs.domainOf(this.#descriptor);
  }
  /** The type: SOCK_STREAM, …. @throws SocketError for an adopted descriptor that is no socket. */
  get type(): number {
    return verbs.typeOf(this.#descriptor);
  }
  /** The protocol: IPPROTO_TCP, …; 0 for the type's own. @throws SocketError for an adopted descriptor that is no socket. */
  get protocol(): number {
    return verbs.protocolOf(this.#descriptor);
  }
  /** Whether calls wait (O_NONBLOCK is off). @throws SocketError */
  get blocking(): boolean {
    return verbs.isBlocking(this.#descriptor);
  }
  set blocking(value: boolean) {
    verbs.setBlocking(this.#descriptor, value);
  }

  /**
   * Closes the socket; calling it again does nothing. Never retried, for the descriptor is gone whatever the kernel says. Where the
   * descriptor was closed behind this object's back, nothing is closed.
   * @throws SocketError
   */
  close(): void {
    this.#descriptor.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }

  /** `bind(2)`. A failure leaves the socket open. @throws SocketError, TypeError, RangeError */
  bind(address: AddressInput<A>): this {
    verbs.bind(this.#descriptor, address);
    return this;
  }

  /** `listen(2)`. @throws SocketError, TypeError */
  listen(backlog: number = c.SOMAXCONN): this {
    verbs.listen(this.#descriptor, backlog);
    return this;
  }

  /** `accept(2)`: the next connection, and its peer's address. @throws SocketError */
  accept(): { socket: Socket<A>; address: A } {
    return this.#accepted(check(call.accept(this.#descriptor.open('accept')), 'accept'));
  }

  /** `connect(2)`. Interrupted by a signal, it goes on waiting. A failure leaves the socket open. @throws SocketError, TypeError, RangeError */
  connect(address: AddressInput<A>): this {
    const bytes = verbs.encode(this.#descriptor, address, 'connect');
    checkAt(call.connect(this.#descriptor.open('connect'), bytes), 'connect', bytes);
    return this;
  }

  /** `shutdown(2)`: SHUT_RD, SHUT_WR or SHUT_RDWR. @throws SocketError, TypeError */
  shutdown(how: number): this {
    verbs.shutdown(this.#descriptor, how);
    return this;
  }

  /** `getsockname(2)`: the socket's own address. @throws SocketError */
  getsockname(): A {
    return verbs.getsockname(this.#descriptor) as A;
  }

  /** `getpeername(2)`: the peer's address. @throws SocketError */
  getpeername(): A {
    return verbs.getpeername(this.#descriptor) as A;
  }

  /**
   * `getsockopt(2)`: an option's value, of the option's own type. For an option without a type: a number, or with `size` its bytes.
   * @throws SocketError, TypeError
   */
  getsockopt<O extends number>(level: LevelOf<O>, option: O): GetOf<O>;
  getsockopt(level: number, option: number, size: number): Uint8Array;
  getsockopt(level: number, option: number, size?: number): unknown {
    return verbs.getsockopt(this.#descriptor, level, option, size);
  }

  /**
   * `setsockopt(2)`: sets an option to a value of the option's own type. For an option without a type: a number (a C int) or bytes.
   * @throws SocketError; TypeError and RangeError for a value that the option does not take.
   */
  setsockopt<O extends number>(level: LevelOf<O>, option: O, value: SetOf<O>): this;
  setsockopt(level: number, option: number, value: unknown): this {
    verbs.setsockopt(this.#descriptor, level, option, value);
    return this;
  }

  /** `send(2)`: how many bytes were taken. @throws SocketError, TypeError */
  send(data: Data, flags = 0): number {
    checkFlags(flags);
    const bytes = bytesFor('data', data);
    return check(call.send(this.#descriptor.open('send'), bytes, flags), 'send');
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  trySend(data: Data, flags = 0): number | null {
    checkFlags(flags);
    const bytes = bytesFor('data', data);
    return orNull(call.send(this.#descriptor.open('send'), bytes, flags | c.MSG_DONTWAIT), 'send');
  }

  /** `sendto(2)`: how many bytes were taken. @throws SocketError, TypeError, RangeError */
  sendto(data: Data, address: AddressInput<A>, flags = 0): number {
    return this.#sendto(data, address, flags)!;
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError, RangeError */
  trySendto(data: Data, address: AddressInput<A>, flags = 0): number | null {
    return this.#sendto(data, address, flags, c.MSG_DONTWAIT);
  }

  /** `recv(2)`: how many bytes were received; 0 at the end of a stream. @throws SocketError, TypeError */
  recv(buffer: Memory, flags = 0): number {
    checkFlags(flags);
    const bytes = memoryFor('buffer', buffer);
    return check(call.recv(this.#descriptor.open('recv'), bytes, flags), 'recv');
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  tryRecv(buffer: Memory, flags = 0): number | null {
    checkFlags(flags);
    const bytes = memoryFor('buffer', buffer);
    return orNull(call.recv(this.#descriptor.open('recv'), bytes, flags | c.MSG_DONTWAIT), 'recv');
  }
  /** `recv(2)` of at most `limit` bytes: a copy of its own; empty at the end of a stream. @throws SocketError, TypeError, RangeError */
  recvBytes(limit = 65_536): Uint8Array {
    checkInteger('limit', limit, 0, 0x7fff_ffff);
    const received = call.recvBytes(this.#descriptor.open('recv'), limit, 0);
    if (typeof received === 'number') throw socketError(-received, 'recv');
    return received;
  }

  /** `recvfrom(2)`, by recvmsg: also says whether a datagram was cut. @throws SocketError, TypeError */
  recvfrom(buffer: Memory, flags = 0): { length: number; address: A; truncated: boolean } {
    return this.#recvfrom(buffer, flags)!;
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  tryRecvfrom(buffer: Memory, flags = 0): { length: number; address: A; truncated: boolean } | null {
    return this.#recvfrom(buffer, flags, c.MSG_DONTWAIT);
  }

  /** `sendmsg(2)`: pieces of memory as one message, with control messages. @throws SocketError, TypeError, RangeError */
  sendmsg(message: OutgoingMessage<A> & { readonly flags?: number }): number {
    return this.#sendmsg(message)!;
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError, RangeError */
  trySendmsg(message: OutgoingMessage<A> & { readonly flags?: number }): number | null {
    return this.#sendmsg(message, c.MSG_DONTWAIT);
  }

  /** `recvmsg(2)`: a message with its address, control messages and flags (MSG_TRUNC, MSG_CTRUNC, …). @throws SocketError, TypeError */
  recvmsg(options: ReceiveOptions): ReceivedMessage<A> {
    return this.#recvmsg(options)!;
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  tryRecvmsg(options: ReceiveOptions): ReceivedMessage<A> | null {
    return this.#recvmsg(options, c.MSG_DONTWAIT);
  }

  /**
   * `sendmmsg(2)`: how many messages were sent, from the message `first` on: where that is not all of them, the next call begins after
   * these. macOS: UnsupportedError.
   * @throws SocketError, TypeError, RangeError
   */
  sendmmsg(messages: MessageBatch | readonly OutgoingMessage<A>[], flags = 0, first = 0): number {
    checkFlags(flags);
    const d = this.#descriptor;
    if (messages instanceof MessageBatch) {
      const memory = memoryOf(messages);
      const { length } = memory;
      checkInteger('first', first, 0, length());
      return check(sendBatch(d.open('sendmmsg'), memory, length(), first, flags), 'sendmmsg');
    }
    const all = partsOfAll(messages, first, (address) => verbs.encode(d, address, 'sendmmsg'));
    return check(sendMessages(d.open('sendmmsg'), all, flags), 'sendmmsg');
  }

  /**
   * `recvmmsg(2)`: how many messages came into the batch. Waits for the first alone (MSG_WAITFORONE) unless `flags` say otherwise.
   * macOS: UnsupportedError.
   * @throws SocketError, TypeError
   */
  recvmmsg(batch: MessageBatch, flags: number = c.MSG_WAITFORONE ?? 0): number {
    checkFlags(flags);
    const memory = memoryOf(batch);
    const d = this.#descriptor;
    const fd = d.open('recvmmsg');
    const domain = memory.controlSize > 0 ? verbs.knownDomain(d, fd) : d.domain;
    return check(receiveBatch(fd, memory, flags, domain), 'recvmmsg');
  }

  /**
   * Sends all of it, in one piece or several, by as many calls as it takes. On a socket with message boundaries the pieces are one message,
   * which may be empty.
   * @throws SocketError, with `bytes`: how many were taken before the failure; TypeError
   */
  sendAll(data: Data | readonly Data[]): void {
    if (Array.isArray(data)) {
      this.#sendRest(new Pieces(listOf(data, (piece, i) => bytesFor('data', piece, i))), 0);
      return;
    }
    const bytes = bytesFor('data', data);
    const done = check(call.send(this.#descriptor.open('send'), bytes, 0), 'send', undefined, 0);
    if (done < lengthOf(bytes)) this.#sendRest(new Pieces([bytes]), done);
  }
  #sendRest(pieces: Pieces, sent: number): void {
    const d = this.#descriptor;
    const empty = pieces.total === 0 && !verbs.isStream(d);
    for (let done = sent, first = true; done < pieces.total || (first && empty); first = false) {
      const rest = pieces.after(done);
      const result = call.sendmsg(d.open('send'), rest, null, null, 0);
      done += check(result, 'send', undefined, done);
    }
  }

  /**
   * Fills the buffer, by as many calls as it takes. On a socket with message boundaries it goes on over an empty message.
   * @throws EndOfStreamError if the peer closes before; SocketError; both with `bytes`
   */
  recvExactly(buffer: Memory): void {
    const bytes = memoryFor('buffer', buffer);
    const wanted = lengthOf(bytes);
    const d = this.#descriptor;
    for (let done = 0, rest = bytes; done < wanted; rest = ownView(bytes).subarray(done)) {
      const fd = d.open('recv');
      if (lengthOf(bytes) !== wanted) throw memoryChanged(done);
      const result = check(call.recv(fd, rest, 0), 'recv', undefined, done);
      if (result === 0 && verbs.atEnd(d)) throw endOfStream('recv', done, wanted);
      done += result;
      if (done === wanted) return;
    }
  }

  /** accept, never blocking: null where no connection waits. @throws SocketError */
  tryAccept(): { socket: Socket<A>; address: A } | null {
    const fd = this.#descriptor.open('accept');
    const ready = check(call.waitFor(fd, c.POLLIN, 0), 'poll');
    if (ready === 0) return null;
    const result = call.accept(fd);
    // Another process may have been faster.
    return wouldBlock(result) ? null : this.#accepted(check(result, 'accept'));
  }

  /**
   * connect, never blocking: null where the connection is still being made (writable then means done; SO_ERROR says how), or where a Unix
   * listener has no room yet (call it again). @throws SocketError, TypeError, RangeError
   */
  tryConnect(address: AddressInput<A>): this | null {
    const bytes = verbs.encode(this.#descriptor, address, 'connect');
    const fd = this.#descriptor.open('connect');
    const changed = check(call.setBlocking(fd, false), 'fcntl');
    const result = native.connect(fd, bytes, bytes.byteLength);
    if (changed !== 0) call.setBlocking(fd, true);
    if (wouldBlock(result)) return null;
    checkAt(result, 'connect', bytes);
    return this;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.closed ? 'Socket { closed }' : `Socket { fd: ${this.fd} }`;
  }

  #accepted(fd: number): { socket: Socket<A>; address: A } {
    const address = call.lastAddress() as A;
    return { socket: on(verbs.accepted(fd, this.#descriptor)), address };
  }

  #sendto(data: Data, address: unknown, flags: number, wait = 0): number | null {
    checkFlags(flags);
    const bytes = bytesFor('data', data);
    const name = verbs.encode(this.#descriptor, address, 'sendto');
    const result = call.sendto(this.#descriptor.open('sendto'), bytes, flags | wait, name);
    return wait !== 0 && wouldBlock(result) ? null : checkAt(result, 'sendto', name);
  }

  #recvfrom(buffer: Memory, flags: number, wait = 0): { length: number; address: A; truncated: boolean } | null {
    checkFlags(flags);
    const memory = memoryFor('buffer', buffer);
    const d = this.#descriptor;
    const received = call.recvmsg(d.open('recvfrom'), [memory], 0, flags | wait, d.domain);
    if (typeof received === 'number') {
      if (wait !== 0 && wouldBlock(received)) return null;
      throw socketError(-received, 'recvfrom');
    }
    return { length: received.length, address: received.address as A, truncated: (received.flags & c.MSG_TRUNC) !== 0 };
  }

  #sendmsg(message: unknown, wait = 0): number | null {
    const { pieces, address, control, flags } = partsOf(message, (a) => verbs.encode(this.#descriptor, a, 'sendmsg'));
    const result = call.sendmsg(this.#descriptor.open('sendmsg'), pieces, address, control, flags | wait);
    return wait !== 0 && wouldBlock(result) ? null : checkAt(result, 'sendmsg', address);
  }

  #recvmsg(options: ReceiveOptions, wait = 0): ReceivedMessage<A> | null {
    const { buffers, controlSize, flags } = roomOf(options);
    const d = this.#descriptor;
    const fd = d.open('recvmsg');
    const domain = controlSize > 0 ? verbs.knownDomain(d, fd) : d.domain;
    const received = call.recvmsg(fd, buffers, controlSize, flags | wait, domain);
    if (typeof received !== 'number') return new ReceivedMessage<A>(received);
    if (wait !== 0 && wouldBlock(received)) return null;
    throw socketError(-received, 'recvmsg');
  }
}

/** A Socket on a descriptor that is there already. */
const on = <A extends Address>(descriptor: Descriptor): Socket<A> =>
  new Socket<A>(descriptor as unknown as Domain<A>, undefined);
