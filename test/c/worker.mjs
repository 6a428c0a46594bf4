// The worker of worker_threads.test.ts. Sends a number through a socket pair and back, with an errno of its own; then waits
// until it is terminated.
import { parentPort, threadId, workerData } from 'node:worker_threads';
import * as c from 'bsd-sockets/c';

const sv = new (c.array(c.int, 2))(workerData ?? [-1, -1]);
const results = [workerData ? 0 : c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, sv)];
const [a, b] = sv;
const sent = new c.int(threadId);
const received = new c.int();
for (let i = 0; i < 1000; i++) {
  results.push(c.send(a, sent, c.sizeof(sent), 0) - c.recv(b, received, c.sizeof(received), 0));
}
const before = c.errno;
const failed = threadId % 2 ? c.close(-1) : c.socket(-1, c.SOCK_STREAM, 0);
const errno = c.errno;
if (!workerData) results.push(c.close(a), c.close(b));
const failures = results.filter((result) => result !== 0).length;
parentPort?.postMessage({ failures, received: received.value, before, failed, errno });
setInterval(() => {}, 1000);
