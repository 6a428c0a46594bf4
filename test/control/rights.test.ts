// SCM_RIGHTS and SCM_CREDENTIALS: descriptors and identities in control data.
import { readdirSync } from 'node:fs';
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { closeAfterTest, closeNow } from '../support/cleanup.js';
import { controlData, encodeControlMessage, receiveMessage, sendMessage } from '../support/control_messages.js';
import { connectedPair, errnoName, must, setOption } from '../support/descriptors.js';
import { decodeText } from '../support/memory.js';
import { socketKind, unixDatagram, unixStream } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';
const openDescriptors = (): number => readdirSync(linux ? '/proc/self/fd' : '/dev/fd').length;
const rights = (...fds: number[]) =>
  encodeControlMessage(c.SOL_SOCKET, c.SCM_RIGHTS, new (c.array(c.int, fds.length))(fds));

/** The descriptors of a message, closed after the test. */
const received = (data: Uint8Array): number[] =>
  Array.from({ length: data.length / 4 }, (_, i) => closeAfterTest(c.int.at(data, 4 * i).value));

describe.each([
  ['SOCK_STREAM', c.SOCK_STREAM],
  ['SOCK_DGRAM', c.SOCK_DGRAM],
  ['SOCK_SEQPACKET', c.SOCK_SEQPACKET],
] as const)('SCM_RIGHTS over %s', (_name, type) => {
  test('the receiver reads and writes with the descriptors that it gets', () => {
    const [a, b] = connectedPair(socketKind(c.AF_UNIX, type));
    const ends = new (c.array(c.int, 2))();
    must(c.pipe(ends));
    const [reads, writes] = [closeAfterTest(ends[0]), closeAfterTest(ends[1])];
    expect(sendMessage(a, 'two', rights(reads, writes))).toBe(3);
    closeNow(reads);
    closeNow(writes);
    const message = receiveMessage(b);
    expect(decodeText(message.bytes)).toBe('two');
    expect(message.flags & c.MSG_CTRUNC).toBe(0);
    const fds = received(controlData(message, c.SOL_SOCKET, c.SCM_RIGHTS));
    expect(fds).toHaveLength(2);
    expect(c.write(fds[1]!, 'through', 7)).toBe(7);
    const bytes = new Uint8Array(16);
    expect(decodeText(bytes.subarray(0, c.read(fds[0]!, bytes, 16)))).toBe('through');
  });

  test('a control buffer that is too short sets MSG_CTRUNC and leaks no descriptor', () => {
    const [a, b] = connectedPair(socketKind(c.AF_UNIX, type));
    for (const room of [0, 8, c.CMSG_LEN(0), c.CMSG_LEN(4), c.CMSG_LEN(8), c.CMSG_SPACE(8)]) {
      const before = openDescriptors();
      must(sendMessage(a, 'x', rights(a, a, a)));
      const message = receiveMessage(b, 0, room);
      expect(message.flags & c.MSG_CTRUNC).toBe(c.MSG_CTRUNC);
      const found = message.control.flatMap(({ data }) => received(data));
      expect(found).toHaveLength(Math.max(0, Math.floor((room - c.CMSG_LEN(0)) / 4)));
      expect(openDescriptors()).toBe(before + found.length);
      found.forEach(closeNow);
    }
  });

  test('recv without a control buffer closes the descriptors', () => {
    const [a, b] = connectedPair(socketKind(c.AF_UNIX, type));
    const before = openDescriptors();
    must(sendMessage(a, 'x', rights(a)));
    expect(c.recv(b, new Uint8Array(1), 1, 0)).toBe(1);
    expect(openDescriptors()).toBe(before);
  });
});

describe('SCM_RIGHTS', () => {
  test('a closed descriptor, and too many, fail', () => {
    const [a] = connectedPair(unixStream);
    expect(errnoName(() => sendMessage(a, 'x', rights(-1)))).toBe('EBADF');
    expect(errnoName(() => sendMessage(a, 'x', rights(...new Array(254).fill(a))))).toBe('EINVAL'); // SCM_MAX_FD
    const short = rights(a);
    c.cmsghdr.at(short).cmsg_len = 4; // no whole header
    expect(errnoName(() => sendMessage(a, 'x', short))).toBe('EINVAL');
  });

  test.runIf(c.MSG_CMSG_CLOEXEC)('MSG_CMSG_CLOEXEC sets close-on-exec', () => {
    const [a, b] = connectedPair(unixDatagram);
    for (const flags of [0, c.MSG_CMSG_CLOEXEC!]) {
      must(sendMessage(a, 'x', rights(a)));
      const [fd] = received(controlData(receiveMessage(b, flags), c.SOL_SOCKET, c.SCM_RIGHTS));
      expect(c.fcntl(fd!, c.F_GETFD)).toBe(flags ? c.FD_CLOEXEC : 0);
    }
  });

  test('CMSG_NXTHDR builds two control messages in one buffer', (context) => {
    if (c.SCM_CREDENTIALS === undefined) return context.skip('no SCM_CREDENTIALS');
    const [a, b] = connectedPair(unixDatagram);
    must(setOption(b, c.SOL_SOCKET, c.SO_PASSCRED!, 1));
    const control = new Uint8Array(c.CMSG_SPACE(4) + c.CMSG_SPACE(c.sizeof(c.ucred)));
    const msg = new c.msghdr({
      msg_iov: new c.iovec({ iov_base: 'both', iov_len: 4 }),
      msg_iovlen: 1,
      msg_control: control,
      msg_controllen: control.length,
    });
    const first = c.CMSG_FIRSTHDR(msg)!;
    Object.assign(first, { cmsg_level: c.SOL_SOCKET, cmsg_type: c.SCM_RIGHTS, cmsg_len: c.CMSG_LEN(4) });
    c.int.at(c.CMSG_DATA(first)).value = a;
    const second = c.CMSG_NXTHDR(msg, first)!;
    const length = c.CMSG_LEN(c.sizeof(c.ucred));
    Object.assign(second, { cmsg_level: c.SOL_SOCKET, cmsg_type: c.SCM_CREDENTIALS, cmsg_len: length });
    const credentials = c.ucred.at(c.CMSG_DATA(second));
    Object.assign(credentials, { pid: process.pid, uid: process.getuid!(), gid: process.getgid!() });
    expect(c.CMSG_NXTHDR(msg, second)).toBe(null);
    must(c.sendmsg(a, msg, 0));
    const message = receiveMessage(b);
    expect(message.control.map(({ type }) => type).sort()).toEqual([c.SCM_RIGHTS, c.SCM_CREDENTIALS].sort());
    received(controlData(message, c.SOL_SOCKET, c.SCM_RIGHTS));
    const got = c.ucred.at(controlData(message, c.SOL_SOCKET, c.SCM_CREDENTIALS));
    expect([got.pid, got.uid, got.gid]).toEqual([process.pid, process.getuid!(), process.getgid!()]);
  });
});

describe.runIf(c.SCM_CREDENTIALS)('SCM_CREDENTIALS', () => {
  test('the kernel adds them if SO_PASSCRED is set', () => {
    const [a, b] = connectedPair(unixStream);
    must(setOption(b, c.SOL_SOCKET, c.SO_PASSCRED!, 1));
    expect(c.send(a, 'who', 3, 0)).toBe(3);
    const got = c.ucred.at(controlData(receiveMessage(b), c.SOL_SOCKET, c.SCM_CREDENTIALS!));
    expect([got.pid, got.uid, got.gid]).toEqual([process.pid, process.getuid!(), process.getgid!()]);
  });

  test('another process’s identity is refused', () => {
    const [a, b] = connectedPair(unixDatagram);
    must(setOption(b, c.SOL_SOCKET, c.SO_PASSCRED!, 1));
    const nobody = new c.ucred({ pid: 0x3fff_ffff, uid: process.getuid!(), gid: process.getgid!() });
    const control = encodeControlMessage(c.SOL_SOCKET, c.SCM_CREDENTIALS!, nobody);
    expect(errnoName(() => sendMessage(a, 'x', control))).toMatch(/^(ESRCH|EPERM)$/); // root, anybody
  });
});
