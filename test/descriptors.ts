// Room: the descriptors that a test opens. What `keep` was given is closed after the test; setup.ts sees that nothing else is left.
import { readdirSync, readlinkSync } from 'node:fs';
import { close, errno, strerror } from 'bsd-sockets/c';

const kept = new Set<number>();

/** The descriptor of a call that must succeed; closed after the test. */
export function keep(fd: number): number {
  if (fd < 0) throw new Error(`no descriptor: ${strerror(errno)}`);
  kept.add(fd);
  return fd;
}

/** Closes a descriptor that was kept, before the test ends. */
export function drop(fd: number): void {
  kept.delete(fd);
  if (close(fd) < 0) throw new Error(`close(${fd}): ${strerror(errno)}`);
}

/** Closes what was kept; says which of these the test had closed itself. */
export function closeKept(): number[] {
  const stale = [...kept].filter((fd) => close(fd) < 0);
  kept.clear();
  return stale;
}

const directory = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd';

/** The open descriptors and what they are, as far as the system says. */
export function openDescriptors(): Map<number, string> {
  const open = new Map<number, string>();
  for (const name of readdirSync(directory)) {
    try {
      open.set(Number(name), process.platform === 'linux' ? readlinkSync(`${directory}/${name}`) : 'open');
    } catch {
      // The one that the directory itself was read by.
    }
  }
  return open;
}
