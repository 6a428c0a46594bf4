// @ts-check
// Child program: workers that are terminated at a random instruction, with everything pending. The argument says how many rounds. Prints how
// many descriptors were left open, and how many workers owned something when they ended.
import { readdirSync, readlinkSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { AF_INET, AF_UNIX, POLLIN, POLLOUT, Poller, SOCK_DGRAM, SOCK_STREAM, Socket } from 'bsd-sockets';
import { Socket as Waiting } from 'bsd-sockets/promises';

/** A socket, a connection, a message's descriptors, a poller, and calls that wait: again and again until this worker is terminated. */
async function churn() {
  const buffer = new Uint8Array(64);
  const listener = new Waiting(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
  for (let round = 0; ; round++) {
    const [a, b] = Waiting.pair(AF_UNIX, SOCK_STREAM);
    const [c, d] = Socket.pair(AF_UNIX, SOCK_STREAM);
    c.sendmsg({ data: 'x', control: [{ type: 'rights', fds: [c.fd, d.fd] }] });
    const message = d.recvmsg({ buffers: new Uint8Array(1), controlSize: 64 });
    const client = new Waiting(AF_INET, SOCK_STREAM);
    const [{ socket }] = await Promise.all([listener.accept(), client.connect(listener.getsockname())]);
    const poller = new Poller().add(a, POLLIN | POLLOUT).add(c, POLLIN);
    poller.start((ready) => {
      for (const _ of ready) poller.unref();
    });
    const waiting = [a.recv(buffer), a.recv(buffer, { timeout: 1000 }), socket.sendAll(new Uint8Array(5_000_000))];
    const stop = new AbortController();
    waiting.push(client.recv(buffer, { signal: stop.signal }), new Waiting(AF_INET, SOCK_DGRAM).recv(buffer));
    for (const call of waiting) call.catch(() => {});
    await b.send('y');
    if (round === 0) parentPort?.postMessage('busy');
    stop.abort();
    poller.close();
    for (const each of [message, a, b, c, d, client, socket]) each.close();
  }
}

/** The descriptors that are not Node's: sockets and pollers are all that a worker here makes. */
function openSockets() {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /^socket:|eventpoll/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false;
    }
  }).length;
}

if (isMainThread) {
  const rounds = Number(process.argv[2]);
  const exit = process.argv[3] === 'exit';
  new Waiting(AF_UNIX, SOCK_DGRAM).recv(new Uint8Array(1), { timeout: 0 }).catch(() => {});
  let before = -1;
  let busy = 0;
  for (let done = 0; done < rounds; ) {
    const workers = Array.from({ length: Math.min(4, rounds - done) }, (_, i) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { number: done + i } });
      worker.on('error', (error) => {
        console.log(error);
        process.exitCode = 1;
      });
      return new Promise((resolve) => {
        worker.once('exit', resolve);
        // One of four is terminated at some time as it starts, the others when they are busy.
        const end = () => setTimeout(() => worker.terminate(), Math.random() * 5);
        if ((done + i) % 4 === 0) setTimeout(end, Math.random() * 50);
        else
          worker.once('message', () => {
            busy++;
            end();
          });
      });
    });
    if (exit) {
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 50));
      process.exit(0);
    }
    await Promise.all(workers);
    done += workers.length;
    if (before === -1) before = openSockets();
  }
  console.log(JSON.stringify({ left: openSockets() - before, busy }));
} else if (workerData.number >= 0) {
  await churn();
}
