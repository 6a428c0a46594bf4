// sendfile(2), with Linux’s arguments.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as c from 'bsd-sockets/c';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectedPair, errnoName } from '../support/descriptors.js';
import { decodeText } from '../support/memory.js';
import { unixStream } from '../support/socket_kinds.js';

let directory = '';
let file = -1;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sendfile-'));
  writeFileSync(join(directory, 'file'), 'the content of a file');
  file = openSync(join(directory, 'file'), 'r'); // node:fs's descriptors work here
});
afterAll(() => {
  closeSync(file);
  rmSync(directory, { recursive: true });
});

describe.runIf(process.platform === 'linux')('sendfile', () => {
  test('sends from an offset, which advances, or from the file position', () => {
    const [a, b] = connectedPair(unixStream);
    const offset = new c.off_t(4);
    expect(c.sendfile(a, file, offset, 7)).toBe(7);
    expect(offset.value).toBe(11);
    expect(c.sendfile(a, file, null, 3n)).toBe(3);
    const bytes = new Uint8Array(32);
    expect(decodeText(bytes.subarray(0, c.recv(b, bytes, 32, 0)))).toBe('contentthe');
    offset.value = 21;
    expect(c.sendfile(a, file, offset, 100)).toBe(0); // its end
    expect(c.sendfile(a, file, new c.off_t(19), 100)).toBe(2);
  });

  test('fails for descriptors that are not files, and for invalid offsets', () => {
    const [a, b] = connectedPair(unixStream);
    expect(errnoName(() => c.sendfile(a, -1, null, 1))).toBe('EBADF');
    expect(errnoName(() => c.sendfile(a, b, new c.off_t(0), 1))).toMatch(/^(EINVAL|ESPIPE)$/);
    expect(errnoName(() => c.sendfile(a, file, new c.off_t(-1), 1))).toBe('EINVAL');
    expect(errnoName(() => c.sendfile(a, file, new Uint8Array(7), 1))).toBe('EFAULT');
    expect(() => c.sendfile(a, file, 4 as unknown as c.Pointer, 1)).toThrow(TypeError);
    expect(() => c.sendfile(a, file, null, undefined as unknown as number)).toThrow(TypeError);
    expect(() => c.sendfile(a, file, [0] as unknown as c.Pointer, 1)).toThrow(TypeError);
  });
});
