// The programs of examples/programs over Unix sockets, in TypeScript and in C.
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { ChildProgram, killChildren, type Outcome } from '../support/child_program.js';
import { socketPath } from '../support/cleanup.js';
import {
  bad,
  casts,
  good,
  type Language,
  LIMIT,
  languages,
  named,
  noPython,
  PORT,
  run,
  runPython,
  start,
  twins,
} from '../support/example_programs.js';

afterEach(killChildren);

describe('broker', () => {
  const user = process.getuid!();

  test.for(casts)('in %s, for clients in %s', { timeout: LIMIT }, async ([brokers, clients]) => {
    const at = socketPath();
    const broker = start(brokers, 'broker', at, '2');
    await broker.line(/^listening/);
    const client = async (word: string, message: string, language = clients): Promise<ChildProgram> => {
      const child = start(language, 'broker-client', at, word, message);
      await broker.line(/^that makes/);
      return child;
    };
    const a = await client('sesame', 'I am a');
    const b = await client('rumpelstiltskin', 'I am b');
    const c = await client('sesame', 'I am c');
    const d = await client('rumpelstiltskin', 'I am d', brokers);
    expect(await a.outcome).toEqual(good('two know "sesame"; this one is number 1', 'the other one says: I am c'));
    expect(await c.outcome).toEqual(good('two know "sesame"; this one is number 2', 'the other one says: I am a'));
    const [first, second] = ['1', '2'].map((n) => `two know "rumpelstiltskin"; this one is number ${n}`);
    expect(await b.outcome).toEqual(good(first!, 'the other one says: I am d'));
    expect(await d.outcome).toEqual(good(second!, 'the other one says: I am b'));
    const says = ({ pid }: ChildProgram, word: string): string => `process ${pid} of user ${user} says "${word}"`;
    expect(await broker.outcome).toEqual(
      good(
        `listening on ${at}`,
        says(a, 'sesame'),
        'that makes one, who waits',
        says(b, 'rumpelstiltskin'),
        'that makes one, who waits',
        says(c, 'sesame'),
        'that makes two',
        says(d, 'rumpelstiltskin'),
        'that makes two',
      ),
    );
    expect(existsSync(at)).toBe(false);
  });

  test.for(languages)('in %s, for a client in Python', { timeout: LIMIT }, async (language, { skip }) => {
    skip(noPython !== undefined, noPython);
    const at = socketPath();
    const broker = start(language, 'broker', at, '1');
    await broker.line(/^listening/);
    const client = runPython(
      [
        'import socket, sys',
        'broker = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)',
        'broker.connect(sys.argv[1])',
        'broker.send(b"word")',
        'role, fds, flags, _ = socket.recv_fds(broker, 16, 16)',
        'peer = socket.socket(fileno=fds[0])',
        'peer.send(b"from Python")',
        'peer.shutdown(socket.SHUT_WR)',
        'print(role, len(fds), flags, peer.makefile().read())',
      ],
      at,
    );
    await broker.line(/^that makes one/);
    expect(await run(language, 'broker-client', at, 'word', 'to Python')).toEqual(
      good('two know "word"; this one is number 2', 'the other one says: from Python'),
    );
    expect(await client.outcome).toEqual(good("b'1' 1 0 to Python"));
    expect((await broker.outcome).status).toBe(0);
  });

  test.for(languages)(
    'a client in %s, of a broker that gives nothing',
    { timeout: LIMIT },
    async (language, { skip }) => {
      skip(noPython !== undefined, noPython);
      const at = socketPath();
      const broker = runPython(
        [
          'import socket, sys',
          'listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)',
          'listener.bind(sys.argv[1])',
          'listener.listen()',
          'print("listening", flush=True)',
          'client, _ = listener.accept()',
          'client.recv(100)',
          'client.send(b"1")',
          'client.recv(100)',
        ],
        at,
      );
      await broker.line(/^listening/);
      const client = run(language, 'broker-client', at, 'word', 'message');
      expect(await client).toEqual(bad(1, [], 'the broker gave no descriptor'));
      expect(await run(language, 'broker-client', socketPath(), 'word', 'message')).toEqual(
        bad(1, [], 'connect: No such file or directory'),
      );
    },
  );
});

describe('sd-notify', () => {
  const notify = (
    language: Language,
    NOTIFY_SOCKET: string | undefined,
    ...messages: readonly string[]
  ): ChildProgram => new ChildProgram(twins.command('sd-notify', language, ...messages), { env: { NOTIFY_SOCKET } });
  const told = (...messages: readonly string[]): Outcome => good(...messages.map((message) => `${message}: told`));
  let addressCount = 0;
  const addresses = [socketPath, () => `@bsd-sockets/programs-test/${process.pid}/${++addressCount}`];

  test.for(casts)('in a supervisor in %s, a service in %s', { timeout: LIMIT }, async ([supervisors, services]) => {
    for (const address of addresses) {
      const at = address();
      const supervisor = start(supervisors, 'sd-supervisor', at);
      await supervisor.line(/^NOTIFY_SOCKET=/);
      const messages = ['READY=1\nSTATUS=at work: ½', 'RELOADING=1', 'STOPPING=1'];
      const service = notify(services, at, ...messages);
      expect((await service.outcome).lines.join('\n')).toEqual(messages.map((text) => `${text}: told`).join('\n'));
      const from = `process ${service.pid} of user ${process.getuid!()} and group ${process.getgid!()}`;
      expect(await supervisor.outcome).toEqual(
        good(
          `NOTIFY_SOCKET=${at}`,
          `${from}: READY=1`,
          'STATUS=at work: ½',
          `${from}: RELOADING=1`,
          `${from}: STOPPING=1`,
        ),
      );
      expect(existsSync(at)).toBe(false);
    }
  });

  test.for(languages)('in %s, to a supervisor in Python', { timeout: LIMIT }, async (language, { skip }) => {
    skip(noPython !== undefined, noPython);
    for (const address of addresses) {
      const at = address();
      const supervisor = runPython(
        [
          'import socket, struct, sys',
          'manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)',
          'manager.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)',
          'manager.bind(sys.argv[1].replace("@", chr(0)))',
          'print("bound", flush=True)',
          'data, [(_, _, cred)], flags, _ = manager.recvmsg(4096, 4096)',
          'print(data, struct.unpack("iii", cred)[0], flags)',
        ],
        at,
      );
      await supervisor.line(/^bound/);
      const service = notify(language, at, 'WATCHDOG=1');
      expect(await service.outcome).toEqual(told('WATCHDOG=1'));
      expect(await supervisor.outcome).toEqual(good('bound', `b'WATCHDOG=1' ${service.pid} 0`));
    }
  });

  test.for(languages)('in %s, without a supervisor', { timeout: LIMIT }, async (language) => {
    expect(await notify(language, undefined, 'READY=1').outcome).toEqual(good('READY=1: there is nobody to tell'));
    const outcomes: readonly (readonly [string, string, string])[] = [
      ['relative', 'READY=1', 'READY=1: Address family not supported by protocol'],
      [`/${'x'.repeat(107)}`, 'READY=1', 'READY=1: Argument list too long'],
      [socketPath(), 'READY=1', 'READY=1: No such file or directory'],
      [`@${process.pid}/${'x'.repeat(90)}`, 'READY=1', 'READY=1: Connection refused'],
      [socketPath(), '', ': Invalid argument'],
    ];
    for (const [at, message, error] of outcomes) {
      expect(await notify(language, at, message).outcome).toEqual(bad(1, [], error));
    }
  });
});

describe('watchdog', () => {
  const INTERVAL = '500';

  async function bite(language: Language, peer: DatagramSocket): Promise<void> {
    const watchdog = start(language, 'watchdog', INTERVAL, '2');
    const [heartbeat, control] = [Number(await watchdog.port()), Number(await watchdog.port())];
    peer.send('one', heartbeat, '127.0.0.1');
    await watchdog.line(/^alive: one$/);
    peer.send('how is it?', control, '127.0.0.1');
    const [answer] = (await once(peer, 'message')) as [Buffer];
    expect(answer.toString()).toBe('alive');
    peer.send('two', heartbeat, '127.0.0.1');
    const { lines, ...rest } = await watchdog.outcome;
    expect(rest).toEqual({ status: 0, errors: [] });
    // What it missed before the last heartbeat is this test's slowness.
    const last = lines.lastIndexOf('alive: two');
    const before = lines.slice(0, last).filter((line) => !line.startsWith('nothing'));
    expect(named(before, PORT)).toEqual([
      'heartbeat on port N1',
      'control on port N2',
      'alive: one',
      'asked: how is it?',
    ]);
    expect(lines.slice(last)).toEqual([
      'alive: two',
      `nothing for ${INTERVAL} ms: 1 of 2`,
      `nothing for ${INTERVAL} ms: 2 of 2`,
      'given up',
    ]);
  }

  test('in every language', { timeout: LIMIT }, async () => {
    await Promise.all(
      languages.map(async (language) => {
        const peer = createSocket('udp4').bind(0, '127.0.0.1');
        await once(peer, 'listening');
        await bite(language, peer);
        peer.close();
      }),
    );
  });
});
