// The entry point bsd-sockets exports every constant of bsd-sockets/c, and everything public of the typed layer.
import { readFileSync } from 'node:fs';
import * as root from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { expect, it } from 'vitest';

const exported = root as unknown as Record<string, unknown>;

// SIG_DFL, SIG_ERR and SIG_IGN are handlers, for signal() alone.
it('bsd-sockets has every constant of bsd-sockets/c with the same value', () => {
  const constants = Object.entries(c).filter(
    ([name, value]) =>
      /^(?!SIG_)[A-Z][A-Z0-9_]*$/.test(name) && ['number', 'bigint', 'undefined'].includes(typeof value),
  );
  expect(constants.length).toBeGreaterThan(1000);
  for (const [name, value] of constants) expect(exported[name], name).toBe(value);
  for (const [name] of constants) expect(exported, name).toHaveProperty(name);
});

/** What the files export for the typed layer itself. */
const INTERNAL = new Set([
  'socketError',
  'addressInfoError',
  'endOfStream',
  'check',
  'orNull',
  'wouldBlock',
  'errnoName',
  'invalidType',
  'invalidValue',
  'outOfRange',
  'checkInteger',
]);

it.each(['options/rows', 'domains', 'errors'])('bsd-sockets exports each public name of lib/socket/%s.ts', (file) => {
  const text = readFileSync(new URL(`../../lib/socket/${file}.ts`, import.meta.url), 'utf8');
  const names = [...text.matchAll(/^export (?:const|class|function) (\w+)/gm)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) if (!INTERNAL.has(name)) expect(exported, name).toHaveProperty(name);
});
