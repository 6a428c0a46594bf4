// The types of the typed layer under the strictest compiler flags, the declarations included.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = readdirSync(join(root, 'test/types')).filter((name) => name.startsWith('typed_'));
const FLAGS =
  '--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --noPropertyAccessFromIndexSignature ' +
  '--noImplicitOverride --noImplicitReturns --noFallthroughCasesInSwitch --allowUnreachableCode false --isolatedModules ' +
  '--verbatimModuleSyntax --erasableSyntaxOnly --skipLibCheck false --target es2022 --lib es2023,esnext.disposable --types node';

it.each(['--module nodenext', '--module esnext --moduleResolution bundler'])(
  'compile as they should: %s',
  (module) => {
    expect(files.length).toBeGreaterThan(2);
    const args = [...FLAGS.split(' '), ...module.split(' '), ...files.map((name) => join('test/types', name))];
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), args, {
      cwd: root,
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(stdout).toBe('');
  },
  120_000,
);
