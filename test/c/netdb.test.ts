// The databases of services and protocols: getservbyname(3), getprotobyname(3) and the functions beside them.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { runC } from '../support/c_program.js';
import { reportMissing } from '../support/machine.js';

const unterminated = new Uint8Array([104, 116, 116, 112]);

/** A database that this machine may lack (netbase). */
const services = c.getservbyname('http', 'tcp') !== null;
if (!services) reportMissing('the database of services', 'no http/tcp');

describe('services', () => {
  test.runIf(services)('are found by name and by port', () => {
    const http = c.getservbyname('http', 'tcp')!;
    expect(http).toBeInstanceOf(c.servent);
    expect([http.s_name, c.ntohs(http.s_port), http.s_proto]).toEqual(['http', 80, 'tcp']);
    expect(c.getservbyport(c.htons(80), 'tcp')!.s_name).toBe('http');
    expect(c.getservbyname('domain', null)!.s_port).toBe(c.htons(53));
    expect(c.getservbyport(c.htons(53), 'udp')!.s_proto).toBe('udp');
    expect(c.getservbyname(http.s_aliases[0] ?? 'http', 'tcp')!.s_name).toBe('http');
  });

  test.runIf(services)('the whole list is what C says', () => {
    const ours: string[] = [];
    for (let entry = c.getservent(); entry; entry = c.getservent()) {
      ours.push([entry.s_name, ...entry.s_aliases, c.ntohs(entry.s_port), entry.s_proto].join(' '));
    }
    const printed = runC(`for (struct servent *s; (s = getservent());) {
         printf("%s ", s->s_name);
         for (char **a = s->s_aliases; *a; a++) printf("%s ", *a);
         printf("%d %s\\n", ntohs(s->s_port), s->s_proto);
       }`);
    expect(ours).toEqual(printed.trimEnd().split('\n'));
  });

  test('what is not there, text without an end, wrong types', () => {
    expect(c.getservbyname('no such service', 'tcp')).toBe(null);
    expect(c.getservbyname('http', 'no such protocol')).toBe(null);
    expect(c.getservbyport(c.htons(80), 'no such protocol')).toBe(null);
    c.set_errno(0);
    expect(c.getservbyname(unterminated, null)).toBe(null);
    expect(c.errno).toBe(c.EFAULT);
    expect(c.getservbyname(null, null)).toBe(null);
    expect(() => c.getservbyname(5 as unknown as string, null)).toThrow(TypeError);
    expect(() => c.getservbyport('80' as unknown as number, null)).toThrow(TypeError);
    expect(() => c.getservbyport(80, undefined as unknown as string)).toThrow(TypeError);
  });
});

describe('protocols', () => {
  const protocols = c.getprotobyname('tcp') !== null;

  test.runIf(protocols)('are found by name and by number', () => {
    const tcp = c.getprotobyname('tcp')!;
    expect(tcp).toBeInstanceOf(c.protoent);
    expect([tcp.p_name, tcp.p_proto]).toEqual(['tcp', c.IPPROTO_TCP]);
    expect(c.getprotobynumber(c.IPPROTO_UDP)!.p_name).toBe('udp');
    expect(c.getprotobyname(tcp.p_aliases[0]!)!.p_proto).toBe(6);
  });

  test.runIf(protocols)('the whole list is what C says', () => {
    const ours: string[] = [];
    for (let entry = c.getprotoent(); entry; entry = c.getprotoent()) {
      ours.push([entry.p_name, ...entry.p_aliases, entry.p_proto].join(' '));
    }
    const printed = runC(`for (struct protoent *p; (p = getprotoent());) {
         printf("%s ", p->p_name);
         for (char **a = p->p_aliases; *a; a++) printf("%s ", *a);
         printf("%d\\n", p->p_proto);
       }`);
    expect(ours).toEqual(printed.trimEnd().split('\n'));
  });

  test('what is not there, text without an end, wrong types', () => {
    expect(c.getprotobyname('no such protocol')).toBe(null);
    expect(c.getprotobynumber(-5)).toBe(null);
    c.set_errno(0);
    expect(c.getprotobyname(unterminated)).toBe(null);
    expect(c.errno).toBe(c.EFAULT);
    expect(() => c.getprotobyname(6 as unknown as string)).toThrow(TypeError);
    expect(() => c.getprotobynumber('6' as unknown as number)).toThrow(TypeError);
  });
});
