// Abort signals and time-outs of waiting calls.

import { withStack } from '../socket/stack.js';
import { invalidType, outOfRange } from '../socket/validate.js';

/** How long a call may wait. */
export interface WaitOptions {
  /** Rejects the call with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the call is rejected with TimedOutError. */
  readonly timeout?: number | undefined;
}

/** A call without options waits without limit. */
export const NO_OPTIONS: WaitOptions = {};

/** The longest that a timer of Node's runs, in milliseconds: some 25 days. */
const LONGEST = 0x7fff_ffff;

/** The error of an aborted call, as Node's own: its `cause` is the signal's reason. */
export class AbortError extends Error {
  readonly code = 'ABORT_ERR';
  constructor(cause: unknown) {
    super('The operation was aborted', { cause });
    this.name = 'AbortError';
  }
}
export const abortError = (signal: AbortSignal | undefined): AbortError =>
  withStack(() => new AbortError(signal?.reason));

/** @throws TypeError for what is neither an AbortSignal nor undefined */
export function checkSignal(signal: unknown): asserts signal is AbortSignal | undefined {
  if (signal === undefined) return;
  if (typeof signal !== 'object' || signal === null || !('aborted' in signal))
    throw invalidType('options.signal', 'an AbortSignal', signal);
}

/** The options of a waiting call, each read once. @throws TypeError, RangeError; AbortError where the signal has fired already */
export function readOptions(options: unknown): WaitOptions {
  if (options === NO_OPTIONS || options === undefined) return NO_OPTIONS;
  if (typeof options !== 'object' || options === null) throw invalidType('options', 'an object', options);
  const { signal, timeout } = options as WaitOptions;
  checkSignal(signal);
  if (timeout !== undefined) {
    if (typeof timeout !== 'number') throw invalidType('options.timeout', 'of type number', timeout);
    if (!(timeout >= 0)) throw outOfRange('options.timeout', 'a number of milliseconds >= 0', timeout);
  }
  if (signal?.aborted) throw abortError(signal);
  return { signal, timeout };
}

/** The calls that wait for one signal: one listener serves all of them. */
class Abortable extends Set<() => void> {
  readonly run = (): void => {
    for (const abort of [...this]) abort();
  };
}
const abortable = new WeakMap<AbortSignal, Abortable>();

/** Calls `abort` when the signal fires, until `offAbort`. */
export function onAbort(signal: AbortSignal, abort: () => void): void {
  let all = abortable.get(signal);
  if (!all) abortable.set(signal, (all = new Abortable()));
  if (all.size === 0) signal.addEventListener('abort', all.run);
  all.add(abort);
}
export function offAbort(signal: AbortSignal, abort: () => void): void {
  const all = abortable.get(signal);
  if (all?.delete(abort) && all.size === 0) signal.removeEventListener('abort', all.run);
}

/** Calls `expired` after any number of milliseconds, unless the function that it gives is called before. */
export function after(milliseconds: number, expired: () => void): () => void {
  if (milliseconds === Number.POSITIVE_INFINITY) return () => {};
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    timer = setTimeout(
      () => {
        if (left > LONGEST) wait(left - LONGEST);
        else expired();
      },
      Math.min(left, LONGEST),
    );
  };
  wait(milliseconds);
  return () => clearTimeout(timer);
}
