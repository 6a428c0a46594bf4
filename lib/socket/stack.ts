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

/** A captured stack, of which no text was made yet. Several errors that are made together may share one. */
interface Trace {
  readonly stack?: string;
  readonly limit: number;
  lines?: string[];
  property?: PropertyDescriptor;
}

/** The stack of this moment. */
function capture(): Trace {
  const limit = Error.stackTraceLimit;
  const trace: Trace = { limit: typeof limit === 'number' ? limit : 0 };
  // Reflect: the program may have frozen Error.
  if (trace.limit > 0) Reflect.set(Error, 'stackTraceLimit', trace.limit + OWN_FRAMES);
  Error.captureStackTrace(trace, capture);
  if (trace.limit > 0) Reflect.set(Error, 'stackTraceLimit', limit);
  return trace;
}

/** The lines of a trace from the caller's on; none where the library was called by the event loop alone. */
function linesOf({ stack = '', limit }: Trace): string[] {
  const start = stack.indexOf('\n    at ');
  if (start < 0) return [];
  const lines = stack.slice(start + 1).split('\n');
  let own = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    // A builtin that calls the library, such as a generator's `next`, belongs to it.
    if (isOwn(line) || (own === i && i > 0 && line.endsWith('(<anonymous>)'))) own = i + 1;
    else if (!isForeign(line)) break;
  }
  return lines.slice(own, own + limit);
}

/** Whether the program formats stacks itself: it gets the error, and all frames. Node has such a function of its own, under this name. */
function formatsStacks(): boolean {
  const { prepareStackTrace } = Error;
  return typeof prepareStackTrace === 'function' && prepareStackTrace.name !== 'ErrorPrepareStackTrace';
}

/** The library's errors: `withLaterStack` changes no other. */
const made = new WeakSet<object>();

/** The stack of the errors that `sharingStack` makes. */
let shared: Trace | undefined;

/** Makes an error whose stack is this moment's, cut. */
export function withStack<E extends Error>(make: () => E): E {
  if (formatsStacks()) return make();
  if (shared !== undefined) return define(make(), shared);
  const trace = capture();
  const error = withoutFrames(make);
  made.add(error);
  return define(error, trace);
}

/** Makes many errors at once: they share one stack, so that each costs little. */
export function sharingStack<T>(make: () => T): T {
  if (shared !== undefined || formatsStacks()) return make();
  shared = capture();
  try {
    return withoutFrames(make);
  } finally {
    shared = undefined;
  }
}

function withoutFrames<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit);
  }
}

/** An error that was made where a waiting call was tried again: from now on its stack is this moment's, which reaches the caller. */
export function withLaterStack(error: unknown): unknown {
  return typeof error === 'object' && error !== null && made.has(error) ? define(error as Error, capture()) : error;
}

/** Gives an error its `stack`. One property descriptor serves all errors of a trace. */
function define<E extends Error>(error: E, trace: Trace): E {
  trace.property ??= {
    configurable: true,
    enumerable: false,
    get(this: Error) {
      trace.lines ??= linesOf(trace);
      return [`${this.name}: ${this.message}`, ...trace.lines].join('\n');
    },
    set(value) {
      Object.defineProperty(this, 'stack', { value, writable: true, configurable: true, enumerable: false });
    },
  };
  return Object.defineProperty(error, 'stack', trace.property);
}
