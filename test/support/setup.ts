// Runs around every test: a test fails if it leaves a descriptor open, or closes one that it did not open.
import { afterEach, beforeEach } from 'vitest';
import { closeAll, openDescriptors } from './cleanup.js';

let before = new Map<number, string>();

beforeEach(() => {
  before = openDescriptors();
});

const listed = (descriptors: Iterable<[fd: number, name: string]>): string =>
  [...descriptors].map(([fd, name]) => `${fd} ${name}`).join(', ');
/** A file, not a socket or pipe. Node and the test runner open files for a moment, to load modules. */
const isFile = (name: string): boolean => name.startsWith('/');

afterEach(() => {
  const stale = closeAll();
  if (stale.length > 0) throw new Error(`descriptors that closeAfterTest got were already closed: ${stale.join(', ')}`);
  const after = openDescriptors();
  const left = listed([...after].filter(([fd, name]) => before.get(fd) !== name && !isFile(name)));
  if (left) throw new Error(`descriptors left open: ${left}`);
  const lost = listed([...before].filter(([fd, name]) => !isFile(name) && !after.has(fd)));
  if (lost) throw new Error(`descriptors closed that the test did not open: ${lost}`);
});
