// The reader of strace’s output, and each difference that the comparison of calls ignores or reports.
import { describe, expect, it } from 'vitest';
import { difference } from './compare.js';
import { ephemeralPorts, normalise } from './normalize.js';
import { parse, type Trace } from './trace.js';

/** The lines of one thread. */
const thread = (lines: readonly string[], number = 100): string => lines.map((line) => `${number} ${line}\n`).join('');
const traceOf = (...lines: string[]): Trace => parse(thread(lines));

/** What remains of a program's lines when all that may differ is gone. */
function normal(...lines: string[]): string[] {
  const trace = traceOf(...lines);
  return normalise(trace, ephemeralPorts([trace])).filter((line) => line !== 'strace did not see its end');
}

/** Two programs that make a socket first. */
function compare(c: readonly string[], typescript: readonly string[]): string | undefined {
  const socket = 'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[10]>';
  return difference(normal(socket, ...c), normal(socket, ...typescript));
}

const tcp = (number: number): string => `${number}<TCP:[127.0.0.1:8000->127.0.0.1:45678]>`;
const makes = (number: number): string => `socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = ${number}<TCP:[10]>`;

describe("strace's notation", () => {
  it('is a name, arguments and a result', () => {
    const line = `recvfrom(${tcp(4)}, "a, \\"b\\") = 3", 4096, MSG_WAITALL, NULL, NULL) = 12`;
    expect(traceOf(line).calls).toEqual([
      {
        name: 'recvfrom',
        args: [tcp(4), '"a, \\"b\\") = 3"', '4096', 'MSG_WAITALL', 'NULL', 'NULL'],
        result: '12',
        note: '',
      },
    ]);
  });

  it('has arguments within arguments', () => {
    const line =
      'select(5, [3<TCP:[1]> 4<UNIX-STREAM:[2->3, "/a>b"]>], NULL, NULL, {tv_sec=0, tv_usec=5000}) = 1 (in [4], left {tv_sec=0, tv_usec=4998})';
    expect(traceOf(line).calls).toEqual([
      {
        name: 'select',
        args: ['5', '[3<TCP:[1]> 4<UNIX-STREAM:[2->3, "/a>b"]>]', 'NULL', 'NULL', '{tv_sec=0, tv_usec=5000}'],
        result: '1',
        note: '(in [4], left {tv_sec=0, tv_usec=4998})',
      },
    ]);
  });

  it('has errors, flags, and calls that did not return', () => {
    const { calls, end } = traceOf(
      'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = -1 EMFILE (Too many open files)',
      'fcntl(3<TCP:[1]>, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)',
      'recvfrom(3<TCP:[1]>, 0x7ffd5e3a1c40, 16, 0, NULL, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)',
      '--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---',
      'exit_group(0) = ?',
      '+++ exited with 0 +++',
    );
    expect(calls.map(({ result, note }) => result + note)).toEqual([
      '-1 EMFILE',
      '0x802(flags O_RDWR|O_NONBLOCK)',
      '? ERESTARTSYS',
      '?',
    ]);
    expect(end).toBe('exited with 0');
  });

  it('has calls of many threads: only those of the first count', () => {
    const text =
      thread(['accept(3<TCP:[1]>,  <unfinished ...>']) +
      thread(['write(17<anon_inode:[eventfd]>, "\\1\\0\\0\\0\\0\\0\\0\\0", 8) = 8', 'close(5 <unfinished ...>'], 101) +
      thread([`<... accept resumed>NULL, NULL) = ${tcp(4)}`]) +
      thread(['<... close resumed>)              = 0', '+++ exited with 0 +++'], 101);
    expect(parse(text)).toEqual({
      calls: [{ name: 'accept', args: ['3<TCP:[1]>', 'NULL', 'NULL'], result: tcp(4), note: '' }],
      end: undefined,
    });
  });

  it.each([
    ['recvfrom(3<TCP:[1]>,  <unfinished ...>'],
    ['recvfrom(3<TCP:[1]>,  <unfinished ...>', '<... recvfrom resumed> <unfinished ...>) = ?'],
  ])('has calls that a signal ended for good: %s', (...lines) => {
    const { calls, end } = traceOf(...lines, '+++ killed by SIGABRT (core dumped) +++');
    expect(calls).toEqual([{ name: 'recvfrom', args: ['3<TCP:[1]>'], result: '?', note: '' }]);
    expect(end).toBe('killed by SIGABRT');
  });

  it('is refused if it is anything else', () => {
    expect(() => traceOf('what is this')).toThrow('a line that is no call: what is this');
    expect(() => traceOf('close(3) 0')).toThrow('a line without a result: close(3) 0');
  });
});

describe("the program's own calls", () => {
  it("are those after the addon was loaded, on the program's descriptors", () => {
    const lines = normal(
      'pipe2([4<pipe:[1]>, 5<pipe:[1]>], O_CLOEXEC) = 0',
      'openat(AT_FDCWD</tmp>, "/lib/x.node", O_RDONLY|O_CLOEXEC) = 18</lib/x.node>',
      'read(18</lib/x.node>, "\\177ELF", 832) = 832',
      'close(18</lib/x.node>) = 0',
      makes(18),
      'write(1<pipe:[7]>, "text", 4) = 4',
      'epoll_pwait(14<anon_inode:[eventpoll]>, [], 1024, 0, NULL, 8) = 0',
      'close(18<TCP:[10]>) = 0',
      'close(4<pipe:[1]>) = 0',
    );
    expect(lines).toEqual(['socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = #1', 'close(#1) = 0']);
  });

  it('are those on the descriptors of socketpair(), pipe(), accept() and dup()', () => {
    const lines = normal(
      'socketpair(AF_UNIX, SOCK_STREAM, 0, [3<UNIX-STREAM:[1->2]>, 4<UNIX-STREAM:[2->1]>]) = 0',
      'pipe([5<pipe:[3]>, 6<pipe:[3]>]) = 0',
      'dup(5<pipe:[3]>) = 7<pipe:[3]>',
      'dup2(7<pipe:[3]>, 9) = 9<pipe:[3]>',
      'fcntl(9<pipe:[3]>, F_DUPFD, 20) = 20<pipe:[3]>',
      'close(20<pipe:[3]>) = 0',
      'close(9<pipe:[3]>) = 0',
    );
    expect(lines).toEqual([
      'socketpair(AF_UNIX, SOCK_STREAM, 0, [#1, #2]) = 0',
      'pipe([#3, #4]) = 0',
      'dup(#3) = #5',
      'dup2(#5, #6) = #6',
      'fcntl(#6, F_DUPFD, 20) = #7',
      'close(#7) = 0',
      'close(#6) = 0',
    ]);
  });

  it("are not those of the C library's perror(), which duplicates its output", () => {
    const dup = ['dup(2<pipe:[7]>) = 8<pipe:[7]>', 'fcntl(8<pipe:[7]>, F_GETFL) = 0x1 (flags O_WRONLY)'];
    expect(normal(...dup, 'close(8<pipe:[7]>) = 0')).toEqual([]);
  });

  it('are also those that fail on closed or invalid descriptors', () => {
    const lines = normal(
      makes(3),
      'close(3<TCP:[10]>) = 0',
      'close(3) = -1 EBADF (Bad file descriptor)',
      'recvfrom(-1, 0x7ffd5e3a1c40, 16, 0, NULL, NULL) = -1 EBADF (Bad file descriptor)',
      'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = -1 EMFILE (Too many open files)',
    );
    expect(lines.slice(2)).toEqual([
      'close(closed #1) = -1 EBADF',
      'recvfrom(-1, pointer, 16, 0, NULL, NULL) = -1 EBADF',
      'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = -1 EMFILE',
    ]);
  });
});

describe('the comparison ignores', () => {
  it('pointers', () => {
    const call = (pointer: string): string => `recvfrom(${tcp(3)}, ${pointer}, 16, 0, NULL, NULL) = -1 ENOTCONN (…)`;
    expect(compare([call('0x7fffa26caa10')], [call('0x3b44d980')])).toBeUndefined();
    expect(compare([call('0x7fffa26caa10')], [call('NULL')])).toContain('call 2 differs');
  });

  it('descriptor numbers', () => {
    const program = (a: number, b: number): string[] => [
      makes(a),
      makes(b),
      `select(${b + 1}, [${tcp(a)} ${tcp(b)}], NULL, NULL, NULL) = 1 (in [${b}])`,
      `poll([{fd=${tcp(a)}, events=POLLIN}], 1, 10) = 1 ([{fd=${a}, revents=POLLIN}])`,
      `close(${tcp(b)}) = 0`,
    ];
    expect(difference(normal(...program(3, 4)), normal(...program(18, 21)))).toBeUndefined();
    const [one, two, , , close] = program(3, 4);
    expect(difference(normal(one!, two!, close!), normal(one!, two!, 'close(3<TCP:[10]>) = 0'))).toContain('differs');
    const sets = (found: string): string[] => [
      ...[makes(3), makes(4)],
      `select(5, [3<TCP:[10]> 4<TCP:[11]>], NULL, NULL, NULL) = 1 (in [${found}])`,
    ];
    expect(difference(normal(...sets('3')), normal(...sets('4')))).toContain('differs');
  });

  it('but not numbers that are not descriptors', () => {
    expect(normal(makes(3), `sendto(${tcp(3)}, "abc", 3, 0, NULL, 0) = 3`).at(-1)).toBe(
      'sendto(#1, "abc", 3, 0, NULL, 0) = 3',
    );
  });

  it('ephemeral ports that the kernel chose', () => {
    const program = (port: number, wire: string, bound = 0): string[] => [
      `bind(${tcp(3)}, {sa_family=AF_INET, sin_port=htons(${bound}), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`,
      `getsockname(${tcp(3)}, {sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")}, [16]) = 0`,
      `connect(${tcp(3)}, {sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`,
      `sendto(${tcp(3)}, "${wire}", 2, 0, NULL, 0) = 2`,
    ];
    expect(compare(program(41234, '\\241\\22'), program(50000, '\\303P'))).toBeUndefined();
    expect(compare(program(41234, '\\241\\22'), program(41234, '\\241\\23'))).toContain('call 5 differs');
    expect(compare(program(41234, '\\241\\22'), program(41234, '\\241\\22', 8080))).toContain('call 2 differs');
    expect(normal(makes(3), ...program(41234, '\\241\\22')).slice(3)).toEqual([
      'connect(#1, {sa_family=AF_INET, sin_port=htons(port 1), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
      'sendto(#1, htons(port 1), 2, 0, NULL, 0) = 2',
    ]);
  });

  it('but not a wrong one of two ephemeral ports', () => {
    const told = (port: number): string =>
      `accept(3<TCP:[10]>, {sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")}, [16]) = ${port % 100}<TCP:[1]>`;
    const to = (port: number): string =>
      `sendto(3<TCP:[10]>, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")}, 16) = 1`;
    expect(compare([told(41204), told(41205), to(41204)], [told(41304), told(41305), to(41304)])).toBeUndefined();
    expect(compare([told(41204), told(41205), to(41204)], [told(41304), told(41305), to(41305)])).toContain('differs');
  });

  it('the time left', () => {
    const call = (limit: number, left: number): string =>
      `select(4, [3<TCP:[10]>], NULL, NULL, {tv_sec=0, tv_usec=${limit}}) = 1 (in [3], left {tv_sec=0, tv_usec=${left}})`;
    expect(compare([call(5000, 4998)], [call(5000, 12)])).toBeUndefined();
    expect(compare([call(5000, 4998)], [call(6000, 4998)])).toContain('call 2 differs');
  });

  it('how often equal calls fail with EAGAIN in a run', () => {
    const refused = (length: number, errno = 'EAGAIN'): string =>
      `recvfrom(${tcp(3)}, 0x7ffd5e3a1c40, ${length}, 0, NULL, NULL) = -1 ${errno} (…)`;
    const twice = [refused(16), refused(16)];
    expect(compare([refused(16)], [...twice, ...twice])).toBeUndefined();
    expect(compare([], [refused(16)])).toContain('call 2 differs');
    expect(compare([refused(16)], [refused(16), refused(8)])).toContain('call 3 differs');
    expect(compare([refused(16, 'EINTR')], [refused(16, 'EINTR'), refused(16, 'EINTR')])).toContain('call 3 differs');
  });

  it('how the bytes of a stream are cut', () => {
    const recv = (text: string, length: number, flags = '0', fd = tcp(3)): string =>
      `recvfrom(${fd}, "${text}", ${length}, ${flags}, NULL, NULL) = ${text.length}`;
    expect(compare([recv('hello', 16)], [recv('he', 16), recv('l', 16), recv('lo', 16)])).toBeUndefined();
    expect(compare([recv('hello', 5)], [recv('he', 5), recv('l', 3), recv('lo', 2)])).toBeUndefined();
    // Other bytes, another number of them, another length or flag, the end of the stream, datagrams: none of these.
    expect(compare([recv('hello', 16)], [recv('he', 16), recv('llo', 14), recv('w', 16)])).toContain('call 2 differs');
    expect(compare([recv('hello', 16)], [recv('he', 16), recv('LLO', 16)])).toContain('call 2 differs');
    expect(compare([recv('hello', 16)], [recv('he', 16), recv('llo', 9)])).toContain('call 2 differs');
    expect(compare([recv('hello', 16)], [recv('hello', 16), recv('', 16)])).toContain('call 3 differs');
    expect(compare([recv('hello', 5, 'MSG_PEEK')], [recv('he', 5, 'MSG_PEEK'), recv('llo', 3, 'MSG_PEEK')])).toContain(
      'call 2 differs',
    );
    const udp = '3<UDP:[127.0.0.1:5]>';
    expect(compare([recv('hello', 16, '0', udp)], [recv('he', 16, '0', udp), recv('llo', 16, '0', udp)])).toContain(
      'call 2 differs',
    );
  });

  it('how the bytes of a stream are cut, where strace does not show all', () => {
    const zeros = (count: number): string => `"${'\\0'.repeat(count)}"`;
    const cut = `${zeros(4096)}...`;
    const recv = (text: string, length: number): string =>
      `recvfrom(${tcp(3)}, ${text}, 65536, 0, NULL, NULL) = ${length}`;
    const c = [recv(cut, 60000), recv(cut, 5000)];
    expect(compare(c, [recv(zeros(100), 100), recv(cut, 64000), recv(zeros(900), 900)])).toBeUndefined();
    expect(compare(c, [recv(zeros(100), 100), recv(cut, 64000), recv(zeros(901), 901)])).toContain('call 2 differs');
    expect(compare(c, [recv('"\\1"', 1), recv(cut, 64000), recv(zeros(999), 999)])).toContain('call 2 differs');
  });

  it('nothing else: an order, a flag, an extra call, an end', () => {
    const send = `sendto(${tcp(3)}, "hello", 5, 0, NULL, 0) = 5`;
    const close = `close(${tcp(3)}) = 0`;
    const cloexec = `fcntl(${tcp(3)}, F_SETFD, FD_CLOEXEC) = 0`;
    expect(compare([send, close], [send, close])).toBeUndefined();
    expect(compare([send, close], [close, send])).toContain('call 2 differs');
    expect(compare([send, close], [send.replace(', 0, NULL', ', MSG_NOSIGNAL, NULL'), close])).toContain('call 2');
    expect(compare([send, close], [cloexec, send, close])).toContain('call 2 differs');
    expect(compare([send, close], [send])).toContain('call 3 differs');
    expect(compare([send, '+++ killed by SIGPIPE +++'], [send, '+++ exited with 0 +++'])).toContain('call 3 differs');
  });
});

describe('a difference', () => {
  it('is shown at its place, and in both lists', () => {
    expect(difference(['a(1)', 'b(1, 2)', 'c()'], ['a(1)', 'b(1, 3)', 'c()', 'd()'])).toBe(
      [
        'call 2 differs:',
        '  C           b(1, 2)',
        '  TypeScript  b(1, 3)',
        '                   ^',
        'all calls (- only in C, + only in TypeScript):',
        '    a(1)',
        '> - b(1, 2)',
        '  + b(1, 3)',
        '    c()',
        '  + d()',
      ].join('\n'),
    );
  });

  it('is shown also far out in a long line', () => {
    const [, , line, mark] = difference([`${'a'.repeat(1000)}b`], [`${'a'.repeat(1000)}c`])!.split('\n');
    expect(line![mark!.indexOf('^')]).toBe('c');
  });
});
