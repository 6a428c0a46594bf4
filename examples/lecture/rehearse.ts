// Lecture: one section. Performs its plays with each cast, shows what the first one prints, and checks the claims.
import { join } from 'node:path';
import { differences, observe } from './compare.js';
import { type Language, type Line, perform, type Transcript } from './play.js';
import { blue, bold, busy, cyan, dim, idle, magenta, print, tick, yellow } from './screen.js';
import type { Play, Program, Section } from './sections.js';
import type { Twins } from './twins.js';

const LAST_LINES = 6;

/** What there is to play with. */
export interface Stage {
  /** Where the compiled TypeScript programs lie. */
  readonly programs: string;
  readonly twins?: Twins;
  /** Why there are no C twins. */
  readonly missing?: string;
}

/** Who plays in which language: the first program of a play, and all others. */
interface Cast {
  readonly name: string;
  readonly first: Language;
  readonly others: Language;
}

/** TypeScript alone comes first; C alone, and, where programs talk with each other, both across. */
function castsOf({ plays }: Section, stage: Stage): Cast[] {
  const casts: Cast[] = [{ name: 'TypeScript', first: 'TypeScript', others: 'TypeScript' }];
  if (!stage.twins) return casts;
  casts.push({ name: 'C', first: 'C', others: 'C' });
  const first = plays[0]!.programs[0]!.role;
  const others = [...new Set(plays.flatMap(({ programs }) => programs.slice(1).map(({ role }) => role)))].join(' and ');
  if (others) {
    casts.push({ name: `C ${others} with TypeScript ${first}`, first: 'TypeScript', others: 'C' });
    casts.push({ name: `TypeScript ${others} with C ${first}`, first: 'C', others: 'TypeScript' });
  }
  return casts;
}

/** Prints each line with the name of its role before it. */
function printerFor(section: Section): (line: Line) => void {
  const roles = [...new Set(section.plays.flatMap((play) => play.programs.map(({ role }) => role)))];
  const width = Math.max(...roles.map((role) => role.length));
  const colours = [cyan, magenta, yellow, blue];
  return ({ role, text }) => {
    const paint = colours[roles.indexOf(role) % colours.length]!;
    print(`    ${paint(role.padStart(width))} ${dim('│')} ${/^(~ |\[)/.test(text) ? dim(text) : text}`);
  };
}

async function performAll(
  section: Section,
  cast: Cast,
  stage: Stage,
  onLine?: (line: Line) => void,
): Promise<Transcript> {
  const lines: Line[] = [];
  const failures: string[] = [];
  const command = ({ name }: Program, language: Language): string[] =>
    language === 'C' ? [join(stage.twins!.directory, name)] : [process.execPath, join(stage.programs, `${name}.js`)];
  for (const play of section.plays) {
    if (onLine && play.title) print(dim(`    ${play.title}:`));
    const language = (program: Program): Language => (isFirst(play, program) ? cast.first : cast.others);
    const transcript = await perform(play, { command, language, ...(onLine && { onLine }) });
    lines.push(...transcript.lines);
    failures.push(...transcript.failures);
  }
  return { lines, failures };
}

const isFirst = (play: Play, program: Program): boolean => play.programs[0] === program;

/** What went wrong with a cast: its programs, or else its claims, or else what it printed compared with TypeScript alone. */
function faults(section: Section, cast: Cast, transcript: Transcript, typescript: Transcript): string[] {
  if (transcript.failures.length > 0) {
    const last = transcript.lines.slice(-LAST_LINES).map(({ role, text }) => `  ${role}: ${text}`);
    return [...transcript.failures, ...(transcript === typescript ? [] : ['its last lines:', ...last])];
  }
  const found: string[] = [];
  for (const claim of section.claims) {
    const { ok, value } = observe(claim, transcript.lines);
    if (!ok) found.push(`"${claim.text}" does not hold: ${value}`);
  }
  if (typescript.failures.length === 0) found.push(...differences(typescript, transcript, ['TypeScript', cast.name]));
  return found;
}

function verdict(found: readonly string[], transcript: Transcript, typescript: Transcript): string {
  if (found.length > 0) return 'not the same';
  if (typescript.failures.length > 0) return 'runs, and has nothing to be compared with';
  return `the same${dim(' → ')}${cyan(`${transcript.lines.length} lines`)}`;
}

/** Runs a section with all casts. Returns what went wrong, in lines; nothing if all agree. */
export async function rehearse(section: Section, stage: Stage): Promise<string[]> {
  print();
  print(bold(`${String(section.number).padStart(2)}. ${section.title}`));

  const names = section.plays.flatMap((play) => play.programs.map(({ name }) => name));
  for (const name of names) {
    const error = stage.twins?.errors.get(name);
    if (error === undefined) continue;
    const failures = [`${name}.c does not compile:`, ...error.split('\n')];
    print(`    ${tick(false)} ${failures.join('\n      ')}`);
    return failures;
  }

  const [alone, ...casts] = castsOf(section, stage);
  busy('running');
  const typescript = await performAll(section, alone!, stage, printerFor(section));
  busy('running its C twin');
  const others = await Promise.all(casts.map((cast) => performAll(section, cast, stage)));
  idle();

  print();
  for (const claim of section.claims) {
    const { ok, value } = observe(claim, typescript.lines);
    print(`    ${tick(ok)} ${claim.text}${value && dim(' → ')}${cyan(value)}`);
  }
  const failures = faults(section, alone!, typescript, typescript);
  for (const failure of typescript.failures) print(`    ${tick(false)} ${failure}`);
  for (const [i, cast] of casts.entries()) {
    const found = faults(section, cast, others[i]!, typescript);
    print(`    ${tick(found.length === 0)} ${cast.name}: ${verdict(found, others[i]!, typescript)}`);
    for (const line of found) print(`        ${line}`);
    failures.push(...found.map((line) => `${cast.name}: ${line}`));
  }
  return failures;
}
