// The published package: packed, installed without scripts, imported, required, type-checked, rebuilt from source.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildEnvironment } from '../../scripts/node-headers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-package-'));
const copy = join(folder, 'copy');
const consumer = join(folder, 'consumer');
const installed = join(consumer, 'node_modules/bsd-sockets');

/** Runs a program to its end in the consumer's folder. What it compiles need not be fast. */
function run(command: string, args: string[], cwd = consumer): SpawnSyncReturns<string> {
  const { NODE_OPTIONS: _, BSD_SOCKETS_BINARY: __, ...env } = buildEnvironment();
  return spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...env, JOBS: 'max', CXXFLAGS: '-O0' } });
}

function succeed(command: string, args: string[], cwd?: string): string {
  const { status, stdout, stderr, error } = run(command, args, cwd);
  expect(error).toBeUndefined();
  expect(`${status === 0 ? '' : stdout}${status === 0 ? '' : stderr}`).toBe('');
  expect(status).toBe(0);
  return stdout;
}

beforeAll(() => {
  mkdirSync(copy);
  const packed: string[] = manifest.files.map((pattern: string) => pattern.replace(/\/.*/, ''));
  for (const name of new Set(['package.json', 'README.md', 'LICENSE', ...packed])) {
    if (name !== 'prebuilds') cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  succeed('npm', ['run', '--silent', 'prebuild', '--', '--out', copy], root);
  succeed('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder], copy);

  mkdirSync(consumer);
  const dependencies = { 'bsd-sockets': `file:../bsd-sockets-${manifest.version}.tgz` };
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ private: true, dependencies }));
  succeed('npm', ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--loglevel=error']);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is not packed, nor published, without the binaries of every platform', () => {
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const command of ['pack', 'publish']) {
    const { status, stderr } = run('npm', [command, '--dry-run', '--loglevel=error'], copy);
    expect(status, stderr).not.toBe(0);
    expect(stderr).toContain('prebuilds/darwin-arm64/bsd-sockets.node is missing');
    expect(stderr).toContain('npm run prebuild:all builds all binaries');
  }
});

it('contains the declarations, the maps, the sources and this platform’s binary, and no tests', () => {
  for (const file of [
    'types/c/index.d.ts',
    'types/c/index.d.cts',
    'types/c/index.d.cts.map',
    'bundle/c.js',
    'bundle/core-c.cjs.map',
  ]) {
    expect(existsSync(join(installed, 'dist', file)), file).toBe(true);
  }
  const maps = readdirSync(join(installed, 'dist/bundle')).filter((file) => file.endsWith('.map'));
  for (const map of maps) {
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(installed, 'dist/bundle', map), 'utf8'));
    expect(sourcesContent, `${map} repeats the sources, which the package has`).toBeUndefined();
    for (const source of sources) {
      const path = join(installed, 'dist/bundle', source.replace(/\?.*/, ''));
      expect(existsSync(path), `${source} of ${map}`).toBe(true);
    }
  }
  // Package managers run node-gyp on their own where a package has this file at its top.
  expect(existsSync(join(installed, 'binding.gyp'))).toBe(false);
  const native = readdirSync(join(root, 'native')).sort();
  expect(readdirSync(join(installed, 'native')).sort()).toEqual(native);
  const [binary] = readdirSync(join(installed, 'prebuilds', `${process.platform}-${process.arch}`));
  expect(binary).toMatch(process.platform === 'linux' ? /^bsd-sockets\.(glibc|musl)\.node$/ : /^bsd-sockets\.node$/);
  for (const name of ['test', 'examples', 'bench', 'tools']) expect(existsSync(join(installed, name))).toBe(false);
  expect(readdirSync(join(installed, 'scripts')).sort()).toEqual(['build-from-source.mjs', 'node-headers.mjs']);
});

it('is imported from an ES module and required from CommonJS', () => {
  const print = 'console.log(errno, c.close(-1), c.errno === c.EBADF)';
  const module = `import * as c from 'bsd-sockets/c'; const { errno } = c; ${print};`;
  const commonjs = `const c = require('bsd-sockets/c'); const { errno } = c; ${print};`;
  expect(succeed('node', ['--input-type=module', '-e', module])).toBe('0 -1 true\n');
  expect(succeed('node', ['--throw-deprecation', '-e', commonjs])).toBe('0 -1 true\n');
});

/** The newest settings, and older ones that programs still have; with and without DOM's types; never with @types/node. */
const COMPILERS = {
  'an ES module': { file: 'a.mts', module: 'nodenext' },
  'a CommonJS module': { file: 'a.cts', module: 'node16' },
  'a bundler': { file: 'a.ts', module: 'esnext', moduleResolution: 'bundler' },
  'a CommonJS module of old': {
    file: 'a.ts',
    module: 'commonjs',
    moduleResolution: 'node10',
    ignoreDeprecations: '6.0',
  },
  'no DOM': { file: 'a.mts', module: 'nodenext', lib: ['es2022'] },
};

it.each(Object.entries(COMPILERS))(
  'type-checks strictly, its declarations too: %s',
  (_, { file, ...options }) => {
    const program = `import { errno, sockaddr_in, socket, AF_INET, SOCK_STREAM } from 'bsd-sockets/c';
    import { Poller, Socket, SocketError } from 'bsd-sockets';
    import { Socket as Waiting, type WaitOptions } from 'bsd-sockets/promises';
    const sin = new sockaddr_in();
    sin.sin_family = AF_INET;
    const result: number = socket(AF_INET, SOCK_STREAM, 0);
    const number: number = errno;
    // @ts-expect-error: a descriptor is a number
    socket('AF_INET', SOCK_STREAM, 0);
    const later = (waiting: Waiting, options: WaitOptions): Promise<number> => waiting.recv(new Uint8Array(1), options);
    const close = (socket: Socket, poller: Poller): void => (socket.close(), poller.close());
    export { close, later, number, result, SocketError };`;
    writeFileSync(join(consumer, file), program);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: 'es2022',
      types: [],
      skipLibCheck: false,
      ...options,
    };
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    expect(succeed('tsc', [])).toBe('');
  },
  60_000,
);

it('prints how to build if no binary fits, and can be built so from its sources', () => {
  rmSync(join(installed, 'prebuilds'), { recursive: true });
  const program = `import 'bsd-sockets/c';
    console.log(process.report.getReport().sharedObjects.find((file) => file.endsWith('.node')));`;
  const { status, stderr } = run('node', ['--input-type=module', '-e', program]);
  expect(status).toBe(1);
  const command = /Build it with "(.*?)"/.exec(stderr)?.[1]?.split(' ') ?? [];
  expect(command).toEqual(['npm', 'explore', 'bsd-sockets', '--', 'npm', 'run', 'build:source']);
  succeed('npm', command.slice(1));
  const loaded = succeed('node', ['--input-type=module', '-e', program]);
  expect(loaded).toMatch(/node_modules\/bsd-sockets\/build\/Release\/bsd_sockets\.node\n$/);
}, 180_000);
