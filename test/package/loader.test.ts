// Which binary the loader takes: the chosen one, a checkout’s local build, the prebuilt one for this C library, or none; never a
// binary outside the package.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { interpreterOf, isMusl } from '../../lib/addon/libc.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const platform = `${process.platform}-${process.arch}`;
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'bsd-sockets-loader-'));
const LOCAL = 'build/Release/bsd_sockets.node';
/** What the C library's own report says; the loader must not take the time for it. */
const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
const libc = process.platform !== 'linux' ? '' : report.header.glibcVersionRuntime ? '.glibc' : '.musl';
const PREBUILT = `prebuilds/${platform}/bsd-sockets${libc}.node`;

function place(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(env.BSD_SOCKETS_BINARY ?? join(root, LOCAL), join(folder, name));
  }
}

/** Imports the package in a process of its own, and says which binary it has then, or how it failed. */
function load(chosen?: string, file = 'dist/bundle/c.js', cwd = folder): string {
  const program = `import ${JSON.stringify(join(folder, file))};
    console.log(process.report.getReport().sharedObjects.find((file) => file.endsWith('.node')));`;
  const { BSD_SOCKETS_BINARY: _, ...inherited } = env;
  const { stdout, stderr } = spawnSync('node', ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    cwd,
    env: chosen ? { ...inherited, BSD_SOCKETS_BINARY: join(folder, chosen) } : inherited,
  });
  return stdout.trim().replace(`${folder}/`, '') || stderr;
}

beforeAll(() => {
  for (const name of ['package.json', 'dist/bundle']) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});

beforeEach(() => {
  for (const name of ['build', 'prebuilds']) rmSync(join(folder, name), { recursive: true, force: true });
});

afterAll(() => rmSync(folder, { recursive: true }));

it('takes a local build before a prebuilt binary', () => {
  place(LOCAL, PREBUILT);
  expect(load()).toBe(LOCAL);
});

it('takes the prebuilt binary if there is no local build', () => {
  place(PREBUILT);
  expect(load()).toBe(PREBUILT);
});

it('takes the binary that BSD_SOCKETS_BINARY names before both', () => {
  place(LOCAL, PREBUILT, 'build-asan/bsd_sockets.node');
  expect(load('build-asan/bsd_sockets.node')).toBe('build-asan/bsd_sockets.node');
});

it('names the platform and the command that builds, if there is no binary', () => {
  const message = load();
  expect(message).toContain(`no native addon for ${platform} was found`);
  expect(message).toContain(`prebuilds/${platform}`);
  expect(message).toContain('"npm explore bsd-sockets -- npm run build:source"');
  expect(message).toContain('"npm install"');
  expect(message).toContain('python3, make and a C++ compiler');
});

describe('a copy of the bundle that does not lie in the package', () => {
  /** Copies the bundle to `app/dist/bundle`, as a user's bundler would write it, and leaves a binary at every place near it. */
  function copy(change: (code: string) => string, name = '{ "name": "app" }'): string {
    const app = join(folder, 'app');
    rmSync(app, { recursive: true, force: true });
    cpSync(join(root, 'dist/bundle'), join(app, 'dist/bundle'), { recursive: true });
    for (const file of readdirSync(join(app, 'dist/bundle')).filter((file) => file.endsWith('.cjs'))) {
      const path = join(app, 'dist/bundle', file);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
    }
    writeFileSync(join(app, 'package.json'), name);
    place(`app/${LOCAL}`, `app/${PREBUILT}`);
    return app;
  }

  /** Gives the modules another place than their file's. */
  const placedAt = (url: string) => (code: string) =>
    code.replace(/const moduleUrl = [^;]*;/, `const moduleUrl = ${url};`);

  it('knows its place by one variable in the file that loads the addon', () => {
    const code = readFileSync(join(root, 'dist/bundle/shared.cjs'), 'utf8');
    expect(code).toContain('process.dlopen');
    expect(placedAt('"elsewhere"')(code)).toContain('const moduleUrl = "elsewhere";');
  });

  it.each([
    ['its place is taken away', placedAt('undefined')],
    ['its place is no file', placedAt('"app:///dist/bundle/c.js"')],
    ['it lies in another package', (code: string) => code],
  ])('%s: no binary is loaded from the current folder or beside the copy', (_name, change) => {
    const message = load(undefined, 'app/dist/bundle/c.js', copy(change));
    expect(message).toContain('looked for in the package’s own folder, and a bundler has taken this module out of it');
    expect(message).toContain('BSD_SOCKETS_BINARY');
  });

  it('without a package.json at all neither', () => {
    const app = copy((code) => code);
    rmSync(join(app, 'package.json'));
    expect(load(undefined, 'app/dist/bundle/c.js', app)).toContain('a bundler has taken this module out of it');
  });

  it('loads the binary that BSD_SOCKETS_BINARY names', () => {
    const app = copy(placedAt('undefined'));
    place('chosen/bsd_sockets.node');
    expect(load('chosen/bsd_sockets.node', 'app/dist/bundle/c.js', app)).toBe('chosen/bsd_sockets.node');
  });
});

describe('the C library', () => {
  /** The start of an ELF executable whose program headers name a loader. */
  function elf(loader: string | null): Buffer {
    const bytes = Buffer.alloc(512);
    bytes.write('\x7fELF', 'latin1');
    bytes.writeBigUInt64LE(64n, 32); // e_phoff
    bytes.writeUInt16LE(56, 54); // e_phentsize
    bytes.writeUInt16LE(2, 56); // e_phnum
    bytes.writeUInt32LE(1, 64); // PT_LOAD
    if (loader === null) return bytes;
    bytes.writeUInt32LE(3, 120); // PT_INTERP
    bytes.writeBigUInt64LE(300n, 128);
    bytes.writeBigUInt64LE(BigInt(loader.length + 1), 152);
    bytes.write(loader, 300);
    return bytes;
  }

  it.each([
    ['musl', elf('/lib/ld-musl-x86_64.so.1'), '/lib/ld-musl-x86_64.so.1'],
    ['glibc', elf('/lib64/ld-linux-x86-64.so.2'), '/lib64/ld-linux-x86-64.so.2'],
    ['a static executable', elf(null), ''],
    ['a script', Buffer.from('#!/bin/sh\n'), ''],
    ['an ELF header that ends early', elf('/lib/ld-musl-x86_64.so.1').subarray(0, 100), ''],
    ['an empty file', Buffer.alloc(0), ''],
  ])('of an executable: %s', (_name, bytes, expected) => {
    const file = join(folder, 'executable');
    writeFileSync(file, bytes);
    expect(interpreterOf(file)).toBe(expected);
  });

  it('of this process is what the report says', (context) => {
    if (process.platform !== 'linux') return context.skip('there is one C library on macOS');
    expect(isMusl()).toBe(libc === '.musl');
    expect(interpreterOf(process.execPath)).toMatch(/\/ld-(linux|musl)-/);
  });
});
