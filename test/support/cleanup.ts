// What a test opens is closed after it: descriptors, sockets, temporary folders. setup.ts calls closeAll after each test.
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { close, errno, strerror } from 'bsd-sockets/c';

const descriptors = new Set<number>();
const disposables: Disposable[] = [];
const folders: string[] = [];

/** Closes a descriptor or disposes of an object after the test. Throws if the call that made the descriptor failed. */
export function closeAfterTest<R extends number | Disposable>(resource: R): R {
  if (typeof resource !== 'number') disposables.push(resource);
  else if (resource < 0) throw new Error(`the call returned no descriptor: ${strerror(errno)}`);
  else descriptors.add(resource);
  return resource;
}

/** Closes a descriptor within the test that opened it. */
export function closeNow(fd: number): void {
  descriptors.delete(fd);
  if (close(fd) < 0) throw new Error(`close(${fd}): ${strerror(errno)}`);
}

/** A new folder, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-'));
  folders.push(folder);
  return folder;
}

/** A path for a Unix socket, in a folder of its own that is removed after the test. */
export const socketPath = (): string => join(temporaryFolder(), 'socket');

/** Closes and removes everything. Returns the descriptors that the test itself had already closed. */
export function closeAll(): number[] {
  for (const disposable of disposables.splice(0)) disposable[Symbol.dispose]();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  const stale = [...descriptors].filter((fd) => close(fd) < 0);
  descriptors.clear();
  return stale;
}

const directory = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd';

/** The process's open descriptors, each with what the kernel calls it (`socket:[4711]`; `open` on macOS). */
export function openDescriptors(): Map<number, string> {
  const open = new Map<number, string>();
  for (const name of readdirSync(directory)) {
    try {
      open.set(Number(name), process.platform === 'linux' ? readlinkSync(`${directory}/${name}`) : 'open');
    } catch {
      // The descriptor that readdirSync itself had open.
    }
  }
  return open;
}
