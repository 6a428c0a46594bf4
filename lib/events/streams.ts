// A socket as streams, with back-pressure both ways: nothing is received before it is asked for.
//
// A stream socket gives bytes, and ends with the peer's end. A socket with message boundaries gives one chunk a message, and a message may be
// empty: its streams are in object mode, for a stream of bytes would drop empty chunks and merge others.
import { Duplex, type DuplexOptions } from 'node:stream';
import { ReadableStream, WritableStream } from 'node:stream/web';
import * as c from '../generated/constants.js';
import type { Data } from '../socket/memory.js';

/** The part of a socket that its streams use. */
export interface StreamSocket {
  readonly closed: boolean;
  recv(
    buffer: Uint8Array,
    flags?: number | { signal?: AbortSignal },
    options?: { signal?: AbortSignal },
  ): Promise<number>;
  sendAll(data: Data | readonly Data[], options?: { signal?: AbortSignal }): Promise<void>;
  shutdown(how: number): unknown;
  close(): void;
}
/** How a socket's bytes arrive. */
export interface StreamKind {
  /** As one stream of bytes, or in messages. */
  readonly bytes: boolean;
  /** A message may be longer than a chunk, so its length is asked first. */
  readonly long: boolean;
  /** Whether a message of no bytes was the peer's end. */
  ended(): boolean;
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

/** Receives chunk by chunk. A small chunk is copied, so that it does not keep a large one's memory, and the large one is used again. */
class Chunks {
  readonly #socket: StreamSocket;
  readonly #kind: StreamKind;
  readonly #options: { signal?: AbortSignal } | undefined;
  #spare: Buffer | undefined;

  constructor(socket: StreamSocket, kind: StreamKind, options?: { signal: AbortSignal }) {
    this.#socket = socket;
    this.#kind = kind;
    this.#options = options;
  }

  /** The next chunk of at most `size` bytes, or the next message; null at the end. */
  async next(size: number): Promise<Buffer | null> {
    const room = this.#kind.long ? await this.#messageLength() : this.#kind.bytes ? size : CHUNK;
    const memory = this.#spare !== undefined && this.#spare.length >= room ? this.#spare : Buffer.allocUnsafeSlow(room);
    this.#spare = undefined;
    const length = await (this.#options ? this.#socket.recv(memory, this.#options) : this.#socket.recv(memory));
    if (length === 0 && (this.#kind.bytes || this.#kind.ended())) return null;
    if (length > memory.length / 2) return memory.subarray(0, length);
    this.#spare = memory;
    return Buffer.from(memory.subarray(0, length));
  }

  /** Waits for a message, and gives its length. */
  async #messageLength(): Promise<number> {
    return Math.max(1, await this.#socket.recv(NO_BYTES, c.MSG_PEEK | c.MSG_TRUNC, this.#options));
  }
}
const NO_BYTES = new Uint8Array(0);

export function readableOf(socket: StreamSocket, kind: StreamKind): ReadableStream<Uint8Array> {
  const stopped = new AbortController();
  const chunks = new Chunks(socket, kind, { signal: stopped.signal });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await chunks.next(CHUNK);
        if (chunk === null) controller.close();
        else controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
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
    write: (chunk) => socket.sendAll(chunk),
    close: () => end(socket, c.SHUT_WR),
    abort: () => socket.close(),
  });

/** A Duplex: its end() shuts down sending, the peer's end is its 'end', and destroying it closes the socket, which rejects what it waits for. */
export function duplexOf(socket: StreamSocket, kind: StreamKind, options: DuplexOptions): Duplex {
  const chunks = new Chunks(socket, kind);
  return new Duplex({
    ...options,
    ...(kind.bytes ? {} : { readableObjectMode: true, writableObjectMode: true }),
    read(this: Duplex, size) {
      chunks.next(Math.max(size, 1)).then(
        (chunk) => this.push(chunk),
        (error: Error) => this.destroy(error),
      );
    },
    write(chunk: Data, _encoding, done) {
      socket.sendAll(chunk).then(() => done(), done);
    },
    // Of messages, each is sent by itself.
    ...(kind.bytes
      ? {
          writev(queue: { chunk: Buffer }[], done: (error?: Error | null) => void) {
            socket.sendAll(queue.map(({ chunk }) => chunk)).then(() => done(), done);
          },
        }
      : {}),
    final(done) {
      try {
        end(socket, c.SHUT_WR);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    destroy(error, done) {
      socket.close();
      done(error);
    },
  });
}
