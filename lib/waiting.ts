// Room: what waits for a socket on the event loop: two queues, one registration, and the process's reason to stay alive.
import { type Caller, socketError } from './errors.js';
import * as c from './generated/constants.js';
import { Poller } from './poller.js';

/** How long a call may wait. */
export interface WaitOptions {
  /** Rejects the call with an AbortError. */
  readonly signal?: AbortSignal;
  /** Rejects the call with TimedOutError after so many milliseconds. */
  readonly timeout?: number;
}

/** A direction. */
export type Interest = 0 | 1;
export const READ: Interest = 0;
export const WRITE: Interest = 1;

/** What wakes each direction: an error or the peer's end wakes both. */
const WAKES = [
  c.POLLIN | c.POLLPRI | c.POLLHUP | c.POLLERR | (c.POLLRDHUP ?? 0) | c.POLLNVAL,
  c.POLLOUT | c.POLLHUP | c.POLLERR | c.POLLNVAL,
] as const;
const EVERYTHING = c.POLLIN | c.POLLOUT | c.POLLPRI | (c.POLLRDHUP ?? 0);

/** A call that waits. */
interface Waiter {
  /** True when the call has come to its end, either way. */
  attempt(): boolean;
  reject(error: unknown): void;
}

/** This thread's poller: started with the first waiter, and what keeps the process alive as long as there is one. */
class Loop {
  readonly poller = new Poller();
  #waiters = 0;

  constructor() {
    this.poller.start<Waiting>((ready) => {
      for (const { socket, events } of ready) socket.wake(events);
    });
    this.poller.unref();
  }
  waits(): void {
    if (this.#waiters++ === 0) this.poller.ref();
  }
  done(): void {
    if (--this.#waiters === 0) this.poller.unref();
  }
}
let loop: Loop | undefined;

/** Like Node's own. */
class AbortError extends Error {
  readonly code = 'ABORT_ERR';
  constructor(cause: unknown) {
    super('The operation was aborted', { cause });
    this.name = 'AbortError';
  }
}

/** The waiting calls of one socket. */
export class Waiting {
  readonly #owner: { readonly fd: number };
  readonly #queues: readonly [Waiter[], Waiter[]] = [[], []];
  #registered = -1;

  constructor(owner: { readonly fd: number }) {
    this.#owner = owner;
  }

  /** The descriptor that is watched. */
  get fd(): number {
    return this.#registered;
  }

  /** Tries a call, and again whenever the socket is ready, until it gives something else than null. In order with the others. */
  call<T>(
    interest: Interest,
    attempt: () => T | null,
    syscall: string,
    caller: Caller,
    { signal, timeout }: WaitOptions,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) throw new AbortError(signal.reason);
      const queue = this.#queues[interest];
      // Behind others it waits its turn.
      if (queue.length === 0) {
        const result = attempt();
        if (result !== null) return resolve(result);
      }
      this.#register();
      let timer: NodeJS.Timeout | undefined;
      const waiter: Waiter = {
        attempt: () => {
          try {
            const result = attempt();
            if (result === null) return false;
            settle();
            resolve(result);
          } catch (error) {
            waiter.reject(error);
          }
          return true;
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const leave = (error: unknown): void => {
        const at = queue.indexOf(waiter);
        if (at >= 0) queue.splice(at, 1);
        waiter.reject(error);
      };
      const abort = (): void => leave(new AbortError(signal!.reason));
      const settle = (): void => {
        loop!.done();
        if (timer) clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      loop!.waits();
      signal?.addEventListener('abort', abort, { once: true });
      if (timeout !== undefined && timeout !== Number.POSITIVE_INFINITY) {
        timer = setTimeout(() => leave(socketError(c.ETIMEDOUT, syscall, caller)), timeout);
      }
      queue.push(waiter);
      // The edge may have come before the registration: epoll tells of it then, kqueue too.
    });
  }

  /** Readiness arrived: serves each direction's calls in order, as far as they go. */
  wake(events: number): void {
    for (const interest of [READ, WRITE]) {
      if ((events & WAKES[interest]) === 0) continue;
      const queue = this.#queues[interest];
      while (queue.length > 0) {
        const waiter = queue[0]!;
        if (!waiter.attempt()) break;
        // Its end may have emptied the queue (a call closed the socket).
        if (queue[0] === waiter) queue.shift();
      }
    }
  }

  /** Waits a while, and no longer than the socket is open. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
    });
  }

  /** The socket is being closed: what waits is rejected. */
  end(): void {
    if (this.#registered >= 0) {
      // The descriptor may live on elsewhere (detach, dup): its events are nobody's here any more.
      try {
        loop!.poller.delete(this);
      } catch {
        // Closed by its owner: the system has forgotten it already.
      }
      this.#registered = -1;
    }
    for (const queue of this.#queues) {
      for (const waiter of queue.splice(0)) waiter.reject(socketError(c.EBADF, 'close', this.end));
    }
  }

  /** Once for a socket's life: edge-triggered, in both directions. */
  #register(): void {
    const { fd } = this.#owner;
    if (this.#registered === fd) return;
    loop ??= new Loop();
    this.#registered = fd;
    try {
      loop.poller.add(this, EVERYTHING, { edge: true });
    } catch (error) {
      this.#registered = -1;
      throw error;
    }
  }
}
