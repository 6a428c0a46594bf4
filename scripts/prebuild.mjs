// Builds the prebuilt binaries with prebuildify. `node scripts/prebuild.mjs [--all] [--out FOLDER]` writes this platform's binary into
// FOLDER/prebuilds, built by this machine's compiler; with --all it writes those of the six platforms, built by the cross-compiler,
// and checks each.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildEnvironment } from './node-headers.mjs';
import { zigEnvironment } from './zig.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { all: { type: 'boolean' }, out: { type: 'string', default: root } } });
const out = resolve(values.out);

/**
 * What prebuildify is told, and with which environment.
 * @typedef {{ name: string, args: string[], env: NodeJS.ProcessEnv }} Build
 */

/** @returns {Build} */
const thisPlatform = () => ({ name: 'this platform', args: ['--strip', '--tag-libc'], env: {} });

/** The floor for glibc is 2.28: Node 20's own.
 * @returns {Build[]} */
function allPlatforms() {
  const zig = zigEnvironment();
  const compiler = join(root, 'tools/zig-c++');
  const cross = { CC: compiler, CXX: compiler, LINK: compiler };
  const linux = ['--strip', '--strip-bin', 'llvm-strip-19', '--tag-libc', '--platform', 'linux'];
  return [
    { target: 'x86_64-linux-gnu.2.28', args: [...linux, '--arch', 'x64', '--libc', 'glibc'] },
    { target: 'aarch64-linux-gnu.2.28', args: [...linux, '--arch', 'arm64', '--libc', 'glibc'] },
    { target: 'x86_64-linux-musl', args: [...linux, '--arch', 'x64', '--libc', 'musl'] },
    { target: 'aarch64-linux-musl', args: [...linux, '--arch', 'arm64', '--libc', 'musl'] },
    { target: 'aarch64-macos.11.0', args: ['--platform', 'darwin', '--arch', 'arm64'] },
    { target: 'x86_64-macos.11.0', args: ['--platform', 'darwin', '--arch', 'x64'] },
  ].map(({ target, args }) => {
    const gyp = target.includes('macos') ? { GYP_DEFINES: 'OS=mac' } : {};
    return { name: target, args, env: { ...zig, ...cross, ...gyp, ZIG_TARGET: target } };
  });
}

// In a folder of its own: prebuildify would remove the checkout's build/.
const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-prebuild-'));
try {
  for (const name of ['native', 'binding.gyp', 'package.json']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { name, args, env } of values.all ? allPlatforms() : [thisPlatform()]) {
    const { status, error, stdout, stderr } = spawnSync('prebuildify', ['--napi', '--out', out, ...args], {
      cwd: folder,
      env: { ...buildEnvironment(), ...env, JOBS: String(availableParallelism()) },
      encoding: 'utf8',
    });
    if (status !== 0) {
      console.error(`${stdout}${stderr}prebuildify for ${name} failed: ${error?.message ?? `exit status ${status}`}`);
      process.exitCode = 1;
      break;
    }
    console.log(`built for ${name}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (process.exitCode) exit();
if (values.all) {
  const { status } = spawnSync('node', [join(root, 'scripts/check-prebuilds.mjs'), out], { stdio: 'inherit' });
  exit(status ?? 1);
}
for (const file of readdirSync(join(out, 'prebuilds'), { recursive: true })) {
  if (String(file).endsWith('.node')) console.log(join(out, 'prebuilds', String(file)));
}
