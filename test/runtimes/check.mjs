// The runner of the checks in this folder, for runtimes in which no test runner works. A check compares two values; a group is a function
// that may wait, within ten seconds. `finish` prints one line of JSON: how many checks passed, which failed, and every name.
import { isDeepStrictEqual } from 'node:util';

/** @type {string[]} */
const names = [];
/** @type {string[]} */
const failures = [];
const LIMIT = 10_000;

/** @param {unknown} value */
const shown = (value) => {
  try {
    return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each)) ?? String(value);
  } catch {
    return String(value);
  }
};

/** @param {string} name @param {unknown} actual @param {unknown} expected */
export function same(name, actual, expected) {
  names.push(name);
  if (!isDeepStrictEqual(actual, expected)) failures.push(`${name}: ${shown(actual)}, expected ${shown(expected)}`);
}

/** Checks the error that a function throws, or that its promise is rejected with. @param {string} name @param {() => unknown} body @param {object} expected */
export async function fails(name, body, expected) {
  names.push(name);
  try {
    const value = await body();
    failures.push(`${name}: no error, but ${shown(value)}`);
  } catch (error) {
    for (const [key, value] of Object.entries(expected)) {
      const found = /** @type {Record<string, unknown>} */ (error)[key];
      if (found === value) continue;
      failures.push(`${name}: ${key} is ${shown(found)}, expected ${shown(value)}: ${error}`);
      return;
    }
  }
}

/** @param {string} name @param {() => unknown} body */
export async function group(name, body) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT} ms`)), LIMIT);
  });
  try {
    await Promise.race([body(), late]);
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.stack : error}`);
  }
  clearTimeout(timer);
}

export function finish() {
  console.log(JSON.stringify({ passed: names.length - failures.length, failures, names }));
  process.exit(failures.length === 0 ? 0 : 1);
}
