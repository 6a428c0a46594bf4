// Benchmark: two names for Unix sockets, in a folder that goes with the process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
export const names = [join(folder, 'a'), join(folder, 'b')];
