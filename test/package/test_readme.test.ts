// The table of test/README.md has a row for every folder of tests.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FOLDERS } from '../../scripts/test-table.mjs';

const test = fileURLToPath(new URL('..', import.meta.url));
const folders = readdirSync(test, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => file.split('/')[0]);

it('test/README.md has a row for each folder of tests: npm run test:table writes them', () => {
  const rows = readFileSync(`${test}README.md`, 'utf8').matchAll(/^\| `(\w+)\/` \| .* \| \d+ \| \d+ \| [\d.]+ \|$/gm);
  const expected = [...new Set(folders)].sort();
  expect([...rows].map(([, folder]) => folder)).toEqual(expected);
  expect(Object.keys(FOLDERS)).toEqual(expected);
});
