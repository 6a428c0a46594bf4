// Many connections and random faults, for a bounded time: every byte over a surviving connection arrives, nothing leaks.
import { SHUT_WR, SO_LINGER, SO_RCVBUF, SO_SNDBUF, SOCK_STREAM, SOL_SOCKET } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/child_program.js';
import { closeAfterTest } from '../support/cleanup.js';
import { listeningSocket } from '../support/promise_sockets.js';
import { type Kind, tcp4, unixStream } from '../support/socket_kinds.js';

/** Numbers from a seed, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
const SEED = Number(process.env.STRESS_SEED ?? Date.now() % 1_000_000);
/** What stands at a place of a connection's stream. */
const at = (connection: number, place: number): number => (connection * 131 + place * 7 + (place >> 8)) & 0xff;

async function stress(kind: Kind, milliseconds: number): Promise<{ survived: number; faults: number; bytes: number }> {
  const next = random(SEED);
  const server = listeningSocket(kind, 64);
  const address = server.getsockname();
  const end = performance.now() + milliseconds;
  let [survived, faults, bytes, connection] = [0, 0, 0, 0];
  /** Echoes, with faults of its own. */
  const serving = new Set<Promise<void>>();
  const echo = async (socket: Socket): Promise<void> => {
    const buffer = new Uint8Array(1 + next(20_000));
    const fault = next(8) === 0 ? next(100_000) : Number.POSITIVE_INFINITY;
    try {
      for (let total = 0, length = 0; (length = await socket.recv(buffer)) > 0; ) {
        total += length;
        if (total > fault) {
          faults++;
          if (next(2) === 0 && kind !== unixStream) socket.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 });
          return;
        }
        await socket.sendAll(buffer.subarray(0, length), next(4) === 0 ? { timeout: 10_000 } : {});
      }
      socket.shutdown(SHUT_WR);
    } catch (error) {
      expect((error as { code: string }).code).toMatch(/ECONNRESET|EPIPE|ENOTCONN/);
    } finally {
      socket.close();
    }
  };
  const accepting = (async () => {
    for await (const { socket } of server) {
      const one = echo(socket);
      serving.add(one);
      void one.finally(() => serving.delete(one));
    }
  })();
  /** One connection after the other, each with a length and perhaps an end of its own. */
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const number = ++connection;
      const socket = closeAfterTest(new Socket(kind.domain, SOCK_STREAM));
      const length = next(200_000);
      const fault = next(4) === 0 ? next(length + 1) : -1;
      const kindOfFault = next(4);
      const stop = new AbortController();
      try {
        await socket.connect(address, { timeout: 20_000 });
        if (next(2) === 0) socket.setsockopt(SOL_SOCKET, SO_RCVBUF, 8192).setsockopt(SOL_SOCKET, SO_SNDBUF, 8192);
        const send = async (): Promise<void> => {
          for (let sent = 0; sent < length; ) {
            const part = Uint8Array.from({ length: Math.min(length - sent, 1 + next(9000)) }, (_, i) =>
              at(number, sent + i),
            );
            await socket.sendAll(part, { signal: stop.signal });
            sent += part.length;
          }
          socket.shutdown(SHUT_WR);
        };
        const receive = async (): Promise<number> => {
          const buffer = new Uint8Array(1 + next(9000));
          for (let received = 0; ; ) {
            // Cancelled now and then: no byte may be lost.
            const options = next(10) === 0 ? { timeout: next(3) } : { signal: stop.signal };
            const count = await socket.recv(buffer, options).catch((error: { code: string }) => {
              if (error.code === 'ETIMEDOUT') return -1;
              throw error;
            });
            if (count === -1) continue;
            if (count === 0) return received;
            for (let i = 0; i < count; i++)
              if (buffer[i] !== at(number, received + i)) throw new Error(`byte ${received + i} of ${number} is wrong`);
            received += count;
            if (fault >= 0 && received >= fault) {
              faults++;
              if (kindOfFault === 0) socket.close();
              else if (kindOfFault === 1) stop.abort();
              else if (kindOfFault === 2 && kind !== unixStream)
                socket.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 }).close();
              else socket.shutdown(2);
              return -1;
            }
          }
        };
        const [, received] = await Promise.all([
          send().catch((error: { code: string }) => {
            expect(error.code).toMatch(/ECONNRESET|EPIPE|EBADF|ENOTCONN|ABORT_ERR/);
          }),
          receive(),
        ]);
        if (received === length) {
          survived++;
          bytes += length;
        }
      } catch (error) {
        expect((error as { code?: string }).code ?? (error as Error).message).toMatch(
          /^(ECONNRESET|EPIPE|EBADF|ABORT_ERR|ENOTCONN)$/,
        );
      } finally {
        socket.close(); // the number is the next one's at once
      }
    }
  };
  await Promise.all(Array.from({ length: 24 }, client));
  server.close();
  await accepting;
  await Promise.all(serving);
  return { survived, faults, bytes };
}

describe.for([tcp4, unixStream])('every byte arrives over $name', (kind) => {
  it(`random faults lose no byte of surviving connections (STRESS_SEED=${SEED})`, async () => {
    const { survived, faults, bytes } = await stress(kind, 1500);
    expect(Math.min(survived, faults, bytes)).toBeGreaterThan(10);
  }, 30_000);
});
it('random faults with events by a thread in place of libuv', async () => {
  const { status, stdout, stderr } = await runProgram(new URL('storm.mjs', import.meta.url), [], {
    env: { BSD_SOCKETS_WATCH: 'thread' },
  });
  expect([status, stderr, stdout]).toEqual([0, '', 'every byte arrived\n']);
}, 30_000);
