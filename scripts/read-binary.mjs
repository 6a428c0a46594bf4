// Reads a prebuilt binary with LLVM's tools and reports what would keep it from loading, or from running to its end, on the machine
// that it is for: processor, exports, undefined symbols, libraries, the oldest C library or macOS, unloading, code signature, size.
// Debian: apt-get install llvm-19.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { env } from 'node:process';
import { zigEnvironment } from './zig.mjs';

const require = createRequire(import.meta.url);
const readelf = env.LLVM_READELF ?? 'llvm-readelf-19';
const nm = env.LLVM_NM ?? 'llvm-nm-19';
const objdump = env.LLVM_OBJDUMP ?? 'llvm-objdump-19';

/** What Node calls, and all that a binary exports. */
const ENTRIES = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
/** Node-API 8, which the running Node provides. */
/** @type {string} */
const NODE_API_HEADERS = 'node-api-headers'; // without types
const { js_native_api_symbols, node_api_symbols } = require(NODE_API_HEADERS).symbols.v8;
const NODE_API = new Set([...js_native_api_symbols, ...node_api_symbols]);
/** Weak references that no library needs to define. `_ZTH`: the initialiser of a thread_local variable, which has none. */
const OPTIONAL = /^(__gmon_start__|__cxa_finalize|_ITM_\w+|_ZTH\w+)$/;

/** @typedef {{ machine: string, libc: 'glibc' | 'musl', libraries: string[], size: number }} Elf */
/** @typedef {{ machine: string, libc: 'macos', libraries: string[], size: number }} MachO */

const GLIBC_LIBRARIES = ['libc.so.6', 'libdl.so.2', 'libm.so.6', 'libpthread.so.0'];
const MACOS_LIBRARIES = ['libSystem.B.dylib', 'libc++.1.dylib'];
/** The oldest glibc and macOS: Node 20's own. */
const GLIBC = [2, 28];
const MACOS = '11.0';
/** A binary larger than this has something in it that does not belong there (debug information, a second copy of a library). */
const LINUX_SIZE = 700_000;
const MACOS_SIZE = 350_000;

/** The published binaries by their path below prebuilds/. @type {Readonly<Record<string, Elf | MachO>>} */
export const BINARIES = {
  'linux-x64/bsd-sockets.glibc.node': {
    machine: 'Advanced Micro Devices X86-64',
    libc: 'glibc',
    libraries: [...GLIBC_LIBRARIES, 'ld-linux-x86-64.so.2'],
    size: LINUX_SIZE,
  },
  'linux-arm64/bsd-sockets.glibc.node': {
    machine: 'AArch64',
    libc: 'glibc',
    libraries: [...GLIBC_LIBRARIES, 'ld-linux-aarch64.so.1'],
    size: LINUX_SIZE,
  },
  'linux-x64/bsd-sockets.musl.node': {
    machine: 'Advanced Micro Devices X86-64',
    libc: 'musl',
    libraries: ['libc.so'],
    size: LINUX_SIZE,
  },
  'linux-arm64/bsd-sockets.musl.node': {
    machine: 'AArch64',
    libc: 'musl',
    libraries: ['libc.so'],
    size: LINUX_SIZE,
  },
  'darwin-x64/bsd-sockets.node': { machine: 'X86_64', libc: 'macos', libraries: MACOS_LIBRARIES, size: MACOS_SIZE },
  'darwin-arm64/bsd-sockets.node': { machine: 'ARM64', libc: 'macos', libraries: MACOS_LIBRARIES, size: MACOS_SIZE },
};

/** Runs a tool to its end. @param {string} command @param {string[]} args @returns {string} its standard output */
function output(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error) throw new Error(`${command}: ${error.message} (Debian: apt-get install llvm-19)`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Every function and variable of musl, by the cross-compiler's own list. */
function muslSymbols() {
  const list = readFileSync(join(dirname(zigEnvironment().ZIG), 'lib/libc/musl/libc.S'), 'utf8');
  return new Set([...list.matchAll(/^(?:\.globl|\.weak|WEAK64) (\w+)/gm)].map((match) => match[1] ?? ''));
}

/** The faults of an ELF shared object. @param {string} file @param {Elf} wanted @returns {string[]} */
function readElf(file, wanted) {
  const faults = [];
  const text = output(readelf, ['--file-header', '--dynamic-table', '--dyn-syms', '--wide', file]);
  const machine = /Machine: +(.*)/.exec(text)?.[1] ?? '';
  if (machine !== wanted.machine) faults.push(`machine is ${machine}, not ${wanted.machine}`);

  const exported = [];
  const musl = wanted.libc === 'musl' ? muslSymbols() : undefined;
  for (const [, bind, section, name = '', version] of text.matchAll(
    /^ +\d+: \S+ +\d+ \S+ +(\w+) +\w+ +(\w+) (\w+)(?:@+(\S+))?/gm,
  )) {
    if (section !== 'UND') {
      if (bind !== 'LOCAL') exported.push(name);
      continue;
    }
    if (NODE_API.has(name) || musl?.has(name) || (bind === 'WEAK' && OPTIONAL.test(name))) continue;
    const [, major, minor] = /^GLIBC_(\d+)\.(\d+)/.exec(version ?? '') ?? [];
    if (major === undefined || musl) faults.push(`${name} is undefined: neither Node-API 8 nor ${wanted.libc} has it`);
    else if (Number(major) !== GLIBC[0] || Number(minor) > (GLIBC[1] ?? 0)) faults.push(`${name} needs ${version}`);
  }
  if (exported.sort().join() !== ENTRIES.join()) faults.push(`exports ${exported.join(', ')}`);

  const needed = [...text.matchAll(/Shared library: \[(.*)\]/g)].map((match) => match[1] ?? '');
  for (const library of needed) if (!wanted.libraries.includes(library)) faults.push(`needs ${library}`);

  // Node unmaps the addon when the last thread that loaded it ends: its exit handlers must run before, or it must stay mapped.
  if (!/FLAGS_1.*\bNODELETE\b/.test(text) && !/\b__cxa_finalize\b/.test(text)) {
    faults.push('has neither DF_1_NODELETE nor __cxa_finalize: a process that unloads it crashes at its end');
  }
  return faults;
}

const CODE_SIGNATURE = 0x1d;
const EMBEDDED_SIGNATURE = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const CODE_DIRECTORY_SLOT = 0;
const AD_HOC = 2;

/** The faults of a Mach-O file's code signature: an arm64 Mac loads no code without one. @param {Buffer} file @returns {string[]} */
function readSignature(file) {
  const commands = file.readUInt32LE(16);
  let signature = 0;
  for (let i = 0, at = 32; i < commands; i++, at += file.readUInt32LE(at + 4)) {
    if (file.readUInt32LE(at) === CODE_SIGNATURE) signature = file.readUInt32LE(at + 8);
  }
  if (signature === 0) return ['has no code signature'];
  if (file.readUInt32BE(signature) !== EMBEDDED_SIGNATURE) return ['its code signature is no SuperBlob'];
  const entries = Array.from({ length: file.readUInt32BE(signature + 8) }, (_, i) => signature + 12 + 8 * i);
  const entry = entries.find((at) => file.readUInt32BE(at) === CODE_DIRECTORY_SLOT);
  const directory = file.subarray(signature + (entry ? file.readUInt32BE(entry + 4) : 0));
  if (directory.readUInt32BE(0) !== CODE_DIRECTORY) return ['its code signature has no code directory'];

  const faults = [];
  if ((directory.readUInt32BE(12) & AD_HOC) === 0) faults.push('its code signature is not ad hoc');
  const hashes = directory.readUInt32BE(16);
  const pages = directory.readUInt32BE(28);
  const limit = directory.readUInt32BE(32);
  const size = directory.readUInt8(36);
  const page = 2 ** directory.readUInt8(39);
  if (limit !== signature || pages !== Math.ceil(limit / page))
    faults.push('its code signature does not cover all of it');
  for (let i = 0; i < pages; i++) {
    const hash = createHash('sha256').update(file.subarray(i * page, Math.min((i + 1) * page, limit)));
    const signed = directory.subarray(hashes + i * size, hashes + (i + 1) * size);
    if (!hash.digest().equals(signed)) faults.push(`page ${i} differs from its hash in the code signature`);
  }
  return faults;
}

/** The faults of a Mach-O bundle. @param {string} file @param {MachO} wanted @returns {string[]} */
function readMachO(file, wanted) {
  const faults = [];
  const headers = output(objdump, ['--macho', '--private-headers', file]);
  for (const part of [/\bBUNDLE\b/, new RegExp(`\\b${wanted.machine}\\b`), new RegExp(`minos ${MACOS}\\b`)]) {
    if (!part.test(headers)) faults.push(`its headers lack ${part.source}`);
  }
  const libraries = [...headers.matchAll(/ name (\S+\.dylib)/g)].map((match) => basename(match[1] ?? '')).sort();
  if (libraries.join() !== wanted.libraries.join()) faults.push(`needs ${libraries.join(', ')}`);

  const defined = output(nm, ['--extern-only', '--defined-only', file]).trim().split('\n');
  const exported = defined.map((line) => line.split(' ').pop()?.slice(1) ?? '').sort();
  if (exported.join() !== ENTRIES.join()) faults.push(`exports ${exported.join(', ')}`);
  for (const [, name = '', from = ''] of output(nm, ['-m', '--undefined-only', file]).matchAll(
    /external _(\S+) \((.*)\)/g,
  )) {
    if (name === '__cxa_atexit') faults.push('has a static object with a destructor, which runs when the process ends');
    if (/^from lib(System|c\+\+)$/.test(from)) continue;
    if (from !== 'dynamically looked up' || !NODE_API.has(name)) faults.push(`${name} is ${from}`);
  }
  return [...faults, ...readSignature(readFileSync(file))];
}

/**
 * What is wrong with a binary, a line a fault; none if it may be published.
 * @param {string} file
 * @param {Elf | MachO} wanted
 */
export function readBinary(file, wanted) {
  const faults = wanted.libc === 'macos' ? readMachO(file, wanted) : readElf(file, wanted);
  const { length } = readFileSync(file);
  if (length > wanted.size) faults.push(`has ${length} bytes, more than ${wanted.size}`);
  return faults;
}
