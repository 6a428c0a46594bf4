// Room: the Socket class: a descriptor with the verbs of the BSD socket API. Safe by default: typed, close-on-exec, no SIGPIPE, EINTR
// retried, and every failure an error of its own class.
import { type Address, type AddressInput, addressDetails, encodeAddress } from './address.js';
import { filled, MessageBatch, memoryOf } from './batch.js';
import { native } from './binding.js';
import * as call from './call.js';
import { type Buffer_, bytesFor, CLOEXEC, checkFlags, type Data, messageOf, NOSIGNAL, prepare } from './call.js';
import { type ControlMessage, encodeControl } from './control.js';
import { disown, own, take } from './descriptors.js';
import type { Domain } from './domains.js';
import { type Caller, check, endOfStream, invalidType, outOfRange, socketError } from './errors.js';
import * as c from './generated/constants.js';
import { ReceivedMessage } from './message.js';
import { codecOf, type GetOf, type LevelOf, type SetOf } from './sockopts.js';

/** Something whose descriptor somebody else owns: Node's sockets and servers, or any object with `fd`. */
export type DescriptorOwner = { readonly fd: number } | object;

/** A message to send. */
export interface OutgoingMessage<A extends Address = Address> {
  /** Its bytes, in one piece or several. */
  readonly data: Data | readonly Data[];
  readonly control?: readonly ControlMessage[];
  readonly address?: AddressInput<A>;
}

/** Who owns a descriptor that `Socket.from` was given, asked at each call. */
function descriptorOf(source: unknown): (() => number) | undefined {
  if (typeof source === 'number') return () => source;
  if (typeof source !== 'object' || source === null) return undefined;
  if ('fd' in source && typeof source.fd === 'number') return () => (source as { fd: number }).fd;
  // net.Socket, net.Server and what is built on them keep their handle here; dgram.Socket keeps it behind a symbol.
  const state = Object.getOwnPropertySymbols(source).find(({ description }) => description === 'state symbol');
  type Handle = { readonly fd?: number } | null | undefined;
  if (state !== undefined) return () => (source as Record<symbol, { handle?: Handle }>)[state]?.handle?.fd ?? -1;
  if ('_handle' in source) return () => (source as { _handle?: Handle })._handle?.fd ?? -1;
  return undefined;
}

const asList = <T>(data: T | readonly T[]): readonly T[] => (Array.isArray(data) ? data : [data as T]);

/** A socket whose addresses are of type `A`. `close()` it, or declare it with `using`. */
export class Socket<A extends Address = Address> {
  #fd = -1;
  /** Asks a borrowed socket's owner for the descriptor. */
  #borrowed: (() => number) | undefined;
  #domain: number | undefined;
  #type: number | undefined;
  #protocol: number | undefined;

  /**
   * `socket(2)`: a new socket. Its descriptor is close-on-exec.
   * @throws SocketError; TypeError for an argument of a wrong type.
   */
  constructor(domain: Domain<A>, type: number | undefined, protocol?: number);
  constructor(domain: number | undefined, type: number | undefined, protocol?: number);
  constructor(domain: unknown, type?: unknown, protocol: number | undefined = 0) {
    if (domain instanceof Opened) {
      this.#fd = domain.fd;
      this.#borrowed = domain.borrowed;
      this.#domain = domain.domain;
      this.#type = domain.type;
      this.#protocol = domain.protocol;
    } else {
      for (const [name, value] of Object.entries({ domain, type, protocol })) {
        if (!Number.isInteger(value)) throw invalidType(name, 'an integer', value, Socket);
      }
      this.#domain = domain as number;
      this.#type = (type as number) & ~(CLOEXEC | (c.SOCK_NONBLOCK ?? 0));
      this.#protocol = protocol;
      this.#fd = prepare(
        check(native.socket(domain as number, (type as number) | CLOEXEC, protocol), 'socket', Socket),
      );
    }
    if (!this.#borrowed) own(this, this.#fd);
  }

  /** `socketpair(2)`: two connected sockets. @throws SocketError, TypeError */
  static pair<A extends Address>(
    domain: Domain<A>,
    type: number | undefined,
    protocol?: number,
  ): [Socket<A>, Socket<A>];
  static pair(domain: number | undefined, type: number | undefined, protocol?: number): [Socket, Socket];
  static pair(domain: number | undefined, type: number | undefined, protocol = 0): [Socket, Socket] {
    for (const [name, value] of Object.entries({ domain, type, protocol })) {
      if (!Number.isInteger(value)) throw invalidType(name, 'an integer', value, Socket.pair);
    }
    const sv = new Int32Array(2);
    check(native.socketpair(domain!, type! | CLOEXEC, protocol, sv), 'socketpair', Socket.pair);
    const plain = type! & ~(CLOEXEC | (c.SOCK_NONBLOCK ?? 0));
    const made = (fd: number): Socket => construct({ fd: prepare(fd), domain, type: plain, protocol });
    return [made(sv[0]!), made(sv[1]!)];
  }

  /**
   * On a descriptor that someone else owns: a number, a `net.Socket`, a `net.Server`, a `dgram.Socket`, an object with `fd`. `close()`
   * only forgets it. An object is asked for its descriptor at each call: once it is destroyed, calls throw BadDescriptorError.
   * @throws TypeError for what has no descriptor.
   */
  static from(source: number | DescriptorOwner): Socket {
    const borrowed = descriptorOf(source);
    if (borrowed === undefined)
      throw invalidType('source', 'a descriptor or an object that has one', source, Socket.from);
    return construct({ fd: -1, borrowed });
  }

  /** Takes ownership of a descriptor: `close()` closes it. @throws TypeError; BadDescriptorError if it is not open. */
  static adopt(fd: number): Socket {
    if (!Number.isInteger(fd)) throw invalidType('fd', 'an integer', fd, Socket.adopt);
    check(native.fcntl(fd, c.F_GETFD), 'fcntl', Socket.adopt, { fd });
    take(fd);
    if (c.SO_NOSIGPIPE !== undefined) prepare(fd);
    return construct({ fd });
  }

  /** Gives up ownership: the descriptor, which the caller closes. This object is closed. @throws BadDescriptorError */
  detach(): number {
    const fd = this.#open('detach', this.detach);
    this.#forget();
    return fd;
  }

  /** The descriptor; -1 once closed. */
  get fd(): number {
    return this.#borrowed ? this.#borrowed() : this.#fd;
  }
  /** Whether `close()` or `detach()` was called. */
  get closed(): boolean {
    return this.#fd < 0 && this.#borrowed === undefined;
  }
  /** The domain: AF_INET, …. @throws SocketError for an adopted descriptor that is no socket. */
  get domain(): number {
    this.#domain ??= this.#ask(c.SO_DOMAIN);
    return this.#domain;
  }
  /** The type: SOCK_STREAM, …. @throws SocketError for an adopted descriptor that is no socket. */
  get type(): number {
    this.#type ??= this.#ask(c.SO_TYPE);
    return this.#type;
  }
  /** The protocol: IPPROTO_TCP, …; 0 for the type's own. @throws SocketError for an adopted descriptor that is no socket. */
  get protocol(): number {
    this.#protocol ??= c.SO_PROTOCOL === undefined ? 0 : this.#ask(c.SO_PROTOCOL);
    return this.#protocol;
  }
  /** Whether calls wait (O_NONBLOCK is off). @throws SocketError */
  get blocking(): boolean {
    const flags = check(native.fcntl(this.#open('fcntl', blocking.get!), c.F_GETFL), 'fcntl', blocking.get!);
    return (flags & c.O_NONBLOCK) === 0;
  }
  set blocking(value: boolean) {
    if (typeof value !== 'boolean') throw invalidType('blocking', 'of type boolean', value, blocking.set!);
    setBlocking(this.#open('fcntl', blocking.set!), value, blocking.set!);
  }

  /** Closes the socket; calling it again does nothing. Never retried, for the descriptor is gone whatever the kernel says. @throws SocketError */
  close(): void {
    const fd = this.#fd;
    this.#forget();
    if (fd < 0) return;
    const result = native.close(fd);
    if (result < 0 && result !== -c.EINTR && result !== -c.EINPROGRESS)
      throw socketError(-result, 'close', this.close, { fd });
  }
  [Symbol.dispose](): void {
    this.close();
  }

  /** `bind(2)`. @throws SocketError, TypeError, RangeError */
  bind(address: AddressInput<A>): this {
    const fd = this.#open('bind', this.bind);
    const bytes = this.#encode(address, this.bind);
    check(native.bind(fd, bytes, bytes.byteLength), 'bind', this.bind, addressDetails(address));
    return this;
  }

  /** `listen(2)`. @throws SocketError, TypeError */
  listen(backlog: number = c.SOMAXCONN): this {
    if (!Number.isInteger(backlog)) throw invalidType('backlog', 'an integer', backlog, this.listen);
    check(native.listen(this.#open('listen', this.listen), backlog), 'listen', this.listen);
    return this;
  }

  /** `accept(2)`: the next connection, and its peer's address. @throws SocketError */
  accept(): { socket: Socket<A>; address: A } {
    return this.#accepted(this.#open('accept', this.accept), this.accept);
  }

  /** `connect(2)`. Interrupted by a signal, it goes on waiting. @throws SocketError, TypeError, RangeError */
  connect(address: AddressInput<A>): this {
    const fd = this.#open('connect', this.connect);
    const bytes = this.#encode(address, this.connect);
    let result = native.connect(fd, bytes, bytes.byteLength);
    if (result === -c.EINTR) {
      // The connection goes on being made: a second call would say EALREADY.
      result = call.waitFor(fd, c.POLLOUT, -1);
      if (result >= 0) result = -this.#pendingError(fd);
    }
    check(result, 'connect', this.connect, addressDetails(address));
    return this;
  }

  /** `shutdown(2)`: SHUT_RD, SHUT_WR or SHUT_RDWR. @throws SocketError, TypeError */
  shutdown(how: number): this {
    if (!Number.isInteger(how)) throw invalidType('how', 'an integer', how, this.shutdown);
    check(native.shutdown(this.#open('shutdown', this.shutdown), how), 'shutdown', this.shutdown);
    return this;
  }

  /** `getsockname(2)`: the socket's own address. @throws SocketError */
  getsockname(): A {
    const fd = this.#open('getsockname', this.getsockname);
    const [result, address] = call.withAddress((name, length) => native.getsockname(fd, name, length));
    check(result, 'getsockname', this.getsockname);
    return address as A;
  }

  /** `getpeername(2)`: the peer's address. @throws SocketError */
  getpeername(): A {
    const fd = this.#open('getpeername', this.getpeername);
    const [result, address] = call.withAddress((name, length) => native.getpeername(fd, name, length));
    check(result, 'getpeername', this.getpeername);
    return address as A;
  }

  /**
   * `getsockopt(2)`: an option's value, of the option's own type. For an option without a type: a number, or with `size` its bytes.
   * @throws SocketError, TypeError
   */
  getsockopt<O extends number>(level: LevelOf<O>, option: O): GetOf<O>;
  getsockopt(level: number, option: number, size: number): Uint8Array;
  getsockopt(level: number, option: number, size?: number): unknown {
    const fd = this.#open('getsockopt', this.getsockopt);
    for (const [name, value] of Object.entries({ level, option, size: size ?? 0 })) {
      if (!Number.isInteger(value)) throw invalidType(name, 'an integer', value, this.getsockopt);
    }
    if (size !== undefined && (size < 0 || size > 1 << 20))
      throw outOfRange('size', 'at most 1 MiB', size, this.getsockopt);
    const codec = size === undefined ? codecOf(level, option) : undefined;
    const value = new Uint8Array(size ?? codec?.size ?? 4);
    const length = new Uint32Array([value.length]);
    check(native.getsockopt(fd, level, option, value, length), 'getsockopt', this.getsockopt);
    const bytes = value.subarray(0, Math.min(length[0]!, value.length));
    if (codec) return codec.decode(bytes, this.getsockopt);
    return size === undefined ? (bytes.length === 4 ? new Int32Array(value.buffer)[0] : (bytes[0] ?? 0)) : bytes;
  }

  /**
   * `setsockopt(2)`: sets an option to a value of the option's own type. For an option without a type: a number (a C int) or bytes.
   * @throws SocketError; TypeError and RangeError for a value that the option does not take.
   */
  setsockopt<O extends number>(level: LevelOf<O>, option: O, value: SetOf<O>): this;
  setsockopt(level: number, option: number, value: unknown): this {
    const fd = this.#open('setsockopt', this.setsockopt);
    for (const [name, number] of Object.entries({ level, option })) {
      if (!Number.isInteger(number)) throw invalidType(name, 'an integer', number, this.setsockopt);
    }
    const codec = codecOf(level, option);
    let memory: ArrayBufferView | [number, ArrayBufferView];
    if (codec && !(ArrayBuffer.isView(value) && value instanceof Uint8Array))
      memory = codec.encode(value, this.setsockopt);
    else if (typeof value === 'number') memory = new Int32Array([value]);
    else memory = bytesFor('value', value, this.setsockopt);
    // A filter's sock_fprog is 16 bytes, pointer and all.
    const length = Array.isArray(memory) ? 16 : memory.byteLength;
    check(native.setsockopt(fd, level, option, memory, length), 'setsockopt', this.setsockopt);
    return this;
  }

  /** `send(2)`: how many bytes were taken. @throws SocketError, TypeError */
  send(data: Data, flags = 0): number {
    checkFlags(flags, this.send);
    const fd = this.#open('send', this.send);
    return check(call.send(fd, bytesFor('data', data, this.send), flags), 'send', this.send);
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  trySend(data: Data, flags = 0): number | null {
    checkFlags(flags, this.trySend);
    const fd = this.#open('send', this.trySend);
    return orNull(call.send(fd, bytesFor('data', data, this.trySend), flags | c.MSG_DONTWAIT), 'send', this.trySend);
  }

  /** `sendto(2)`: how many bytes were taken. @throws SocketError, TypeError, RangeError */
  sendto(data: Data, address: AddressInput<A>, flags = 0): number {
    return check(this.#sendto(data, address, flags, this.sendto), 'sendto', this.sendto, addressDetails(address));
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError, RangeError */
  trySendto(data: Data, address: AddressInput<A>, flags = 0): number | null {
    const result = this.#sendto(data, address, flags | c.MSG_DONTWAIT, this.trySendto);
    return orNull(result, 'sendto', this.trySendto, addressDetails(address));
  }

  /** `recv(2)`: how many bytes were received; 0 at the end of a stream. @throws SocketError, TypeError */
  recv(buffer: Buffer_, flags = 0): number {
    checkFlags(flags, this.recv);
    const fd = this.#open('recv', this.recv);
    return check(call.recv(fd, bytesFor('buffer', buffer, this.recv), flags), 'recv', this.recv);
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  tryRecv(buffer: Buffer_, flags = 0): number | null {
    checkFlags(flags, this.tryRecv);
    const fd = this.#open('recv', this.tryRecv);
    return orNull(
      call.recv(fd, bytesFor('buffer', buffer, this.tryRecv), flags | c.MSG_DONTWAIT),
      'recv',
      this.tryRecv,
    );
  }

  /** `recvfrom(2)`, by recvmsg: also says whether a datagram was cut. @throws SocketError, TypeError */
  recvfrom(buffer: Buffer_, flags = 0): { length: number; address: A; truncated: boolean } {
    return this.#recvfrom(buffer, flags, this.recvfrom)!;
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  tryRecvfrom(buffer: Buffer_, flags = 0): { length: number; address: A; truncated: boolean } | null {
    return this.#recvfrom(buffer, flags, this.tryRecvfrom, c.MSG_DONTWAIT);
  }

  /** `sendmsg(2)`: pieces of memory as one message, with control messages. @throws SocketError, TypeError, RangeError */
  sendmsg(message: OutgoingMessage<A> & { readonly flags?: number }): number {
    const details = message?.address === undefined ? {} : addressDetails(message.address);
    return check(this.#sendmsg(message, 0, this.sendmsg), 'sendmsg', this.sendmsg, details);
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError, RangeError */
  trySendmsg(message: OutgoingMessage<A> & { readonly flags?: number }): number | null {
    return orNull(this.#sendmsg(message, c.MSG_DONTWAIT, this.trySendmsg), 'sendmsg', this.trySendmsg);
  }

  /** `recvmsg(2)`: a message with its address, control messages and flags (MSG_TRUNC, MSG_CTRUNC, …). @throws SocketError, TypeError */
  recvmsg(options: {
    buffers: Buffer_ | readonly Buffer_[];
    controlSize?: number;
    flags?: number;
  }): ReceivedMessage<A> {
    return this.#recvmsg(options, 0, this.recvmsg)!;
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  tryRecvmsg(options: {
    buffers: Buffer_ | readonly Buffer_[];
    controlSize?: number;
    flags?: number;
  }): ReceivedMessage<A> | null {
    return this.#recvmsg(options, c.MSG_DONTWAIT, this.tryRecvmsg);
  }

  /** `sendmmsg(2)`: how many messages were sent. macOS: UnsupportedError. @throws SocketError, TypeError, RangeError */
  sendmmsg(messages: MessageBatch | readonly OutgoingMessage<A>[], flags = 0): number {
    const caller = this.sendmmsg;
    checkFlags(flags, caller);
    const fd = this.#open('sendmmsg', caller);
    if (!native.sendmmsg || !native.send_batch) throw socketError(c.ENOSYS, 'sendmmsg', caller);
    if (messages instanceof MessageBatch) {
      const { data, names, control, entries, size, controlSize } = memoryOf(messages, caller);
      const send = native.send_batch;
      const result = call.retry(() =>
        send(fd, data, names, control, entries, 0, messages.length, size, controlSize, flags | NOSIGNAL),
      );
      return check(result, 'sendmmsg', caller);
    }
    if (!Array.isArray(messages))
      throw invalidType('messages', 'a MessageBatch or an array of messages', messages, caller);
    const vector = messages.map((message) => messageOf(...this.#parts(message, caller)));
    const results = new Int32Array(4 * Math.max(1, vector.length));
    const send = native.sendmmsg;
    return check(
      call.retry(() => send(fd, vector, vector.length, flags | NOSIGNAL, results)),
      'sendmmsg',
      caller,
    );
  }

  /**
   * `recvmmsg(2)`: how many messages came into the batch. Waits for the first alone (MSG_WAITFORONE) unless `flags` say otherwise;
   * macOS: UnsupportedError.
   * @throws SocketError, TypeError
   */
  recvmmsg(batch: MessageBatch, flags: number = c.MSG_WAITFORONE ?? 0): number {
    const caller = this.recvmmsg;
    checkFlags(flags, caller);
    const fd = this.#open('recvmmsg', caller);
    const { data, names, control, entries, size, controlSize } = memoryOf(batch, caller);
    const receive = native.recv_batch;
    if (!receive) throw socketError(c.ENOSYS, 'recvmmsg', caller);
    filled(batch, 0);
    const all = flags | (controlSize > 0 ? (c.MSG_CMSG_CLOEXEC ?? 0) : 0);
    const result = call.retry(() =>
      receive(fd, data, names, control, entries, 0, batch.capacity, size, controlSize, all),
    );
    if (result > 0) filled(batch, result);
    return check(result, 'recvmmsg', caller);
  }

  /** Sends all of it, by as many calls as it takes. @throws SocketError, with `bytes`: how many were taken before the failure. */
  sendAll(data: Data): void {
    const fd = this.#open('send', this.sendAll);
    const bytes = bytesFor('data', data, this.sendAll);
    for (let done = 0; done < bytes.byteLength; ) {
      const result = call.send(fd, done === 0 ? bytes : bytes.subarray(done), 0);
      if (result < 0) throw socketError(-result, 'send', this.sendAll, {}, done);
      done += result;
    }
  }

  /** Fills the buffer, by as many calls as it takes. @throws EndOfStreamError if the peer closes before; SocketError; both with `bytes`. */
  recvExactly(buffer: Buffer_): void {
    const fd = this.#open('recv', this.recvExactly);
    const bytes = bytesFor('buffer', buffer, this.recvExactly);
    for (let done = 0; done < bytes.byteLength; ) {
      const result = call.recv(fd, done === 0 ? bytes : bytes.subarray(done), 0);
      if (result < 0) throw socketError(-result, 'recv', this.recvExactly, {}, done);
      if (result === 0) throw endOfStream('recv', done, bytes.byteLength, this.recvExactly);
      done += result;
    }
  }

  /** accept, never blocking: null where nobody waits. @throws SocketError */
  tryAccept(): { socket: Socket<A>; address: A } | null {
    const fd = this.#open('accept', this.tryAccept);
    const ready = check(call.waitFor(fd, c.POLLIN, 0), 'poll', this.tryAccept);
    return ready === 0 ? null : this.#accepted(fd, this.tryAccept);
  }

  /** connect, never blocking: null where the connection is still being made (writable then means done; SO_ERROR says how). @throws SocketError */
  tryConnect(address: AddressInput<A>): this | null {
    const caller = this.tryConnect;
    const fd = this.#open('connect', caller);
    const bytes = this.#encode(address, caller);
    const flags = check(native.fcntl(fd, c.F_GETFL), 'fcntl', caller);
    const blocking = (flags & c.O_NONBLOCK) === 0;
    if (blocking) setBlocking(fd, false, caller);
    const result = native.connect(fd, bytes, bytes.byteLength);
    if (blocking) setBlocking(fd, true, caller);
    if (result === -c.EINPROGRESS || result === -c.EALREADY || result === -c.EAGAIN) return null;
    check(result, 'connect', caller, addressDetails(address));
    return this;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.closed ? 'Socket { closed }' : `Socket { fd: ${this.fd} }`;
  }

  // ---- Within

  /** The descriptor, for one call. A closed socket never touches a descriptor that was reused. */
  #open(syscall: string, caller: Caller): number {
    const fd = this.#borrowed ? this.#borrowed() : this.#fd;
    if (fd < 0) throw socketError(c.EBADF, syscall, caller);
    return fd;
  }

  #forget(): void {
    if (this.#fd >= 0) disown(this);
    this.#fd = -1;
    this.#borrowed = undefined;
  }

  #ask(option: number | undefined): number {
    const value = new Int32Array(1);
    const fd = this.#open('getsockopt', this.getsockopt);
    if (option === undefined)
      return (call.withAddress((name, length) => native.getsockname(fd, name, length))[1] as { family: unknown })
        ? this.#family(fd)
        : 0;
    check(native.getsockopt(fd, c.SOL_SOCKET, option, value, new Uint32Array([4])), 'getsockopt', this.getsockopt);
    return value[0]!;
  }

  /** macOS has no SO_DOMAIN: the family stands in the address. */
  #family(fd: number): number {
    const name = new Uint8Array(128);
    check(native.getsockname(fd, name, new Uint32Array([128])), 'getsockname', this.getsockname);
    return name[1]!;
  }

  #encode(address: unknown, caller: Caller): Uint8Array {
    return encodeAddress(address, this.domain, caller);
  }

  #pendingError(fd: number): number {
    const value = new Int32Array(1);
    const result = native.getsockopt(fd, c.SOL_SOCKET, c.SO_ERROR, value, new Uint32Array([4]));
    return result < 0 ? -result : value[0]!;
  }

  #accepted(fd: number, caller: Caller): { socket: Socket<A>; address: A } {
    const [result, address] = call.withAddress((name, length) =>
      CLOEXEC ? native.accept4(fd, name, length, CLOEXEC) : native.accept(fd, name, length),
    );
    check(result, 'accept', caller);
    const socket = construct({ fd: prepare(result), domain: this.#domain, type: this.#type, protocol: this.#protocol });
    return { socket: socket as Socket<A>, address: address as A };
  }

  #sendto(data: Data, address: unknown, flags: number, caller: Caller): number {
    checkFlags(flags, caller);
    const fd = this.#open('sendto', caller);
    const bytes = bytesFor('data', data, caller);
    const name = this.#encode(address, caller);
    return call.retry(() => native.sendto(fd, bytes, bytes.byteLength, flags | NOSIGNAL, name, name.byteLength));
  }

  #recvfrom(
    buffer: Buffer_,
    flags: number,
    caller: Caller,
    wait = 0,
  ): { length: number; address: A; truncated: boolean } | null {
    checkFlags(flags, caller);
    const fd = this.#open('recvfrom', caller);
    const received = call.recvmsg(fd, [bytesFor('buffer', buffer, caller)], 0, flags | wait);
    if (typeof received === 'number') {
      if (wait !== 0 && received === -c.EAGAIN) return null;
      throw socketError(-received, 'recvfrom', caller);
    }
    const { length, address } = received;
    return { length, address: address as A, truncated: (received.flags & c.MSG_TRUNC) !== 0 };
  }

  /** The pieces, address and control data of a message to send. */
  #parts(message: OutgoingMessage<A>, caller: Caller): [Uint8Array[], Uint8Array | null, Uint8Array | null] {
    if (typeof message !== 'object' || message === null) throw invalidType('message', 'an object', message, caller);
    const { data, control, address } = message;
    return [
      asList(data as Data).map((piece) => bytesFor('data', piece, caller)),
      address === undefined ? null : this.#encode(address, caller),
      control === undefined ? null : encodeControl(control, caller),
    ];
  }

  #sendmsg(message: OutgoingMessage<A> & { readonly flags?: number }, wait: number, caller: Caller): number {
    const fd = this.#open('sendmsg', caller);
    const parts = this.#parts(message, caller);
    const flags = message.flags ?? 0;
    checkFlags(flags, caller);
    return call.sendmsg(fd, ...parts, flags | wait);
  }

  #recvmsg(
    options: { buffers: Buffer_ | readonly Buffer_[]; controlSize?: number; flags?: number },
    wait: number,
    caller: Caller,
  ): ReceivedMessage<A> | null {
    if (typeof options !== 'object' || options === null) throw invalidType('options', 'an object', options, caller);
    const { buffers, controlSize = 0, flags = 0 } = options;
    checkFlags(flags, caller);
    if (!Number.isInteger(controlSize)) throw invalidType('controlSize', 'an integer', controlSize, caller);
    if (controlSize < 0 || controlSize > 1 << 20) throw outOfRange('controlSize', 'at most 1 MiB', controlSize, caller);
    const fd = this.#open('recvmsg', caller);
    const memory = asList(buffers as Buffer_).map((buffer) => bytesFor('buffers', buffer, caller));
    const received = call.recvmsg(fd, memory, controlSize, flags | wait);
    if (typeof received !== 'number') return new ReceivedMessage<A>(received);
    if (wait !== 0 && received === -c.EAGAIN) return null;
    throw socketError(-received, 'recvmsg', caller);
  }
}

/** How a socket is made on a descriptor that is there already. */
class Opened {
  readonly fd: number = -1;
  readonly borrowed: (() => number) | undefined;
  readonly domain: number | undefined;
  readonly type: number | undefined;
  readonly protocol: number | undefined;
}
const construct = (fields: { fd: number } & { [K in keyof Opened]?: Opened[K] | undefined }): Socket =>
  new Socket(Object.assign(new Opened(), fields) as unknown as number, undefined);

const blocking = Object.getOwnPropertyDescriptor(Socket.prototype, 'blocking')!;

function setBlocking(fd: number, value: boolean, caller: Caller): void {
  const flags = check(native.fcntl(fd, c.F_GETFL), 'fcntl', caller);
  const wanted = value ? flags & ~c.O_NONBLOCK : flags | c.O_NONBLOCK;
  if (wanted !== flags) check(native.fcntl(fd, c.F_SETFL, wanted), 'fcntl', caller);
}

/** A result, or null where the call would have to wait. */
function orNull(
  result: number,
  syscall: string,
  caller: Caller,
  details?: ReturnType<typeof addressDetails>,
): number | null {
  return result === -c.EAGAIN ? null : check(result, syscall, caller, details);
}
