// The constants: the C compiler prints the value of each name of native/tables/constants*.def from this machine’s headers,
// without the addon’s tables; bsd-sockets/c must have the same value.
import { readFileSync } from 'node:fs';
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { readConstants, readTable } from '../../scripts/generate-constants.mjs';
import { integers } from '../../scripts/scan-constants.mjs';

const darwin = process.platform === 'darwin';
const exported = c as unknown as Record<string, unknown>;
const rows = readConstants();
const here = rows.filter((row) => row.platform === 'C' || row.platform === (darwin ? 'M' : 'L'));
const names = (list: { name: string }[]): string => list.map((row) => row.name).join(' ');

/** Counts and masks that grow with each kernel: the addon has the newest headers', this machine may have older ones. */
const growing = new Set(
  [
    ...readFileSync(new URL('../../native/tables/constants_counts.h', import.meta.url), 'utf8').matchAll(
      /#undef (\w+)/g,
    ),
  ].map((m) => m[1] ?? ''),
);

/** What the headers of this machine say: first those of the C library, then the kernel's, which exclude each other. */
const headers = new Map(
  [
    ['constants', 'constants_libc.h'] as const,
    ['constants_kernel', darwin ? 'constants_libc.h' : 'constants_kernel.h'] as const,
  ].flatMap(([table, header]) => {
    const mine = readTable(table).filter((row) => here.some((h) => h.name === row.name));
    return [
      ...integers(
        ['cc'],
        `#include "${header}"`,
        mine.map((row) => row.name),
      ),
    ];
  }),
);

describe('each row of the tables', () => {
  test('is there once', () => {
    expect(rows.length).toBeGreaterThan(4000);
    expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length);
  });

  test('is exported with the value of the headers', () => {
    const wrong: string[] = [];
    for (const { name, wide } of here) {
      const value = headers.get(name);
      const got = exported[name];
      if (typeof got !== (wide ? 'bigint' : 'number')) wrong.push(`${name} is ${String(got)}`);
      else if (value === undefined || (growing.has(name) && Number(got) >= Number(value))) continue;
      else if (BigInt(got as number) !== (wide ? BigInt.asUintN(64, value) : value)) {
        wrong.push(`${name} is ${String(got)}, in C ${value}`);
      }
    }
    expect(wrong).toEqual([]);
    const absent = here.filter((row) => !headers.has(row.name));
    console.log(`${headers.size} compared. Not in these headers, so of known value: ${names(absent) || 'none'}`);
  });

  test('is undefined on the other platform', () => {
    const others = rows.filter((row) => !here.includes(row));
    expect(others.filter((row) => !(row.name in exported) || exported[row.name] !== undefined)).toEqual([]);
    console.log(`${others.length} of the other platform are undefined`);
  });
});

/** Values that every program of the platform is compiled with. */
const KNOWN: Record<string, { linux?: number; darwin?: number }> = {
  AF_INET: { linux: 2, darwin: 2 },
  AF_INET6: { linux: 10, darwin: 30 },
  AF_SYS_CONTROL: { darwin: 2 },
  BIOCGDLTLIST: { darwin: 0xc00c4279 },
  EAGAIN: { linux: 11, darwin: 35 },
  EAI_NONAME: { linux: -2, darwin: 8 },
  EPOLLET: { linux: 0x80000000 },
  INADDR_BROADCAST: { linux: 0xffffffff, darwin: 0xffffffff },
  INADDR_NONE: { linux: 0xffffffff, darwin: 0xffffffff },
  IP6T_SO_ORIGINAL_DST: { linux: 80 },
  IPV6_V6ONLY: { linux: 26, darwin: 27 },
  IP_LOCAL_PORT_RANGE: { linux: 51 },
  LOCAL_PEERCRED: { darwin: 1 },
  MSG_DONTWAIT: { linux: 0x40, darwin: 0x80 },
  MSG_WAITALL: { linux: 0x100, darwin: 0x40 },
  SCM_PIDFD: { linux: 4 },
  SOL_SOCKET: { linux: 1, darwin: 0xffff },
  SO_NOSIGPIPE: { darwin: 0x1022 },
  SO_PASSRIGHTS: { linux: 83 },
  SO_PEERPIDFD: { linux: 77 },
  SO_REUSEPORT: { linux: 15, darwin: 0x200 },
  TCP_KEEPALIVE: { darwin: 0x10 },
  TCP_RTO_MAX_MS: { linux: 44 },
  TUNSETIFF: { linux: 0x400454ca },
  UTUN_OPT_IFNAME: { darwin: 2 },
  VMADDR_CID_ANY: { linux: 0xffffffff, darwin: 0xffffffff },
};

test.each(Object.entries(KNOWN))('%s', (name, value) => {
  expect(exported[name]).toBe(darwin ? value.darwin : value.linux);
});

test('RLIM_INFINITY is a bigint', () => {
  expect(c.RLIM_INFINITY).toBe(darwin ? 2n ** 63n - 1n : 2n ** 64n - 1n);
});
