// The README: its programs compile and run, its commands and functions exist, its links lead somewhere.
// The commands of CONTRIBUTING.md exist, too. readme_snippets.test.ts runs the programs of the last section.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as c from 'bsd-sockets/c';
import { afterAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
// The programs of its last section have a test of their own: readme_snippets.test.ts.
const readme = readFileSync(join(root, 'README.md'), 'utf8').replace(
  /^## Ten things people ask for$[\s\S]*?(?=^## )/m,
  '',
);
const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const blocks = (language: string): string[] =>
  [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter((m) => m[1] === language).map((m) => m[2] ?? '');

// Within the package, whose name the program imports.
mkdirSync(join(root, 'build-readme'), { recursive: true });
const folder = mkdtempSync(join(root, 'build-readme/'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('shows the two commands on its first screen', () => {
  const screen = readme.split('\n').slice(0, 24).join('\n');
  expect(screen).toMatch(/^npm install && npm start\b/m);
  expect(screen).toMatch(/^npm install-test\b/m);
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/^npm install-test\b/m);
});

it('names only commands that exist', () => {
  const code = [
    ...blocks('bash'),
    ...[...`${readme}${contributing}`.matchAll(/`(npm .*?)`/g)].map((m) => m[1] ?? ''),
  ].join('\n');
  const commands = [...code.matchAll(/\bnpm (run )?([\w:-]+)/g)];
  expect(commands.length).toBeGreaterThan(3);
  const own = new Set(['explore', 'install', 'install-test', 'pack', 'publish', 'test']);
  for (const [whole, , name = ''] of commands) if (!own.has(name)) expect(scripts, whole).toHaveProperty([name]);
});

it('names only functions that are exported', () => {
  const table = /^## What is there$([\s\S]*)/m.exec(readme)?.[1] ?? '';
  const rows = [...table.matchAll(/^\| `.*? \| (.*) \|$/gm)].map((m) => m[1] ?? '');
  const names = [...rows.join(' ').matchAll(/`(\w+)`/g)].map((m) => m[1] ?? '');
  expect(names.length).toBeGreaterThan(40);
  for (const name of names) expect(c, name).toHaveProperty(name, expect.any(Function));
});

it('links only to existing files and headings', () => {
  for (const [, target = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    expect(existsSync(join(root, target)), target).toBe(true);
  }
});

let compiled = '';

it('has programs that compile strictly', () => {
  for (const [i, program] of blocks('ts').entries()) writeFileSync(join(folder, `program-${i}.ts`), program);
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
    include: ['program-*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
  expect(tsc.stdout).toBe('');
  compiled = join(folder, 'out', folder.slice(root.length));
  expect(blocks('ts').length).toBe(3);
}, 60_000);

it('begins with a server that echoes', async () => {
  const program = join(compiled, 'program-0.js');
  const server = spawn(process.execPath, [program, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  try {
    const [line] = await once(server.stdout, 'data');
    const port = Number(/^listening on port (\d+)\n$/.exec(String(line))?.[1]);
    const sent = Buffer.alloc(100_000, 'BSD sockets in TypeScript. ');
    for (let connection = 0; connection < 2; connection++) {
      const client = connect(port, '127.0.0.1');
      client.end(sent);
      const received: Buffer[] = [];
      for await (const part of client) received.push(part);
      expect(Buffer.concat(received).equals(sent)).toBe(true);
    }
  } finally {
    server.kill('SIGKILL');
    await exited;
  }
}, 60_000);

it('goes on with programs that print what their comments say', () => {
  for (const [i, program] of blocks('ts').entries()) {
    if (i === 0) continue;
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(compiled, `program-${i}.js`)], {
      encoding: 'utf8',
    });
    const printed = [...program.matchAll(/\/\/ prints (.*)/g)].map((m) => `${m[1]}\n`).join('');
    expect({ stdout, stderr, status }).toEqual({ stdout: printed, stderr: '', status: 0 });
  }
}, 60_000);
