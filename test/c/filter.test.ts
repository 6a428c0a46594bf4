// sock_fprog, BPF_STMT, BPF_JUMP, and the filters that SO_ATTACH_FILTER installs. Linux.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { include, runC } from '../support/c_program.js';
import { boundSocket, connectedPair, errnoName, must, receiverAndSender, setOption } from '../support/descriptors.js';
import { udp4, unixDatagram } from '../support/socket_kinds.js';

const attach = (fd: number, program: c.sock_fprog | null, length = c.sizeof(c.sock_fprog)): number =>
  c.setsockopt(fd, c.SOL_SOCKET, c.SO_ATTACH_FILTER!, program, length);

describe.runIf(process.platform === 'linux')('filters', () => {
  test('BPF_STMT and BPF_JUMP make instructions', () => {
    const statement = c.BPF_STMT(c.flags(c.BPF_LD, c.BPF_W, c.BPF_ABS), 0xffff_f000);
    expect([statement.code, statement.jt, statement.jf, statement.k]).toEqual([0x20, 0, 0, 0xffff_f000]);
    const jump = c.BPF_JUMP(c.flags(c.BPF_JMP, c.BPF_JEQ, c.BPF_K), 7, 1, 2);
    expect([jump.code, jump.jt, jump.jf, jump.k]).toEqual([0x15, 1, 2, 7]);
    expect(c.sizeof(c.sock_fprog)).toBe(
      Number(runC('printf("%zu", sizeof(struct sock_fprog));', include('linux/filter.h'))),
    );
  });

  test('accept one instruction, a vector, and a filter that truncates packets', () => {
    const { receiver, sender } = receiverAndSender(udp4);
    must(attach(receiver, new c.sock_fprog({ len: 1, filter: c.BPF_STMT(c.flags(c.BPF_RET, c.BPF_K), 8 + 3) })));
    must(c.send(sender, 'shortened', 9, 0));
    expect(c.recv(receiver, new Uint8Array(16), 16, 0)).toBe(3);
    const reject = new (c.array(c.sock_filter, 2))([
      c.BPF_STMT(c.flags(c.BPF_LD, c.BPF_W, c.BPF_LEN), 0),
      c.BPF_STMT(c.flags(c.BPF_RET, c.BPF_K), 0),
    ]);
    must(attach(receiver, new c.sock_fprog({ len: 2, filter: reject })));
    must(c.send(sender, 'rejected', 8, 0));
    expect(errnoName(() => c.recv(receiver, new Uint8Array(16), 16, c.MSG_DONTWAIT))).toBe('EAGAIN');
    must(setOption(receiver, c.SOL_SOCKET, c.SO_DETACH_FILTER!, 0));
    must(c.send(sender, 'passes', 6, 0));
    expect(c.recv(receiver, new Uint8Array(16), 16, 0)).toBe(6);
  });

  test('accept plain bytes as instructions, but not as the program', () => {
    const [a] = connectedPair(unixDatagram);
    const bytes = new Uint8Array(8);
    c.sock_filter.at(bytes).code = c.flags(c.BPF_RET, c.BPF_K);
    c.sock_filter.at(bytes).k = 100;
    must(attach(a, new c.sock_fprog({ len: 1, filter: bytes })));
    must(attach(a, c.memcpy(new c.sock_fprog(), new c.sock_fprog({ len: 1, filter: bytes }), 16)));
    const forged = new Uint8Array(16);
    forged[0] = 1;
    forged[8] = 1;
    for (const wrong of [forged, forged.buffer, 'sixteen bytes...', [1, bytes], { len: 1, filter: bytes }, undefined]) {
      const value = wrong as unknown as c.sock_fprog;
      expect(() => c.setsockopt(a, c.SOL_SOCKET, c.SO_ATTACH_FILTER!, value, 16)).toThrow(TypeError);
      expect(() => c.setsockopt(a, c.SOL_SOCKET, c.SO_ATTACH_REUSEPORT_CBPF!, value, 16)).toThrow(TypeError);
      expect(() => c.setsockopt(a, c.SOL_PACKET!, c.PACKET_FANOUT_DATA!, value, 16)).toThrow(TypeError);
    }
  });

  test('fail for lengths that do not match the program, and throw TypeError for wrong types', () => {
    const [a] = connectedPair(unixDatagram);
    const filter = c.BPF_STMT(c.flags(c.BPF_RET, c.BPF_K), 0);
    expect(errnoName(() => attach(a, new c.sock_fprog({ len: 2, filter })))).toBe('EFAULT');
    expect(errnoName(() => attach(a, new c.sock_fprog({ len: 1, filter }), 17))).toBe('EFAULT');
    expect(errnoName(() => attach(a, new c.sock_fprog({ len: 1, filter }), 8))).toBe('EINVAL');
    expect(errnoName(() => attach(a, new c.sock_fprog({ len: 0, filter })))).toBe('EINVAL');
    expect(errnoName(() => attach(a, new c.sock_fprog({ len: 1 })))).toMatch(/^(EFAULT|EINVAL)$/); // the null pointer
    expect(errnoName(() => attach(a, null))).toMatch(/^(EFAULT|EINVAL)$/);
    expect(() => attach(a, new c.sock_fprog({ len: 1, filter: 5 as unknown as c.Pointer }))).toThrow(TypeError);
    expect(() => attach(a, new c.sock_fprog({ len: '1' as unknown as number, filter }))).toThrow(TypeError);
  });

  test('SO_ATTACH_REUSEPORT_CBPF chooses the receiving socket', () => {
    const first = c.socket(c.AF_INET, c.SOCK_DGRAM, 0);
    try {
      must(setOption(first, c.SOL_SOCKET, c.SO_REUSEPORT, 1));
      const program = new c.sock_fprog({ len: 1, filter: c.BPF_STMT(c.flags(c.BPF_RET, c.BPF_K), 0) });
      must(c.setsockopt(first, c.SOL_SOCKET, c.SO_ATTACH_REUSEPORT_CBPF!, program, c.sizeof(program)));
    } finally {
      c.close(first);
    }
    const [fd] = boundSocket(udp4);
    expect(c.fcntl(fd, c.F_GETFD)).not.toBe(-1);
  });
});
