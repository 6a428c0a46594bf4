// Unloading the addon: Node unmaps it when the last thread that loaded it ends, and the process must then still end in order.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const libc = process.platform !== 'linux' ? '' : existsSync('/etc/alpine-release') ? '.musl' : '.glibc';
const BINARIES = {
  'the chosen or local build': env.BSD_SOCKETS_BINARY ?? join(root, 'build/Release/bsd_sockets.node'),
  // The cross-compiler's, whose start-up files differ: `npm run prebuild:all` writes it.
  'the prebuilt binary': join(root, `prebuilds/${process.platform}-${process.arch}/bsd-sockets${libc}.node`),
};

/** Only the worker imports the package; `rounds` workers, one after another, load and unload the addon. */
const program = (rounds: number) => `
  import { Worker } from 'node:worker_threads';
  const source = \`import('bsd-sockets/c').then(({ close, errno }) => process.stdout.write(close(-1) + ' '));\`;
  for (let i = 0; i < ${rounds}; i++) {
    const worker = new Worker(source, { eval: true });
    await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
  }`;

it.for(Object.entries(BINARIES))(
  '%s: workers unload it, and the process ends in order',
  { timeout: 60_000 },
  ([, binary], { skip }) => {
    if (!existsSync(binary)) {
      console.log(`not tested: ${binary} does not exist (npm run prebuild:all writes it)`);
      skip();
    }
    for (const rounds of [1, 5]) {
      const { status, signal, stdout, stderr } = spawnSync('node', ['--input-type=module', '-e', program(rounds)], {
        cwd: root,
        encoding: 'utf8',
        env: { ...env, BSD_SOCKETS_BINARY: binary },
      });
      const expected = { status: 0, signal: null, stdout: '-1 '.repeat(rounds), stderr: '' };
      expect({ status, signal, stdout, stderr }).toEqual(expected);
    }
  },
);
