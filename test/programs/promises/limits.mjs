// @ts-check
// The number of descriptors that a process may have.
import { RLIMIT_NOFILE } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';

/** As many as the system allows: that many. */
export function raise() {
  const limit = new c.rlimit();
  c.getrlimit(RLIMIT_NOFILE, limit);
  limit.rlim_cur = limit.rlim_max;
  c.setrlimit(RLIMIT_NOFILE, limit);
  return Number(limit.rlim_max);
}
