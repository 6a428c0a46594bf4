// Runs the programs of a play, each under strace.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, perform } from '../../../examples/lecture/play.js';
import type { Play, Program } from '../../../examples/lecture/sections.js';
import { parse, STRACE, type Trace } from './trace.js';

/** How long a play may take: less than the player's own limit, which kills strace and not the program. */
const TIME_LIMIT = 18_000;

/** Where the compiled programs of each language lie. */
export type Places = Readonly<Record<Language, string>>;

export interface Performance {
  /** What each program of the play did, in the play's order. */
  readonly traces: readonly Trace[];
  /** What went wrong, in words, with the last lines that the programs printed. */
  readonly failures: readonly string[];
}

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/**
 * Kills a traced program that runs still. A killed strace leaves its program running, so it is the program that must be
 * killed: strace ends with it.
 */
function killTraced(path: string): void {
  const text = read(path);
  const pid = Number(/^\d+/.exec(text)?.[0]);
  if (!pid || new RegExp(`^${pid} +\\+\\+\\+ `, 'm').test(text)) return;
  // The number is still the program's own, for a tracer is attached.
  if (!/^TracerPid:\t[1-9]/m.test(read(`/proc/${pid}/status`))) return;
  process.kill(pid, 'SIGKILL');
}

/** Runs a play in one language. The traces are left in `directory`. */
export async function trace(
  play: Play,
  language: Language,
  places: Places,
  directory: string,
  limit = TIME_LIMIT,
): Promise<Performance> {
  mkdirSync(directory, { recursive: true });
  const path = (program: Program): string => join(directory, `${play.programs.indexOf(program)}.strace`);
  const command = (program: Program): string[] => {
    const run =
      language === 'C'
        ? [join(places.C, program.name)]
        : [process.execPath, join(places.TypeScript, `${program.name}.js`)];
    return ['strace', ...STRACE, '-o', path(program), ...run];
  };
  const killAll = (): void => play.programs.map(path).forEach(killTraced);
  const timer = setTimeout(killAll, limit);
  try {
    const { lines, failures } = await perform(play, { command, language: () => language });
    const last = failures.length > 0 ? lines.slice(-12).map(({ role, text }) => `  ${role}: ${text}`) : [];
    return { traces: play.programs.map((program) => parse(read(path(program)))), failures: [...failures, ...last] };
  } finally {
    clearTimeout(timer);
    killAll();
  }
}
