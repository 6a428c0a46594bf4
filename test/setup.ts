// Room: what holds for every test: none leaves a descriptor open.
import { afterEach, beforeEach } from 'vitest';
import { closeKept, openDescriptors } from './descriptors.js';

let before = new Map<number, string>();

beforeEach(() => {
  before = openDescriptors();
});

afterEach(() => {
  const stale = closeKept();
  if (stale.length > 0) throw new Error(`kept descriptors that were no longer open: ${stale.join(', ')}`);
  // Paths are files that Node or the test runner has open for a moment, to load modules.
  const left = [...openDescriptors()].filter(([fd, what]) => before.get(fd) !== what && !what.startsWith('/'));
  if (left.length > 0)
    throw new Error(`descriptors left open: ${left.map(([fd, what]) => `${fd} ${what}`).join(', ')}`);
  const lost = [...before].filter(([fd, what]) => !what.startsWith('/') && !openDescriptors().has(fd));
  if (lost.length > 0)
    throw new Error(`descriptors of others closed: ${lost.map(([fd, what]) => `${fd} ${what}`).join(', ')}`);
});
