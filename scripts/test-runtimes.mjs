// Runs the checks of test/runtimes in every runtime, on the binaries of one tarball: `npm run test:runtimes [-- TARBALL] [-- --update]`.
// Without a tarball, `npm pack` makes one, which needs all prebuilt binaries. The runtimes come from npm. Prints a table in Markdown,
// which --update writes into README.md.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { arch, env, exit, platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { update: { type: 'boolean' } } });
if (platform !== 'linux' || arch !== 'x64') {
  console.error(`the runtimes are those of Linux x64; this is ${platform} ${arch}`);
  exit(1);
}

/**
 * A runtime: its package in npm, its program there, its arguments, and what its environment needs.
 * @typedef {{ name: string, package: string, program: string, args?: string[], env?: NodeJS.ProcessEnv, known?: Record<string, string>, through?: () => string[] | undefined }} Runtime
 */
const node = (/** @type {string} */ version, cpu = 'x64') => ({
  name: `Node.js ${version}${cpu === 'x64' ? '' : ` (${cpu}, emulated)`}`,
  package: `node-linux-${cpu}@${version}`,
  program: 'bin/node',
});

/** The emulator of another processor, and the folder of that processor's C library; undefined where Debian's packages are missing. */
function emulateArm64() {
  const { status, stdout } = spawnSync('aarch64-linux-gnu-gcc', ['-print-file-name=libc.so.6'], { encoding: 'utf8' });
  if (status !== 0 || spawnSync('qemu-aarch64', ['--version']).status !== 0) return undefined;
  return ['qemu-aarch64', '-L', resolve(stdout.trim(), '../..')];
}

/** @type {Runtime[]} */
const RUNTIMES = [
  ...['20.19.0', '22.3.0', '22.23.3', '24.21.0', '26.10.0'].map((version) => node(version)),
  { name: 'Bun 1.4.5', package: '@oven/bun-linux-x64@1.4.5', program: 'bin/bun' },
  {
    name: 'Deno 2.9.6',
    package: '@deno/linux-x64-glibc@2.9.6',
    program: 'deno',
    args: ['run', '--allow-all'],
    // Deno's napi_open_handle_scope opens none, and the callback of a libuv handle has none there: only a thread may wake the event loop.
    env: { BSD_SOCKETS_WATCH: 'thread' },
    known: {
      'a terminated worker’s sockets are closed': 'Deno runs no clean-up hook of an addon when a worker is terminated',
    },
  },
  { ...node('20.20.2', 'arm64'), through: emulateArm64 },
];

const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-runtimes-'));
/** @param {string} command @param {string[]} args @param {string} cwd */
function must(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? status}\n${stdout}${stderr}`);
}

/** @param {string} name the folder @param {string} spec of the package @param {string[]} flags @returns {string} where it lies */
function install(name, spec, flags = []) {
  const at = join(folder, name);
  mkdirSync(at);
  writeFileSync(join(at, 'package.json'), '{ "private": true }');
  must('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...flags, spec], at);
  return at;
}

/** @param {Runtime} runtime @param {string} at the folder of the checks @param {number} index */
function runIn(runtime, at, index) {
  const through = runtime.through?.();
  if (runtime.through && !through) return { skipped: 'qemu-user and gcc-aarch64-linux-gnu are not installed' };
  const cpu = /-arm64@/.test(runtime.package) ? ['--cpu=arm64', '--os=linux', '--force'] : [];
  const installed = join(
    install(`runtime-${index}`, runtime.package, cpu),
    'node_modules',
    runtime.package.replace(/@[^@]*$/, ''),
  );
  const [command = '', ...args] = [
    ...(through ?? []),
    join(installed, runtime.program),
    ...(runtime.args ?? []),
    'core.mjs',
  ];
  const { BSD_SOCKETS_BINARY: _, NODE_OPTIONS: __, ...inherited } = env;
  const options = {
    cwd: at,
    encoding: /** @type {const} */ ('utf8'),
    env: { ...inherited, ...runtime.env },
    timeout: 300_000,
  };
  const { stdout, stderr, status, signal } = spawnSync(command, args, options);
  const line = stdout?.trim().split('\n').pop() ?? '';
  if (!line.startsWith('{')) return { error: `ended with ${signal ?? status}: ${stderr}${stdout}`.slice(0, 2000) };
  return /** @type {{ passed: number, failures: string[], names: string[] }} */ (JSON.parse(line));
}

let failed = false;
const rows = [];
try {
  let tarball = positionals[0] ? resolve(positionals[0]) : '';
  if (!tarball) {
    must('npm', ['pack', '--loglevel=error', '--pack-destination', folder], root);
    tarball = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '');
  }
  const consumer = install('consumer', tarball, ['--offline']);
  cpSync(join(root, 'test/runtimes'), consumer, { recursive: true });

  let names = '';
  for (const [index, runtime] of RUNTIMES.entries()) {
    const result = runIn(runtime, consumer, index);
    if ('skipped' in result) {
      console.error(`${runtime.name}: not run: ${result.skipped}`);
      continue;
    }
    if ('error' in result) {
      failed = true;
      console.error(`${runtime.name}: ${result.error}`);
      continue;
    }
    // All run the same checks, or one of them stopped early.
    names ||= JSON.stringify(result.names);
    if (names !== JSON.stringify(result.names)) result.failures.push(`runs other checks than ${RUNTIMES[0]?.name}`);
    const known = Object.entries(runtime.known ?? {});
    const isKnown = (/** @type {string} */ failure) => known.some(([name]) => failure.startsWith(`${name}: `));
    const unexpected = result.failures.filter((failure) => !isKnown(failure));
    for (const failure of unexpected) console.error(`${runtime.name}: ${failure}`);
    const fixed = known.filter(([name]) => !result.failures.some((failure) => failure.startsWith(`${name}: `)));
    for (const [name] of fixed) console.error(`${runtime.name}: passes now, so it is no known failure: ${name}`);
    failed ||= unexpected.length > 0 || fixed.length > 0 || result.names.length < 200;
    const notes = known.map(([name, reason]) => `; not: ${name} (${reason})`).join('');
    rows.push(`| ${runtime.name} | ${result.passed} of ${result.names.length}${notes} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const table = ['| runtime | checks passed |', '| --- | --- |', ...rows].join('\n');
console.log(table);
const readme = join(root, 'README.md');
if (values.update && !failed && existsSync(readme)) {
  const text = readFileSync(readme, 'utf8');
  const written = text.replace(
    /(<!-- runtimes -->\n)[\s\S]*?(\n<!-- \/runtimes -->)/,
    (_, start, end) => `${start}${table}${end}`,
  );
  writeFileSync(readme, written);
}
exit(failed || rows.length === 0 ? 1 : 0);
