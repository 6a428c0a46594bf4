// Room: the macOS check. Compiles native/*.cpp for macOS on Linux, for both processors and without warnings, links the bundle that a
// Mac would load, looks at what it exports and imports, and compares its constants and struct layouts with the tables.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { env, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { nativeSources as sources } from './native-sources.mjs';
import { nodeInclude } from './node-headers.mjs';
import { BINARIES, readBinary } from './read-binary.mjs';
import { zigEnvironment } from './zig.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(root, 'tools/zig-c++');
const TARGETS = { arm64: 'aarch64-macos.11.0', x64: 'x86_64-macos.11.0' };

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const defines = /"defines": \[(.*?)\]/
  .exec(readFileSync(join(root, 'binding.gyp'), 'utf8'))?.[1]
  ?.replace('<(version)', version);
const flags = [
  ...['-std=c++17', '-O2', '-fexceptions', '-fvisibility=hidden', '-fvisibility-inlines-hidden'],
  ...['-Wall', '-Wextra', '-Werror', '-Inative'],
  ...[...(defines ?? '').matchAll(/"(.*?)"/g)].map((define) => `-D${define[1]}`),
  // Node-API from its own package: it has no name beyond the version that the addon asks for. <uv.h> from Node's headers.
  ...['node-addon-api', 'node-api-headers'].flatMap((name) => ['-isystem', require(name).include_dir]),
  ...['-isystem', nodeInclude()],
];

/** @param {string} message */
function fail(message) {
  console.error(message);
  exit(1);
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

const zig = { ...env, ...zigEnvironment() };
for (const [arch, target] of Object.entries(TARGETS)) {
  const folder = join(root, `build-darwin-${arch}`);
  mkdirSync(folder, { recursive: true });
  const objects = await compileAll(target, folder);
  const bundle = join(folder, 'bsd_sockets.node');
  if (!(await compile(target, ['-bundle', '-o', bundle, ...objects]))) fail(`${target}: does not link`);
  const wanted = BINARIES[`darwin-${arch}/bsd-sockets.node`];
  const faults = wanted ? readBinary(bundle, wanted) : ['is not among the published binaries'];
  if (faults.length > 0) fail(faults.map((fault) => `${target}: the bundle ${fault}`).join('\n'));
  console.log(`${target}: ${sources.length} files compiled without a warning; the bundle is fit to be published`);
}

const { status } = spawnSync('node', ['scripts/darwin-tables.mjs'], { cwd: root, stdio: 'inherit', env: zig });
exit(status ?? 1);
