// Benchmark, group echo: what the servers in TypeScript share.
import { createInterface } from 'node:readline';
import { getrlimit, RLIMIT_NOFILE, rlimit, setrlimit } from 'bsd-sockets/c';

/** Bytes of a request. */
export const SIZE = 64;
/** What a server has room for: like most, for more than what comes. */
export const ROOM = 2 * SIZE;
export const BACKLOG = 4096;

/** As many descriptors as the system allows. */
export function raiseLimit(): void {
  const files = new rlimit();
  getrlimit(RLIMIT_NOFILE, files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, files);
}

/** Garbage that other garbage refers to, or that has a finalizer, takes several rounds. */
export function collect(): void {
  for (let i = 0; i < 4; i++) global.gc?.();
}

/** For servers on the event loop: tells the port, collects garbage for each line, and ends with standard input. */
export function serve(port: number): void {
  console.log(port);
  const lines = createInterface({ input: process.stdin });
  lines.on('close', () => process.exit(0));
  lines.on('line', () => {
    collect();
    // What finalizers let go of is collected, too.
    setImmediate(() => {
      collect();
      console.log('ok');
    });
  });
}
