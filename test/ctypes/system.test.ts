// The system’s structs in use. test/tables/structs.test.ts compares their sizes and offsets.
import * as c from 'bsd-sockets/c';
import { offsetof, sizeof } from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { runC } from '../support/c_program.js';
import { bytesOf } from '../support/memory.js';

const hex = (memory: Parameters<typeof bytesOf>[0]): string => Buffer.from(bytesOf(memory)).toString('hex');
const bytesOfC = (declaration: string): string =>
  runC(`${declaration}; for (size_t i = 0; i < sizeof x; i++) printf("%02x", ((unsigned char *)&x)[i]);`);

describe('structs have the bytes that C gives them', () => {
  test('sockaddr_in', () => {
    const sin = new c.sockaddr_in({
      sin_family: c.AF_INET,
      sin_port: c.htons(0x1234),
      sin_addr: { s_addr: c.inet_addr('1.2.3.4') },
    });
    expect(hex(sin)).toBe(
      bytesOfC(
        'struct sockaddr_in x = { .sin_family = AF_INET, .sin_port = htons(0x1234), .sin_addr = { inet_addr("1.2.3.4") } }',
      ),
    );
  });

  test('sockaddr_in6', () => {
    const sin6 = new c.sockaddr_in6({
      sin6_family: c.AF_INET6,
      sin6_port: c.htons(80),
      sin6_flowinfo: 5,
      sin6_scope_id: 7,
    });
    sin6.sin6_addr = c.in6addr_loopback;
    expect(hex(sin6)).toBe(
      bytesOfC(
        'struct sockaddr_in6 x = { .sin6_family = AF_INET6, .sin6_port = htons(80), .sin6_flowinfo = 5, .sin6_scope_id = 7, .sin6_addr = IN6ADDR_LOOPBACK_INIT }',
      ),
    );
    expect([...sin6.sin6_addr.s6_addr].at(-1)).toBe(1);
  });

  test('sockaddr_un', () => {
    const sun = new c.sockaddr_un({ sun_family: c.AF_UNIX, sun_path: '/tmp/socket' });
    expect(hex(sun)).toBe(bytesOfC('struct sockaddr_un x = { .sun_family = AF_UNIX, .sun_path = "/tmp/socket" }'));
    expect(String(sun.sun_path)).toBe('/tmp/socket');
    expect(c.SUN_LEN(sun)).toBe(offsetof(c.sockaddr_un, 'sun_path') + 11);
  });

  test('timeval, linger, pollfd, rlimit, ip_mreq, flock', () => {
    expect(hex(new c.timeval({ tv_sec: -1, tv_usec: 5 }))).toBe(bytesOfC('struct timeval x = { -1, 5 }'));
    expect(hex(new c.linger({ l_onoff: 1, l_linger: 2 }))).toBe(bytesOfC('struct linger x = { 1, 2 }'));
    expect(hex(new c.pollfd({ fd: 3, events: c.POLLIN, revents: -1 }))).toBe(
      bytesOfC('struct pollfd x = { 3, POLLIN, -1 }'),
    );
    expect(hex(new c.rlimit({ rlim_cur: 1, rlim_max: c.RLIM_INFINITY }))).toBe(
      bytesOfC('struct rlimit x = { 1, RLIM_INFINITY }'),
    );
    const mreq = new c.ip_mreq({ imr_multiaddr: { s_addr: 1 }, imr_interface: { s_addr: 2 } });
    expect(hex(mreq)).toBe(bytesOfC('struct ip_mreq x = { { 1 }, { 2 } }'));
    const lock = new c.flock({ l_type: c.F_WRLCK, l_whence: 1, l_start: 2, l_len: 3 });
    expect(hex(lock)).toBe(bytesOfC('struct flock x = { .l_type = F_WRLCK, .l_whence = 1, .l_start = 2, .l_len = 3 }'));
  });
});

test('a path that does not fit throws RangeError and is not truncated', () => {
  const room = sizeof(new c.sockaddr_un().sun_path);
  expect(() => new c.sockaddr_un({ sun_path: 'x'.repeat(room + 1) })).toThrow(RangeError);
  expect(c.SUN_LEN(new c.sockaddr_un({ sun_path: 'x'.repeat(room) }))).toBe(sizeof(c.sockaddr_un));
  expect(() => c.strcpy(new c.sockaddr_un().sun_path, 'x'.repeat(room))).toThrow(RangeError);
});

test('in6_addr has its bytes by macro, as a union of a nested name', () => {
  const address = new c.in6_addr();
  address.s6_addr[15] = 1;
  expect(c.IN6_IS_ADDR_LOOPBACK(address)).toBe(1);
});

test('bit-fields have their own bits', () => {
  const header = new c.iphdr({ version: 4, ihl: 5 });
  expect(bytesOf(header)[0]).toBe(0x45);
  header.ihl = 0x16;
  expect([header.version, header.ihl]).toEqual([4, 6]);
});
