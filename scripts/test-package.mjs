// Tests the tarball as users meet it: `npm run test:package [-- TARBALL] [-- --only NAME]`. Without a tarball, `npm pack` makes one, which
// needs all prebuilt binaries. The package managers, bundlers and compilers come from npm, into a folder outside the checkout.
// Each check is a row: installations run offline, without scripts and without a compiler.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { arch, env, execPath, exit, platform, versions } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const programs = join(root, 'test/package/tarball');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', default: '' } },
});
const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-tarball-'));
const tools = join(folder, 'tools');
const bin = (/** @type {string} */ path) => join(tools, 'node_modules', path);

/** What is installed from npm: alias and package. */
const TOOLS = {
  ...{ npm10: 'npm@10', npm11: 'npm@11', npm12: 'npm@12', pnpm10: 'pnpm@10', yarn1: 'yarn@1.22.22' },
  ...{
    yarn4: '@yarnpkg/cli-dist@4.18.1',
    bunBinary: `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}@1.4.5`,
  },
  ...{ esbuild: 'esbuild@0.25', webpack: 'webpack@5', rolldown: 'rolldown@1.2.19' },
  ...{ jest: 'jest@30', vitest: 'vitest@4.1.12', publint: 'publint@0.3.25', attw: '@arethetypeswrong/cli@0.18.5' },
  ...{ ts54: 'typescript@5.4.5', ts55: 'typescript@5.5.4', ts56: 'typescript@5.6.3', ts57: 'typescript@5.7.3' },
  ...{ ts58: 'typescript@5.8.3', ts59: 'typescript@5.9.3', ts60: 'typescript@6.0.3', ts70: 'typescript@7.0.2' },
};
const TYPESCRIPTS = Object.keys(TOOLS).filter((name) => /^ts\d/.test(name));

/** Without a compiler, and without what a build from source would ask for. @type {NodeJS.ProcessEnv} */
const { BSD_SOCKETS_BINARY: _, NODE_OPTIONS: __, npm_config_node_gyp: ___, ...inherited } = env;
const BARE = { ...inherited, CC: '/bin/false', CXX: '/bin/false', npm_config_nodedir: '/nowhere', CI: 'true' };

/**
 * Runs a program to its end, and gives what it prints. Fails where the program does.
 * @param {string} cwd @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [more]
 */
function run(cwd, command, args, more = {}) {
  const options = {
    cwd,
    encoding: /** @type {const} */ ('utf8'),
    env: { ...BARE, ...more },
    timeout: 300_000,
    maxBuffer: 1 << 26,
  };
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, options);
  const failed = status !== 0 || error;
  if (failed)
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? signal ?? status}\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}
const node = (/** @type {string} */ cwd, /** @type {string[]} */ args) => run(cwd, execPath, args);

/** A fresh folder with a package.json. @param {string} name @param {object} [manifest] */
function project(name, manifest = {}) {
  const at = join(folder, name);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version: '1.0.0', private: true, ...manifest }));
  for (const file of ['smoke.mjs', 'smoke.cjs']) cpSync(join(programs, file), join(at, file));
  return at;
}

/** @param {string} at @param {(args: string[]) => string} [through] */
function smoke(at, through = (args) => node(at, args)) {
  for (const program of ['smoke.mjs', 'smoke.cjs']) {
    const printed = through([program]);
    if (!printed.includes('works: hello\n')) throw new Error(`${program} printed ${printed}`);
  }
}

let tarball = positionals[0] ? resolve(positionals[0]) : '';
const dependencies = () => ({ dependencies: { 'bsd-sockets': `file:${tarball}` } });

/** A row: the check's name, and the check. @type {[string, () => void][]} */
const checks = [];
const check = (/** @type {string} */ name, /** @type {() => void} */ body) => checks.push([name, body]);

let port = 0;
/** This platform's binary. */
const BINARY = `${platform}-${arch}/bsd-sockets${platform === 'linux' ? '.glibc' : ''}.node`;

// ---- Package managers

for (const npm of ['npm10', 'npm11', 'npm12']) {
  check(`${npm}: offline, without scripts`, () => {
    const at = project(npm, dependencies());
    const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    node(at, [bin(`${npm}/bin/npm-cli.js`), 'install', ...flags]);
    smoke(at);
  });
  check(`${npm}: from a registry, with scripts allowed, of which there are none`, () => {
    const at = project(`${npm}-registry`, { dependencies: { 'bsd-sockets': 'latest' } });
    const registry = [`--registry=http://127.0.0.1:${port}`, `--cache=${join(folder, npm)}`, '--no-audit', '--no-fund'];
    const strict = npm === 'npm10' ? [] : ['--strict-allow-scripts'];
    const printed = node(at, [bin(`${npm}/bin/npm-cli.js`), 'install', ...registry, ...strict]);
    if (/install-scripts|gyp/i.test(printed)) throw new Error(printed);
    smoke(at);
  });
}
check('pnpm 10: offline', () => {
  const at = project('pnpm', dependencies());
  const printed = node(at, [
    bin('pnpm10/bin/pnpm.cjs'),
    'install',
    '--offline',
    '--store-dir',
    join(folder, 'pnpm-store'),
  ]);
  if (/ignored build scripts/i.test(printed)) throw new Error(printed);
  smoke(at);
});
check('Yarn 1: offline', () => {
  const at = project('yarn1', dependencies());
  node(at, [bin('yarn1/bin/yarn.js'), 'install', '--offline', '--cache-folder', join(folder, 'yarn-cache')]);
  smoke(at);
});
for (const linker of ['node-modules', 'pnp']) {
  check(`Yarn 4: ${linker}`, () => {
    const at = project(`yarn4-${linker}`, dependencies());
    writeFileSync(join(at, 'yarn.lock'), '');
    const settings = { YARN_NODE_LINKER: linker, YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' };
    const more = { ...settings, YARN_ENABLE_NETWORK: '0', YARN_GLOBAL_FOLDER: join(folder, 'yarn4-global') };
    const yarn = (/** @type {string[]} */ args) => run(at, execPath, [bin('yarn4/bin/yarn.js'), ...args], more);
    yarn(['install']);
    smoke(at, (args) => yarn(['node', ...args]));
  });
}
check('Bun installs', () => {
  const at = project('bun-install', dependencies());
  run(at, bin('bunBinary/bin/bun'), ['install', '--ignore-scripts'], {
    BUN_INSTALL_CACHE_DIR: join(folder, 'bun-cache'),
  });
  smoke(at);
});

// ---- Bundlers: the package stays outside, or is taken in; then BSD_SOCKETS_BINARY names the addon, copied beside the bundle

/** Each bundler: how it writes `out` from `entry`. @type {Record<string, (at: string, entry: string, out: string, format: 'esm' | 'cjs', external: boolean) => void>} */
const BUNDLERS = {
  esbuild(at, entry, out, format, external) {
    const args = [
      entry,
      '--bundle',
      '--platform=node',
      `--format=${format}`,
      `--outfile=${out}`,
      '--log-level=warning',
    ];
    run(at, bin('esbuild/bin/esbuild'), [...args, ...(external ? ['--packages=external'] : [])]);
  },
  rolldown(at, entry, out, format, external) {
    const args = [entry, '--platform', 'node', '--format', format, '--file', out];
    node(at, [
      bin('rolldown/bin/cli.mjs'),
      ...args,
      ...(external ? ['', '/c', '/promises'].flatMap((name) => ['--external', `bsd-sockets${name}`]) : []),
    ]);
  },
  webpack(at, entry, out, format, external) {
    const esm = format === 'esm';
    const options = {
      ...{ context: at, mode: 'production', target: 'node20', entry: `./${entry}` },
      output: {
        path: join(at, 'dist'),
        filename: out.replace('dist/', ''),
        module: esm,
        chunkFormat: esm ? 'module' : 'commonjs',
      },
      ...{ experiments: { outputModule: esm }, externalsPresets: { node: true } },
      externals: external ? { 'bsd-sockets': 1, 'bsd-sockets/c': 1, 'bsd-sockets/promises': 1 } : {},
      externalsType: esm ? 'module' : 'commonjs',
    };
    const names = `for (const name in options.externals) options.externals[name] = name;`;
    const program = `const options = ${JSON.stringify(options)}; ${names}
      require(${JSON.stringify(bin('webpack'))})(options, (error, stats) => {
        if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); }
      });`;
    node(at, ['-e', program]);
  },
};
for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
  for (const format of /** @type {const} */ (['esm', 'cjs'])) {
    for (const external of [true, false]) {
      check(`${bundler}: ${format}, ${external ? 'external' : 'bundled'}`, () => {
        const at = project(`${bundler}-${format}-${external}`, dependencies());
        node(at, [bin('npm11/bin/npm-cli.js'), 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund']);
        const out = format === 'esm' ? 'dist/out.mjs' : 'dist/out.cjs';
        bundle(at, format === 'esm' ? 'smoke.mjs' : 'smoke.cjs', out, format, external);
        const addon = join(at, 'dist/bsd_sockets.node');
        if (!external) {
          cpSync(join(at, 'node_modules/bsd-sockets/prebuilds', BINARY), addon);
          rmSync(join(at, 'node_modules'), { recursive: true });
        }
        const printed = run(at, execPath, [out], external ? {} : { BSD_SOCKETS_BINARY: addon });
        if (!printed.includes('works: hello\n')) throw new Error(printed);
      });
    }
  }
}

// ---- Test runners, linters of packages, compilers

const installed = () => {
  const at = project('installed', dependencies());
  node(at, [bin('npm11/bin/npm-cli.js'), 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund']);
  return at;
};
for (const [mode, flags] of Object.entries({
  'one process': ['--runInBand'],
  workers: ['--maxWorkers=2'],
  'worker threads': ['--maxWorkers=2', '--workerThreads'],
})) {
  check(`Jest: two files in ${mode}`, () => {
    const at = installed();
    for (const name of ['a', 'b']) cpSync(join(programs, 'jest.test.js'), join(at, `${name}.test.cjs`));
    const match = JSON.stringify({
      testEnvironment: 'node',
      testMatch: ['**/*.test.cjs'],
      moduleFileExtensions: ['js', 'cjs'],
    });
    node(at, [bin('jest/bin/jest.js'), '--config', match, ...flags]);
  });
}
check('vitest', () => {
  const at = installed();
  const program = `import { expect, it } from 'vitest'; import { close, EBADF, errno } from 'bsd-sockets/c';
    it('has a live errno', () => { expect(close(-1)).toBe(-1); expect(errno).toBe(EBADF); });`;
  writeFileSync(join(at, 'live.test.mjs'), program);
  writeFileSync(join(at, 'vitest.config.mjs'), 'export default {};');
  symlinkSync(bin('vitest'), join(at, 'node_modules/vitest'));
  node(at, [bin('vitest/vitest.mjs'), 'run', 'live.test.mjs']);
});
check('publint', () => {
  const printed = node(tools, [bin('publint/src/cli.js'), tarball, '--strict']);
  if (!printed.includes('All good!')) throw new Error(printed);
});
check('are the types wrong', () => {
  node(tools, [bin('attw/dist/index.js'), tarball]);
});
for (const typescript of TYPESCRIPTS) {
  check(`${TOOLS[/** @type {keyof typeof TOOLS} */ (typescript)]}: ES module, CommonJS, bundler`, () => {
    const at = installed();
    const version = Number(typescript.slice(2));
    for (const [file, ...flags] of [
      ['types.mts', '--module', 'nodenext'],
      ['types.cts', '--module', 'node16'],
      ['types.ts', '--module', 'esnext', '--moduleResolution', 'bundler'],
      ...(version < 60 ? [['types.ts', '--module', 'commonjs', '--moduleResolution', 'node10']] : []),
    ]) {
      cpSync(join(programs, 'types.ts'), join(at, file ?? ''));
      const strict = ['--noEmit', '--strict', '--target', 'es2022', '--skipLibCheck', 'false', '--types', ''];
      const tsc = bin(`${typescript}/bin/tsc`);
      node(
        at,
        [tsc, ...strict, ...flags, file ?? ''].filter((arg) => arg !== '' && arg !== '--types'),
      );
    }
  });
}

// ---- The run

if (!tarball) {
  const { status, stderr } = spawnSync('npm', ['pack', '--loglevel=error', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.error(stderr);
    exit(1);
  }
  tarball = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '');
}
mkdirSync(tools);
const aliases = Object.fromEntries(Object.entries(TOOLS).map(([alias, name]) => [alias, `npm:${name}`]));
writeFileSync(join(tools, 'package.json'), JSON.stringify({ private: true, dependencies: aliases }));
const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
const { status: got } = spawnSync('npm', install, { cwd: tools, stdio: 'inherit' });
if (got !== 0) exit(1);

const serve = [join(programs, 'registry.mjs'), tarball, join(root, 'package.json')];
const registry = spawn(execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] });
port = Number(String((await once(registry.stdout, 'data'))[0]));

let failures = 0;
const wanted = checks.filter(([name]) => name.toLowerCase().includes(values.only.toLowerCase()));
for (const [name, body] of wanted) {
  try {
    body();
    console.log(`ok      ${name}`);
  } catch (error) {
    failures++;
    console.log(`FAILED  ${name}\n${String(/** @type {Error} */ (error).message).slice(0, 3000)}`);
  }
}
registry.kill();
rmSync(folder, { recursive: true, force: true });
console.log(`\nNode ${versions.node}: ${wanted.length - failures} passed, ${failures} failed`);
exit(failures === 0 && wanted.length > 0 ? 0 : 1);
