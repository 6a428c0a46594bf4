// The programs of examples/programs that need raw sockets, interfaces or a network namespace, in TypeScript and in C.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { ChildProgram, killChildren, type Outcome } from '../support/child_program.js';
import {
  bad,
  casts,
  good,
  type Language,
  LIMIT,
  languages,
  named,
  PORT,
  run,
  start,
  twins,
} from '../support/example_programs.js';
import { NetworkNamespace, whyNoNetworkNamespace } from '../support/network_namespace.js';

const noNamespace = whyNoNetworkNamespace();
const hasIPv6 = existsSync('/proc/net/if_inet6');
afterEach(killChildren);

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

describe('transparent-proxy', () => {
  test.for(casts)('in %s, for a client and a server in %s', { timeout: LIMIT }, async ([proxies, others], { skip }) => {
    skip(noNamespace !== undefined, noNamespace);
    // No host has 198.51.100.0/24, but its packets are delivered here: only IP_TRANSPARENT can answer them.
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
