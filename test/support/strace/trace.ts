// Parses strace's output into the calls of a program's main thread.
import { closing, split } from './notation.js';

/** How many bytes of a string are shown. */
export const SHOWN = 4096;

/** The options under which strace writes what is read here; the program and its arguments follow. */
export const STRACE = ['-f', '-yy', '-s', String(SHOWN), '-e', 'trace=%network,%desc'] as const;

/** One system call, in strace's notation. */
export interface Call {
  readonly name: string;
  readonly args: readonly string[];
  /** `0`, `-1 EAGAIN`, `3<TCP:[55850]>`, or `?` for a call that did not return. */
  readonly result: string;
  /** The text that strace adds to a successful result: `(in [3], left {tv_sec=0, tv_usec=4})`. */
  readonly note: string;
}

/** What the main thread of a program did. */
export interface Trace {
  readonly calls: readonly Call[];
  /** `exited with 0`, `killed by SIGPIPE`; undefined if strace did not see the end. */
  readonly end: string | undefined;
}

const UNFINISHED = / *<unfinished \.\.\.>$/;
/** Within a call that a signal ended for good. */
const NEVER_FINISHED = / *<unfinished \.\.\.>(?=\) += \?$)/;
const RESUMED = /^<\.\.\. \w+ resumed> ?/;

/** `socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[55850]>`. */
function callOf(line: string): Call {
  const [start, name] = /^(\w+)\(/.exec(line) ?? [];
  if (start === undefined || name === undefined) throw new Error(`strace wrote a line that is no call: ${line}`);
  const rest = line.slice(start.length);
  const end = closing(rest);
  // What the kernel would have told is missing in a call that did not return; the last comma is not.
  const args = split((end < 0 ? rest : rest.slice(0, end)).replace(/[, ]+$/, ''));
  if (end < 0) return { name, args, result: '?', note: '' };
  const after = rest.slice(end + 1);
  const [, result, note = ''] = /^\s*= (-1 E\w+|\? E\w+|[^ <(]+(?:<.*>)?)(?: (.*))?$/.exec(after) ?? [];
  if (result === undefined) throw new Error(`strace wrote a line without a result: ${line}`);
  // The message of an error says the same as its name.
  return { name, args, result, note: /^(-1|\?) E/.test(result) ? '' : note };
}

/** Reads the lines of `strace -f`: each begins with a thread's number, and the first is the main thread's. */
export function parse(text: string): Trace {
  const calls: Call[] = [];
  let main: string | undefined;
  let end: string | undefined;
  let begun: string | undefined;
  for (const line of text.split('\n')) {
    const [, thread, what] = /^(\d+) +(.*)$/.exec(line.replace(NEVER_FINISHED, '')) ?? [];
    if (thread === undefined || what === undefined) continue;
    main ??= thread;
    if (thread !== main) continue;
    const [, how] = /^\+\+\+ (.*) \+\+\+$/.exec(what) ?? [];
    if (how !== undefined) {
      if (begun !== undefined) calls.push(callOf(begun));
      end = how.replace(' (core dumped)', '');
    } else if (what.startsWith('--- ')) {
      // A signal: it shows in the call that it interrupted, and in the end if it was fatal.
    } else if (UNFINISHED.test(what)) {
      begun = what.replace(UNFINISHED, '');
    } else if (RESUMED.test(what)) {
      if (begun !== undefined) calls.push(callOf(begun + what.replace(RESUMED, '')));
      begun = undefined;
    } else {
      calls.push(callOf(what));
    }
  }
  return { calls, end };
}
