// The programs of examples/programs over TCP and without a network, each in TypeScript and in C, alone and with each other.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import {
  AF_INET,
  close,
  connect,
  EINPROGRESS,
  errno,
  F_SETFL,
  fcntl,
  listen,
  O_NONBLOCK,
  SOCK_STREAM,
  sizeof,
  socket,
} from 'bsd-sockets/c';
import { afterEach, describe, expect, test } from 'vitest';
import { type ChildProgram, killChildren, type Outcome } from '../support/child_program.js';
import {
  bad,
  boundTcp,
  casts,
  good,
  LIMIT,
  languages,
  named,
  names,
  PORT,
  run,
  SOCKET,
  source,
  start,
} from '../support/example_programs.js';

afterEach(killChildren);

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

  test.for(languages)('in %s, to a port without a listener', { timeout: LIMIT }, async (language) => {
    const { sock, port } = boundTcp();
    expect(await run(language, 'connect-timeout', '127.0.0.1', port)).toEqual(
      bad(1, ['in progress', 'not connected: Connection refused']),
    );
    close(sock);
  });

  test.for(languages)('in %s, to a server whose queue is full', { timeout: LIMIT }, async (language) => {
    const { sock, addr, port } = boundTcp();
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

  test.for(languages)('client in %s, without a server', { timeout: LIMIT }, async (language) => {
    const { sock, port } = boundTcp();
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
