// @ts-check
// What is wrong with the prose of one file: unknown words, and words of dialect.mjs.
import { readFileSync } from 'node:fs';
import { spellCheckDocument } from 'cspell-lib';
import { DIALECT } from './dialect.mjs';
import { proseOf } from './extract.mjs';

/** @typedef {{ line: number, column: number, message: string }} Finding */

const settings = {
  name: 'prose',
  language: 'en,en-GB',
  dictionaries: ['softwareTerms', 'typescript', 'node', 'npm', 'cpp', 'companies', 'misc'],
  words: readFileSync(new URL('words.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#')),
  // C's names, constants, camelCase names, and names with digits are code even without backticks.
  ignoreRegExpList: [/\w*_\w*/g, /\b[A-Z][A-Z0-9]+s?\b/g, /\b\w*[a-z][A-Z]\w*\b/g, /\b\w*\d\w*\b/g, /\w+\(\d?\)/g],
};

/**
 * @param {string} content
 * @param {string} name tells the language
 * @returns {Promise<Finding[]>} in the order of the text
 */
export async function findingsIn(content, name) {
  const text = proseOf(content, name);
  const document = { uri: `file:///${name}`, text, languageId: 'plaintext', locale: 'en,en-GB' };
  const { issues, errors } = await spellCheckDocument(
    document,
    { generateSuggestions: false, noConfigSearch: true },
    settings,
  );
  if (errors?.length) throw errors[0];
  const found = issues.map(({ offset, text }) => ({ offset, message: `unknown word: ${text}` }));
  for (const [pattern, advice] of DIALECT)
    for (const { 0: words, index } of text.matchAll(pattern))
      found.push({ offset: index + words.search(/\w/), message: `"${words.replace(/^\W+/, '').trim()}": ${advice}` });
  return found
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, message }) => {
      const before = text.slice(0, offset).split('\n');
      return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
    });
}
