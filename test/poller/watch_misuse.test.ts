// The addon's watch objects, misused as no code of lib/ does: each mistake is a TypeError or EINVAL, and none ends the process.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import * as c from 'bsd-sockets/c';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

interface Addon {
  watch_start(poller: unknown, ready: unknown, listener: unknown, thread: unknown): object | number;
  watch_stop(watch: unknown): number;
  watch_reference(watch: unknown, keepAlive: unknown): number;
}
const path = env.BSD_SOCKETS_BINARY ?? fileURLToPath(new URL('../../build/Release/bsd_sockets.node', import.meta.url));
const addon = createRequire(import.meta.url)(path) as Addon;

let poller = -1;
beforeEach(() => {
  poller = process.platform === 'linux' ? c.epoll_create1(0) : c.kqueue();
});
afterEach(() => {
  c.close(poller);
});

/** An External that another module made. */
function foreignExternal(): object {
  const server = createServer();
  const { _handle } = server.listen() as unknown as { _handle: { _externalStream: object } };
  const external = _handle._externalStream;
  server.close();
  return external;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe.each([
  ['libuv', 0],
  ['a thread', 1],
])('by %s', (_, thread) => {
  const start = (): object => {
    const watch = addon.watch_start(poller, new Int32Array(16), () => {}, thread);
    expect(watch).toBeTypeOf('object');
    return watch as object;
  };

  test('garbage, another External, nothing: TypeError', async () => {
    const wrong = [undefined, null, 1, 'x', {}, [], () => {}, new Proxy({}, {}), new Int32Array(4), foreignExternal()];
    for (const value of wrong) {
      expect(() => addon.watch_stop(value)).toThrow(TypeError);
      expect(() => addon.watch_reference(value, 1)).toThrow(TypeError);
    }
    expect(() => (addon.watch_stop as () => number)()).toThrow(
      'watch_stop(): argument 1 (watch) must be what watch_start() returned, got undefined',
    );
    await turn();
  });

  test('stopped twice, and referenced when it is stopped: EINVAL', async () => {
    const watch = start();
    expect(addon.watch_stop(watch)).toBe(0);
    const afterwards = (): void => {
      expect(addon.watch_stop(watch)).toBe(-c.EINVAL);
      expect(addon.watch_reference(watch, 1)).toBe(-c.EINVAL);
    };
    afterwards();
    for (let i = 0; i < 3; i++) await turn(); // libuv has closed its handle, the watch is deleted
    afterwards();
  });

  test('memory and listeners that are none: EINVAL, and no watch is left', async () => {
    for (const ready of [
      undefined,
      {},
      new Int32Array(4),
      new Uint8Array(64),
      new Float64Array(8),
      new DataView(new ArrayBuffer(64)),
    ])
      expect(addon.watch_start(poller, ready, () => {}, thread)).toBe(-c.EINVAL);
    expect(addon.watch_start(poller, new Int32Array(16), {}, thread)).toBe(-c.EINVAL);
    expect(() => addon.watch_start('x', new Int32Array(16), () => {}, thread)).toThrow(TypeError);
    await turn();
  });

  test('a descriptor that cannot be watched: an errno', async () => {
    const result = addon.watch_start(999_999, new Int32Array(16), () => {}, 0);
    expect(result).toBe(-c.EBADF);
    await turn();
  });

  test('its object is collected while it watches, and the process ends with it', () => {
    const program = `
      const addon = require(${JSON.stringify(path)});
      const poller = addon.kqueue ? addon.kqueue() : addon.epoll_create1(0);
      addon.watch_start(poller, new Int32Array(16), () => {}, ${thread});
      setTimeout(() => { gc(); setTimeout(() => process.exit(7), 10); }, 10);`;
    const { status, signal, stderr } = spawnSync('node', ['--expose-gc', '-e', program], { encoding: 'utf8' });
    expect([status, signal, stderr]).toEqual([7, null, '']);
  });
});
