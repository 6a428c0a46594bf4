// The addon in many threads at once: each has its own errno and its own memory, and may be terminated at any moment.
import { Worker } from 'node:worker_threads';
import * as c from 'bsd-sockets/c';
import { expect, it } from 'vitest';

interface Message {
  failures: number;
  received: number;
  before: number;
  failed: number;
  errno: number;
}

/** The first message of a worker, and how to end it. */
function start(pair?: number[]): { worker: Worker; id: number; message: Promise<Message> } {
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { execArgv: [], workerData: pair });
  const message = new Promise<Message>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  return { worker, id: worker.threadId, message };
}

it('bsd-sockets/c works in ten workers at once, three times over', async () => {
  c.set_errno(0);
  for (let round = 0; round < 3; round++) {
    const started = Array.from({ length: 10 }, () => start());
    for (const { worker, id, message } of started) {
      const { failures, received, before, failed, errno } = await message;
      expect({ failures, received, before, failed }).toEqual({ failures: 0, received: id, before: 0, failed: -1 });
      expect(errno).toBe(id % 2 ? c.EBADF : c.EAFNOSUPPORT);
      await worker.terminate();
    }
  }
  expect(c.errno).toBe(0);
}, 60_000);

it('bsd-sockets/c survives workers that are terminated while they load it and call it', async () => {
  const pairs = Array.from({ length: 10 }, () => {
    const sv = new (c.array(c.int, 2))();
    expect(c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, sv)).toBe(0);
    return [...sv];
  });
  const started = pairs.map((pair) => start(pair));
  for (const { message } of started) message.catch(() => {});
  await new Promise((resolve) => started[0]!.worker.once('online', resolve));
  await Promise.all(started.map(({ worker }) => worker.terminate()));

  for (const [a = -1, b = -1] of pairs) {
    const buffer = new Uint8Array(4);
    while (c.recv(b, buffer, 4, c.MSG_DONTWAIT) > 0); // what a worker had sent when it ended
    expect(c.send(a, Uint8Array.of(1, 2, 3, 4), 4, 0)).toBe(4);
    expect(c.recv(b, buffer, 4, 0)).toBe(4);
    expect([...buffer]).toEqual([1, 2, 3, 4]);
    expect(c.close(a) | c.close(b)).toBe(0);
  }
}, 60_000);
