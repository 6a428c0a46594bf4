// The benchmark’s figures: the README shows those of the last run, and each group has a table and a plot.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type Group, groups } from '../../bench/groups.js';
import { asMarkdown, intoReadme, judge, type Results } from '../../bench/results.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const results = JSON.parse(readFileSync(join(root, 'bench/results/results.json'), 'utf8')) as Results;

it('the README has the figures of the last run, and no others', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(readme).toBe(intoReadme(readme, results));
  for (const { machine } of Object.values(results.groups)) expect(readme).toContain(machine);
});
it('the last run had every group, and each has its table and its plot', () => {
  expect(Object.keys(results.groups)).toEqual(Object.keys(groups));
  expect(readFileSync(join(root, 'bench/results/results.md'), 'utf8')).toBe(asMarkdown(results));
  for (const name of ['summary', ...Object.keys(groups)]) {
    expect(existsSync(join(root, `bench/results/${name}.svg`)), name).toBe(true);
  }
});
it('every contestant is a program that exists', () => {
  for (const { entries } of Object.values(groups)) {
    for (const { file } of entries) expect(existsSync(join(root, 'bench', file)), file).toBe(true);
  }
});

const group = (measure: Group['measure'], limit: number): Group => ({
  title: 't',
  short: 't',
  measure,
  entries: [
    { name: 'C', file: 'c' },
    { name: 'ours', file: 'o', goals: { C: limit } },
  ],
});
/** The goal's verdict on samples, turn by turn. */
const verdict = (of: Group, samples: number[][]) => judge(of, of.entries, samples, [], 'here').rows[1]?.goals[0];

it('ratios are taken within a turn', () => {
  // A machine that is ten times as slow in the second turn: the ratio stays.
  const drifting = [
    [100, 1000, 100],
    [110, 1100, 110],
  ];
  expect(verdict(group('time', 1.12), drifting)).toMatchObject({ reached: true, found: expect.closeTo(1.1) });
  expect(verdict(group('time', 1.09), drifting)).toMatchObject({ reached: false });
});
it('more is better for a throughput; a difference has no ratio', () => {
  expect(verdict(group('throughput', 0.9), [[100], [105]])).toMatchObject({
    reached: true,
    found: expect.closeTo(0.952),
  });
  expect(verdict(group('throughput', 0.96), [[100], [105]])).toMatchObject({ reached: false });
  expect(verdict(group('start', 10), [[40e6], [49e6]])).toMatchObject({ reached: true, found: expect.closeTo(9) });
});
