// Benchmark, group echo: servers that stay up side by side, and one load generator that goes round them. Group memory: what a connection
// costs such a server.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Child } from '../child.js';
import type { Contestant } from '../contestants.js';
import { SIZE } from './server.js';

/** A program's name and command line. */
export type Server = readonly [name: string, command: readonly string[]];

/** A server that is up, and where. */
interface Running {
  readonly name: string;
  readonly child: Child;
  readonly port: string;
}

async function start([name, command]: Server): Promise<Running> {
  const child = new Child(name, command);
  return { name, child, port: await child.line() };
}

/** Opens `connections` to each server. */
async function connect(servers: readonly Running[], connections: number, load: readonly string[]): Promise<Child> {
  const addresses = servers.map(({ port, child }) => `${port}:${child.pid}`);
  const child = new Child('load', [...load, `${connections}`, `${SIZE}`, ...addresses]);
  await child.line();
  return child;
}

/** Nanoseconds of `requests`: by the clock, and of the server's CPU. */
async function request(load: Child, server: number, requests: number): Promise<{ wall: number; cpu: number }> {
  const [wall, cpu] = (await load.ask(`${server} ${requests}`)).split(' ');
  return { wall: Number(wall), cpu: Number(cpu) };
}

/** Contestants of a group echo: a round is a request, measured by the clock or by the server's CPU. */
export async function startEcho(
  programs: readonly Server[],
  connections: number,
  load: readonly string[],
  measure: 'wall' | 'cpu',
): Promise<readonly Contestant[]> {
  const servers: Running[] = [];
  for (const program of programs) servers.push(await start(program));
  const generator = await connect(servers, connections, load);
  let open = servers.length;
  return servers.map(({ name, child }, i) => ({
    name,
    run: async (n) => (await request(generator, i, n))[measure],
    close() {
      child.end();
      if (--open === 0) generator.end();
    },
  }));
}

/**
 * How long a server idles before its memory is read, in milliseconds: after eight seconds V8 gives back what a burst of connections made of
 * its young generation.
 */
const IDLE = 18_000;

/** Memory that is an idle process's own, in bytes (Linux). */
async function privateDirty({ child }: Running): Promise<number> {
  await child.ask('gc');
  await setTimeout(IDLE);
  const [, kilobytes] = /^Private_Dirty:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8'))!;
  return 1024 * Number(kilobytes);
}

/** Contestants of the group memory: a round is a server with `connections`, each used once; the bytes for one of them. */
export const memoryOf = (program: Server, connections: number, load: readonly string[]): Contestant => ({
  name: program[0],
  async run() {
    const server = await start(program);
    // A first few, so that what is there once is not counted.
    const few = await connect([server], 10, load);
    await request(few, 0, 1000);
    const before = await privateDirty(server);
    const many = await connect([server], connections, load);
    await request(many, 0, connections);
    const after = await privateDirty(server);
    for (const child of [few, many, server.child]) child.end();
    return (after - before) / connections;
  },
  close: () => {},
});
