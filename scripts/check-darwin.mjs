// Room: the macOS check. Compiles native/*.cpp for macOS on Linux, for both processors and without warnings, links the bundle that a
// Mac would load, looks at what it exports and imports, and compares its constants and struct layouts with the tables.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { env, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { nativeSources as sources } from './native-sources.mjs';
import { zigEnvironment } from './zig.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(root, 'tools/zig-c++');
const TARGETS = { arm64: 'aarch64-macos.11.0', x64: 'x86_64-macos.11.0' };
const nm = env.LLVM_NM ?? 'llvm-nm-19';
const objdump = env.LLVM_OBJDUMP ?? 'llvm-objdump-19';

const defines = /"defines": \[(.*?)\]/.exec(readFileSync(join(root, 'binding.gyp'), 'utf8'))?.[1];
const flags = [
  ...['-std=c++17', '-O2', '-fexceptions', '-fvisibility=hidden', '-fvisibility-inlines-hidden'],
  ...['-Wall', '-Wextra', '-Werror', '-Inative'],
  ...[...(defines ?? '').matchAll(/"(.*?)"/g)].map((define) => `-D${define[1]}`),
  ...['node-addon-api', 'node-api-headers'].flatMap((name) => ['-isystem', require(name).include_dir]),
];

/** @param {string} message */
function fail(message) {
  console.error(message);
  exit(1);
}

/** Runs a tool to its end, and gives what it says.
 * @param {string} command
 * @param {string[]} args
 * @returns {string} */
function output(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error) fail(`${command}: ${error.message} (Debian: apt-get install lld-19 llvm-19)`);
  if (status !== 0) fail(`${command} ${args.join(' ')}\n${stderr}`);
  return stdout;
}

/** Runs the compiler.
 * @param {string} target
 * @param {string[]} args
 * @returns {Promise<boolean>} */
function compile(target, args) {
  const child = spawn(compiler, args, { cwd: root, stdio: 'inherit', env: { ...zig, ZIG_TARGET: target } });
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (status) => resolve(status === 0)));
}

/** Compiles every source, as many at once as there are processors.
 * @param {string} target
 * @param {string} folder
 * @returns {Promise<string[]>} the object files */
async function compileAll(target, folder) {
  const waiting = [...sources];
  const object = (/** @type {string} */ file) => join(folder, `${file.replaceAll('/', '_')}.o`);
  let failed = 0;
  const worker = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const ok = await compile(target, [...flags, '-c', join('native', file), '-o', object(file)]);
      if (!ok) failed++;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (failed > 0) fail(`${target}: ${failed} of ${sources.length} files do not compile`);
  return sources.map(object);
}

/** What Node loads: a bundle that exports its two entry points, and leaves nothing open but Node-API.
 * @param {string} target
 * @param {string} bundle */
function inspect(target, bundle) {
  const entries = ['_napi_register_module_v1', '_node_api_module_get_api_version_v1'];
  const lines = output(nm, ['--extern-only', '--defined-only', bundle]).trim().split('\n');
  const exported = lines.map((line) => line.split(' ').pop() ?? '').sort();
  if (exported.join() !== entries.join()) fail(`${target}: exports ${exported.join(', ')}`);

  const imports = output(nm, ['-m', '--undefined-only', bundle]).matchAll(/external (\S+) \((.*)\)/g);
  let open = 0;
  for (const [, name = '', from = ''] of imports) {
    if (/^from lib(System|c\+\+)$/.test(from)) continue;
    if (from !== 'dynamically looked up' || !/^_(napi|node_api)_/.test(name)) fail(`${target}: ${name} is ${from}`);
    open++;
  }

  const headers = output(objdump, ['--macho', '--private-headers', bundle]);
  for (const wanted of [/\bBUNDLE\b/, /minos 11\.0/, /LC_CODE_SIGNATURE/]) {
    if (!wanted.test(headers)) fail(`${target}: the bundle's headers lack ${wanted.source}`);
  }
  const libraries = [...headers.matchAll(/ name (\S+\.dylib)/g)].map((match) => basename(match[1] ?? '')).sort();
  if (libraries.join() !== 'libSystem.B.dylib,libc++.1.dylib') fail(`${target}: needs ${libraries.join(', ')}`);
  return open;
}

const zig = { ...env, ...zigEnvironment() };
for (const [arch, target] of Object.entries(TARGETS)) {
  const folder = join(root, `build-darwin-${arch}`);
  mkdirSync(folder, { recursive: true });
  const objects = await compileAll(target, folder);
  const bundle = join(folder, 'bsd_sockets.node');
  if (!(await compile(target, ['-bundle', '-o', bundle, ...objects]))) fail(`${target}: does not link`);
  const open = inspect(target, bundle);
  console.log(
    `${target}: ${sources.length} files compiled without a warning; the bundle asks Node for ${open} functions`,
  );
}

const { status } = spawnSync('node', ['scripts/darwin-tables.mjs'], { cwd: root, stdio: 'inherit', env: zig });
exit(status ?? 1);
