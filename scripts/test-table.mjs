// @ts-check
// Runs the whole test suite and writes its table into test/README.md: `npm run test:table`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { exit } from 'node:process';
import { fileURLToPath } from 'node:url';

/** What the tests of each folder prove. */
export const FOLDERS = {
  c: 'Each function of `bsd-sockets/c` does what C does. No argument, wrong or random, crashes the process or is written beyond its memory.',
  control:
    'Control data through the kernel: descriptors, credentials, packet information, time stamps, the error queue. No address from JavaScript reaches the kernel.',
  ctypes: 'Scalars, structs, unions and arrays have the layout and the conversions of the C compiler.',
  families: 'The address families: IPv4 and IPv6, Unix, netlink, packet, ICMP, and those that not every kernel has.',
  interop: "Sockets under Node's servers, streams and child processes; `bsd-sockets/promises` in worker threads.",
  package:
    'The package as published, the loader, the layers of `lib/`, the README, and the scripts that check the repository.',
  poller: '`Poller`, blocking and on the event loop, by both of its mechanisms.',
  programs:
    'Whole programs: the lecture and the examples, in TypeScript and in C, compared system call by system call.',
  promises: '`bsd-sockets/promises`: order, cancellation, closing, streams, and random faults under load.',
  socket: '`Socket`, `MessageBatch`, options, addresses, errors, and who owns a descriptor.',
  speed: 'Bytes of heap and instructions of the hot paths, counted without a clock.',
  support: 'The fixtures that need tests of their own: the reader of the output of strace.',
  tables: 'Every constant, and every size and offset of a struct, is the one of the C compiler.',
};

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = join(root, 'test', 'README.md');
const BEGIN = '<!-- The table is written by scripts/test-table.mjs. -->\n';
const END = '<!-- End of the table. -->';

/** @typedef {{ name: string, startTime: number, endTime: number, assertionResults: { status: string }[] }} FileResult */
/** @typedef {{ success: boolean, testResults: FileResult[] }} Results */

/** Runs the suite. @returns {Results} */
function run() {
  const folder = mkdtempSync(join(tmpdir(), 'test-table-'));
  try {
    const env = { ...process.env, VITEST_RESULTS: join(folder, 'results.json') };
    spawnSync('npx', ['vitest', 'run'], { cwd: root, env, stdio: 'inherit' });
    return JSON.parse(readFileSync(env.VITEST_RESULTS, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {number} milliseconds */
const seconds = (milliseconds) =>
  milliseconds < 9950 ? (milliseconds / 1000).toFixed(1) : Math.round(milliseconds / 1000);

/**
 * @param {Results} results
 * @param {number} elapsed milliseconds of the whole run
 */
function table({ testResults }, elapsed) {
  const total = { files: 0, tests: 0, time: 0 };
  const rows = Object.entries(FOLDERS).map(([folder, proves]) => {
    const files = testResults.filter(({ name }) => relative(join(root, 'test'), name).startsWith(folder + sep));
    const tests = files.reduce((sum, { assertionResults }) => sum + assertionResults.length, 0);
    const time = files.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0);
    total.files += files.length;
    total.tests += tests;
    total.time += time;
    return `| \`${folder}/\` | ${proves} | ${files.length} | ${tests} | ${seconds(time)} |`;
  });
  if (total.files !== testResults.length) throw new Error('a folder of test/ is missing in FOLDERS');
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.version}, ${process.platform}`;
  return `${BEGIN}
| folder | what its tests prove | files | tests | seconds |
| --- | --- | ---: | ---: | ---: |
${rows.join('\n')}
| | all | ${total.files} | ${total.tests} | ${seconds(total.time)} |

Measured with \`npm run test:table\` on ${machine}.
A row's seconds are the sum over its files, without the time to load them. The whole run took ${seconds(elapsed)} seconds.

${END}`;
}

/** Whether this file is the program, and not a module of a test. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const begun = performance.now();
  const results = run();
  const elapsed = performance.now() - begun;
  if (!results.success) {
    console.error('the table was not written: tests failed');
    exit(1);
  }
  const text = readFileSync(readme, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('test/README.md has no place for the table');
  writeFileSync(readme, text.slice(0, begin) + table(results, elapsed) + text.slice(end + END.length));
  console.log('wrote test/README.md');
}
