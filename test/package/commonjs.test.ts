// One instance of every class, of `errno` and of the addon, whichever way the parts of a program load the package.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ENTRIES = ['bsd-sockets', 'bsd-sockets/c', 'bsd-sockets/promises'];

/** Runs a program in the package's folder, which may import the package by its name, and gives what it prints. */
function run(program: string, type: 'module' | 'commonjs'): unknown {
  const { stdout, stderr, status } = spawnSync('node', [`--input-type=${type}`, '-e', program], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return JSON.parse(stdout);
}

/** Loads each entry point both ways, first by one of them. */
const both = (first: 'import' | 'require') => `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/package.json');
  const [imported, required] = [{}, {}];
  const ways = [
    async () => { for (const entry of ${JSON.stringify(ENTRIES)}) imported[entry] = await import(entry); },
    async () => { for (const entry of ${JSON.stringify(ENTRIES)}) required[entry] = require(entry); },
  ];
  for (const way of ${first === 'import' ? 'ways' : 'ways.reverse()'}) await way();`;

for (const first of ['import', 'require'] as const) {
  it(`exports the same by both ways, ${first} first`, () => {
    const program = `${both(first)}
      const result = {};
      for (const entry of ${JSON.stringify(ENTRIES)}) {
        const names = Object.keys(imported[entry]);
        const others = Object.keys(required[entry]).filter((name) => !names.includes(name));
        const differ = names.filter((name) => !Object.is(imported[entry][name], required[entry][name]));
        result[entry] = { enough: names.length > 3, differ, others };
      }
      console.log(JSON.stringify(result));`;
    const same = { enough: true, differ: [], others: [] };
    expect(run(program, 'module')).toEqual(Object.fromEntries(ENTRIES.map((entry) => [entry, same])));
  });

  it(`has one errno and one h_errno, live in both, ${first} first`, () => {
    const program = `${both(first)}
      const [esm, cjs] = [imported['bsd-sockets/c'], required['bsd-sockets/c']];
      const seen = [];
      const see = (...values) => seen.push([...values, esm.errno, cjs.errno]);
      see();
      see(esm.close(-1) === -1 && esm.EBADF);
      see(cjs.socket(-1, 1, 0) === -1 && cjs.EAFNOSUPPORT);
      esm.set_errno(7);
      see();
      cjs.set_errno(8);
      see();
      const before = [esm.h_errno, cjs.h_errno];
      cjs.gethostbyname('1.2.3.4.5.invalid');
      seen.push(before, [esm.h_errno === cjs.h_errno, esm.h_errno > 0]);
      console.log(JSON.stringify(seen));`;
    const [none, badf, family, seven, eight, before, after] = run(program, 'module') as unknown[][];
    expect([none, seven, eight, before, after]).toEqual([
      [0, 0],
      [7, 7],
      [8, 8],
      [0, 0],
      [true, true],
    ]);
    for (const values of [badf, family]) expect(values).toEqual([values?.[0], values?.[0], values?.[0]]);
  });
}

it('is loaded by CommonJS alone, with a live errno and every constant', () => {
  const program = `const c = require('bsd-sockets/c');
    const { errno } = c;
    console.log(JSON.stringify([errno, c.close(-1), c.errno === c.EBADF, Object.keys(c).length > 4000, c.AF_INET, c.__esModule]));`;
  expect(run(program, 'commonjs')).toEqual([0, -1, true, true, 2, true]);
});

it('throws errors of the same classes, and its objects are instances of them', () => {
  const program = `import { createRequire } from 'node:module';
    import { AF_UNIX, SOCK_STREAM, Socket, SocketError } from 'bsd-sockets';
    const required = createRequire(process.cwd() + '/package.json')('bsd-sockets');
    const [a, b] = required.Socket.pair(AF_UNIX, SOCK_STREAM);
    b.close();
    let error;
    try { a.send('x'); } catch (e) { error = e; }
    console.log(JSON.stringify([a instanceof Socket, error instanceof SocketError, error instanceof required.SocketError]));
    a.close();`;
  expect(run(program, 'module')).toEqual([true, true, true]);
});

it('imports no module of Node’s by require(), which a bundle that is an ES module lacks', async () => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const bundle = join(root, 'dist/bundle');
  const files = readdirSync(bundle).filter((file) => file.endsWith('.cjs'));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    for (const [, name] of readFileSync(join(bundle, file), 'utf8').matchAll(/\brequire\((.*?)\)/g)) {
      expect(name, file).toMatch(/^["']\.\/[\w-]+\.cjs["']$/);
    }
  }
});
