// Room: a socket as streams, with back-pressure both ways: nothing is received that nobody asked for.
import { Duplex, type DuplexOptions } from 'node:stream';
import { ReadableStream, WritableStream } from 'node:stream/web';
import * as c from '../generated/constants.js';

/** What the streams need of a socket. */
export interface StreamSocket {
  readonly closed: boolean;
  recv(buffer: Uint8Array, options?: { signal?: AbortSignal }): Promise<number>;
  sendAll(data: Uint8Array, options?: { signal?: AbortSignal }): Promise<void>;
  shutdown(how: number): unknown;
  close(): void;
}

const CHUNK = 64 * 1024;

/** Ends one direction; a connection that has ended already needs no end. */
function end(socket: StreamSocket, how: number): void {
  try {
    if (!socket.closed) socket.shutdown(how);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOTCONN') throw error;
  }
}

export function readableOf(socket: StreamSocket): ReadableStream<Uint8Array> {
  const stopped = new AbortController();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = new Uint8Array(CHUNK);
        const length = await socket.recv(chunk, { signal: stopped.signal });
        if (length === 0) controller.close();
        // A small chunk does not keep a large one's memory.
        else controller.enqueue(length > CHUNK / 2 ? chunk.subarray(0, length) : chunk.slice(0, length));
      },
      cancel: () => {
        stopped.abort();
        end(socket, c.SHUT_RD);
      },
    },
    { highWaterMark: 0 },
  );
}

export const writableOf = (socket: StreamSocket): WritableStream<Uint8Array | string> =>
  new WritableStream<Uint8Array | string>({
    write: (chunk) => socket.sendAll(typeof chunk === 'string' ? Buffer.from(chunk) : chunk),
    close: () => end(socket, c.SHUT_WR),
    abort: () => socket.close(),
  });

/** A Duplex: its end() shuts down sending, the peer's end is its 'end', and destroying it closes the socket. */
export function duplexOf(socket: StreamSocket, options: DuplexOptions): Duplex {
  const stopped = new AbortController();
  return new Duplex({
    ...options,
    read(this: Duplex, size) {
      const chunk = Buffer.allocUnsafeSlow(Math.max(size, 1));
      socket.recv(chunk, { signal: stopped.signal }).then(
        (length) => this.push(length === 0 ? null : chunk.subarray(0, length)),
        (error: Error) => this.destroy(error),
      );
    },
    write(chunk: Buffer, _encoding, done) {
      socket.sendAll(chunk, { signal: stopped.signal }).then(() => done(), done);
    },
    final(done) {
      try {
        end(socket, c.SHUT_WR);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    destroy(error, done) {
      stopped.abort();
      socket.close();
      done(error);
    },
  });
}
