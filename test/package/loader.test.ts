// Room: which binary the loader takes: the chosen one, a checkout's local build, the prebuilt one, or none.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const platform = `${process.platform}-${process.arch}`;
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'bsd-sockets-loader-'));
const LOCAL = 'build/Release/bsd_sockets.node';
const libc = process.platform !== 'linux' ? '' : existsSync('/etc/alpine-release') ? '.musl' : '.glibc';
const PREBUILT = `prebuilds/${platform}/bsd-sockets${libc}.node`;

function place(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(env.BSD_SOCKETS_BINARY ?? join(root, LOCAL), join(folder, name));
  }
}

/** Imports the package in a process of its own, and says which binary it has then, or how it failed. */
function load(chosen?: string): string {
  const program = `import ${JSON.stringify(join(folder, 'dist/bundle/c.js'))};
    console.log(process.report.getReport().sharedObjects.find((file) => file.endsWith('.node')));`;
  const { BSD_SOCKETS_BINARY: _, ...inherited } = env;
  const { stdout, stderr } = spawnSync('node', ['--input-type=module', '-e', program], {
    encoding: 'utf8',
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

it('takes the prebuilt binary where there is no local build', () => {
  place(PREBUILT);
  expect(load()).toBe(PREBUILT);
});

it('takes the binary that BSD_SOCKETS_BINARY names before both', () => {
  place(LOCAL, PREBUILT, 'build-asan/bsd_sockets.node');
  expect(load('build-asan/bsd_sockets.node')).toBe('build-asan/bsd_sockets.node');
});

it('says which platform was looked for and what command builds it, where there is none', () => {
  const message = load();
  expect(message).toContain(`no native addon for ${platform} was found`);
  expect(message).toContain(`prebuilds/${platform}`);
  expect(message).toContain('"npm explore bsd-sockets -- npm run build:source"');
  expect(message).toContain('"npm install"');
  expect(message).toContain('python3, make and a C++ compiler');
});
