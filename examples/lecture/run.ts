// Lecture: the runner. Runs the 18 sections, in TypeScript and in C and across, and says whether they agree.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { showBeside } from './code.js';
import { rehearse, type Stage } from './rehearse.js';
import { bold, busy, dim, green, idle, print, red } from './screen.js';
import { type Section, sections } from './sections.js';
import { compile, compiler } from './twins.js';

// Compiled, this file lies in dist/examples/lecture; the sources stay in examples/lecture.
const programs = dirname(fileURLToPath(import.meta.url));
const source = join(programs, '..', '..', '..', 'examples', 'lecture');

const USAGE = `Runs the lecture: ${sections.length} sections, each in TypeScript and in C, over real sockets between real processes.

  npm start                  all sections
  npm start -- 14            one section, by its number
  npm start -- select        or by its name; several are possible
  npm start -- --list        lists the sections
  npm start -- --code 14     shows the TypeScript beside its C twin
`;

const namesOf = (section: Section): string[] => [
  ...new Set(section.plays.flatMap((play) => play.programs.map(({ name }) => name))),
];

function list(chosen: readonly Section[]): void {
  const wide = Math.max(...sections.map(({ slug }) => slug.length));
  for (const section of chosen) {
    const { number, slug, title } = section;
    print(
      `${String(number).padStart(2)}  ${bold(slug.padEnd(wide))}  ${title.padEnd(38)}${dim(namesOf(section).join(', '))}`,
    );
  }
}

function showCode(chosen: readonly Section[]): void {
  for (const section of chosen) {
    print(bold(`${section.number}. ${section.title}`));
    print();
    for (const name of namesOf(section)) showBeside(source, name);
  }
}

/** Compiles the twins, if there is a compiler; says why not otherwise. */
async function prepare(chosen: readonly Section[]): Promise<Stage> {
  const { ok, output } = await compiler();
  if (!ok) return { programs, missing: output };
  const names = [...new Set(chosen.flatMap(namesOf))];
  const start = performance.now();
  const twins = await compile(source, names, (done) => busy(`compiling the C twins: ${done} of ${names.length}`));
  idle();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  print(dim(`${names.length} C twins compiled in ${seconds} s by ${output}`));
  return { programs, twins };
}

async function run(chosen: readonly Section[]): Promise<boolean> {
  print(bold('The lecture: BSD sockets in TypeScript, and in C'));
  const stage = await prepare(chosen);
  if (stage.missing) print(dim(`no C compiler (${stage.missing}): the sections run in TypeScript only`));

  const failed = new Map<Section, readonly string[]>();
  for (const section of chosen) {
    const failures = await rehearse(section, stage);
    if (failures.length > 0) failed.set(section, failures);
  }

  print();
  for (const [{ number, title }, failures] of failed) {
    print(`${red('✗')} ${number}. ${title}: ${failures[0]}`);
  }
  const good = `${chosen.length - failed.size} of ${chosen.length} sections`;
  const verdict = stage.missing ? `${good} ran (no C compiler: ${stage.missing})` : `${good} agree with C`;
  print(failed.size === 0 ? green(bold(verdict)) : red(bold(verdict)));
  return failed.size === 0;
}

function find(word: string): Section | undefined {
  const wanted = word.toLowerCase().replace(/\(\)$/, '');
  return sections.find(({ number, slug }) => String(number) === wanted || slug === wanted);
}

async function main(words: readonly string[]): Promise<number> {
  const flags = new Set<string>();
  const chosen = new Set<Section>();
  for (const word of words) {
    const section = find(word);
    if (section) {
      chosen.add(section);
    } else if (['--list', '--code', '--help', '-h'].includes(word)) {
      flags.add(word);
    } else {
      process.stderr.write(
        word.startsWith('-')
          ? `There is no option ${word}. Possible are --list, --code and --help.\n`
          : `There is no section "${word}". Give a number from 1 to ${sections.length}, or a name; --list shows them.\n`,
      );
      return 2;
    }
  }
  const those = chosen.size > 0 ? [...chosen] : sections;
  if (flags.has('--help') || flags.has('-h')) process.stdout.write(USAGE);
  else if (flags.has('--list')) list(those);
  else if (flags.has('--code')) showCode(those);
  else return (await run(those)) ? 0 : 1;
  return 0;
}

// A reader that has seen enough (`| head`) is no failure; an interrupted run leaves nothing behind.
process.stdout.on('error', () => process.exit(0));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.exitCode = await main(process.argv.slice(2));
