// getaddrinfo(3), freeaddrinfo and gai_strerror. Numeric hosts and the hosts file only: no test uses the network.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { runC } from '../support/c_program.js';

const numeric = (init: Partial<c.addrinfo> = {}): c.addrinfo =>
  new c.addrinfo({ ai_flags: c.flags(c.AI_NUMERICHOST, c.AI_NUMERICSERV), ai_socktype: c.SOCK_STREAM, ...init });

function resolve(node: c.ConstPointer, service: c.ConstPointer, hints: c.addrinfo | null): c.addrinfo[] {
  const res = new c.pointer<c.addrinfo>();
  expect(c.getaddrinfo(node, service, hints, res)).toBe(0);
  const list: c.addrinfo[] = [];
  for (let entry = res.value; entry; entry = entry.ai_next) list.push(entry);
  c.freeaddrinfo(res.value);
  return list;
}

describe('getaddrinfo', () => {
  test('resolves a numeric IPv4 address', () => {
    const [entry, ...more] = resolve('127.0.0.9', '80', numeric());
    expect(more).toEqual([]);
    expect([entry!.ai_family, entry!.ai_socktype, entry!.ai_protocol, entry!.ai_addrlen]).toEqual([
      c.AF_INET,
      c.SOCK_STREAM,
      c.IPPROTO_TCP,
      c.sizeof(c.sockaddr_in),
    ]);
    const address = entry!.ai_addr as c.sockaddr_in;
    expect(address).toBeInstanceOf(c.sockaddr_in);
    expect([c.inet_ntoa(address.sin_addr), c.ntohs(address.sin_port)]).toEqual(['127.0.0.9', 80]);
    expect(entry!.ai_canonname).toBe(null);
  });

  test('resolves a numeric IPv6 address with a scope', () => {
    const lo = c.if_nametoindex('lo') || c.if_nametoindex('lo0');
    const [entry] = resolve(`fe80::1%${c.if_indextoname(lo, null)}`, null, numeric({ ai_family: c.AF_INET6 }));
    const address = entry!.ai_addr as c.sockaddr_in6;
    expect(address).toBeInstanceOf(c.sockaddr_in6);
    expect([address.sin6_scope_id, c.IN6_IS_ADDR_LINKLOCAL(address.sin6_addr)]).toEqual([lo, 1]);
  });

  test('supports AI_PASSIVE without a node, AI_CANONNAME, and one result for each socket type', () => {
    const passive = resolve(null, '7', numeric({ ai_flags: c.AI_PASSIVE, ai_family: c.AF_INET }));
    expect((passive[0]!.ai_addr as c.sockaddr_in).sin_addr.s_addr).toBe(c.INADDR_ANY);
    const types = resolve('127.0.0.1', '7', null).map(({ ai_socktype }) => ai_socktype);
    expect(types).toEqual(expect.arrayContaining([c.SOCK_STREAM, c.SOCK_DGRAM]));
    const [named] = resolve('127.0.0.1', null, numeric({ ai_flags: c.AI_CANONNAME }));
    expect(named!.ai_canonname).toBe('127.0.0.1');
    expect(named!.ai_next).toBe(null);
  });

  test('returns what socket and connect take', () => {
    const [entry] = resolve('::1', '9', numeric({ ai_socktype: c.SOCK_DGRAM }));
    const fd = c.socket(entry!.ai_family, entry!.ai_socktype, entry!.ai_protocol);
    expect(c.connect(fd, entry!.ai_addr, entry!.ai_addrlen)).toBe(0);
    c.close(fd);
  });

  test('resolves localhost from the hosts file', () => {
    const found = resolve('localhost', null, new c.addrinfo({ ai_socktype: c.SOCK_STREAM }));
    const texts = found.map(({ ai_addr }) =>
      ai_addr instanceof c.sockaddr_in
        ? c.inet_ntoa(ai_addr.sin_addr)
        : c.inet_ntop(c.AF_INET6, (ai_addr as c.sockaddr_in6).sin6_addr, null, 64),
    );
    expect(texts.some((text) => text === '127.0.0.1' || text === '::1')).toBe(true);
  });

  test('returns the EAI_ codes and leaves the result alone', () => {
    const old = new c.addrinfo();
    const res = new c.pointer<c.addrinfo>(old);
    const codes = [
      c.getaddrinfo('no number', null, numeric(), res),
      c.getaddrinfo(null, null, null, res),
      c.getaddrinfo('127.0.0.1', 'no number', numeric(), res),
      c.getaddrinfo('127.0.0.1', null, numeric({ ai_family: 999 }), res),
      c.getaddrinfo('127.0.0.1', null, numeric({ ai_socktype: 999 }), res),
      c.getaddrinfo('127.0.0.1', null, numeric({ ai_flags: 0x4000_0000 }), res),
    ];
    const printed =
      runC(`struct addrinfo *res, h = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, g = h;
       printf("%d,", getaddrinfo("no number", 0, &h, &res));
       printf("%d,", getaddrinfo(0, 0, 0, &res));
       printf("%d,", getaddrinfo("127.0.0.1", "no number", &h, &res));
       g = h; g.ai_family = 999; printf("%d,", getaddrinfo("127.0.0.1", 0, &g, &res));
       g = h; g.ai_socktype = 999; printf("%d,", getaddrinfo("127.0.0.1", 0, &g, &res));
       g = h; g.ai_flags = 0x40000000; printf("%d", getaddrinfo("127.0.0.1", 0, &g, &res));`);
    expect(codes.join(',')).toBe(printed);
    expect(codes[0]).toBe(c.EAI_NONAME);
    expect(res.value).toBe(old);
  });

  test('fails with EAI_SYSTEM and EFAULT for text without a NUL', () => {
    const res = new c.pointer<c.addrinfo>();
    c.set_errno(0);
    expect(c.getaddrinfo(new Uint8Array([49, 50]), null, numeric(), res)).toBe(c.EAI_SYSTEM);
    expect(c.errno).toBe(c.EFAULT);
    expect(c.getaddrinfo('127.0.0.1', new Uint8Array([49]), numeric(), res)).toBe(c.EAI_SYSTEM);
    expect(c.getaddrinfo(new TextEncoder().encode('127.0.0.1\0 more'), null, numeric(), res)).toBe(0);
  });

  test('throws TypeError for arguments of a wrong type', () => {
    const res = new c.pointer<c.addrinfo>();
    expect(() => c.getaddrinfo('127.0.0.1', null, null, null as unknown as c.pointer<c.addrinfo>)).toThrow(TypeError);
    expect(() => c.getaddrinfo(5 as unknown as string, null, null, res)).toThrow(TypeError);
    for (const wrong of [{}, [0, 0, 0, 0], undefined, new Uint8Array(48)]) {
      expect(() => c.getaddrinfo('127.0.0.1', null, wrong as c.addrinfo, res)).toThrow(TypeError);
    }
    const hints = Object.assign(new c.addrinfo(), { ai_family: 'AF_INET' });
    expect(() => c.getaddrinfo('127.0.0.1', null, hints as unknown as c.addrinfo, res)).toThrow(TypeError);
    expect(() => c.freeaddrinfo({} as c.addrinfo)).toThrow(TypeError);
    c.freeaddrinfo(null);
  });
});

test('gai_strerror returns what C returns', () => {
  const codes = [0, c.EAI_NONAME, c.EAI_SERVICE, c.EAI_FAMILY, c.EAI_SYSTEM, 12345];
  const printed = runC(codes.map((code) => `puts(gai_strerror(${code}));`).join(''));
  expect(codes.map(c.gai_strerror)).toEqual(printed.trimEnd().split('\n'));
  expect(() => c.gai_strerror('0' as unknown as number)).toThrow(TypeError);
});
