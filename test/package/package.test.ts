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
  for (const file of ['lib/c/index.d.ts', 'lib/c/index.d.ts.map', 'bundle/c.js', 'bundle/c.js.map']) {
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

it('is imported from an ES module, with a live errno', () => {
  const program = `import { close, errno, EBADF } from 'bsd-sockets/c';
    const before = errno;
    console.log(before, close(-1), errno === EBADF);`;
  expect(succeed('node', ['--input-type=module', '-e', program])).toBe('0 -1 true\n');
});

it('is required from CommonJS, with a live errno', () => {
  const program = `const c = require('bsd-sockets/c');
    const before = c.errno;
    console.log(before, c.close(-1), c.errno === c.EBADF);`;
  const { stdout, stderr, status } = run('node', ['-e', program]);
  expect(stdout).toBe('0 -1 true\n');
  expect(stderr.replace(/^.*ExperimentalWarning[\s\S]*$/m, '')).toBe('');
  expect(status).toBe(0);
});

it('has its other entry points, which share their classes and errno', () => {
  const program = `import { createRequire } from 'node:module';
    import { SocketError } from 'bsd-sockets';
    import { Socket } from 'bsd-sockets/promises';
    const required = createRequire(import.meta.url)('bsd-sockets');
    try {
      new Socket(-1, 1);
    } catch (error) {
      console.log(error instanceof SocketError, error instanceof required.SocketError);
    }`;
  writeFileSync(join(consumer, 'entries.mjs'), program);
  expect(succeed('node', ['entries.mjs'])).toBe('true true\n');
});

it('type-checks in a strict consumer that has no types of Node', () => {
  const program = `import { errno, sockaddr_in, socket, AF_INET, SOCK_STREAM } from 'bsd-sockets/c';
    const sin = new sockaddr_in();
    sin.sin_family = AF_INET;
    const result: number = socket(AF_INET, SOCK_STREAM, 0);
    const number: number = errno;
    // @ts-expect-error: a descriptor is a number
    socket('AF_INET', SOCK_STREAM, 0);
    export { number, result };`;
  writeFileSync(join(consumer, 'consumer.mts'), program);
  const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] };
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.mts'] }));
  expect(succeed('tsc', [])).toBe('');
}, 60_000);

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
