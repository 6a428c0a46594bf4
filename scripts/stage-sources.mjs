// Copies into dist/source what the tarball needs besides native/ for a build from source (scripts/build-from-source.mjs):
// binding.gyp, which must not lie at the top of the published package, and node-addon-api's headers.
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'dist/source');

rmSync(sources, { recursive: true, force: true });
mkdirSync(join(sources, 'node-addon-api'), { recursive: true });
copyFileSync(join(root, 'binding.gyp'), join(sources, 'binding.gyp'));
const napi = dirname(createRequire(import.meta.url).resolve('node-addon-api'));
for (const name of ['LICENSE.md', 'index.js', 'package.json', 'napi.h', 'napi-inl.h', 'napi-inl.deprecated.h']) {
  cpSync(join(napi, name), join(sources, 'node-addon-api', name));
}
