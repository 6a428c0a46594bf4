// getnameinfo(3). Numeric forms, /etc/services and Unix paths only: no test uses the network.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { runC } from '../support/c_program.js';

const NUMERIC = c.flags(c.NI_NUMERICHOST, c.NI_NUMERICSERV);
const address = (port: number): c.sockaddr_in => {
  const result = new c.sockaddr_in({ sin_family: c.AF_INET, sin_port: c.htons(port) });
  result.sin_addr.s_addr = c.inet_addr('127.0.0.9');
  return result;
};
const Host = c.array(c.char, c.NI_MAXHOST);
const Service = c.array(c.char, c.NI_MAXSERV);

describe('getnameinfo', () => {
  test('writes numeric text for both families', () => {
    const [host, service] = [new Host(), new Service()];
    expect(c.getnameinfo(address(8080), 16, host, c.sizeof(host), service, c.sizeof(service), NUMERIC)).toBe(0);
    expect([String(host), String(service)]).toEqual(['127.0.0.9', '8080']);
    const six = new c.sockaddr_in6({ sin6_family: c.AF_INET6, sin6_addr: c.in6addr_loopback });
    expect(c.getnameinfo(six, c.sizeof(six), host, 64n, null, 0, NUMERIC)).toBe(0);
    expect(String(host)).toBe('::1');
    expect(c.getnameinfo(address(1), 16, null, 0, service, c.sizeof(service), NUMERIC)).toBe(0);
    expect(String(service)).toBe('1');
  });

  test('returns the EAI_ codes', () => {
    const host = new Host();
    const room = (hostlen: number, flags = NUMERIC): number =>
      c.getnameinfo(address(1), 16, host, hostlen, null, 0, flags);
    const codes = [
      room(4),
      c.getnameinfo(address(1), 15, host, 64, null, 0, NUMERIC),
      c.getnameinfo(address(1), 1, host, 64, null, 0, NUMERIC),
      c.getnameinfo(null, 0, host, 64, null, 0, NUMERIC),
      c.getnameinfo(null, 16, host, 64, null, 0, NUMERIC),
      c.getnameinfo(address(1), 16, null, 0, null, 0, NUMERIC),
      c.getnameinfo(new c.sockaddr({ sa_family: 99 }), 16, host, 64, null, 0, NUMERIC),
      room(64, 0x4000_0000),
    ];
    const printed =
      runC(`struct sockaddr_in a = {.sin_family = AF_INET}; struct sockaddr b = {.sa_family = 99}; char h[64];
       struct sockaddr *s = (struct sockaddr *)&a; int n = NI_NUMERICHOST | NI_NUMERICSERV;
       a.sin_addr.s_addr = inet_addr("127.0.0.9");
       printf("%d,", getnameinfo(s, 16, h, 4, 0, 0, n));
       printf("%d,", getnameinfo(s, 15, h, 64, 0, 0, n));
       printf("%d,", getnameinfo(s, 1, h, 64, 0, 0, n));
       printf("%d,", getnameinfo(0, 0, h, 64, 0, 0, n));
       printf("%d,", getnameinfo(0, 16, h, 64, 0, 0, n));
       printf("%d,", getnameinfo(s, 16, 0, 0, 0, 0, n));
       printf("%d,", getnameinfo(&b, 16, h, 64, 0, 0, n));
       printf("%d", getnameinfo(s, 16, h, 64, 0, 0, 0x40000000));`);
    expect(codes.join(',')).toBe(printed);
    expect(codes[0]).toBe(c.EAI_OVERFLOW);
  });

  test('fails with EAI_SYSTEM and EFAULT if a length is beyond the memory, and writes nothing', () => {
    const bytes = new Uint8Array(64).fill(0xee);
    const call = (addrlen: number, hostlen: number | bigint, servlen: number): string => {
      c.set_errno(0);
      const view = bytes.subarray(0, 32);
      const result = c.getnameinfo(address(1), addrlen, view, hostlen, view, servlen, NUMERIC);
      return `${result} ${c.strerrorname_np(c.errno)}`;
    };
    const fault = `${c.EAI_SYSTEM} EFAULT`;
    expect([call(17, 32, 32), call(-1, 32, 32), call(16, 33, 32), call(16, -1, 32), call(16, 32, 33)]).toEqual([
      fault,
      fault,
      fault,
      fault,
      fault,
    ]);
    expect(call(16, 2n ** 32n, 0)).toBe(fault);
    expect(bytes.every((byte) => byte === 0xee)).toBe(true);
  });

  test.runIf(process.platform === 'linux')('never reads beyond the address to find the end of a Unix path', () => {
    // Behind the address, in the same buffer, stands what must not be read.
    const memory = new TextEncoder().encode('--/tmp/xSECRET');
    c.sa_family_t.at(memory).value = c.AF_UNIX;
    const path = memory.subarray(0, 8);
    const service = new c.sockaddr_un();
    expect(c.getnameinfo(path, 8, null, 0, service, 64, 0)).toBe(0);
    expect(String(c.array(c.char, 64).at(service))).toBe('/tmp/x');
    const whole = new Uint8Array(c.sizeof(c.sockaddr_un)).fill(0x78);
    c.sa_family_t.at(whole).value = c.AF_UNIX;
    const text = new Host();
    expect(c.getnameinfo(whole, whole.length, null, 0, text, c.sizeof(text), 0)).toBe(0);
    expect(String(text)).toBe('x'.repeat(108));
  });

  test('throws TypeError for arguments of a wrong type', () => {
    const host = new Host();
    expect(() => c.getnameinfo(5 as unknown as string, 16, host, 64, null, 0, 0)).toThrow(TypeError);
    expect(() => c.getnameinfo(address(1), 0.5, host, 64, null, 0, 0)).toThrow(TypeError);
    expect(() => c.getnameinfo(address(1), 16, 'host' as unknown as c.Pointer, 64, null, 0, 0)).toThrow(TypeError);
    expect(() => c.getnameinfo(address(1), 16, host, 64, null, 0, undefined as unknown as number)).toThrow(TypeError);
  });
});
