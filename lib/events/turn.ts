// The budget of a turn of the event loop, shared by all sockets of the thread. Calls that never have to wait would keep timers, other
// sockets and other directions out for ever: over its budget, a turn defers what comes, and one immediate serves it in the next turn.
// The budget is counted in calls, and in time, for a call may move a megabyte.

/** Calls a turn, besides those of its events. */
const CALLS = 128;
/** Calls for each event: a request takes the recv that the event woke, a send, and the recv that would block. */
const CALLS_PER_EVENT = 3;
/** Milliseconds a turn. */
const TIME = 3;
/** The clock is read once in this number of calls, a power of two. */
const CLOCK = 16;

let left = CALLS;
/** When the turn's time is over; 0 until the clock was read. */
let end = 0;

/** A direction whose next try is deferred. */
export interface Deferrable {
  /** Set while it is in the queue: it is there once. */
  deferred: boolean;
  serve(): void;
}
let queue: Deferrable[] = [];

/** Begins a turn that reports `events` events, or serves as many deferred directions. */
export function beginTurn(events: number): void {
  left = CALLS + CALLS_PER_EVENT * events;
  end = 0;
}

/** Whether one more call may be made in this turn. */
export function spend(): boolean {
  if (left <= 0) return false;
  left--;
  if ((left & (CLOCK - 1)) === 0) {
    const now = performance.now();
    if (end === 0) end = now + TIME;
    else if (now > end) left = 0;
  }
  return true;
}

/** Serves a direction in the next turn. If its waiters are gone by then, it has nothing to serve. */
export function defer(direction: Deferrable): void {
  if (direction.deferred) return;
  direction.deferred = true;
  if (queue.push(direction) === 1) setImmediate(serveDeferred);
}

function serveDeferred(): void {
  const deferred = queue;
  queue = [];
  beginTurn(deferred.length);
  for (const direction of deferred) {
    direction.deferred = false;
    direction.serve();
  }
}
