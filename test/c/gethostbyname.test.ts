// gethostbyname(3), gethostbyaddr(3), h_errno and hstrerror. Only names that need no network.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { outputLinesOfC } from '../support/c_program.js';
import { detachBuffer } from '../support/memory.js';

/** By their names. */
const named: typeof c = c;

const show = (host: c.hostent | null): string =>
  host === null
    ? `null ${c.h_errno}`
    : [
        host.h_name,
        host.h_aliases.join('|'),
        host.h_addrtype,
        host.h_length,
        host.h_addr_list.map((address) => c.inet_ntop(host.h_addrtype, address, null, 64)).join('|'),
      ].join(' ');

const showC = `static void show(struct hostent *h) {
  if (!h) { printf("null %d\\n", h_errno); return; }
  printf("%s ", h->h_name);
  for (int i = 0; h->h_aliases[i]; i++) printf("%s%s", i ? "|" : "", h->h_aliases[i]);
  printf(" %d %d ", h->h_addrtype, h->h_length);
  for (int i = 0; h->h_addr_list[i]; i++) { char t[64]; printf("%s%s", i ? "|" : "", inet_ntop(h->h_addrtype, h->h_addr_list[i], t, 64)); }
  printf("\\n"); }`;

test.each(['localhost', '127.0.0.1', '1.2.3.4', '127.1', '0x7f000001', '', 'a'.repeat(70)])(
  'gethostbyname(%j) returns what C returns',
  (name) => {
    expect(show(c.gethostbyname(name))).toBe(outputLinesOfC(`show(gethostbyname("${name}"));`, showC)[0]);
  },
);

test.each([
  ['127.0.0.1', 'AF_INET', 4],
  ['::1', 'AF_INET6', 16],
] as const)('gethostbyaddr(%s) returns what C returns', (text, af, length) => {
  const address = new Uint8Array(16);
  c.inet_pton(named[af], text, address);
  const main = `unsigned char a[16]; inet_pton(${af}, "${text}", a); show(gethostbyaddr(a, ${length}, ${af}));`;
  expect(show(c.gethostbyaddr(address, length, named[af]))).toBe(outputLinesOfC(main, showC)[0]);
});

describe('a hostent', () => {
  test('has its addresses as memory in network byte order', () => {
    const host = c.gethostbyname('127.0.0.1')!;
    expect(host).toBeInstanceOf(c.hostent);
    expect(host.h_addrtype).toBe(c.AF_INET);
    expect(c.unsigned_int.at(host.h_addr_list[0]!).value).toBe(c.htonl(c.INADDR_LOOPBACK));
    expect(host.h_addr).toBe(host.h_addr_list[0]);
    const sin = new c.sockaddr_in();
    c.memcpy(sin.sin_addr, host.h_addr!, host.h_length);
    expect(c.inet_ntoa(sin.sin_addr)).toBe('127.0.0.1');
  });

  test('belongs to the caller: a later call does not change it', () => {
    const host = c.gethostbyname('1.2.3.4')!;
    c.gethostbyname('5.6.7.8');
    expect([...host.h_addr!]).toEqual([1, 2, 3, 4]);
  });

  test('has C’s size, and an empty address list if there is no address', () => {
    expect(c.sizeof(c.hostent)).toBe(Number(outputLinesOfC('printf("%d\\n", (int)sizeof(struct hostent));')[0]));
    expect(new c.hostent().h_addr).toBe(null);
    expect(new c.hostent({ h_name: 'x' }).h_name).toBe('x');
  });
});

describe('errors', () => {
  test('a name without an address returns null and sets h_errno', () => {
    expect(c.gethostbyname('')).toBe(null);
    expect([c.HOST_NOT_FOUND, c.NO_RECOVERY, c.NO_DATA]).toContain(c.h_errno);
  });

  test('text without a NUL, null and detached memory set errno to EFAULT', () => {
    for (const bad of [Buffer.from('localhost'), null, detachBuffer(new Uint8Array(4)), new Uint8Array(0)]) {
      c.set_errno(0);
      expect(c.gethostbyname(bad)).toBe(null);
      expect([c.h_errno, c.errno]).toEqual([-1, c.EFAULT]);
    }
  });

  test('an address shorter than its length sets errno to EFAULT', () => {
    for (const [addr, len] of [
      [new Uint8Array(3), 4],
      [new Uint8Array(4), -1],
      [new Uint8Array(4), 2 ** 31],
      [null, 4],
    ] as const) {
      c.set_errno(0);
      expect(c.gethostbyaddr(addr, len, c.AF_INET)).toBe(null);
      expect([c.h_errno, c.errno]).toEqual([-1, c.EFAULT]);
    }
  });

  test('a length or family that no address has returns null', () => {
    expect(c.gethostbyaddr(new Uint8Array([127, 0, 0, 1]), 3, c.AF_INET)).toBe(null);
    expect(c.gethostbyaddr(new Uint8Array(16), 16, 12345)).toBe(null);
  });

  test('a success leaves errno and h_errno alone', () => {
    c.gethostbyname('');
    c.set_errno(77);
    const before = c.h_errno;
    c.gethostbyname('127.0.0.1');
    expect([c.h_errno, c.errno]).toEqual([before, 77]);
  });
});

test('hstrerror returns what C returns', () => {
  const numbers = [-2, -1, 0, 1, 2, 3, 4, 5, 100];
  expect(numbers.map((n) => c.hstrerror(n))).toEqual(
    outputLinesOfC(numbers.map((n) => `puts(hstrerror(${n}));`).join('')),
  );
});
