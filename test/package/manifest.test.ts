// package.json and package-lock.json: what a fresh clone, every Node version and every package manager read before any code runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const manifest = read('package.json');

interface Locked {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };

/** The locked package that `from` would load as `name`: its own, or one of a folder above. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const found = `${folder && `${folder}/`}node_modules/${name}`;
    if (found in packages) return found;
    if (folder === '') return undefined;
  }
}

it('the lock file holds every dependency, other platforms’ optional ones too: npm ci needs them', () => {
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  for (const [folder, { dependencies, devDependencies, optionalDependencies }] of Object.entries(packages)) {
    const needed = { ...dependencies, ...(folder === '' ? devDependencies : {}), ...optionalDependencies };
    for (const name of Object.keys(needed)) expect(resolve(folder, name), `${name} of ${folder}`).toBeDefined();
  }
});

it('the lock file agrees with package.json', () => {
  const { '': locked } = packages;
  for (const field of ['name', 'version', 'license', 'engines', 'os', 'dependencies', 'devDependencies']) {
    expect(locked?.[field as keyof Locked], field).toEqual(manifest[field]);
  }
});

it('admits the Node versions that can import the package, and no others', () => {
  // process.getBuiltinModule exists since 20.16 and 22.3; an `engines` range cannot be read without a package, so this compares the text.
  expect(manifest.engines).toEqual({ node: '^20.19 || >=22.3' });
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('Node.js 20.19, or 22.3 or later, is needed');
});

it('has no script that runs at its installation, and needs no other package', () => {
  for (const name of ['preinstall', 'install', 'postinstall']) expect(manifest.scripts).not.toHaveProperty(name);
  expect(manifest.gypfile).toBe(false);
  expect(manifest.dependencies).toBeUndefined();
  // npm would run the script `prebuild` before one called `build`.
  expect(manifest.scripts).not.toHaveProperty('build');
});
