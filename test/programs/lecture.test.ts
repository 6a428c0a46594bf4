// The lecture: each section as a reader runs it, and the runner with wrong arguments, no compiler and a wrong C program.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { sections } from '../../examples/lecture/sections.js';
import { hasCommand } from '../support/machine.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const runner = join(root, 'dist', 'examples', 'lecture', 'run.js');
const source = join(root, 'examples', 'lecture');
const hasCompiler = hasCommand('cc');
const MINUTE = 60_000;

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

/** A directory to have as PATH, with these executable scripts in it. */
function pathWith(scripts: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'lecture-test-'));
  directories.push(directory);
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(directory, name), script);
    chmodSync(join(directory, name), 0o755);
  }
  return directory;
}

interface Outcome {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Outcome {
  const options = { encoding: 'utf8', env: { ...process.env, ...environment }, timeout: MINUTE } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [runner, ...args], options);
  return { status, lines: stdout.trimEnd().split('\n'), errors: stderr };
}

const verdict = (count: number): string =>
  hasCompiler
    ? `${count} of ${count} sections agree with C`
    : `${count} of ${count} sections ran (no C compiler: cc: not found)`;

describe('npm start -- N', () => {
  test.each(sections)('$number $slug', { timeout: MINUTE }, ({ number, title, claims }) => {
    const { status, lines, errors } = run([String(number)]);
    expect({ status, errors, last: lines.at(-1) }, lines.join('\n')).toEqual({
      status: 0,
      errors: '',
      last: verdict(1),
    });
    expect(lines).toContainEqual(expect.stringContaining(`${number}. ${title}`));
    for (const { text } of claims) expect(lines).toContainEqual(expect.stringContaining(`✓ ${text}`));
  });

  test('a section can be named, and several can be given', { timeout: MINUTE }, () => {
    const { status, lines } = run(['bind', 'headers']);
    expect({ status, last: lines.at(-1) }).toEqual({ status: 0, last: verdict(2) });
  });
});

describe('the sections', () => {
  test('are the 18 of the lecture, each with claims', () => {
    expect(sections.map(({ number }) => number)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    expect(sections.filter(({ claims }) => claims.length === 0)).toEqual([]);
  });

  const names = new Set(sections.flatMap(({ plays }) => plays.flatMap(({ programs }) => programs.map((p) => p.name))));
  test.each([...names])('%s has the same comments in both languages', (name) => {
    const ts = readFileSync(join(source, `${name}.ts`), 'utf8');
    const c = readFileSync(join(source, `${name}.c`), 'utf8');
    const comments = (text: string): string[] => text.match(/^ *\/\/.*/gm)!.map((line) => line.trim());
    expect(comments(ts)).toEqual(comments(c));
    expect(ts).toContain("from 'bsd-sockets/c'");
  });
});

describe('arguments', () => {
  test('--list names every section and its programs', () => {
    const { status, lines } = run(['--list']);
    expect(status).toBe(0);
    expect(lines).toHaveLength(sections.length);
    expect(lines[13]).toMatch(/^14 +select +select\(\) +14-select-server, 14-select-client$/);
  });

  test.each([60, 100, 160])('--code lays the programs side by side in %i columns', (columns) => {
    const { status, lines } = run(['--code'], { COLUMNS: String(columns) });
    expect(status).toBe(0);
    expect(lines.filter((line) => / │ 08-accept-server\.c$/.test(line))).toHaveLength(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(columns, 63));
  });

  test('--code with a section shows that one', () => {
    const { lines } = run(['--code', 'close'], { COLUMNS: '160' });
    expect(lines[0]).toBe('11. close()');
    expect(lines.filter((line) => line.includes('setrlimit(RLIMIT_NOFILE'))[0]).toMatch(
      /check\(setrlimit\(RLIMIT_NOFILE, lim\), .* │ +check\(setrlimit\(RLIMIT_NOFILE, &lim\), /,
    );
    expect(lines).not.toContainEqual(expect.stringContaining('08-accept'));
  });

  test('--help says what there is', () => {
    const { status, lines } = run(['--help']);
    expect(status).toBe(0);
    expect(lines.join('\n')).toContain('npm start -- --list');
  });

  test.each([
    ['0', 'There is no section "0". Give a number from 1 to 18, or a name; --list shows them.\n'],
    ['19', 'There is no section "19". Give a number from 1 to 18, or a name; --list shows them.\n'],
    ['polls', 'There is no section "polls". Give a number from 1 to 18, or a name; --list shows them.\n'],
    ['--lists', 'There is no option --lists. Possible are --list, --code and --help.\n'],
  ])('%s ends with a plain error', (word, errors) => {
    expect(run([word])).toEqual({ status: 2, lines: [''], errors });
  });
});

describe('the C twins', () => {
  test('without a compiler the sections run in TypeScript, and the runner prints why', { timeout: MINUTE }, () => {
    const { status, lines } = run(['accept', 'close'], { PATH: pathWith({}) });
    expect({ status, last: lines.at(-1) }).toEqual({
      status: 0,
      last: '2 of 2 sections ran (no C compiler: cc: not found)',
    });
  });

  test('a compiler that does not work counts as none', { timeout: MINUTE }, () => {
    const cc = '#!/bin/sh\necho "cc: no developer tools were found" >&2\nexit 1\n';
    const { status, lines } = run(['close'], { PATH: pathWith({ cc }) });
    expect({ status, last: lines.at(-1) }).toEqual({
      status: 0,
      last: '1 of 1 sections ran (no C compiler: cc: no developer tools were found)',
    });
  });

  // A compiler whose programs are shell scripts: the runner gives the output's path after -o.
  const compiler = (program: string): string =>
    `#!/bin/sh\n[ "$1" = --version ] && echo false cc && exit\nwhile [ "$1" != -o ]; do shift; done\n` +
    `echo '#!/bin/sh\n${program}' > "$2"\n/bin/chmod +x "$2"\n`;

  test('a C program that prints something else fails the section, and the runner prints the difference', {
    timeout: MINUTE,
  }, () => {
    const { status, lines } = run(['close'], { PATH: pathWith({ cc: compiler('echo something else') }) });
    expect({ status, last: lines.at(-1) }).toEqual({ status: 1, last: '0 of 1 sections agree with C' });
    expect(lines).toContainEqual(expect.stringContaining('program, line 1:'));
    expect(lines).toContainEqual(expect.stringMatching(/^ +TypeScript +16 sockets are open$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ +C +something else$/));
  });

  test('a C program that fails does, too', { timeout: MINUTE }, () => {
    const { status, lines } = run(['close'], { PATH: pathWith({ cc: compiler('exit 3') }) });
    expect({ status, last: lines.at(-1) }).toEqual({ status: 1, last: '0 of 1 sections agree with C' });
    expect(lines).toContainEqual(
      expect.stringContaining('program (C) was to exit with status 0, and exited with status 3'),
    );
  });

  test('a C program that does not compile does, too', { timeout: MINUTE }, () => {
    const cc = '#!/bin/sh\n[ "$1" = --version ] && echo false cc && exit\necho "no" >&2\nexit 1\n';
    const { status, lines } = run(['close'], { PATH: pathWith({ cc }) });
    expect({ status, last: lines.at(-1) }).toEqual({ status: 1, last: '0 of 1 sections agree with C' });
    expect(lines).toContainEqual(expect.stringContaining('11-close.c does not compile:'));
  });
});
