// The check of the prose finds misspellings and words of the old dialect, in comments, Markdown and test titles and nowhere else.
import { beforeAll, expect, it } from 'vitest';
import { findingsIn } from '../../scripts/prose/findings.mjs';

// The first check loads the dictionaries, which takes seconds on a busy machine.
beforeAll(() => findingsIn('', 'x.ts'), 60_000);

it.each([
  ['x.ts', "const a = 'mispeled'; // mispeled", '1:26'],
  ['x.ts', '/* fine\n * mispeled */', '2:4'],
  ['x.ts', "it('a mispeled title', () => {});", '1:7'],
  ['x.ts', 'describe.each([])(`a mispeled`, () => {});', '1:22'],
  ['x.cpp', 'char a[] = "// mispeled"; // mispeled', '1:30'],
  ['x.h', "char a = '\"'; // mispeled\nchar b = '\"';", '1:18'],
  ['x.md', '`mispeled` and mispeled\n```c\nmispeled\n```', '1:16'],
  ['x.yml', 'name: mispeled # mispeled', '1:18'],
])('in %s, %j: an unknown word at %s', async (name, text, place) => {
  const findings = await findingsIn(text, name);
  expect(findings.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    `${place} unknown word: mispeled`,
  ]);
});

it.each([
  ['nobody', '// Nobody waits.'],
  ["somebody's", "// It is somebody's memory."],
  ['whoever', '// Closed by whoever owned it.'],
  ['its kin', '// SO_TIMESTAMP and its kin.'],
  ['none is', '// For what none is left.'],
  ['that is no', '// A value that is no memory.'],
  ['so many', '// Memory of so many bytes.'],
  ['Room:', '// Room: recv(2).'],
])('finds "%s"', async (words, text) => {
  const [finding, ...rest] = await findingsIn(text, 'x.ts');
  expect(rest).toEqual([]);
  expect(finding?.message.toLowerCase()).toContain(words.toLowerCase());
});

it.each([
  '// `nobody` in backticks, SO_RCVTIMEO, recvmmsg(2), sin_port, camelCase, https://example.invalid/mispeled',
  '// The colour and the color of a buffer that is no longer needed.',
  "const nobody = 'so many'; // a fine comment",
  '/** @param {mispeled} mispeled the length in bytes */',
])('lets pass: %s', async (text) => {
  expect(await findingsIn(text, 'x.ts')).toEqual([]);
});
