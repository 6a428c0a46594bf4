// Builds the addon of an installed package from its sources, for a platform without a prebuilt binary:
// `npm explore bsd-sockets -- npm run build:source`. It needs Python 3, make, a C++ compiler and Node's headers, no other package.
// The published package has no binding.gyp at its top, since package managers run node-gyp on their own where they find one.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildEnvironment } from './node-headers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'dist/source');
const binary = 'build/Release/bsd_sockets.node';

// npm and pnpm name the node-gyp that they carry.
const gyp = env.npm_config_node_gyp;
const [command, first] = gyp ? [execPath, [gyp]] : ['node-gyp', []];

const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-build-'));
try {
  copyFileSync(join(sources, 'binding.gyp'), join(folder, 'binding.gyp'));
  // binding.gyp reads the version.
  for (const name of ['native', 'package.json']) symlinkSync(join(root, name), join(folder, name));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(sources, 'node-addon-api'), join(folder, 'node_modules/node-addon-api'));
  const args = [...first, 'rebuild', '--jobs', String(availableParallelism()), '--loglevel=warn'];
  const { status, error } = spawnSync(command, args, { cwd: folder, stdio: 'inherit', env: buildEnvironment() });
  if (error)
    console.error(`${command}: ${error.message}. Run this by npm, which carries node-gyp: npm run build:source`);
  if (status !== 0) exit(1);
  mkdirSync(join(root, 'build/Release'), { recursive: true });
  copyFileSync(join(folder, binary), join(root, binary));
  console.log(`built ${join(root, binary)}`);
} finally {
  rmSync(folder, { recursive: true });
}
