// Copies the local build into prebuilds/, where the tarball takes it from, so that an installation from git has a binary. The last
// step of `prepare`.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { arch, env, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// npm runs `prepare` before it packs, too: there prebuilds/ holds what prebuild:all has built and checked.
if (env.npm_command !== 'pack' && env.npm_command !== 'publish') {
  const libc = platform !== 'linux' ? '' : existsSync('/etc/alpine-release') ? '.musl' : '.glibc';
  const folder = join(root, 'prebuilds', `${platform}-${arch}`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, 'build/Release/bsd_sockets.node'), join(folder, `bsd-sockets${libc}.node`));
}
