// if_nametoindex(3), if_indextoname, if_nameindex and if_freenameindex.
import * as c from 'bsd-sockets/c';
import { expect, test } from 'vitest';
import { include, runC } from '../support/c_program.js';

const LO = process.platform === 'linux' ? 'lo' : 'lo0';

test('if_nametoindex and if_indextoname are inverse', () => {
  const index = c.if_nametoindex(LO);
  expect(index).toBeGreaterThan(0);
  expect(c.if_indextoname(index, null)).toBe(LO);
  const name = new (c.array(c.char, c.IF_NAMESIZE))();
  expect(c.if_indextoname(index, name)).toBe(LO);
  expect(String(name)).toBe(LO);
  expect(c.if_nametoindex(name)).toBe(index);
});

test('if_nameindex returns the list that C returns', () => {
  const printed = runC(
    'for (struct if_nameindex *i = if_nameindex(); i->if_index; i++) printf("%u %s\\n", i->if_index, i->if_name);',
    include('net/if.h'),
  );
  const list = c.if_nameindex()!;
  expect(list.map(({ if_index, if_name }) => `${if_index} ${if_name}\n`).join('')).toBe(printed);
  c.if_freenameindex(list);
});

test('unknown names and indexes, memory that is too small, and wrong types fail', () => {
  c.set_errno(0);
  expect(c.if_nametoindex('none')).toBe(0);
  expect(c.errno).toBe(process.platform === 'linux' ? c.ENODEV : c.ENXIO);
  expect(c.if_indextoname(0x7fff_fff0, null)).toBe(null);
  expect(c.errno).toBe(c.ENXIO);
  const bytes = new Uint8Array(c.IF_NAMESIZE).fill(0xee);
  expect(c.if_indextoname(c.if_nametoindex(LO), bytes.subarray(1))).toBe(null);
  expect(c.errno).toBe(c.EFAULT);
  expect(bytes.every((byte) => byte === 0xee)).toBe(true);
  expect(c.if_nametoindex(null)).toBe(0);
  expect(c.errno).toBe(c.EFAULT);
  expect(c.if_nametoindex(new Uint8Array([108, 111]))).toBe(0); // no NUL
  expect(c.errno).toBe(c.EFAULT);
  expect(() => c.if_nametoindex(1 as unknown as string)).toThrow(TypeError);
  expect(() => c.if_indextoname('1' as unknown as number, null)).toThrow(TypeError);
  expect(() => c.if_indextoname(1, 'lo' as unknown as c.Pointer)).toThrow(TypeError);
  expect(() => c.if_freenameindex({} as never)).toThrow(TypeError);
  c.if_freenameindex(null);
});
