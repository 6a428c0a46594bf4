// accept on the event loop: which failures concern one connection, and which the listener.
import * as c from '../generated/constants.js';

/** accept took a connection off the queue, and the connection had failed before: the next one is tried. */
const CONNECTION_FAILED: ReadonlySet<number> = new Set(
  [c.ECONNABORTED, c.ENETDOWN, c.EPROTO, c.ENOPROTOOPT, c.EHOSTDOWN, c.ENONET, c.EHOSTUNREACH, c.ENETUNREACH].filter(
    (errno) => errno !== undefined,
  ),
);
/** After this many in a row, accept waits: an endless series must not keep the event loop out. */
export const FAILED_IN_A_ROW = 8;

/** Whether a native result of accept is the failure of one connection. */
export const connectionFailed = (result: number): boolean => result < 0 && CONNECTION_FAILED.has(-result);
