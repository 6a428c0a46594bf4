// Stacks of the library's errors begin at the caller's line. The library's own frames are cut off, lazily: only a program that reads
// `stack` pays for its text. No function is told who called it, so a call that succeeds pays nothing.
import { fileURLToPath } from 'node:url';

/** How many frames of the library may lie above the caller's. They do not count against the user's stackTraceLimit. */
const OWN_FRAMES = 12;

/** The package's folder, as an URL; undefined where a bundler has taken the library in, and its frames look like the user's. */
const root = /^(file:.*\/)(?:dist\/bundle|lib\/socket)\/[^/]*$/.exec((import.meta as { url?: string }).url ?? '')?.[1];
let folders: string[] | undefined;

/** Whether a line of a stack stands in the library: as it was loaded, or as a source map shows it. */
function isOwn(line: string): boolean {
  folders ??= root === undefined ? [] : [root, fileURLToPath(root)].flatMap((at) => [`${at}dist/bundle/`, `${at}lib/`]);
  return folders.some((folder) => line.includes(folder));
}
/** A frame of the engine or of Node, which may lie between two of the library's. */
const isForeign = (line: string): boolean => /\(<anonymous>\)|\bnode:|^ {4}at (async )?<anonymous>/.test(line);

/** A captured stack, of which no text was made yet. Errors that are made together may share one. */
interface Trace {
  /** The object on which the stack was captured. It inherits from its error, so that a program's own formatter finds the name there. */
  readonly holder: { readonly stack?: unknown };
  readonly limit: number;
  /** Whether the program formats stacks itself. */
  readonly formatted: boolean;
  /** The lines from the caller's on, once they are asked for. */
  lines: readonly string[] | undefined;
  property: PropertyDescriptor | undefined;
}

/** Whether the program has set Error.prepareStackTrace. Node has a function of its own there, under this name. */
function formatsStacks(): boolean {
  const { prepareStackTrace } = Error;
  return typeof prepareStackTrace === 'function' && prepareStackTrace.name !== 'ErrorPrepareStackTrace';
}

/** The stack of this moment, for `error`, or for errors that are yet to be made. */
function capture(error: object | null = null): Trace {
  const value: unknown = Error.stackTraceLimit;
  const limit = typeof value === 'number' ? value : 0;
  const holder = Object.create(error) as object;
  // Reflect: the program may have frozen Error.
  if (limit > 0) Reflect.set(Error, 'stackTraceLimit', limit + OWN_FRAMES);
  Error.captureStackTrace(holder, capture);
  if (limit > 0) Reflect.set(Error, 'stackTraceLimit', value);
  return { holder, limit, formatted: formatsStacks(), lines: undefined, property: undefined };
}

/** The lines of a stack from the caller's on; none where the library was called by the event loop alone. */
function callersLines(frames: string, limit: number): string[] {
  const lines = frames.split('\n');
  let own = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    // A builtin that calls the library, such as a generator's `next`, belongs to it.
    if (isOwn(line) || (own === i && i > 0 && line.endsWith('(<anonymous>)'))) own = i + 1;
    else if (!isForeign(line)) break;
  }
  return lines.slice(own, own + limit);
}

/** What an error has as its `stack`. A program's own formatter may have made any value of it. */
function stackOf(error: Error, trace: Trace): unknown {
  if (trace.lines === undefined) {
    const { stack } = trace.holder;
    const start = typeof stack === 'string' ? stack.indexOf('\n    at ') : -1;
    if (start < 0 && trace.formatted) return stack;
    trace.lines = start < 0 ? [] : callersLines((stack as string).slice(start + 1), trace.limit);
  }
  return [`${error.name}: ${error.message}`, ...trace.lines].join('\n');
}

/** Gives an error its `stack`. One property descriptor serves all errors of a trace. */
function define<E extends Error>(error: E, trace: Trace): E {
  trace.property ??= {
    configurable: true,
    enumerable: false,
    get(this: Error) {
      return stackOf(this, trace);
    },
    set(value) {
      Object.defineProperty(this, 'stack', { value, writable: true, configurable: true, enumerable: false });
    },
  };
  return Object.defineProperty(error, 'stack', trace.property);
}

function withoutFrames<T>(make: () => T): T {
  const limit: unknown = Error.stackTraceLimit;
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit);
  }
}

/** The library's errors: `withLaterStack` changes no other. */
const made = new WeakSet<object>();
/** The stack of the errors that `sharingStack` makes. */
let shared: Trace | undefined;

/** Makes an error whose stack is this moment's, cut. */
export function withStack<E extends Error>(make: () => E): E {
  if (shared !== undefined) return define(make(), shared);
  const error = withoutFrames(make);
  made.add(error);
  return define(error, capture(error));
}

/** Makes many errors at once: they share one stack, so that each costs little. */
export function sharingStack<T>(make: () => T): T {
  if (shared !== undefined) return make();
  shared = capture();
  try {
    return withoutFrames(make);
  } finally {
    shared = undefined;
  }
}

/** An error that was made where a waiting call was tried again: from now on its stack is this moment's, which reaches the caller. */
export function withLaterStack(error: unknown): unknown {
  return typeof error === 'object' && error !== null && made.has(error)
    ? define(error as Error, capture(error))
    : error;
}
