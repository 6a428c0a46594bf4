// The programs of examples/programs, each in TypeScript and in C, alone and with each other.
import { spawnSync } from 'node:child_process';
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AF_INET,
  bind,
  close,
  connect,
  EINPROGRESS,
  errno,
  F_SETFL,
  fcntl,
  getsockname,
  htonl,
  INADDR_LOOPBACK,
  listen,
  ntohs,
  O_NONBLOCK,
  SOCK_STREAM,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
} from 'bsd-sockets/c';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ChildProgram, killChildren, type Outcome } from '../support/child_program.js';
import { casts, type Language, languages, names, source, Twins } from '../support/example_programs.js';
import { NetworkNamespace, whyNoNetworkNamespace } from '../support/network_namespace.js';

const LIMIT = 20_000;
const noNamespace = whyNoNetworkNamespace();
const hasIPv6 = existsSync('/proc/net/if_inet6');
const python = spawnSync('python3', ['-c', 'import socket; socket.recv_fds']).status === 0 ? 'python3' : undefined;
const noPython = python ? undefined : 'there is no python3 with socket.recv_fds';

const twins = new Twins();
const directory = mkdtempSync(join(tmpdir(), 'programs-test-'));
beforeAll(() => twins.compile(), LIMIT);
afterEach(killChildren);
afterAll(() => {
  twins.remove();
  rmSync(directory, { recursive: true });
});

const start = (language: Language, name: string, ...args: readonly string[]): ChildProgram =>
  new ChildProgram(twins.command(name, language, ...args));
const run = (language: Language, name: string, ...args: readonly string[]): Promise<Outcome> =>
  start(language, name, ...args).outcome;

/** A run of a python3 program of these lines. */
const runPython = (lines: readonly string[], ...args: readonly string[]): ChildProgram =>
  new ChildProgram([python!, '-c', lines.join('\n'), ...args]);

const good = (...lines: readonly string[]): Outcome => ({ status: 0, lines, errors: [] });
const bad = (status: number, lines: readonly string[], ...errors: readonly string[]): Outcome => ({
  status,
  lines,
  errors,
});

/** Numbers that differ from run to run: each is named after the order in which it came. */
function named(lines: readonly string[], pattern: RegExp): string[] {
  const names = new Map<string, string>();
  return lines.map((line) =>
    line.replace(pattern, (number) => {
      if (!names.has(number)) names.set(number, `N${names.size + 1}`);
      return names.get(number)!;
    }),
  );
}
const SOCKET = /(?<=\bsocket )\d+/g;
const PORT = /(?<=\bport )\d+/g;

/** A TCP socket on the loopback interface that does not listen yet, and its address. */
function bound(): { sock: number; addr: sockaddr_in; port: string } {
  const sock = socket(AF_INET, SOCK_STREAM, 0);
  const addr = new sockaddr_in({ sin_family: AF_INET, sin_addr: { s_addr: htonl(INADDR_LOOPBACK) } });
  expect(bind(sock, addr, sizeof(addr))).toBe(0);
  expect(getsockname(sock, addr, new socklen_t(sizeof(addr)))).toBe(0);
  return { sock, addr, port: String(ntohs(addr.sin_port)) };
}

let paths = 0;
const path = (): string => join(directory, `${++paths}.sock`);

describe('each program', () => {
  test.each(names)('%s has the same comments in both languages', (name) => {
    const comments = (file: string): string[] =>
      readFileSync(join(source, file), 'utf8')
        .match(/\/\/.*/g)!
        .map((comment) => comment.trim());
    expect(comments(`${name}.ts`)).toEqual(comments(`${name}.c`));
    expect(comments(`${name}.ts`)[0]).toContain(`// Program: ${name}, `);
  });

  const withArguments = names.filter((name) => !['interfaces', 'netlink-addresses'].includes(name));
  test('prints its usage if its arguments are wrong', { timeout: LIMIT }, async () => {
    for (const language of languages) {
      for (const name of withArguments) {
        const wrong = name.startsWith('chat-') ? ['1', '2', '3', '4'] : [];
        expect(await run(language, name, ...wrong)).toEqual(
          bad(2, [], expect.stringMatching(new RegExp(`^usage: ${name} .*[a-z]`))),
        );
      }
    }
  });
});

describe.each(['chat-select', 'chat-poll'])('%s', (name) => {
  test.for(casts)('server in %s, clients in %s', { timeout: LIMIT }, async ([servers, clients]) => {
    const server = start(servers, name, '0', '3');
    const port = await server.port();
    const join = async (): Promise<ChildProgram> => {
      const client = start(clients, 'chat-client', '127.0.0.1', port);
      await server.line(/^new connection/);
      return client;
    };
    const [a, b, c] = [await join(), await join(), await join()];
    a.write('a is here\n');
    await Promise.all([b.line(/^a is here$/), c.line(/^a is here$/)]);
    b.write('b hears a\nand c?\n');
    await Promise.all([a.line(/^and c\?$/), c.line(/^and c\?$/)]);
    b.end();
    await server.line(/hung up$/);
    expect(await b.outcome).toEqual(bad(0, ['a is here'], 'connected'));
    c.write('b has gone\n');
    await a.line(/^b has gone$/);
    a.end();
    await server.line(/hung up$/);
    c.end();
    expect(await a.outcome).toEqual(bad(0, ['b hears a', 'and c?', 'b has gone'], 'connected'));
    expect(await c.outcome).toEqual(bad(0, ['a is here', 'b hears a', 'and c?'], 'connected'));

    const { status, lines, errors } = await server.outcome;
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    const log = named(lines, SOCKET);
    expect(log.slice(0, 4)).toEqual([
      `listening on port ${port}`,
      ...['N1', 'N2', 'N3'].map((socket) => `new connection from 127.0.0.1 on socket ${socket}`),
    ]);
    expect(log.slice(4, 7).sort()).toEqual(['N1', 'N2', 'N3'].map((socket) => `socket ${socket} hung up`));
    expect(log.slice(7)).toEqual([name === 'chat-poll' ? 'all have left, and there was room for 4' : 'all have left']);
  });

  test.for(languages)('in %s, its end is told to a client', { timeout: LIMIT }, async (language) => {
    const server = start(language, name);
    const client = start(language, 'chat-client', '127.0.0.1', await server.port());
    await server.line(/^new connection/);
    server.kill();
    expect(await client.outcome).toEqual(bad(1, [], 'connected', 'the server has gone'));
  });
});

describe('ping', () => {
  const withoutTimes = ({ lines, ...rest }: Outcome): Outcome => ({
    ...rest,
    lines: lines.map((line) => line.replace(/time=\d+\.\d{3} ms$/, 'time=T')),
  });

  test.for(languages)('in %s', { timeout: LIMIT }, async (language, { skip }) => {
    skip(noNamespace !== undefined, noNamespace);
    const network = await NetworkNamespace.make(['ip link set lo up', 'ip route add unreachable 203.0.113.0/24']);
    const ping = async (...args: readonly string[]): Promise<Outcome> =>
      withoutTimes(await new ChildProgram(network.inside(twins.command('ping', language, ...args))).outcome);

    expect(await ping('127.0.0.1', '3', '50')).toEqual(
      good(
        'PING 127.0.0.1 (127.0.0.1): 56 data bytes',
        ...[0, 1, 2].map((seq) => `64 bytes from 127.0.0.1: icmp_seq=${seq} ttl=64 time=T`),
        '--- 127.0.0.1 ping statistics ---',
        '3 packets transmitted, 3 received, 0% packet loss',
      ),
    );
    expect(await ping('203.0.113.1')).toEqual(
      bad(1, ['PING 203.0.113.1 (203.0.113.1): 56 data bytes'], 'sendto: No route to host'),
    );
    expect(await ping('198.51.100.1')).toEqual(
      bad(1, ['PING 198.51.100.1 (198.51.100.1): 56 data bytes'], 'sendto: Network is unreachable'),
    );
    await new ChildProgram(network.inside(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all'])).outcome;
    expect(await ping('127.0.0.1', '2', '50')).toEqual(
      bad(1, [
        'PING 127.0.0.1 (127.0.0.1): 56 data bytes',
        '--- 127.0.0.1 ping statistics ---',
        '2 packets transmitted, 0 received, 100% packet loss',
      ]),
    );
    await network.remove();
  });
});

describe('sniffer', () => {
  test.for(languages)(
    'all see the same that the sender in %s sends',
    { timeout: LIMIT },
    async (language, { skip }) => {
      skip(noNamespace !== undefined, noNamespace);
      const network = await NetworkNamespace.make(['ip link set lo up']);
      const inside = (name: string, language: Language, ...args: readonly string[]): ChildProgram =>
        new ChildProgram(network.inside(twins.command(name, language, ...args)));

      const sniffers = languages.map((other) => inside('sniffer', other, 'lo', '5000', '2'));
      await Promise.all(sniffers.map((sniffer) => sniffer.line(/^listening/)));
      await inside('multicast-sender', language, '239.255.77.1', '127.0.0.1', '5001', 'to another port').outcome;
      await inside('multicast-sender', language, '239.255.77.1', '127.0.0.1', '5000', 'one', 'two and three').outcome;
      const outcomes = await Promise.all(sniffers.map((sniffer) => sniffer.outcome));
      const from = /^127\.0\.0\.1:(\d+) /.exec(outcomes[0]!.lines[1]!)![1];
      for (const outcome of outcomes) {
        expect(outcome).toEqual(
          good(
            'listening on lo for UDP to port 5000',
            `127.0.0.1:${from} > 239.255.77.1:5000 ttl 1, 3 of 45 bytes: one`,
            `127.0.0.1:${from} > 239.255.77.1:5000 ttl 1, 13 of 55 bytes: two and three`,
            '4 frames passed the filter, 0 were dropped',
          ),
        );
      }
      expect(await inside('sniffer', language, 'nosuchif0', '1').outcome).toEqual(
        bad(1, [], 'nosuchif0: No such device'),
      );
      await network.remove();
    },
  );
});

describe('netlink-addresses', () => {
  test.for(languages)('in %s, of a network of its own', { timeout: LIMIT }, async (language, { skip }) => {
    skip(noNamespace !== undefined, noNamespace);
    const network = await NetworkNamespace.make([
      'ip addr add 192.0.2.10/24 dev lo',
      'ip addr add 192.0.2.20 peer 192.0.2.30/30 dev lo',
      ...(hasIPv6 ? ['ip -6 addr add 2001:db8::1/64 dev lo'] : []),
    ]);
    const outcome = await new ChildProgram(network.inside(twins.command('netlink-addresses', language))).outcome;
    expect(outcome).toEqual(
      good(
        '1: lo inet 192.0.2.10/24 scope global',
        '1: lo inet 192.0.2.20/30 scope global',
        ...(hasIPv6 ? ['1: lo inet6 2001:db8::1/64 scope global'] : []),
      ),
    );
    await network.remove();
  });

  test.for(languages)('in %s, of this machine: what ip(8) says', { timeout: LIMIT }, async (language, { skip }) => {
    const answers = ['-4', '-6'].map((family) => spawnSync('ip', ['-o', family, 'addr'], { encoding: 'utf8' }));
    skip(answers[0]!.status !== 0, 'there is no ip(8)');
    const known = answers
      .flatMap(({ stdout }) => stdout.match(/.+/g) ?? [])
      .map((line) => line.replace(/^(\d+: \S+) +(inet6?) (\S+).* scope (\S+) .*/, '$1 $2 $3 scope $4'));
    expect(await run(language, 'netlink-addresses')).toEqual(good(...known));
  });
});

describe('interfaces', () => {
  test.for(languages)('in %s, of a network of its own', { timeout: LIMIT }, async (language, { skip }) => {
    skip(noNamespace !== undefined, noNamespace);
    const network = await NetworkNamespace.make([
      'ip link set lo up mtu 5000',
      'ip addr add 192.0.2.10/24 broadcast 192.0.2.255 dev lo',
      'ip addr add 192.0.2.11/24 dev lo label lo:second',
    ]);
    const outcome = await new ChildProgram(network.inside(twins.command('interfaces', language))).outcome;
    const head = (name: string): string => `${name}: flags=73<UP,LOOPBACK,RUNNING> mtu 5000 index 1`;
    const hardware = '        hardware 772 00:00:00:00:00:00';
    expect(outcome).toEqual(
      good(
        head('lo'),
        '        inet 127.0.0.1 netmask 255.0.0.0 broadcast 0.0.0.0',
        hardware,
        head('lo'),
        '        inet 192.0.2.10 netmask 255.0.0.0 broadcast 0.0.0.0',
        hardware,
        head('lo:second'),
        '        inet 192.0.2.11 netmask 255.255.255.0 broadcast 0.0.0.0',
        hardware,
        'nosuchif0: No such device',
      ),
    );
    await network.remove();
  });

  test('of this machine', { timeout: LIMIT }, async ({ skip }) => {
    skip(!languages.includes('C'), 'there is no C compiler');
    expect(await run('TypeScript', 'interfaces')).toEqual(await run('C', 'interfaces'));
  });
});

describe('multicast-receiver', () => {
  test.for(languages)('all hear what the sender in %s says to the group', { timeout: LIMIT }, async (language) => {
    const first = start(languages[0]!, 'multicast-receiver', '239.255.77.1', '127.0.0.1', '0', '2');
    const port = await first.port();
    const others = languages.map((other) => start(other, 'multicast-receiver', '239.255.77.1', '127.0.0.1', port, '2'));
    await Promise.all(others.map((other) => other.port()));
    const said = ['hello to all of you', 'this is more than thirty-two bytes'];
    expect(await run(language, 'multicast-sender', '239.255.77.1', '127.0.0.1', port, ...said)).toEqual(
      good('19 bytes to 239.255.77.1', '34 bytes to 239.255.77.1'),
    );
    for (const receiver of [first, ...others]) {
      expect(await receiver.outcome).toEqual(
        good(
          `member of 239.255.77.1 on port ${port}`,
          'from 127.0.0.1 to 239.255.77.1 on lo with ttl 1: hello to all of you',
          'from 127.0.0.1 to 239.255.77.1 on lo with ttl 1: this is more than thirty-two byt ...',
        ),
      );
    }
  });

  test.for(languages)('in %s, wrong addresses', { timeout: LIMIT }, async (language) => {
    expect(await run(language, 'multicast-receiver', '127.0.0.1', '127.0.0.1')).toEqual(
      bad(2, [], '127.0.0.1 is no multicast address'),
    );
    expect(await run(language, 'multicast-receiver', 'all', '127.0.0.1')).toEqual(bad(2, [], 'all is no IPv4 address'));
    expect(await run(language, 'multicast-receiver', '239.255.77.1', '192.0.2.99')).toEqual(
      bad(1, [], 'IP_ADD_MEMBERSHIP: No such device'),
    );
  });
});

describe('broker', () => {
  const user = process.getuid!();

  test.for(casts)('in %s, for clients in %s', { timeout: LIMIT }, async ([brokers, clients]) => {
    const at = path();
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
    const at = path();
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
      const at = path();
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
      expect(await run(language, 'broker-client', path(), 'word', 'message')).toEqual(
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
  const addresses = [path, () => `@bsd-sockets/programs-test/${process.pid}/${++paths}`];

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

  test.for(languages)('in %s, to nobody', { timeout: LIMIT }, async (language) => {
    expect(await notify(language, undefined, 'READY=1').outcome).toEqual(good('READY=1: there is nobody to tell'));
    const outcomes: readonly (readonly [string, string, string])[] = [
      ['relative', 'READY=1', 'READY=1: Address family not supported by protocol'],
      [`/${'x'.repeat(107)}`, 'READY=1', 'READY=1: Argument list too long'],
      [path(), 'READY=1', 'READY=1: No such file or directory'],
      [`@${process.pid}/${'x'.repeat(90)}`, 'READY=1', 'READY=1: Connection refused'],
      [path(), '', ': Invalid argument'],
    ];
    for (const [at, message, error] of outcomes) {
      expect(await notify(language, at, message).outcome).toEqual(bad(1, [], error));
    }
  });
});

describe('connect-timeout', () => {
  test.for(languages)('in %s, to a server', { timeout: LIMIT }, async (language) => {
    const server = createServer((client) => client.end('welcome\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    expect(await run(language, 'connect-timeout', '127.0.0.1', port)).toEqual(
      good('in progress', `connected to 127.0.0.1, port ${port}; blocking again: yes`, 'welcome'),
    );
    server.close();
  });

  test.for(languages)('in %s, to a port where nobody listens', { timeout: LIMIT }, async (language) => {
    const { sock, port } = bound();
    expect(await run(language, 'connect-timeout', '127.0.0.1', port)).toEqual(
      bad(1, ['in progress', 'not connected: Connection refused']),
    );
    close(sock);
  });

  test.for(languages)('in %s, to a server whose queue is full', { timeout: LIMIT }, async (language) => {
    const { sock, addr, port } = bound();
    expect(listen(sock, 0)).toBe(0);
    // A queue of length 0 has room for one.
    const waiting = [1, 2].map(() => {
      const client = socket(AF_INET, SOCK_STREAM, 0);
      expect(fcntl(client, F_SETFL, O_NONBLOCK)).toBe(0);
      expect(connect(client, addr, sizeof(addr))).toBe(-1);
      expect(errno).toBe(EINPROGRESS);
      return client;
    });
    expect(await run(language, 'connect-timeout', '127.0.0.1', port, '200')).toEqual(
      bad(1, ['in progress', 'not connected: Connection timed out']),
    );
    for (const fd of [sock, ...waiting]) close(fd);
  });

  test.for(languages)('in %s, to the broadcast address', { timeout: LIMIT }, async (language) => {
    expect(await run(language, 'connect-timeout', '255.255.255.255', '1')).toEqual(
      bad(1, ['not connected: Network is unreachable']),
    );
  });
});

describe('echo-server and echo-client', () => {
  test.for(casts)('server in %s, client in %s', { timeout: LIMIT }, async ([servers, clients]) => {
    const server = start(servers, 'echo-server', '127.0.0.1', '0', '2');
    const port = await server.port();
    // Without a name, the loopback addresses of both families; IPv6's comes first, where there is IPv6.
    const first = await run(clients, 'echo-client', '-', port, 'once more: ½');
    expect({ ...first, lines: first.lines.slice(-2) }).toEqual(good('127.0.0.1: connected', 'once more: ½'));
    expect(first.lines.slice(0, -2).join()).toMatch(/^(::1: (Connection refused|Cannot assign requested address))?$/);
    const long = 'x'.repeat(100_000);
    expect(await run(clients, 'echo-client', '127.0.0.1', port, long)).toEqual(good('127.0.0.1: connected', long));

    const { lines, ...rest } = await server.outcome;
    expect(rest).toEqual({ status: 0, errors: [] });
    expect(named(lines, PORT)).toEqual([
      'listening on 127.0.0.1, port N1',
      'client 127.0.0.1, port N2',
      '13 bytes given back',
      'client 127.0.0.1, port N3',
      '100000 bytes given back',
    ]);
  });

  test('every address of this machine, and a name', { timeout: LIMIT }, async () => {
    const outcomes = languages.map(async (language) => {
      const server = start(language, 'echo-server', '-', '0', '1');
      const client = await run(language, 'echo-client', 'localhost', await server.port(), 'text');
      return [client, named((await server.outcome).lines, PORT)];
    });
    const [first, ...others] = await Promise.all(outcomes);
    expect((first![0] as Outcome).lines.at(-1)).toBe('text');
    for (const other of others) expect(other).toEqual(first);
  });

  test.for(languages)('client in %s, where nobody listens', { timeout: LIMIT }, async (language) => {
    const { sock, port } = bound();
    expect(await run(language, 'echo-client', '127.0.0.1', port, 'text')).toEqual(
      bad(1, ['127.0.0.1: Connection refused'], 'no address answers'),
    );
    close(sock);
  });

  test('wrong names and services', { timeout: LIMIT }, async () => {
    const outcomes = languages.map((language) =>
      Promise.all([
        run(language, 'echo-client', '127.0.0.1', 'no number', 'text'),
        run(language, 'echo-client', 'no such name', '1', 'text'),
        run(language, 'echo-server', '192.0.2.99', '0'),
        run(language, 'echo-server', '127.0.0.1', 'no such service'),
      ]),
    );
    const [first, ...others] = await Promise.all(outcomes);
    expect(first!.map(({ status, errors }) => [status, ...errors])).toEqual([
      [1, 'getaddrinfo: Name or service not known'],
      [1, 'getaddrinfo: Name or service not known'],
      [1, 'bind: Cannot assign requested address', 'there is no address to bind to'],
      [1, 'getaddrinfo: Servname not supported for ai_socktype'],
    ]);
    for (const other of others) expect(other).toEqual(first);
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

describe('transparent-proxy', () => {
  test.for(casts)('in %s, for a client and a server in %s', { timeout: LIMIT }, async ([proxies, others], { skip }) => {
    skip(noNamespace !== undefined, noNamespace);
    // 198.51.100.0/24 is nobody's, but its packets are delivered here: only IP_TRANSPARENT can answer them.
    const network = await NetworkNamespace.make([
      'ip link set lo up',
      'ip addr add 192.0.2.10/32 dev lo',
      'ip rule add to 198.51.100.0/24 lookup 100',
      'ip route add local 198.51.100.0/24 dev lo table 100 src 192.0.2.10',
    ]);
    const inside = (name: string, language: Language, ...args: readonly string[]): ChildProgram =>
      new ChildProgram(network.inside(twins.command(name, language, ...args)));

    const server = inside('echo-server', others, '127.0.0.1', '0', '2');
    const serverPort = await server.port();
    const proxy = inside('transparent-proxy', proxies, '0', '127.0.0.1', serverPort, '2');
    const port = await proxy.port();
    for (const wanted of ['198.51.100.7', '198.51.100.200']) {
      expect(await inside('echo-client', others, wanted, port, `to ${wanted}`).outcome).toEqual(
        good(`${wanted}: connected`, `to ${wanted}`),
      );
    }
    const proxied = await proxy.outcome;
    expect(proxied.errors).toEqual([]);
    expect(proxied.lines.map((line) => (line.startsWith('client') ? line.replace(PORT, 'N') : line))).toEqual([
      `listening on 0.0.0.0, port ${port}`,
      'client 192.0.2.10, port N',
      `wanted 198.51.100.7, port ${port}`,
      '15 bytes there, 15 bytes back',
      'client 192.0.2.10, port N',
      `wanted 198.51.100.200, port ${port}`,
      '17 bytes there, 17 bytes back',
    ]);
    expect(named((await server.outcome).lines, PORT)).toEqual([
      'listening on 127.0.0.1, port N1',
      'client 192.0.2.10, port N2',
      '15 bytes given back',
      'client 192.0.2.10, port N3',
      '17 bytes given back',
    ]);
    await network.remove();
  });
});
