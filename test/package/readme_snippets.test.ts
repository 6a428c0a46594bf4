// The README’s "Ten things people ask for": each program compiles strictly, runs, and prints what its comments say.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AF_INET, SOCK_STREAM, Socket } from 'bsd-sockets';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const section =
  readFileSync(join(root, 'README.md'), 'utf8').split('\n## Ten things people ask for\n')[1]?.split('\n## ')[0] ?? '';
const snippets = [...section.matchAll(/^\*\*([\s\S]*?)\*\*[\s\S]*?^```ts\n([\s\S]*?)^```$/gm)].map(
  ([, title = '', program = '']) => ({ title: title.replaceAll('\n', ' '), program }),
);

mkdirSync(join(root, 'build-readme'), { recursive: true });
const folder = mkdtempSync(join(root, 'build-readme/'));
const compiled = join(folder, 'out', folder.slice(root.length));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  for (const [i, { program }] of snippets.entries()) writeFileSync(join(folder, `snippet-${i}.ts`), program);
  const tsconfig = {
    extends: '../../tsconfig.json',
    // As a user's compiler does, it takes the published declarations.
    compilerOptions: {
      noEmit: false,
      paths: {},
      rootDir: '../..',
      outDir: 'out',
      declaration: false,
      declarationMap: false,
    },
    include: ['snippet-*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
  if (tsc.stdout !== '') throw new Error(`the snippets do not compile:\n${tsc.stdout}`);
}, 120_000);

it('the section has ten programs', () => expect(snippets.map(({ title }) => title)).toHaveLength(10));

it.each(snippets.map((snippet, i) => ({ ...snippet, i })))('$title', ({ program, i }) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(compiled, `snippet-${i}.js`)], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect([status, stderr]).toEqual([0, '']);
  if (stdout === 'This kernel has no AF_VSOCK.\n') return console.log(stdout);
  expect(stdout).toBe([...program.matchAll(/\/\/ prints (.*)/g)].map((m) => `${m[1]}\n`).join(''));
});

it('the last program serves on the socket that systemd passes', async () => {
  using listener = new Socket(AF_INET, SOCK_STREAM).bind({ address: '127.0.0.1', port: 0 }).listen();
  const { port } = listener.getsockname();
  const program = join(compiled, `snippet-${snippets.length - 1}.js`);
  // LISTEN_PID is the program's own, which exec keeps.
  const child = spawn('sh', ['-c', 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$1"', process.execPath, program], {
    stdio: ['ignore', 'inherit', 'inherit', listener.fd],
  });
  try {
    const request = get({ port, host: '127.0.0.1', agent: false });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    expect(String(Buffer.concat(await answer.toArray()))).toBe('hello from systemd\n');
    await once(request, 'close');
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}, 30_000);
