// Lecture: the screen. Colours and ticks, and a sign of life while something takes its time.

const terminal = process.stdout.isTTY === true && process.env.TERM !== 'dumb';
const coloured = terminal && !process.env.NO_COLOR;

function colour(code: number): (text: string) => string {
  return (text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
}

export const bold = colour(1);
export const dim = colour(2);
export const red = colour(31);
export const green = colour(32);
export const yellow = colour(33);
export const blue = colour(34);
export const magenta = colour(35);
export const cyan = colour(36);

export const tick = (ok: boolean): string => (ok ? green('✓') : red('✗'));

/** How many columns there are to write in. */
export const columns = (): number => process.stdout.columns || Number(process.env.COLUMNS) || 160;

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const QUIET = 2_000;
let work: { what: string; since: number; lastPrint: number; timer: NodeJS.Timeout } | undefined;

function erase(): void {
  if (terminal && work) process.stdout.write('\r\u001b[2K');
}

function showLife(): void {
  if (!work) return;
  const now = Date.now();
  const seconds = Math.floor((now - work.since) / 1000);
  const took = seconds > 0 ? `, ${seconds} s` : '';
  if (terminal) {
    const sign = SPINNER[Math.floor(now / 100) % SPINNER.length]!;
    process.stdout.write(`\r\u001b[2K    ${cyan(sign)} ${dim(`${work.what}${took}`)}`);
  } else if (now - work.lastPrint >= QUIET) {
    print(`    … ${work.what}${took}`);
  }
}

/** Writes a line. */
export function print(line = ''): void {
  erase();
  process.stdout.write(`${line}\n`);
  if (work) work.lastPrint = Date.now();
}

/** From here on, until idle(), the screen shows what takes its time: on a terminal at once, elsewhere now and then. */
export function busy(what: string): void {
  const now = Date.now();
  if (work) work.what = what;
  else work = { what, since: now, lastPrint: now, timer: setInterval(showLife, 100) };
}

export function idle(): void {
  if (!work) return;
  clearInterval(work.timer);
  erase();
  work = undefined;
}
