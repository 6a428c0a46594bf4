// perror(3), herror(3) and printf(3) on the descriptors 1 and 2, in child programs.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { runC } from '../support/c_program.js';
import { runProgram } from '../support/child_program.js';

const program = new URL('stdio.mjs', import.meta.url);

test('perror prints what C prints', async () => {
  const expected = runC(`dup2(1, 2);
    close(-1); perror("close() failed"); perror(""); perror(NULL); perror("memory"); perror("");
    errno = 99999; perror("unknown"); errno = 0; perror("none");`);
  expect(await runProgram(program, ['perror'])).toMatchObject({ stderr: expected, stdout: '', status: 0 });
});

test('herror prints what C prints', async () => {
  const expected = runC(`dup2(1, 2);
    herror("none yet"); h_errno = -1; herror("gethostbyname"); herror(""); herror(NULL); herror("memory");`);
  expect(await runProgram(program, ['herror'])).toMatchObject({ stderr: expected, stdout: '', status: 0 });
});

test('printf writes at once, in order with Node’s own output', async () => {
  expect(await runProgram(program, ['printf'])).toMatchObject({
    stdout: 'before\nprintf has 5\nmemory\nfour\nafter\n',
    stderr: 'to stderr\n',
    status: 0,
  });
});

test('wrong arguments throw TypeError before anything is written', () => {
  for (const wrong of [undefined, 5, true, {}, [], Symbol('s')]) {
    expect(() => c.perror(wrong as never)).toThrow(/perror\(\): argument 1 \(s\)/);
    expect(() => c.herror(wrong as never)).toThrow(/herror\(\): argument 1 \(s\)/);
  }
});
