// Room: <signal.h>: dispositions. (Handlers in JavaScript are not here: process.on serves until they are.)
import { native } from '../addon/binding.js';
import { ret } from '../addon/errno.js';
import { shown, typeError } from '../ctypes/index.js';

/** A disposition that native code installed (Node's own handler, say). `signal` takes it again. */
export class NativeHandler {
  readonly #number: number;
  private constructor(number: number) {
    this.#number = number;
  }
  static #known: NativeHandler[] = [];
  /** @internal */
  static of(number: number): NativeHandler {
    return (NativeHandler.#known[number] ??= new NativeHandler(number));
  }
  /** @internal */
  static number(handler: NativeHandler): number {
    return handler.#number;
  }
}

declare const disposition: unique symbol;
/** `SIG_DFL`, `SIG_IGN` or `SIG_ERR`. */
export type Disposition = number & { readonly [disposition]: true };
/** What a signal does: a disposition, or a handler that native code had installed. */
export type sighandler_t = Disposition | NativeHandler;

/** `SIG_DFL`: what the system does by default. @see signal(2) */
export const SIG_DFL: Disposition = 0 as Disposition;
/** `SIG_IGN`: the signal is ignored. @see signal(2) */
export const SIG_IGN: Disposition = 1 as Disposition;
/** `SIG_ERR`: what `signal` returns when it fails. @see signal(2) */
export const SIG_ERR: Disposition = -1 as Disposition;

/**
 * `sighandler_t signal(int signum, sighandler_t handler)`: sets what a signal does, for the whole process; the previous disposition,
 * or SIG_ERR with `errno`. Node starts with SIGPIPE and SIGXFSZ ignored.
 * @throws TypeError for an argument of a wrong type. @see signal(2)
 */
export const signal = (signum: number, handler: sighandler_t): sighandler_t => {
  let number: number;
  if (handler instanceof NativeHandler) number = NativeHandler.number(handler);
  else if (handler === SIG_DFL || handler === SIG_IGN) number = handler;
  else
    throw typeError(
      `signal(): argument 2 (handler) must be SIG_DFL, SIG_IGN or what signal() returned, got ${shown(handler)}`,
    );
  const previous = ret(native.signal(signum, number));
  return previous >= 2 ? NativeHandler.of(previous) : (previous as Disposition);
};
