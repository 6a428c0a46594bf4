// ioctl(2) and vouch_ioctl.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { include, runC } from '../support/c_program.js';
import { closeAfterTest } from '../support/cleanup.js';
import { connectedPair, errnoName, must } from '../support/descriptors.js';
import { reportMissing } from '../support/machine.js';
import { unixStream } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';
const LO = linux ? 'lo' : 'lo0';
const udp = (): number => closeAfterTest(c.socket(c.AF_INET, c.SOCK_DGRAM, 0));
const lo = (): c.ifreq => new c.ifreq({ ifr_name: LO });

describe('requests that every descriptor has', () => {
  test('FIONREAD counts unread bytes, FIONBIO makes a descriptor non-blocking', () => {
    const [a, b] = connectedPair(unixStream);
    must(c.send(a, 'seven b', 7, 0));
    const n = new c.int();
    must(c.ioctl(b, c.FIONREAD, n));
    expect(n.value).toBe(7);
    must(c.ioctl(b, c.FIONBIO, new c.int(1)));
    expect(c.fcntl(b, c.F_GETFL) & c.O_NONBLOCK).toBe(c.O_NONBLOCK);
    expect(errnoName(() => c.ioctl(a, c.FIONREAD, null))).toBe('EFAULT');
    expect(errnoName(() => c.ioctl(a, c.FIONREAD, new Uint8Array(3)))).toBe('EFAULT');
    expect(errnoName(() => c.ioctl(-1, c.FIONREAD, n))).toBe('EBADF');
  });

  test('FIOCLEX takes no third argument', () => {
    const [a] = connectedPair(unixStream);
    must(c.ioctl(a, c.FIOCLEX));
    expect(c.fcntl(a, c.F_GETFD)).toBe(c.FD_CLOEXEC);
    must(c.ioctl(a, c.FIONCLEX));
    expect(c.fcntl(a, c.F_GETFD)).toBe(0);
  });

  test.runIf(c.SIOCOUTQ)('SIOCOUTQ and SIOCINQ return the bytes in the queues', () => {
    const [a, b] = connectedPair(unixStream);
    must(c.send(a, 'x', 1, 0));
    const n = new c.int();
    must(c.ioctl(a, c.SIOCOUTQ, n));
    expect(n.value).toBeGreaterThan(0);
    must(c.ioctl(b, c.SIOCINQ, n));
    expect(n.value).toBe(1);
  });

  test('arguments of a wrong type throw TypeError', () => {
    const [a] = connectedPair(unixStream);
    for (const wrong of [undefined, 5, '1', {}, [], [new Uint8Array(4)], true]) {
      expect(() => c.ioctl(a, c.FIONREAD, wrong as c.Pointer)).toThrow(TypeError);
    }
    expect(() => c.ioctl('0' as unknown as number, c.FIONREAD, new c.int())).toThrow(TypeError);
    expect(() => c.ioctl(a, undefined, new c.int())).toThrow(TypeError);
  });
});

describe('interfaces', () => {
  test('SIOCGIFCONF fills a list of ifreq', () => {
    const fd = udp();
    const requests = new (c.array(c.ifreq, 16))();
    const list = new c.ifconf({ ifc_len: c.sizeof(requests), ifc_req: requests });
    must(c.ioctl(fd, c.SIOCGIFCONF, list));
    expect(list.ifc_len).toBeGreaterThanOrEqual(c.sizeof(c.ifreq));
    expect(list.ifc_buf).toBe(requests);
    if (!linux) return; // macOS's entries differ in length
    expect(list.ifc_len % c.sizeof(c.ifreq)).toBe(0);
    const names = [...requests].slice(0, list.ifc_len / c.sizeof(c.ifreq)).map(({ ifr_name }) => String(ifr_name));
    expect(names).toContain(LO);
    const first = requests[names.indexOf(LO)]!;
    expect(c.inet_ntoa(c.sockaddr_in.at(first.ifr_addr).sin_addr)).toBe('127.0.0.1');
    expect(c.sizeof(c.ifconf)).toBe(Number(runC('printf("%zu", sizeof(struct ifconf));', include('net/if.h'))));
  });

  test.runIf(linux)('SIOCGIFCONF reports the length, truncates the list, and takes only an ifconf', () => {
    const fd = udp();
    const ask = new c.ifconf();
    must(c.ioctl(fd, c.SIOCGIFCONF, ask));
    expect(ask.ifc_len).toBeGreaterThanOrEqual(c.sizeof(c.ifreq));
    const bytes = new Uint8Array(200).fill(0xee);
    const cut = new c.ifconf({ ifc_len: c.sizeof(c.ifreq) + 5, ifc_buf: bytes.subarray(0, 100) });
    must(c.ioctl(fd, c.SIOCGIFCONF, cut));
    expect(cut.ifc_len).toBe(c.sizeof(c.ifreq));
    expect(bytes.subarray(c.sizeof(c.ifreq)).every((byte) => byte === 0xee)).toBe(true);
    cut.ifc_len = 101;
    expect(errnoName(() => c.ioctl(fd, c.SIOCGIFCONF, cut))).toBe('EFAULT');
    cut.ifc_len = -1;
    expect(errnoName(() => c.ioctl(fd, c.SIOCGIFCONF, cut))).toMatch(/^(no error: 0|EINVAL)$/);
    expect(errnoName(() => c.ioctl(fd, c.SIOCGIFCONF, null))).toBe('EFAULT');
    // An address of the caller's own making.
    const forged = new BigUint64Array([64n, 0x7fff_0000_0000n]);
    for (const wrong of [forged, forged.buffer, [64, bytes], { ifc_len: 64, ifc_buf: bytes }, lo(), 64, undefined]) {
      expect(() => c.ioctl(fd, c.SIOCGIFCONF, wrong as c.Pointer)).toThrow(TypeError);
    }
    expect(() => c.ioctl(fd, c.SIOCGIFADDR, cut as unknown as c.Pointer)).toThrow(TypeError);
  });

  test('SIOCGIFADDR, SIOCGIFNETMASK, SIOCGIFFLAGS and SIOCGIFMTU describe the loopback interface', () => {
    const fd = udp();
    const request = lo();
    must(c.ioctl(fd, c.SIOCGIFADDR, request));
    expect(request.ifr_addr.sa_family).toBe(c.AF_INET);
    expect(c.inet_ntoa(c.sockaddr_in.at(request.ifr_addr).sin_addr)).toBe('127.0.0.1');
    must(c.ioctl(fd, c.SIOCGIFNETMASK, request));
    expect(c.inet_ntoa(c.sockaddr_in.at(request.ifr_addr).sin_addr)).toBe('255.0.0.0');
    must(c.ioctl(fd, c.SIOCGIFFLAGS, request));
    expect(request.ifr_flags & c.IFF_LOOPBACK).toBe(c.IFF_LOOPBACK);
    must(c.ioctl(fd, c.SIOCGIFMTU, request));
    expect(request.ifr_mtu).toBeGreaterThan(1500);
    const none = new c.ifreq({ ifr_name: 'none' });
    expect(errnoName(() => c.ioctl(fd, c.SIOCGIFMTU, none))).toMatch(/^(ENODEV|ENXIO)$/);
    expect(errnoName(() => c.ioctl(fd, c.SIOCGIFMTU, new Uint8Array(39)))).toBe(linux ? 'EFAULT' : 'ENXIO');
  });

  test.runIf(c.SIOCGIFINDEX)(
    'SIOCGIFINDEX, SIOCGIFNAME, SIOCGIFHWADDR and SIOCGIFTXQLEN describe the loopback interface',
    () => {
      const fd = udp();
      const request = lo();
      must(c.ioctl(fd, c.SIOCGIFINDEX, request));
      expect(request.ifr_ifindex).toBe(c.if_nametoindex(LO));
      c.memset(request.ifr_name, 0, 16);
      must(c.ioctl(fd, c.SIOCGIFNAME, request));
      expect(String(request.ifr_name)).toBe(LO);
      must(c.ioctl(fd, c.SIOCGIFHWADDR, request));
      expect(request.ifr_hwaddr!.sa_family).toBe(c.ARPHRD_LOOPBACK);
      must(c.ioctl(fd, c.SIOCGIFTXQLEN, request));
    },
  );
});

describe.runIf(linux)('ifr_data', () => {
  const ETHTOOL_GDRVINFO = 3;
  // struct ethtool_drvinfo of <linux/ethtool.h>
  const ethtool_drvinfo = c.struct('ethtool_drvinfo', {
    cmd: c.uint32_t,
    driver: c.array(c.char, 32),
    version: c.array(c.char, 32),
    fw_version: c.array(c.char, 32),
    bus_info: c.array(c.char, 32),
    rest: c.array(c.char, 64),
  });

  test('SIOCETHTOOL reads and writes the memory that ifr_data refers to', () => {
    const fd = udp();
    const info = new ethtool_drvinfo({ cmd: ETHTOOL_GDRVINFO });
    const request = new c.ifreq({ ifr_name: LO, ifr_data: info });
    expect(c.offsetof(c.ifreq, 'ifr_data')).toBe(16);
    expect(request.ifr_data).toBe(info);
    const said = errnoName(() => c.ioctl(fd, c.SIOCETHTOOL, request));
    const printed = runC(
      `struct ethtool_drvinfo d = {.cmd = ETHTOOL_GDRVINFO}; struct ifreq r = {.ifr_name = "${LO}"};
       r.ifr_data = (char *)&d;
       int e = ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCETHTOOL, &r) < 0 ? errno : 0;
       printf("%d %zu %s", e, sizeof d, d.driver);`,
      include('net/if.h', 'sys/ioctl.h', 'linux/ethtool.h', 'linux/sockios.h'),
    ).split(' ');
    expect(said).toBe(printed[0] === '0' ? 'no error: 0' : c.strerrorname_np(Number(printed[0])));
    expect(c.sizeof(ethtool_drvinfo)).toBe(Number(printed[1]));
    expect(String(info.driver)).toBe(printed[2]);
  });

  test('fails with EFAULT if its memory is smaller than what the kernel writes, and writes nothing', () => {
    const fd = udp();
    const eth = c.if_nameindex()!.find(({ if_name }) => {
      const info = new ethtool_drvinfo({ cmd: ETHTOOL_GDRVINFO });
      return c.ioctl(fd, c.SIOCETHTOOL, new c.ifreq({ ifr_name: if_name, ifr_data: info })) === 0;
    });
    if (eth === undefined)
      return reportMissing('an interface that answers ETHTOOL_GDRVINFO', c.strerrorname_np(c.errno)!);
    const bytes = new Uint8Array(300).fill(0xee);
    for (const size of [195, 100, 4]) {
      c.uint32_t.at(bytes).value = ETHTOOL_GDRVINFO;
      const request = new c.ifreq({ ifr_name: eth.if_name, ifr_data: bytes.subarray(0, size) });
      expect(errnoName(() => c.ioctl(fd, c.SIOCETHTOOL, request))).toBe('EFAULT');
      expect(bytes.subarray(4).every((byte) => byte === 0xee)).toBe(true);
    }
    const request = new c.ifreq({ ifr_name: eth.if_name, ifr_data: bytes.subarray(0, 196) });
    must(c.ioctl(fd, c.SIOCETHTOOL, request));
    expect([bytes[195], bytes[196]]).not.toEqual([0xee, 0xee]);
    expect(bytes[196]).toBe(0xee);
  });

  test('refuses bytes in place of the class, and bytes in place of the pointer', () => {
    const fd = udp();
    for (const request of [c.SIOCETHTOOL, c.SIOCGHWTSTAMP, c.SIOCSHWTSTAMP]) {
      const forged = new Uint8Array(40).fill(0x41);
      for (const wrong of [forged, forged.buffer, c.sockaddr_un.at(new Uint8Array(110)), [forged, forged], 5, '']) {
        expect(() => c.ioctl(fd, request, wrong as c.Pointer)).toThrow(TypeError);
      }
      // An ifreq whose union the program wrote: no address is taken from there, ifr_data is still the null pointer.
      const written = lo();
      new BigUint64Array(written.buffer, 16, 1)[0] = BigInt(0x7fff_0000_0000);
      expect(written.ifr_data).toBe(null);
      expect(errnoName(() => c.ioctl(fd, request, written))).toMatch(/^(EFAULT|EOPNOTSUPP|EINVAL)$/);
    }
    expect(errnoName(() => c.ioctl(fd, c.SIOCETHTOOL, lo()))).toBe('EFAULT');
    expect(errnoName(() => c.ioctl(fd, c.SIOCETHTOOL, null))).toBe('EFAULT');
    const wrong = lo();
    wrong.ifr_data = 0x41414141 as unknown as c.Pointer;
    expect(() => c.ioctl(fd, c.SIOCETHTOOL, wrong)).toThrow(TypeError);
  });

  test('is unset by writing another member of the union, and by memset', () => {
    const fd = udp();
    const request = lo();
    request.ifr_data = new Uint8Array(8);
    must(c.ioctl(fd, c.SIOCGIFINDEX, request)); // other requests take the struct as it is
    expect(request.ifr_ifindex).toBe(c.if_nametoindex(LO));
    expect(request.ifr_data).toBe(null);
    request.ifr_data = new Uint8Array(8);
    c.memset(request, 0, c.sizeof(request));
    expect(request.ifr_data).toBe(null);
    request.ifr_data = request;
    expect(request.ifr_data).toBe(request);
    request.ifr_data = null;
    expect(request.ifr_data).toBe(null);
  });
});

describe('requests that are not in the table', () => {
  test('fail with EINVAL on every descriptor', () => {
    const [a] = connectedPair(unixStream);
    for (const request of [0, -1, 0xdead_beef, 2n ** 63n, 0x89f0 /* SIOCDEVPRIVATE */, 0x890b /* SIOCADDRT */]) {
      expect(errnoName(() => c.ioctl(a, request, new Uint8Array(256)))).toBe('EINVAL');
      expect(errnoName(() => c.ioctl(-1, request))).toBe('EINVAL');
    }
  });

  test.runIf(linux)('pass after vouch_ioctl has given their size', () => {
    const TCGETS = 0x5401; // struct termios, of a terminal
    const [a] = connectedPair(unixStream);
    expect(errnoName(() => c.ioctl(a, TCGETS, new Uint8Array(64)))).toBe('EINVAL');
    c.vouch_ioctl(TCGETS, 60);
    expect(errnoName(() => c.ioctl(a, TCGETS, new Uint8Array(64)))).toBe('ENOTTY');
    expect(errnoName(() => c.ioctl(a, TCGETS, new Uint8Array(59)))).toBe('EFAULT');
    expect(() => c.ioctl(a, TCGETS, 5)).toThrow(TypeError);
    c.vouch_ioctl(0x540b, 0); // TCFLSH: a number
    expect(errnoName(() => c.ioctl(a, 0x540bn, 2))).toBe('ENOTTY');
    expect(() => c.ioctl(a, 0x540b, new Uint8Array(8))).toThrow(TypeError);
  });

  test('vouch_ioctl does not override the table', () => {
    for (const request of [c.SIOCGIFCONF, c.FIONREAD, c.SIOCGIFADDR]) {
      expect(() => c.vouch_ioctl(request, 16)).toThrow(RangeError);
    }
    if (linux) expect(() => c.vouch_ioctl(c.SIOCETHTOOL!, 40)).toThrow(RangeError);
    expect(() => c.vouch_ioctl('1' as unknown as number, 4)).toThrow(TypeError);
    expect(() => c.vouch_ioctl(1, undefined as unknown as number)).toThrow(TypeError);
    expect(() => c.vouch_ioctl(1, 0.5)).toThrow(TypeError);
  });
});

describe.runIf(linux)('in a network namespace of its own', () => {
  test('requests that change an interface succeed', { timeout: 30_000 }, () => {
    const program = fileURLToPath(new URL('namespace.mjs', import.meta.url));
    const { status, stdout, stderr } = spawnSync('unshare', ['-n', process.execPath, program], { encoding: 'utf8' });
    if (/unshare/.test(stderr) && status !== 0)
      return reportMissing('the right to make network namespaces', stderr.trim());
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^done/);
    if (stdout !== 'done\n') process.stdout.write(stdout.slice(5));
    expect(status).toBe(0);
  });

  test('a request of another device fails with ENOTTY', () => {
    const zero = openSync('/dev/zero', 'r');
    expect(errnoName(() => c.ioctl(zero, c.TUNSETIFF, lo()))).toBe('ENOTTY');
    closeSync(zero);
  });
});
