// @ts-check
// Runs what a change must pass, with what is installed: `npm run check`. Ends at the first step that fails, and says which command
// failed and how to run it alone. `.ci/run` does the same on a clean checkout, and more: macOS, sanitizers, the package.
import { spawnSync } from 'node:child_process';
import { exit } from 'node:process';
import { fileURLToPath } from 'node:url';

/** @type {readonly (readonly [name: string, command: string])[]} */
const STEPS = [
  ['formatting and lint rules', 'npm run lint'],
  ['types', 'npm run typecheck'],
  ['generated files', 'npm run check:generated'],
  ['native build', 'npm run build:native'],
  ['TypeScript build', 'npm run build:ts'],
  ['tests', 'npx vitest run'],
];

const cwd = fileURLToPath(new URL('..', import.meta.url));
/** @param {number} begun */
const seconds = (begun) => Math.round((performance.now() - begun) / 1000);
const begun = performance.now();
for (const [i, [name, command]] of STEPS.entries()) {
  const stepBegun = performance.now();
  console.log(`\n${i + 1} of ${STEPS.length}: ${name} (${command})`);
  const { status, signal, error } = spawnSync(command, { cwd, shell: true, stdio: 'inherit' });
  if (status !== 0) {
    console.error(
      `\nnpm run check failed in step ${i + 1} of ${STEPS.length}, ${name}: ${error?.message ?? signal ?? `exit status ${status}`}`,
    );
    console.error(`Run this step alone: ${command}`);
    exit(1);
  }
  console.log(`${name}: passed in ${seconds(stepBegun)} s`);
}
console.log(`\nnpm run check passed in ${seconds(begun)} s`);
