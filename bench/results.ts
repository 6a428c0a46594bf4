// Benchmark: what a run found, and how it is told: a table for the terminal, Markdown, JSON.
import { type Entry, type Goals, type Group, type Measure, measures } from './groups.js';
import { type Spread, spread } from './slices.js';

/** A goal, and the median that was found. */
export interface Judged {
  readonly against: string;
  /** Null: there is no goal. */
  readonly limit: number | null;
  readonly found: number;
  readonly reached: boolean;
  /** What the group's first contestant has against it: C, the limit. */
  readonly first: number;
}

/** One contestant's figures. */
export interface Row {
  readonly name: string;
  /** A round, in the measure's unit. */
  readonly value: Spread;
  /** Against the first contestant, turn by turn. */
  readonly relation: Spread;
  readonly goals: readonly Judged[];
}

/** A group's figures. */
export interface Result {
  readonly title: string;
  readonly short: string;
  readonly measure: keyof typeof measures;
  readonly turns: number;
  readonly when: string;
  readonly machine: string;
  readonly rows: readonly Row[];
  readonly leftOut: readonly string[];
}

/** What results.json holds. */
export interface Results {
  readonly groups: Readonly<Record<string, Result>>;
}

const between = (own: readonly number[], other: readonly number[], { relation }: Measure): Spread =>
  spread(own.map((x, turn) => (relation === 'ratio' ? x / other[turn]! : x - other[turn]!)));

/** `samples`: what each of `entries` took for a round, in each turn. */
export function judge(
  group: Group,
  entries: readonly Entry[],
  samples: readonly (readonly number[])[],
  leftOut: readonly string[],
  machine: string,
): Result {
  const measure: Measure = measures[group.measure];
  const values = samples.map((list) => list.map(measure.value));
  const judged = (own: readonly number[], goals: Goals): Judged[] =>
    Object.entries(goals).flatMap(([against, limit]) => {
      const other = entries.findIndex(({ name }) => name === against);
      if (other < 0) return []; // left out
      const found = between(own, values[other]!, measure).median;
      const reached = limit === null || (measure.better === 'less' ? found <= limit : found >= limit);
      return [{ against, limit, found, reached, first: between(values[0]!, values[other]!, measure).median }];
    });
  return {
    title: group.title,
    short: group.short,
    measure: group.measure,
    turns: samples[0]!.length,
    when: new Date().toISOString(),
    machine,
    rows: entries.map(({ name, goals = {} }, i) => ({
      name,
      value: spread(values[i]!),
      relation: between(values[i]!, values[0]!, measure),
      goals: judged(values[i]!, goals),
    })),
    leftOut,
  };
}

const format = (x: number, digits: number): string =>
  x.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'negative' });
const relationOf = ({ measure }: Result): string => (measures[measure].relation === 'ratio' ? '÷' : '−');
const digitsOf = ({ measure }: Result): number =>
  measures[measure].relation === 'ratio' ? 2 : measures[measure].digits;
const spreadOf = ({ min, median, max }: Spread, digits: number): string =>
  `${format(median, digits)} (${format(min, digits)} to ${format(max, digits)})`;

/** `÷ koffi: 0.94, goal ≤ 0.75 missed (C itself: 0.86)`. */
function goalText(result: Result, { against, limit, found, reached, first }: Judged): string {
  const sign = measures[result.measure].better === 'less' ? '≤' : '≥';
  const digits = digitsOf(result);
  // A figure that is missed narrowly does not read as if it were reached.
  if (limit === null) return `${relationOf(result)} ${against}: ${format(found, digits)}`;
  const precise = format(found, digits) === format(limit, digits) ? digits + 1 : digits;
  const itself = result.rows[0]!.name;
  const why = reached ? '' : ` **missed**${itself === against ? '' : ` (${itself} itself: ${format(first, digits)})`}`;
  return `${relationOf(result)} ${against}: ${format(found, precise)}, goal ${sign} ${limit}${why}`;
}

/** A group's figures as rows of text. */
function cells(result: Result): { head: string[]; rows: string[][] } {
  const { unit, digits } = measures[result.measure];
  const [first] = result.rows;
  return {
    head: ['', unit, `${relationOf(result)} ${first!.name}`, 'goals'],
    rows: result.rows.map(({ name, value, relation, goals }, i) => [
      name,
      spreadOf(value, digits),
      i === 0 ? '' : spreadOf(relation, digitsOf(result)),
      goals.map((goal) => goalText(result, goal)).join('; '),
    ]),
  };
}

/** For a terminal. */
export function asText(result: Result): string {
  const { head, rows } = cells(result);
  const lines = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('**', '')));
  const widths = head.map((_, column) => Math.max(...lines.map((row) => row[column]!.length)));
  const text = lines.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('   ')}`.trimEnd());
  return [...text, ...result.leftOut.map((reason) => `  left out: ${reason}`)].join('\n');
}

/** Where it was measured: mostly one machine. */
const machines = ({ groups }: Results): string =>
  [...new Set(Object.values(groups).map(({ machine }) => machine))].join('; ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** All groups, for reading. */
export function asMarkdown(results: Results): string {
  const { groups } = results;
  const parts = Object.entries(groups).map(([name, result]) => {
    const { head, rows } = cells(result);
    const left = result.leftOut.map((reason) => `\nLeft out: ${reason}.`).join('');
    const when = `${result.turns} ${result.turns === 1 ? 'turn' : 'turns'}, ${result.when.slice(0, 16).replace('T', ' ')} UTC: median (minimum to maximum).`;
    return `## ${name}: ${result.title}\n\n${table(head, rows)}\n\n${when}${left}\n\n![${result.title}](${name}.svg)\n`;
  });
  return `# Benchmark\n\nWritten by \`npm run bench\`. ${machines(results)}. Ratios are taken turn by turn, between contestants that alternate; [README.md](../README.md) says how, and why goals are missed.\n\n${parts.join('\n')}`;
}

/** `1.10 × C`, `10.0 ms over an empty module`. */
function times(result: Result, { against, found }: Judged): string {
  const { better, relation, unit } = measures[result.measure];
  // A table in which less is better has no line where more is.
  const taken = better === 'more' ? 1 / found : found;
  return `${format(taken, digitsOf(result))} ${relation === 'ratio' ? '×' : `${unit} over`} ${against}`;
}

/** The front page with the figure of each goal, between two marks. */
export function intoReadme(readme: string, results: Results): string {
  const [before, rest = ''] = readme.split(/(?<=^<!-- bench: .*-->\n)/m);
  const after = rest.slice(rest.indexOf('<!-- /bench -->'));
  const plot = '![Time or CPU as a multiple of C’s](bench/results/summary.svg)';
  return `${before}${plot}\n\n${asSummary(results)}${after}`;
}

function asSummary(results: Results): string {
  const { groups } = results;
  const rows = Object.values(groups).flatMap((result) =>
    result.rows.flatMap(({ name, goals }) => {
      const figures = goals.map((goal) => times(result, goal));
      const isC = (figure: string): boolean => / C( |$)/.test(figure);
      const columns = [figures.filter(isC), figures.filter((figure) => !isC(figure))];
      return goals.length === 0 ? [] : [[result.short, name, ...columns.map((column) => column.join(', '))]];
    }),
  );
  return `${table(['', '', 'C', 'others'], rows)}\n\n${machines(results)}.\n`;
}
