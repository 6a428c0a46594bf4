// Refuses to pack or publish a package that lacks a binary, or has one that is not fit to be published. `prepack` and
// `prepublishOnly` run it. `prepack` also runs when Yarn or pnpm installs the package from git, which needs this platform's binary
// alone: only `npm pack` and `npm publish` are refused there.
import { spawnSync } from 'node:child_process';
import { env, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

const publishing = env.npm_lifecycle_event === 'prepublishOnly';
if (!publishing && env.npm_command !== 'pack' && env.npm_command !== 'publish') exit();

const check = fileURLToPath(new URL('check-prebuilds.mjs', import.meta.url));
// npm's standard output is the tarball's name.
const { status } = spawnSync('node', [check], { stdio: ['ignore', 2, 'inherit'] });
if (status !== 0) console.error('bsd-sockets is not packed: npm run prebuild:all builds all binaries');
exit(status ?? 1);
