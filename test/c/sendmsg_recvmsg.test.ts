// sendmsg(2), recvmsg(2), sendmmsg(2) and recvmmsg(2).
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { runC } from '../support/c_program.js';
import { closeAfterTest } from '../support/cleanup.js';
import {
  boundSocket,
  connectedPair,
  errnoName,
  localAddress,
  loopback,
  must,
  receiverAndSender,
} from '../support/descriptors.js';
import { decodeText } from '../support/memory.js';
import { udp4, unixDatagram, unixSeqpacket } from '../support/socket_kinds.js';

const linux = process.platform === 'linux';
const pieces = (...texts: string[]): c.iovec[] =>
  texts.map((text) => new c.iovec({ iov_base: text, iov_len: text.length }));

describe('sendmsg and recvmsg', () => {
  test('gather and scatter several buffers, to and from an address', () => {
    const [receiver, address] = boundSocket(udp4);
    const [sender] = boundSocket(udp4);
    const sent = new c.msghdr({
      msg_name: address,
      msg_namelen: c.sizeof(address),
      msg_iov: pieces('one ', 'two ', 'three'),
      msg_iovlen: 3,
    });
    expect(c.sendmsg(sender, sent, 0)).toBe(13);
    const [a, b] = [new Uint8Array(6), new Uint8Array(32)];
    const from = new c.sockaddr_storage();
    const msg = new c.msghdr({
      msg_name: from,
      msg_namelen: c.sizeof(from),
      msg_iov: [new c.iovec({ iov_base: a, iov_len: 6 }), new c.iovec({ iov_base: b, iov_len: 32 })],
      msg_iovlen: 2,
      msg_flags: 12345, // the kernel sets it
    });
    expect(c.recvmsg(receiver, msg, 0)).toBe(13);
    expect(decodeText(a) + decodeText(b.subarray(0, 7))).toBe('one two three');
    expect([msg.msg_namelen, msg.msg_controllen, msg.msg_flags]).toEqual([c.sizeof(c.sockaddr_in), 0, 0]);
    expect(c.memcmp(from, localAddress(sender, loopback(c.AF_INET)), 8)).toBe(0);
  });

  test('use the first msg_iovlen buffers; zero makes an empty message', () => {
    const [a, b] = connectedPair(unixDatagram);
    expect(c.sendmsg(a, new c.msghdr({ msg_iov: pieces('one', 'two'), msg_iovlen: 1 }), 0)).toBe(3);
    expect(c.recv(b, new Uint8Array(9), 9, 0)).toBe(3);
    expect(c.sendmsg(a, new c.msghdr(), 0)).toBe(0);
    expect(c.recvmsg(b, new c.msghdr(), 0)).toBe(0);
    expect(c.sendmsg(a, new c.msghdr({ msg_iov: [], msg_iovlen: 0n }), 0)).toBe(0);
    expect(c.recv(b, new Uint8Array(9), 9, 0)).toBe(0);
  });

  test('report MSG_TRUNC, MSG_EOR and MSG_PEEK in the message’s flags', () => {
    const [a, b] = connectedPair(unixSeqpacket);
    must(c.send(a, 'truncated', 9, 0));
    const bytes = new Uint8Array(5);
    const msg = new c.msghdr({ msg_iov: new c.iovec({ iov_base: bytes, iov_len: 5 }), msg_iovlen: 1 });
    expect(c.recvmsg(b, msg, c.MSG_PEEK)).toBe(5);
    expect(msg.msg_flags & c.MSG_TRUNC).toBe(c.MSG_TRUNC);
    if (linux) {
      expect(c.recvmsg(b, msg, c.MSG_TRUNC)).toBe(9);
      expect(errnoName(() => c.recvmsg(b, msg, c.MSG_DONTWAIT))).toBe('EAGAIN');
    }
  });

  test('leave the msghdr alone when they fail', () => {
    const [a] = connectedPair(unixDatagram);
    const control = new Uint8Array(64);
    const name = new c.sockaddr_storage();
    const msg = new c.msghdr({ msg_name: name, msg_namelen: 16, msg_control: control, msg_controllen: 64 });
    expect(errnoName(() => c.recvmsg(a, msg, c.MSG_DONTWAIT))).toBe('EAGAIN');
    expect([msg.msg_namelen, msg.msg_controllen, msg.msg_flags]).toEqual([16, 64, 0]);
    expect(errnoName(() => c.recvmsg(-1, msg, 0))).toBe('EBADF');
  });

  test('fail with EFAULT if a length is beyond the memory, and consume nothing', () => {
    const [a, b] = connectedPair(unixDatagram);
    must(c.send(a, 'x', 1, 0));
    const bytes = new Uint8Array(8);
    const iov = new c.iovec({ iov_base: bytes, iov_len: 8 });
    const bad: c.msghdr[] = [
      new c.msghdr({ msg_iov: iov, msg_iovlen: 2 }),
      new c.msghdr({ msg_iov: iov, msg_iovlen: -1 }),
      new c.msghdr({ msg_iov: iov, msg_iovlen: 2n ** 63n }),
      new c.msghdr({ msg_iov: new c.iovec({ iov_base: bytes, iov_len: 9 }), msg_iovlen: 1 }),
      new c.msghdr({ msg_iov: new c.iovec({ iov_base: bytes, iov_len: -1 }), msg_iovlen: 1 }),
      new c.msghdr({ msg_iov: iov, msg_iovlen: 1, msg_control: bytes, msg_controllen: 9 }),
      new c.msghdr({ msg_iov: iov, msg_iovlen: 1, msg_control: bytes, msg_controllen: -1 }),
      new c.msghdr({ msg_iov: iov, msg_iovlen: 1, msg_name: bytes, msg_namelen: 9 }),
    ];
    for (const msg of bad) {
      expect(errnoName(() => c.sendmsg(a, msg, 0))).toBe('EFAULT');
      expect(errnoName(() => c.recvmsg(b, msg, 0))).toBe('EFAULT');
    }
    expect(errnoName(() => c.recvmsg(b, new c.msghdr({ msg_name: bytes, msg_namelen: -1 }), 0))).toBe('EINVAL');
    expect(errnoName(() => c.recvmsg(b, null, 0))).toBe('EFAULT');
    expect(errnoName(() => c.sendmsg(a, null, 0))).toBe('EFAULT');
    expect(c.recv(b, bytes, 8, c.MSG_DONTWAIT)).toBe(1);
  });

  test('fail with EMSGSIZE for more than IOV_MAX buffers; writev fails with EINVAL', () => {
    const [a, b] = connectedPair(unixDatagram);
    const many = (n: number): c.msghdr =>
      new c.msghdr({
        msg_iov: Array.from({ length: n }, () => new c.iovec({ iov_base: new Uint8Array(1), iov_len: 1 })),
        msg_iovlen: n,
      });
    expect(c.sendmsg(a, many(c.IOV_MAX), 0)).toBe(c.IOV_MAX);
    expect(c.recvmsg(b, many(c.IOV_MAX), 0)).toBe(c.IOV_MAX);
    expect(errnoName(() => c.sendmsg(a, many(c.IOV_MAX + 1), 0))).toBe('EMSGSIZE');
    expect(errnoName(() => c.recvmsg(b, many(c.IOV_MAX + 1), 0))).toBe('EMSGSIZE');
    const vector = many(c.IOV_MAX + 1).msg_iov as c.iovec[];
    expect(errnoName(() => c.writev(a, vector, c.IOV_MAX + 1))).toBe('EINVAL');
  });

  test('wrong types', () => {
    const [a] = connectedPair(unixDatagram);
    const wrong: unknown[] = [
      undefined,
      {},
      [],
      [null, 0, null, 0, null, 0, 0],
      new Uint8Array(56),
      new c.iovec(),
      Object.assign(new c.msghdr(), { msg_iov: {} }),
      Object.assign(new c.msghdr(), { msg_iov: [{}], msg_iovlen: 1 }),
      Object.assign(new c.msghdr(), { msg_namelen: '1' }),
      Object.assign(new c.msghdr(), { msg_namelen: 1n }),
      Object.assign(new c.msghdr(), { msg_iovlen: 0.5 }),
      Object.assign(new c.msghdr(), { msg_control: 5 }),
      Object.assign(new c.msghdr(), { msg_flags: true }),
    ];
    for (const msg of wrong) {
      expect(() => c.sendmsg(a, msg as c.msghdr, 0)).toThrow(TypeError);
      expect(() => c.recvmsg(a, msg as c.msghdr, 0)).toThrow(TypeError);
    }
    const text = new c.msghdr({ msg_iov: new c.iovec({ iov_base: 'text', iov_len: 4 }), msg_iovlen: 1 });
    expect(() => c.recvmsg(a, text, 0)).toThrow(TypeError); // C's compiler: a const pointer
    expect(() => c.sendmsg('3' as unknown as number, new c.msghdr(), 0)).toThrow(TypeError);
    expect(() => new c.msghdr({ no: 1 } as object)).toThrow(TypeError);
  });

  test('memset and memcpy reset and copy a whole msghdr', () => {
    const msg = new c.msghdr({ msg_namelen: 4, msg_flags: 1 });
    const copy = c.memcpy(new c.msghdr(), msg, c.sizeof(msg));
    expect([copy.msg_namelen, copy.msg_flags]).toEqual([4, 1]);
    c.memset(msg, 0, c.sizeof(msg));
    expect([msg.msg_namelen, msg.msg_flags]).toEqual([0, 0]);
    expect(() => c.memset(msg, 1, c.sizeof(msg))).toThrow(TypeError);
    expect([c.sizeof(c.msghdr), c.sizeof(c.mmsghdr)]).toEqual(
      runC('printf("%zu %zu", sizeof(struct msghdr), sizeof(struct mmsghdr));').split(' ').map(Number),
    );
  });
});

describe.runIf(linux)('sendmmsg and recvmmsg', () => {
  const outgoing = (...texts: string[]): c.mmsghdr[] =>
    texts.map((text) => new c.mmsghdr({ msg_hdr: new c.msghdr({ msg_iov: pieces(text), msg_iovlen: 1 }) }));
  const incoming = (n: number): { vector: c.mmsghdr[]; bytes: Uint8Array[] } => {
    const bytes = Array.from({ length: n }, () => new Uint8Array(16));
    const vector = bytes.map((iov_base) => {
      const msg_iov = new c.iovec({ iov_base, iov_len: 16 });
      const msg_name = new c.sockaddr_in();
      return new c.mmsghdr({ msg_hdr: new c.msghdr({ msg_iov, msg_iovlen: 1, msg_name, msg_namelen: 16 }) });
    });
    return { vector, bytes };
  };

  test('send and receive the messages that there are', () => {
    const { receiver, sender } = receiverAndSender(udp4);
    const sent = outgoing('one', 'three', '');
    expect(c.sendmmsg(sender, sent, 3, 0)).toBe(3);
    expect(sent.map(({ msg_len }) => msg_len)).toEqual([3, 5, 0]);
    const { vector, bytes } = incoming(5);
    expect(c.recvmmsg(receiver, vector, 5, c.MSG_DONTWAIT, null)).toBe(3);
    expect(vector.map(({ msg_len }) => msg_len)).toEqual([3, 5, 0, 0, 0]);
    expect(vector.map(({ msg_hdr }) => msg_hdr.msg_namelen)).toEqual([16, 16, 16, 16, 16]);
    expect(decodeText(bytes[1]!.subarray(0, 5))).toBe('three');
    const from = vector[0]!.msg_hdr.msg_name as c.sockaddr_in;
    expect(from.sin_port).toBe((localAddress(sender, new c.sockaddr_in()) as c.sockaddr_in).sin_port);
  });

  test('take one mmsghdr as a vector of one, and vlen of a longer vector', () => {
    const [a, b] = connectedPair(unixDatagram);
    expect(c.sendmmsg(a, outgoing('single')[0]!, 1, 0)).toBe(1);
    const { vector } = incoming(2);
    expect(c.recvmmsg(b, vector[0]!, 1, 0, new c.timespec({ tv_sec: 5 }))).toBe(1);
    expect(vector[0]!.msg_len).toBe(6);
    expect(c.sendmmsg(a, outgoing('a', 'b'), 1, 0)).toBe(1);
    expect(c.recvmmsg(b, vector, 2, c.MSG_DONTWAIT, null)).toBe(1);
    expect(c.sendmmsg(a, [], 0, 0)).toBe(0);
    expect(errnoName(() => c.recvmmsg(b, vector, 1, c.MSG_DONTWAIT, null))).toBe('EAGAIN');
  });

  test('support MSG_WAITFORONE and an expired time-out', () => {
    const [a, b] = connectedPair(unixDatagram);
    must(c.send(a, 'x', 1, 0));
    const { vector } = incoming(3);
    expect(c.recvmmsg(b, vector, 3, c.MSG_WAITFORONE!, null)).toBe(1);
    must(c.send(a, 'x', 1, 0));
    const timeout = new c.timespec({ tv_nsec: 1 });
    expect(c.recvmmsg(b, vector, 3, 0, timeout)).toBe(1); // it looks at the time after each message
    expect([timeout.tv_sec, timeout.tv_nsec]).toEqual([0, 0]);
    timeout.tv_nsec = -1;
    expect(errnoName(() => c.recvmmsg(b, vector, 3, 0, timeout))).toBe('EINVAL');
  });

  test('carry control data in both directions', () => {
    const [a, b] = connectedPair(unixDatagram);
    const control = new Uint8Array(c.CMSG_SPACE(4));
    const message = outgoing('fd')[0]!;
    Object.assign(message.msg_hdr, { msg_control: control, msg_controllen: control.length });
    const cmsg = c.CMSG_FIRSTHDR(message.msg_hdr)!;
    Object.assign(cmsg, { cmsg_level: c.SOL_SOCKET, cmsg_type: c.SCM_RIGHTS, cmsg_len: c.CMSG_LEN(4) });
    c.int.at(c.CMSG_DATA(cmsg)).value = a;
    expect(c.sendmmsg(a, [message, ...outgoing('plain')], 2, 0)).toBe(2);
    const { vector } = incoming(2);
    for (const { msg_hdr } of vector) Object.assign(msg_hdr, { msg_control: new Uint8Array(64), msg_controllen: 64 });
    expect(c.recvmmsg(b, vector, 2, 0, null)).toBe(2);
    expect(vector.map(({ msg_hdr }) => msg_hdr.msg_controllen)).toEqual([c.CMSG_SPACE(4), 0]);
    closeAfterTest(c.int.at(c.CMSG_DATA(c.CMSG_FIRSTHDR(vector[0]!.msg_hdr)!)).value);
  });

  test('fail with EFAULT for counts beyond the vector, and throw TypeError for wrong types', () => {
    const [a, b] = connectedPair(unixDatagram);
    const { vector } = incoming(2);
    expect(errnoName(() => c.sendmmsg(a, outgoing('x'), 2, 0))).toBe('EFAULT');
    expect(errnoName(() => c.sendmmsg(a, outgoing('x'), -1, 0))).toBe('EFAULT');
    expect(errnoName(() => c.recvmmsg(b, vector, 3, 0, null))).toBe('EFAULT');
    expect(errnoName(() => c.recvmmsg(b, vector, 2, 0, new Uint8Array(15)))).toBe('EFAULT');
    vector[1]!.msg_hdr.msg_iovlen = 2;
    expect(errnoName(() => c.recvmmsg(b, vector, 2, 0, null))).toBe('EFAULT');
    expect(c.recvmmsg(b, vector, 1, c.MSG_DONTWAIT, null)).toBe(-1); // the second is not looked at
    expect(c.errno).toBe(c.EAGAIN);
    expect(errnoName(() => c.sendmmsg(a, null, 1, 0))).toBe('EFAULT');
    for (const wrong of [undefined, {}, [{}], [new c.msghdr()], new c.msghdr(), [[null, 0, null, 0, null, 0, 0]]]) {
      expect(() => c.sendmmsg(a, wrong as c.mmsghdr[], 1, 0)).toThrow(TypeError);
      expect(() => c.recvmmsg(b, wrong as c.mmsghdr[], 1, 0, null)).toThrow(TypeError);
    }
  });
});
