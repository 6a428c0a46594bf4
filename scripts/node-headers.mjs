// Room: Node's own headers for the native builds. `node scripts/node-headers.mjs COMMAND …` runs a command that finds them
// without a download, where they lie beside the running Node.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { argv, env, execPath, exit } from 'node:process';
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

const [, script, command, ...args] = argv;
if (script && resolve(script) === fileURLToPath(import.meta.url)) {
  if (!command) {
    console.error('usage: node scripts/node-headers.mjs COMMAND …');
    exit(2);
  }
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: buildEnvironment() });
  if (error) console.error(`${command}: ${error.message}`);
  exit(status ?? 1);
}
