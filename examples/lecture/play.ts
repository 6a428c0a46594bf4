// Lecture: plays. Starts the programs of a play, each when its cue has come, and writes down what they print.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Play, Program } from './sections.js';

export type Language = 'TypeScript' | 'C';

export interface Line {
  readonly role: string;
  readonly text: string;
}

export interface Transcript {
  /** What all printed, in the order in which it came. */
  readonly lines: readonly Line[];
  /** What went wrong, in words; empty if every program ended as it should. */
  readonly failures: readonly string[];
}

/** Who plays in which language, and what to do with each line at once. */
export interface Staging {
  /** The command that runs a program in that language. */
  command(program: Program, language: Language): readonly string[];
  language(program: Program): Language;
  onLine?(line: Line): void;
}

const TIME_LIMIT = 20_000;
const GRACE = 1_000;
const PORT = /\bport ([1-9]\d*)/g;

/** What runs now; nothing of it is to outlive this process. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Runs the programs of a play until the last has ended. */
export function perform(play: Play, staging: Staging): Promise<Transcript> {
  return new Promise((resolve) => stage(play, staging, resolve));
}

function stage(play: Play, { command, language, onLine }: Staging, resolve: (transcript: Transcript) => void): void {
  const lines: Line[] = [];
  const failures: string[] = [];
  const ports: string[] = [];
  const waiting = new Set(play.programs.slice(1));
  const running = new Map<Program, ChildProcess>();
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;
  const [first] = play.programs;

  function end(): void {
    for (const timer of timers) clearTimeout(timer);
    for (const { role } of waiting) failures.push(`${role} was not started: its cue did not come`);
    resolve({ lines, failures });
  }

  /** After a failure the others may wait for ever. */
  function stopSoon(): void {
    const timer = setTimeout(() => {
      stopped = true;
      for (const child of running.values()) child.kill('SIGKILL');
    }, GRACE);
    timers.add(timer);
  }

  function take(program: Program, text: string): void {
    const line = { role: program.role, text };
    lines.push(line);
    onLine?.(line);
    if (program !== first) return;
    for (const [, port] of text.matchAll(PORT)) ports.push(port!);
    for (const next of waiting) {
      if (!(next.after ? next.after.test(text) : ports.length > 0)) continue;
      waiting.delete(next);
      start(next);
    }
  }

  function start(program: Program): void {
    const args = (program.args ?? []).map((arg) => arg.replace(/^\$(\d)$/, (_, n) => ports[Number(n) - 1] ?? ''));
    // The shell puts both outputs into one pipe, so that their lines come in the order in which they were written, and
    // asks for no core file of a program that is to die.
    const shell = ['-c', 'ulimit -c 0; exec "$@" 2>&1', 'sh'];
    const child = spawn('/bin/sh', [...shell, ...command(program, language(program)), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.set(program, child);
    alive.add(child);
    const timer = setTimeout(() => {
      failures.push(`${program.role} (${language(program)}) did not end within ${TIME_LIMIT / 1000} s`);
      child.kill('SIGKILL');
    }, TIME_LIMIT);
    timers.add(timer);

    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const texts = (rest + text).split('\n');
      rest = texts.pop()!;
      for (const complete of texts) take(program, complete);
    });
    child.on('error', (error) => {
      failures.push(`${program.role} could not be started: ${error.message}`);
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      running.delete(program);
      alive.delete(child);
      if (rest) take(program, rest);
      if (!stopped) judge(program, status, signal);
      if (running.size === 0) end();
    });
  }

  function judge(program: Program, status: number | null, signal: NodeJS.Signals | null): void {
    if (signal !== null) take(program, `[killed by ${signal}]`);
    else if (status !== 0) take(program, `[exit status ${status}]`);
    if (program.killedBy ? signal === program.killedBy : status === 0) return;
    const expected = program.killedBy ? `be killed by ${program.killedBy}` : 'exit with status 0';
    const actual = signal === null ? `exited with status ${status}` : `was killed by ${signal}`;
    failures.push(`${program.role} (${language(program)}) was to ${expected}, and ${actual}`);
    stopSoon();
  }

  start(first!);
}
