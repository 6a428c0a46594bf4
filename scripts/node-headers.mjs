// Node's own headers for the native builds. `node scripts/node-headers.mjs COMMAND …` runs a command that finds them without a
// download, where they lie beside the running Node; `node scripts/node-headers.mjs --include` prints their folder.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { argv, env, execPath, exit, versions } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The environment for node-gyp, prebuildify and cmake-js: the project's own commands first, and where the headers are.
 * @returns {NodeJS.ProcessEnv} */
export function buildEnvironment() {
  const PATH = `${join(root, 'node_modules/.bin')}${delimiter}${env.PATH ?? ''}`;
  if (env.npm_config_nodedir) return { ...env, PATH };
  const beside = dirname(dirname(realpathSync(execPath)));
  if (!existsSync(join(beside, 'include/node/node_api.h'))) return { ...env, PATH };
  return { ...env, PATH, npm_config_nodedir: beside };
}

/** The folder of Node's headers, for compilers that node-gyp does not run. Fetched by node-gyp, where they do not lie beside the Node.
 * @returns {string} */
export function nodeInclude() {
  const environment = buildEnvironment();
  if (environment.npm_config_nodedir) return join(environment.npm_config_nodedir, 'include/node');
  const cache = env.npm_config_devdir ?? join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'node-gyp');
  const folder = join(cache, versions.node, 'include/node');
  if (!existsSync(folder))
    spawnSync('node-gyp', ['install', `--devdir=${cache}`], { stdio: 'inherit', env: environment });
  if (!existsSync(folder)) throw new Error(`no headers of Node in ${folder}`);
  return folder;
}

const [, script, command, ...args] = argv;
if (script && resolve(script) === fileURLToPath(import.meta.url)) {
  if (!command) {
    console.error('usage: node scripts/node-headers.mjs COMMAND … | --include');
    exit(2);
  }
  if (command === '--include') {
    console.log(nodeInclude());
    exit();
  }
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: buildEnvironment() });
  if (error) console.error(`${command}: ${error.message}`);
  exit(status ?? 1);
}
