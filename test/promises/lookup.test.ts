// getaddrinfo and getnameinfo of bsd-sockets/promises, in the thread pool.
import {
  AddressInfoError,
  AF_INET,
  AI_CANONNAME,
  AI_NUMERICHOST,
  AI_NUMERICSERV,
  AI_PASSIVE,
  getaddrinfo as blocking,
  IPPROTO_TCP,
  IPPROTO_UDP,
  NI_DGRAM,
  NI_NUMERICHOST,
  NI_NUMERICSERV,
  SOCK_DGRAM,
  SOCK_STREAM,
} from 'bsd-sockets';
import { getaddrinfo, getnameinfo } from 'bsd-sockets/promises';
import { describe, expect, it } from 'vitest';
import { rejection } from '../support/promise_sockets.js';

describe('getaddrinfo', () => {
  it('takes all hints, and returns what the blocking function returns', async () => {
    const questions = [
      ['localhost', '80', {}],
      ['localhost', 80, { family: 'inet' }],
      ['127.0.0.1', 'domain', { type: SOCK_DGRAM }],
      ['127.0.0.1', null, { protocol: IPPROTO_TCP }],
      ['::1', '1', { family: 'inet6', type: SOCK_STREAM, flags: AI_NUMERICHOST | AI_NUMERICSERV }],
      [null, '8080', { flags: AI_PASSIVE, type: SOCK_STREAM }],
      [null, '8080', { family: AF_INET, protocol: IPPROTO_UDP }],
      ['localhost', null, { flags: AI_CANONNAME, family: 'inet' }],
    ] as const;
    for (const [host, service, hints] of questions)
      expect(await getaddrinfo(host, service, hints)).toEqual(blocking(host, service, hints));
    expect(await getaddrinfo('localhost', '80', { family: 'inet', type: SOCK_STREAM })).toMatchObject([
      { domain: AF_INET, type: SOCK_STREAM, address: { family: 'inet', address: '127.0.0.1', port: 80 } },
    ]);
  });
  it('rejects with AddressInfoError', async () => {
    const error = await rejection(getaddrinfo('no number', null, { flags: AI_NUMERICHOST }));
    expect(error).toBeInstanceOf(AddressInfoError);
    expect(error).toMatchObject({ code: 'EAI_NONAME', syscall: 'getaddrinfo' });
    expect((await rejection(getaddrinfo(null, null))).code).toBe('EAI_NONAME');
    for (const call of [
      getaddrinfo(7 as never),
      getaddrinfo('a', {} as never),
      getaddrinfo('a', null, 'inet' as never),
      getaddrinfo('a', null, { family: 'ipx' as never }),
      getaddrinfo('a', null, { signal: 7 as never }),
    ])
      expect(await rejection(call)).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
  it('can be cancelled', async () => {
    expect(await rejection(getaddrinfo('127.0.0.1', null, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'ABORT_ERR',
    });
    // Many more than the pool has threads: most of them have not begun.
    const stop = new AbortController();
    const lookups = Array.from({ length: 200 }, () =>
      rejection(getaddrinfo('127.0.0.1', '1', { signal: stop.signal })),
    );
    stop.abort('enough');
    for (const error of await Promise.all(lookups)) expect(error).toMatchObject({ code: 'ABORT_ERR', cause: 'enough' });
    // The pool goes on; an abort that comes late does nothing.
    const late = new AbortController();
    expect((await getaddrinfo('127.0.0.1', '1', { signal: late.signal })).length).toBeGreaterThan(0);
    late.abort();
  });
  it('does not block the event loop', async () => {
    let turns = 0;
    const turn = (): void => {
      turns++;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    await Promise.all(Array.from({ length: 20 }, () => getaddrinfo('localhost')));
    clearImmediate(next);
    expect(turns).toBeGreaterThan(0);
  });
});

it('getnameinfo returns what the blocking function returns', async () => {
  const address = { family: 'inet', address: '127.0.0.1', port: 53 } as const;
  expect(await getnameinfo(address, NI_NUMERICHOST | NI_NUMERICSERV)).toEqual({ host: '127.0.0.1', service: '53' });
  expect((await getnameinfo(address, NI_NUMERICHOST | NI_DGRAM)).service).toMatch(/domain|53/);
  expect(
    await getnameinfo(
      { family: 'inet6', address: '::1', port: 1, flowinfo: 0, scopeId: 0 },
      NI_NUMERICHOST | NI_NUMERICSERV,
    ),
  ).toEqual({ host: '::1', service: '1' });
  expect(await rejection(getnameinfo(address, 'x' as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  expect(await rejection(getnameinfo(address, 0, { signal: AbortSignal.abort() }))).toMatchObject({
    code: 'ABORT_ERR',
  });
});
