// Room: the Socket class: a descriptor with the verbs of the BSD socket API. Safe by default: typed, close-on-exec, no SIGPIPE, EINTR
// retried, and every failure an error of its own class.

import { native } from '../addon/binding.js';
import * as c from '../generated/constants.js';
import { type Address, type AddressInput, checkAt, encodeAddress } from './address.js';
import { MessageBatch, receiveBatch, sendBatch, sendMessages } from './batch.js';
import type { Domain } from './domains.js';
import { check, endOfStream, orNull, socketError } from './errors.js';
import { type OutgoingMessage, partsOf, ReceivedMessage, type ReceiveOptions, roomOf } from './message.js';
import { type GetOf, getOption, type LevelOf, type SetOf, setOption } from './options/option.js';
import { descriptorOf, disown, own, take } from './ownership.js';
import * as call from './system_calls.js';
import { type Buffer_, bytesFor, CLOEXEC, checkFlags, type Data, memoryFor, prepare } from './system_calls.js';
import { checkInteger, invalidType } from './validate.js';

export type { OutgoingMessage, ReceiveOptions } from './message.js';

/** Something whose descriptor somebody else owns: Node's sockets and servers, or any object with `fd`. */
export type DescriptorOwner = { readonly fd: number } | object;

/** What bsd-sockets/promises asks of a socket beside its methods. */
export let within: {
  /** tryAccept of a listener that does not block, in one system call: its connection does not block either. */
  accept<A extends Address>(listener: Socket<A>): { socket: Socket<A>; address: A } | null;
  /** Whether it is known to be TCP, without a system call. */
  isTcp(socket: Socket): boolean;
};

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
      checkInteger('domain', domain);
      checkInteger('type', type);
      checkInteger('protocol', protocol);
      this.#domain = domain;
      this.#type = type & ~TYPE_FLAGS;
      this.#protocol = protocol;
      this.#fd = prepare(check(native.socket(domain, type | CLOEXEC, protocol), 'socket'));
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
    checkInteger('domain', domain);
    checkInteger('type', type);
    checkInteger('protocol', protocol);
    const sv = new Int32Array(2);
    check(native.socketpair(domain, type | CLOEXEC, protocol, sv), 'socketpair');
    const made = (fd: number): Socket => construct({ fd: prepare(fd), domain, type: type & ~TYPE_FLAGS, protocol });
    return [made(sv[0]!), made(sv[1]!)];
  }

  /**
   * On a descriptor that someone else owns: a number, a `net.Socket`, a `net.Server`, a `dgram.Socket`, an object with `fd`. `close()`
   * only forgets it. An object is asked for its descriptor at each call: once it is destroyed, calls throw BadDescriptorError.
   * @throws TypeError for what has no descriptor.
   */
  static from(source: number | DescriptorOwner): Socket {
    if (typeof source === 'number') checkInteger('source', source, -1, 0x7fff_ffff);
    const borrowed = descriptorOf(source);
    if (borrowed === undefined) throw invalidType('source', 'a descriptor or an object that has one', source);
    return construct({ fd: -1, borrowed });
  }

  /**
   * Takes ownership of a descriptor: `close()` closes it. It is close-on-exec from now on.
   * @throws TypeError, RangeError; BadDescriptorError if it is not open.
   */
  static adopt(fd: number): Socket {
    checkInteger('fd', fd, -1, 0x7fff_ffff);
    const flags = check(native.fcntl(fd, c.F_GETFD), 'fcntl', { fd });
    if ((flags & c.FD_CLOEXEC) === 0) native.fcntl(fd, c.F_SETFD, flags | c.FD_CLOEXEC);
    take(fd);
    if (c.SO_NOSIGPIPE !== undefined) prepare(fd);
    return construct({ fd });
  }

  /** Gives up ownership: the descriptor, which the caller closes. This object is closed. @throws BadDescriptorError */
  detach(): number {
    const fd = this.#open('detach');
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
    return this.#domainFor();
  }
  /** The type: SOCK_STREAM, …. @throws SocketError for an adopted descriptor that is no socket. */
  get type(): number {
    const type = this.#type ?? this.#ask((fd) => call.option(fd, c.SO_TYPE));
    if (!this.#borrowed) this.#type = type;
    return type;
  }
  /** The protocol: IPPROTO_TCP, …; 0 for the type's own. @throws SocketError for an adopted descriptor that is no socket. */
  get protocol(): number {
    const protocol = this.#protocol ?? this.#ask(call.protocolOf);
    if (!this.#borrowed) this.#protocol = protocol;
    return protocol;
  }
  /** Whether calls wait (O_NONBLOCK is off). @throws SocketError */
  get blocking(): boolean {
    const flags = native.fcntl(this.#open('fcntl'), c.F_GETFL);
    return (check(flags, 'fcntl') & c.O_NONBLOCK) === 0;
  }
  set blocking(value: boolean) {
    if (typeof value !== 'boolean') throw invalidType('blocking', 'of type boolean', value);
    check(call.setBlocking(this.#open('fcntl'), value), 'fcntl');
  }

  /** Closes the socket; calling it again does nothing. Never retried, for the descriptor is gone whatever the kernel says. @throws SocketError */
  close(): void {
    const fd = this.#fd;
    this.#forget();
    if (fd < 0) return;
    const result = native.close(fd);
    if (result < 0 && result !== -c.EINTR && result !== -c.EINPROGRESS) throw socketError(-result, 'close', { fd });
  }
  [Symbol.dispose](): void {
    this.close();
  }

  /** `bind(2)`. @throws SocketError, TypeError, RangeError */
  bind(address: AddressInput<A>): this {
    const fd = this.#open('bind');
    const bytes = this.#encode(address, 'bind');
    checkAt(native.bind(fd, bytes, bytes.byteLength), 'bind', bytes);
    return this;
  }

  /** `listen(2)`. @throws SocketError, TypeError */
  listen(backlog: number = c.SOMAXCONN): this {
    checkInteger('backlog', backlog);
    check(native.listen(this.#open('listen'), backlog), 'listen');
    return this;
  }

  /** `accept(2)`: the next connection, and its peer's address. @throws SocketError */
  accept(): { socket: Socket<A>; address: A } {
    return this.#accepted(check(call.accept(this.#open('accept')), 'accept'));
  }

  /** `connect(2)`. Interrupted by a signal, it goes on waiting. @throws SocketError, TypeError, RangeError */
  connect(address: AddressInput<A>): this {
    const fd = this.#open('connect');
    const bytes = this.#encode(address, 'connect');
    checkAt(call.connect(fd, bytes), 'connect', bytes);
    return this;
  }

  /** `shutdown(2)`: SHUT_RD, SHUT_WR or SHUT_RDWR. @throws SocketError, TypeError */
  shutdown(how: number): this {
    checkInteger('how', how);
    check(native.shutdown(this.#open('shutdown'), how), 'shutdown');
    return this;
  }

  /** `getsockname(2)`: the socket's own address. @throws SocketError */
  getsockname(): A {
    const fd = this.#open('getsockname');
    check(call.getsockname(fd), 'getsockname');
    return call.lastAddress() as A;
  }

  /** `getpeername(2)`: the peer's address. @throws SocketError */
  getpeername(): A {
    const fd = this.#open('getpeername');
    check(call.getpeername(fd), 'getpeername');
    return call.lastAddress() as A;
  }

  /**
   * `getsockopt(2)`: an option's value, of the option's own type. For an option without a type: a number, or with `size` its bytes.
   * @throws SocketError, TypeError
   */
  getsockopt<O extends number>(level: LevelOf<O>, option: O): GetOf<O>;
  getsockopt(level: number, option: number, size: number): Uint8Array;
  getsockopt(level: number, option: number, size?: number): unknown {
    return getOption(this.#open('getsockopt'), level, option, size);
  }

  /**
   * `setsockopt(2)`: sets an option to a value of the option's own type. For an option without a type: a number (a C int) or bytes.
   * @throws SocketError; TypeError and RangeError for a value that the option does not take.
   */
  setsockopt<O extends number>(level: LevelOf<O>, option: O, value: SetOf<O>): this;
  setsockopt(level: number, option: number, value: unknown): this {
    setOption(this.#open('setsockopt'), level, option, value);
    return this;
  }

  /** `send(2)`: how many bytes were taken. @throws SocketError, TypeError */
  send(data: Data, flags = 0): number {
    checkFlags(flags);
    const fd = this.#open('send');
    return check(call.send(fd, bytesFor('data', data), flags), 'send');
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  trySend(data: Data, flags = 0): number | null {
    checkFlags(flags);
    const fd = this.#open('send');
    return orNull(call.send(fd, bytesFor('data', data), flags | c.MSG_DONTWAIT), 'send');
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
  recv(buffer: Buffer_, flags = 0): number {
    checkFlags(flags);
    const fd = this.#open('recv');
    return check(call.recv(fd, memoryFor('buffer', buffer), flags), 'recv');
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  tryRecv(buffer: Buffer_, flags = 0): number | null {
    checkFlags(flags);
    const fd = this.#open('recv');
    return orNull(call.recv(fd, memoryFor('buffer', buffer), flags | c.MSG_DONTWAIT), 'recv');
  }

  /** `recvfrom(2)`, by recvmsg: also says whether a datagram was cut. @throws SocketError, TypeError */
  recvfrom(buffer: Buffer_, flags = 0): { length: number; address: A; truncated: boolean } {
    return this.#recvfrom(buffer, flags)!;
  }
  /** The same, never blocking: null in place of WouldBlockError. @throws SocketError, TypeError */
  tryRecvfrom(buffer: Buffer_, flags = 0): { length: number; address: A; truncated: boolean } | null {
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
    const fd = this.#open('sendmmsg');
    const sent =
      messages instanceof MessageBatch
        ? sendBatch(fd, messages, first, flags)
        : sendMessages(fd, messages, first, flags, this.#encoder('sendmmsg'));
    return check(sent, 'sendmmsg');
  }

  /**
   * `recvmmsg(2)`: how many messages came into the batch. Waits for the first alone (MSG_WAITFORONE) unless `flags` say otherwise.
   * macOS: UnsupportedError.
   * @throws SocketError, TypeError
   */
  recvmmsg(batch: MessageBatch, flags: number = c.MSG_WAITFORONE ?? 0): number {
    checkFlags(flags);
    const fd = this.#open('recvmmsg');
    return check(receiveBatch(fd, batch, flags, this.#domain), 'recvmmsg');
  }

  /** Sends all of it, by as many calls as it takes. @throws SocketError, with `bytes`: how many were taken before the failure. */
  sendAll(data: Data): void {
    const fd = this.#open('send');
    const bytes = bytesFor('data', data);
    for (let done = 0; done < bytes.byteLength; ) {
      const result = call.send(fd, done === 0 ? bytes : bytes.subarray(done), 0);
      if (result < 0) throw socketError(-result, 'send', {}, done);
      done += result;
    }
  }

  /** Fills the buffer, by as many calls as it takes. @throws EndOfStreamError if the peer closes before; SocketError; both with `bytes`. */
  recvExactly(buffer: Buffer_): void {
    const fd = this.#open('recv');
    const bytes = memoryFor('buffer', buffer);
    for (let done = 0; done < bytes.byteLength; ) {
      const result = call.recv(fd, done === 0 ? bytes : bytes.subarray(done), 0);
      if (result < 0) throw socketError(-result, 'recv', {}, done);
      if (result === 0) throw endOfStream('recv', done, bytes.byteLength);
      done += result;
    }
  }

  /** accept, never blocking: null where nobody waits. @throws SocketError */
  tryAccept(): { socket: Socket<A>; address: A } | null {
    const fd = this.#open('accept');
    const ready = check(call.waitFor(fd, c.POLLIN, 0), 'poll');
    if (ready === 0) return null;
    const result = call.accept(fd);
    // Another process may have been faster.
    return result === -c.EAGAIN ? null : this.#accepted(check(result, 'accept'));
  }

  /**
   * connect, never blocking: null where the connection is still being made (writable then means done; SO_ERROR says how), or where a Unix
   * listener has no room yet (call it again). @throws SocketError, TypeError, RangeError
   */
  tryConnect(address: AddressInput<A>): this | null {
    const fd = this.#open('connect');
    const bytes = this.#encode(address, 'connect');
    const changed = check(call.setBlocking(fd, false), 'fcntl');
    const result = native.connect(fd, bytes, bytes.byteLength);
    if (changed !== 0) call.setBlocking(fd, true);
    if (result === -c.EINPROGRESS || result === -c.EALREADY || result === -c.EAGAIN) return null;
    checkAt(result, 'connect', bytes);
    return this;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.closed ? 'Socket { closed }' : `Socket { fd: ${this.fd} }`;
  }

  // ---- Within

  static {
    within = {
      accept(listener) {
        const fd = listener.#open('accept');
        // A borrowed one's owner may have another descriptor by now, which blocks.
        if (listener.#borrowed && check(call.waitFor(fd, c.POLLIN, 0), 'poll') === 0) return null;
        // macOS: a listener's connections do as it does.
        const result = call.accept(fd, c.SOCK_NONBLOCK);
        return result === -c.EAGAIN ? null : listener.#accepted(check(result, 'accept'));
      },
      isTcp: (socket) =>
        (socket.#domain === c.AF_INET || socket.#domain === c.AF_INET6) &&
        socket.#type === c.SOCK_STREAM &&
        (socket.#protocol === 0 || socket.#protocol === c.IPPROTO_TCP),
    };
  }

  /** The descriptor, for one call. A closed socket never touches a descriptor that was reused. */
  #open(syscall: string): number {
    const fd = this.#borrowed ? this.#borrowed() : this.#fd;
    if (fd < 0) throw socketError(c.EBADF, syscall);
    return fd;
  }

  #forget(): void {
    if (this.#fd >= 0) disown(this.#fd);
    this.#fd = -1;
    this.#borrowed = undefined;
  }

  /** What a socket does not know of itself. It is kept, but not of a borrowed one, which may be another at the next call. */
  #ask(what: (fd: number) => number): number {
    return check(what(this.#open('getsockopt')), 'getsockopt');
  }

  #domainFor(): number {
    const domain = this.#domain ?? this.#ask(call.domainOf);
    if (!this.#borrowed) this.#domain = domain;
    return domain;
  }

  /** An address's bytes. The domain is asked for only where the address does not say its family: a call is one system call. */
  #encode(address: unknown, syscall: string): Uint8Array {
    const says =
      typeof address === 'object' && address !== null && (address as { family?: unknown }).family !== undefined;
    return encodeAddress(address, says ? c.AF_UNSPEC : this.#domainFor(), syscall);
  }

  /** The same for many. A method of its own, so that its caller allocates nothing where it is not needed. */
  #encoder(syscall: string): (address: unknown) => Uint8Array {
    return (address) => this.#encode(address, syscall);
  }

  #accepted(fd: number): { socket: Socket<A>; address: A } {
    const address = call.lastAddress() as A;
    const socket = construct({ fd: prepare(fd), domain: this.#domain, type: this.#type, protocol: this.#protocol });
    return { socket: socket as Socket<A>, address };
  }

  #sendto(data: Data, address: unknown, flags: number, wait = 0): number | null {
    checkFlags(flags);
    const fd = this.#open('sendto');
    const bytes = bytesFor('data', data);
    const name = this.#encode(address, 'sendto');
    const all = flags | wait | call.NOSIGNAL;
    const result = call.retry(() => native.sendto(fd, bytes, bytes.byteLength, all, name, name.byteLength));
    return wait !== 0 && result === -c.EAGAIN ? null : checkAt(result, 'sendto', name);
  }

  #recvfrom(buffer: Buffer_, flags: number, wait = 0): { length: number; address: A; truncated: boolean } | null {
    checkFlags(flags);
    const fd = this.#open('recvfrom');
    const memory = memoryFor('buffer', buffer);
    const received = call.recvmsg(fd, [memory], 0, flags | wait, this.#domain);
    if (typeof received === 'number') {
      if (wait !== 0 && received === -c.EAGAIN) return null;
      throw socketError(-received, 'recvfrom');
    }
    const { length, address } = received;
    return { length, address: address as A, truncated: (received.flags & c.MSG_TRUNC) !== 0 };
  }

  #sendmsg(message: OutgoingMessage<A> & { readonly flags?: number }, wait = 0): number | null {
    const fd = this.#open('sendmsg');
    const parts = partsOf(message, this.#encoder('sendmsg'));
    const { flags = 0 } = message;
    checkFlags(flags);
    const result = call.sendmsg(fd, ...parts, flags | wait);
    return wait !== 0 && result === -c.EAGAIN ? null : checkAt(result, 'sendmsg', parts[1]);
  }

  #recvmsg(options: ReceiveOptions, wait = 0): ReceivedMessage<A> | null {
    const [buffers, controlSize, flags] = roomOf(options);
    const fd = this.#open('recvmsg');
    const received = call.recvmsg(fd, buffers, controlSize, flags | wait, this.#domain);
    if (typeof received !== 'number') return new ReceivedMessage<A>(received);
    if (wait !== 0 && received === -c.EAGAIN) return null;
    throw socketError(-received, 'recvmsg');
  }
}

/** What may be or-ed to a type. */
const TYPE_FLAGS = CLOEXEC | (c.SOCK_NONBLOCK ?? 0);

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
