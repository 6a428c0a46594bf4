// The platform facts of lib/addon/platform.ts: what this system has, and BSD_SOCKETS_WITHOUT, which forces facts off for tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tablePositions } from '../../scripts/table-positions.mjs';

const lib = fileURLToPath(new URL('../../lib', import.meta.url));
const binary =
  process.env.BSD_SOCKETS_BINARY ?? fileURLToPath(new URL('../../build/Release/bsd_sockets.node', import.meta.url));

/** The package exports no facts: their module is bundled for the test, as scripts/bundle.mjs does it. */
const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-facts-'));
const module = join(folder, 'platform.mjs');
beforeAll(async () => {
  const build = await rolldown({
    input: join(lib, 'addon/platform.ts'),
    platform: 'node',
    external: [/^node:/],
    plugins: [tablePositions],
    resolve: { extensionAlias: { '.js': ['.ts'] } },
  });
  await build.write({ file: module, format: 'esm' });
  await build.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The facts as another process has them, or what it wrote to stderr. */
function facts(without?: string): Record<string, boolean> | string {
  const { BSD_SOCKETS_WITHOUT: _, ...inherited } = process.env;
  const env = { ...inherited, BSD_SOCKETS_BINARY: binary };
  const program = `console.log(JSON.stringify(await import(${JSON.stringify(module)})));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: without === undefined ? env : { ...env, BSD_SOCKETS_WITHOUT: without },
  });
  return stdout === '' ? stderr : (JSON.parse(stdout) as Record<string, boolean>);
}

const LINUX = {
  hasAccept4: true,
  hasSockCloexec: true,
  hasCmsgCloexec: true,
  hasMsgDontwaitOnSend: true,
  hasRecvmmsg: true,
  hasSendmmsg: true,
  hasSoDomain: true,
  hasSoProtocol: true,
  hasPollRdhup: true,
  pollHupExcludesPollOut: false,
  hasSoNosigpipe: false,
  acceptInheritsNonblock: false,
  hasSockaddrLength: false,
};
const DARWIN = Object.fromEntries(Object.entries(LINUX).map(([name, value]) => [name, !value]));

it('are what this system has', () => {
  expect(facts()).toEqual(process.platform === 'darwin' ? DARWIN : LINUX);
});

/** What Linux could not do without has no switch. */
const FIXED = ['hasRecvmmsg', 'hasSendmmsg', 'hasSoNosigpipe', 'acceptInheritsNonblock', 'hasSockaddrLength'];

it('BSD_SOCKETS_WITHOUT=all leaves those of macOS, except for what has no fall-back', () => {
  const fixed = Object.entries(facts()).filter(([name]) => FIXED.includes(name));
  expect(fixed).toHaveLength(FIXED.length);
  expect(facts('all')).toEqual({ ...DARWIN, ...Object.fromEntries(fixed) });
});

it('BSD_SOCKETS_WITHOUT forces facts off by name', () => {
  const all = facts() as Record<string, boolean>;
  expect(facts('accept4,cmsgCloexec')).toEqual({ ...all, hasAccept4: false, hasCmsgCloexec: false });
  expect(facts('')).toEqual(all);
});

it('a name that BSD_SOCKETS_WITHOUT does not know is an error', () => {
  expect(facts('accept4,acept4')).toContain("BSD_SOCKETS_WITHOUT: there is no fact 'acept4'; the facts are accept4, ");
});

it.each(
  readdirSync(lib, { recursive: true })
    .map(String)
    .filter((file) => /^(socket|events)\/.*\.ts$/.test(file)),
)('lib/%s asks for no operating system', (file) => {
  expect(readFileSync(join(lib, file), 'utf8')).not.toMatch(/process\.platform|\bos\.platform\(/);
});
