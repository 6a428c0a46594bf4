// The same system calls: each pair of the lecture runs under strace, and its programs do the same to the descriptors
// that they make, in TypeScript and in C.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Play, sections } from '../../examples/lecture/sections.js';
import { compile, compiler } from '../../examples/lecture/twins.js';
import { whyNoStrace } from '../support/machine.js';
import { difference } from '../support/strace/compare.js';
import { ephemeralPorts, normalise } from '../support/strace/normalize.js';
import { type Places, trace } from '../support/strace/run.js';

const root = join(import.meta.dirname, '../..');
let directory = '';

const cc = await compiler();
const missing = whyNoStrace() ?? (cc.ok ? undefined : `there is no C compiler: ${cc.output}`);
if (missing !== undefined) console.warn(`The same system calls: skipped. ${missing}`);

/** Compiles twins; returns where they lie. */
async function compileAll(source: string, names: Iterable<string>): Promise<string> {
  const twins = await compile(source, [...new Set(names)], () => {});
  if (twins.errors.size > 0) expect.fail([...twins.errors.values()].join('\n'));
  return twins.directory;
}

/** Runs a play in both languages. Says for each of its programs where the calls differ; undefined if they are equal. */
async function differences(play: Play, places: Places, label: string): Promise<string | undefined> {
  const [c, typescript] = await Promise.all([
    trace(play, 'C', places, join(directory, `${label}-c`)),
    trace(play, 'TypeScript', places, join(directory, `${label}-ts`)),
  ]);
  const failures = [...c.failures, ...typescript.failures];
  if (failures.length > 0) expect.fail(failures.join('\n'));
  const found = play.programs.flatMap(({ role }, i) => {
    const expected = normalise(c.traces[i]!, ephemeralPorts(c.traces));
    const actual = normalise(typescript.traces[i]!, ephemeralPorts(typescript.traces));
    // A list that has only the end compares nothing.
    expect(expected.length, `calls of the ${role}`).toBeGreaterThan(1);
    return difference(expected, actual)?.replace(/^/, `the ${role}'s `) ?? [];
  });
  return found.length > 0 ? found.join('\n\n') : undefined;
}

describe.skipIf(missing !== undefined)(`the same system calls${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'bsd-sockets-strace-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  describe('in the lecture', () => {
    const places = { TypeScript: join(root, 'dist/examples/lecture'), C: '' };

    beforeAll(async () => {
      const programs = sections.flatMap(({ plays }) => plays.flatMap((play) => play.programs));
      places.C = await compileAll(
        join(root, 'examples/lecture'),
        programs.map(({ name }) => name),
      );
    }, 60_000);
    afterAll(() => rmSync(places.C, { recursive: true, force: true }));

    for (const { number, title, plays } of sections) {
      for (const [i, play] of plays.entries()) {
        it(`${number}. ${title}${play.title ? `, ${play.title}` : ''}`, { timeout: 30_000 }, async () => {
          const found = await differences(play, places, `${number}-${i}`);
          if (found !== undefined) expect.fail(found);
        });
      }
    }
  });

  describe('two programs compared', () => {
    const play: Play = { programs: [{ role: 'program', name: 'pair' }] };
    const library = pathToFileURL(join(root, 'dist/bundle/c.js'));
    let twins = '';

    beforeAll(async () => {
      writeFileSync(
        join(directory, 'pair.c'),
        `#include <sys/socket.h>
         #include <unistd.h>
         int main(void) {
           char bytes[4];
           int pair[2];
           if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) return 1;
           int sent_bytes = send(pair[0], "abc", 3, 0);
           int read_bytes = recv(pair[1], bytes, sizeof(bytes), 0);
           close(pair[0]);
           close(pair[1]);
           return sent_bytes == read_bytes ? 0 : 1;
         }`,
      );
      twins = await compileAll(directory, ['pair']);
    });
    afterAll(() => rmSync(twins, { recursive: true, force: true }));

    /** Writes a program of these statements; returns where it lies. */
    function write(label: string, statements: readonly string[]): string {
      const place = join(directory, label);
      mkdirSync(place);
      writeFileSync(join(place, 'package.json'), '{ "type": "module" }');
      writeFileSync(join(place, 'pair.js'), `import * as c from '${library}';\n${statements.join('\n')}\n`);
      return place;
    }

    /** Compares the C program with one of these statements. */
    function withTypeScript(label: string, statements: readonly string[]): Promise<string | undefined> {
      return differences(play, { C: twins, TypeScript: write(label, statements) }, label);
    }

    const pair = 'const pair = new (c.array(c.int, 2))(); c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, pair);';
    const send = "c.send(pair[0], 'abc', 3, 0);";
    const recv = 'c.recv(pair[1], new Uint8Array(4), 4, 0);';
    const close0 = 'c.close(pair[0]);';
    const close1 = 'c.close(pair[1]);';
    const shutdown = 'c.shutdown(pair[0], 9);';
    const fcntl = 'c.fcntl(pair[0], c.F_SETFD, c.FD_CLOEXEC);';

    it('are equal if they make the same calls', async () => {
      expect(await withTypeScript('same', [pair, send, recv, close0, close1])).toBeUndefined();
    });

    it.each<[what: string, statements: string[], seen: string, at: number]>([
      ['flag', [pair, send.replace(', 0)', ', c.MSG_NOSIGNAL)'), recv, close0, close1], ', 3, MSG_NOSIGNAL', 2],
      ['length', [pair, send, recv.replace('4, 0', '3, 0'), close0, close1], 'recvfrom(#2, "abc", 3,', 3],
      ['errno', [pair, send, shutdown, recv, close0, close1], 'shutdown(#1, 0x9 /* SHUT_??? */) = -1 EINVAL', 3],
      ['order', [pair, send, recv, close1, close0], 'close(#2) = 0', 4],
      ['call', [pair, fcntl, send, recv, close0, close1], 'fcntl(#1, F_SETFD, FD_CLOEXEC) = 0', 2],
      ['end', [pair, send, recv, close0], 'exited with 0', 5],
    ])('differ in another %s', async (what, statements, seen, at) => {
      const found = await withTypeScript(what, statements);
      expect(found).toContain(`the program's call ${at} differs`);
      expect(found).toContain(seen);
    });

    it('are reported if one is killed', async () => {
      const kill = "process.kill(process.pid, 'SIGKILL');";
      const found = withTypeScript('killed', [pair, send, recv, close0, close1, kill]);
      await expect(found).rejects.toThrow('was killed by SIGKILL');
    });

    it('are reported if one does not end', async () => {
      const places = { C: twins, TypeScript: write('endless', [pair, recv]) };
      const { traces, failures } = await trace(play, 'TypeScript', places, join(directory, 'endless'), 1500);
      expect(failures.join('\n')).toContain('was killed by SIGKILL');
      expect(normalise(traces[0]!, new Set()).slice(1)).toEqual(['recvfrom(#2) = ?', 'killed by SIGKILL']);
    });
  });
});
