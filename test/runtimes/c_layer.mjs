// bsd-sockets/c: each function once, with its result and its errno; the layout of structs; control data.
import * as c from 'bsd-sockets/c';
import { group, same } from './check.mjs';

/** The result of a call that must fail, and the name of its error. @param {() => unknown} call */
const failure = (call) => [call(), c.strerrorname_np(c.errno)];
/** @param {number} type */
const pair = (type = c.SOCK_STREAM) => {
  const sv = new (c.array(c.int, 2))();
  same('socketpair', c.socketpair(c.AF_UNIX, type, 0, sv), 0);
  return [...sv];
};
/** @param {number[]} fds */
const close = (...fds) =>
  same(
    'close',
    fds.map((fd) => c.close(fd)),
    fds.map(() => 0),
  );
/** @param {number} port */
const loopback = (port) => {
  const sin = new c.sockaddr_in();
  sin.sin_family = c.AF_INET;
  sin.sin_port = c.htons(port);
  sin.sin_addr.s_addr = c.htonl(c.INADDR_LOOPBACK);
  return sin;
};
const text = (/** @type {string} */ value) => new TextEncoder().encode(value);

export async function checkC() {
  await group('numbers and text', () => {
    const network = new Uint8Array([1, 2, 3, 4]);
    const v6 = new c.in6_addr();
    const v4 = new c.in_addr();
    const buffer = new (c.array(c.char, 64))();
    /** @type {[string, unknown, unknown][]} */
    const table = [
      ['htons', c.htons(0x1234), 0x3412],
      ['ntohs', c.ntohs(0x3412), 0x1234],
      ['htonl', c.htonl(0x01020304), 0x04030201],
      ['ntohl', c.ntohl(0x04030201), 0x01020304],
      ['htobe16', c.htobe16(0x1234), 0x3412],
      ['htobe32', c.htobe32(0x01020304), 0x04030201],
      ['htobe64', c.htobe64(1n), 0x0100000000000000n],
      ['htole16', c.htole16(0x1234), 0x1234],
      ['htole32', c.htole32(0x01020304), 0x01020304],
      ['htole64', c.htole64(5n), 5n],
      ['be16toh', c.be16toh(0x3412), 0x1234],
      ['be32toh', c.be32toh(0x04030201), 0x01020304],
      ['be64toh', c.be64toh(0x0100000000000000n), 1n],
      ['le16toh', c.le16toh(7), 7],
      ['le32toh', c.le32toh(7), 7],
      ['le64toh', c.le64toh(7n), 7n],
      ['inet_addr', c.inet_addr('1.2.3.4'), 0x04030201],
      ['inet_addr, wrong', c.inet_addr('1.2.3.400'), 0xffffffff],
      ['inet_aton', c.inet_aton('127.0.0.1', v4), 1],
      ['inet_ntoa', c.inet_ntoa(v4), '127.0.0.1'],
      ['inet_network', c.inet_network('1.2.3.4'), 0x01020304],
      ['inet_pton', c.inet_pton(c.AF_INET6, '::1', v6), 1],
      ['inet_pton, wrong', c.inet_pton(c.AF_INET6, ':::', v6), 0],
      ['inet_ntop', c.inet_ntop(c.AF_INET6, v6, buffer, 64), '::1'],
      ['inet_netof', c.inet_netof(v4), 127],
      ['inet_lnaof', c.inet_lnaof(v4), 1],
      ['inet_makeaddr', c.inet_ntoa(c.inet_makeaddr(127, 1)), '127.0.0.1'],
      ['IN_MULTICAST', Boolean(c.IN_MULTICAST(0xe0000001)), true],
      ['IN6_IS_ADDR_LOOPBACK', Boolean(c.IN6_IS_ADDR_LOOPBACK(v6)), true],
      ['IN6_IS_ADDR_UNSPECIFIED', Boolean(c.IN6_IS_ADDR_UNSPECIFIED(v6)), false],
      ['IN6_ARE_ADDR_EQUAL', Boolean(c.IN6_ARE_ADDR_EQUAL(v6, v6)), true],
      ['memcmp', c.memcmp(network, new Uint8Array([1, 2, 3, 5]), 4) < 0, true],
      ['memset', [...new Uint8Array(c.memset(new Uint8Array(3), 7, 2))], [7, 7, 0]],
      ['memcpy', [...c.memcpy(new Uint8Array(4), network, 4)], [1, 2, 3, 4]],
      ['memmove', [...c.memmove(new Uint8Array(4), network, 2)], [1, 2, 0, 0]],
      ['strlen', c.strlen('hello'), 5],
      ['strcmp', c.strcmp('a', 'a'), 0],
      ['strncmp', c.strncmp('abc', 'abd', 2), 0],
      ['strcpy', String(c.strcpy(buffer, 'text')), 'text'],
      ['strncpy', String(c.strncpy(buffer, 'abc', 4)), 'abc'],
      ['strerror', c.strerror(c.EBADF), 'Bad file descriptor'],
      ['strerrorname_np', c.strerrorname_np(c.ECONNREFUSED), 'ECONNREFUSED'],
      ['hstrerror', typeof c.hstrerror(c.HOST_NOT_FOUND), 'string'],
      ['gai_strerror', typeof c.gai_strerror(c.EAI_NONAME), 'string'],
      ['MAX', c.MAX(1, 2), 2],
      ['MIN', c.MIN(1, 2), 1],
      ['flags', c.flags(1, 4), 5],
      ['sizeof', c.sizeof(c.sockaddr_in), 16],
      ['offsetof', c.offsetof(c.sockaddr_in, 'sin_port'), 2],
      ['ether_ntoa', c.ether_ntoa(c.ether_aton('1:2:3:4:5:6') ?? new c.ether_addr()), '1:2:3:4:5:6'],
      ['CMSG_ALIGN', c.CMSG_ALIGN(1), 8],
      ['CMSG_LEN', c.CMSG_LEN(4), 20],
      ['CMSG_SPACE', c.CMSG_SPACE(4), 24],
      ['NLMSG_ALIGN', c.NLMSG_ALIGN(5), 8],
      ['NLMSG_LENGTH', c.NLMSG_LENGTH(4), 20],
      ['NLMSG_SPACE', c.NLMSG_SPACE(5), 24],
      ['RTA_LENGTH', c.RTA_LENGTH(4), 8],
      ['BPF_STMT', c.BPF_STMT(6, 1).k, 1],
      ['BPF_JUMP', c.BPF_JUMP(0x15, 1, 2, 3).jf, 3],
    ];
    for (const [name, actual, expected] of table) same(name, actual, expected);
  });

  await group('types', () => {
    const packed = c.struct('packed', { a: c.uint8_t, b: c.uint32_t }, { packed: true });
    const padded = c.struct('padded', { a: c.uint8_t, b: c.uint32_t });
    const either = c.union('either', { number: c.uint16_t, bytes: c.array(c.uint8_t, 2) });
    same('struct, packed', packed.size, 5);
    same('struct, padded', padded.size, 8);
    same('union', [...new either({ number: 0x0201 }).bytes], [1, 2]);
    for (const [type, size] of /** @type {[{ size: number }, number][]} */ ([
      [c.sockaddr, 16],
      [c.sockaddr_in6, 28],
      [c.sockaddr_un, 110],
      [c.sockaddr_storage, 128],
      [c.timeval, 16],
      [c.linger, 8],
      [c.pollfd, 8],
      [c.cmsghdr, 16],
      [c.ucred, 12],
      [c.in_pktinfo, 12],
      [c.ipv6_mreq, 20],
      [c.msghdr, 56],
      [c.addrinfo, 48],
    ])) {
      same(`a struct of ${size} bytes`, type.size, size);
    }
    const fits = new c.int(-1);
    same('box', fits.value, -1);
    same('cast', c.unsigned_int.at(fits).value, 0xffffffff);
  });

  await group('failures', () => {
    const dot = new Uint8Array(1);
    const fd = -1;
    // With one part: qemu-user 7.2 takes a message without any for sent, whatever the descriptor.
    const message = new c.msghdr({ msg_iov: [new c.iovec({ iov_base: dot, iov_len: 1 })], msg_iovlen: 1 });
    /** @type {[string, () => unknown][]} */
    const calls = [
      ['close', () => c.close(fd)],
      ['read', () => c.read(fd, dot, 1)],
      ['write', () => c.write(fd, dot, 1)],
      ['send', () => c.send(fd, dot, 1, 0)],
      ['recv', () => c.recv(fd, dot, 1, 0)],
      ['sendto', () => c.sendto(fd, dot, 1, 0, null, 0)],
      ['recvfrom', () => c.recvfrom(fd, dot, 1, 0, null, null)],
      ['bind', () => c.bind(fd, loopback(0), 16)],
      ['connect', () => c.connect(fd, loopback(1), 16)],
      ['listen', () => c.listen(fd, 1)],
      ['accept', () => c.accept(fd, null, null)],
      ['accept4', () => c.accept4(fd, null, null, 0)],
      ['getsockname', () => c.getsockname(fd, loopback(0), new c.socklen_t(16))],
      ['getpeername', () => c.getpeername(fd, loopback(0), new c.socklen_t(16))],
      ['getsockopt', () => c.getsockopt(fd, c.SOL_SOCKET, c.SO_TYPE, new c.int(), new c.socklen_t(4))],
      ['setsockopt', () => c.setsockopt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, new c.int(1), 4)],
      ['shutdown', () => c.shutdown(fd, c.SHUT_RD)],
      ['sockatmark', () => c.sockatmark(fd)],
      ['fcntl', () => c.fcntl(fd, c.F_GETFL)],
      ['ioctl', () => c.ioctl(fd, c.FIONREAD, new c.int())],
      ['dup', () => c.dup(fd)],
      ['dup2', () => c.dup2(fd, fd)],
      ['sendmsg', () => c.sendmsg(fd, message, 0)],
      ['recvmsg', () => c.recvmsg(fd, message, 0)],
      ['readv', () => c.readv(fd, [new c.iovec({ iov_base: dot, iov_len: 1 })], 1)],
      ['writev', () => c.writev(fd, [new c.iovec({ iov_base: dot, iov_len: 1 })], 1)],
    ];
    for (const [name, call] of calls) same(`${name}: EBADF`, failure(call), [-1, 'EBADF']);
    const [a = -1, b = -1] = pair();
    same(
      'send: EFAULT',
      failure(() => c.send(a, dot, 2, 0)),
      [-1, 'EFAULT'],
    );
    same(
      'recv: EAGAIN',
      failure(() => c.recv(a, dot, 1, c.MSG_DONTWAIT)),
      [-1, 'EAGAIN'],
    );
    close(b);
    same(
      'send: EPIPE',
      failure(() => c.send(a, dot, 1, 0)),
      [-1, 'EPIPE'],
    );
    close(a);
    let thrown = '';
    try {
      c.socket(/** @type {any} */ ('AF_INET'), 1, 0);
    } catch (error) {
      thrown = /** @type {Error} */ (error).constructor.name;
    }
    same('socket: TypeError', thrown, 'TypeError');
    c.set_errno(5);
    same('set_errno', c.errno, 5);
    same('a success leaves errno alone', [c.htons(1) > 0, c.errno], [true, 5]);
  });

  await group('a connection', () => {
    const listener = c.socket(c.AF_INET, c.SOCK_STREAM, 0);
    const on = new c.int(1);
    same('setsockopt', c.setsockopt(listener, c.SOL_SOCKET, c.SO_REUSEADDR, on, c.sizeof(on)), 0);
    same('bind', c.bind(listener, loopback(0), 16), 0);
    same('listen', c.listen(listener, 5), 0);
    const address = new c.sockaddr_in();
    const length = new c.socklen_t(16);
    same('getsockname', [c.getsockname(listener, address, length), length.value], [0, 16]);
    const client = c.socket(c.AF_INET, c.SOCK_STREAM, 0);
    same('connect', c.connect(client, address, 16), 0);
    const peer = new c.sockaddr_in();
    const server = c.accept(listener, peer, new c.socklen_t(16));
    same('accept', [server > 0, peer.sin_family], [true, c.AF_INET]);
    same('getpeername', [c.getpeername(client, peer, new c.socklen_t(16)), peer.sin_port], [0, address.sin_port]);
    same('send', c.send(client, text('hello'), 5, 0), 5);
    const fds = new (c.array(c.pollfd, 1))([{ fd: server, events: c.POLLIN }]);
    same('poll', [c.poll(fds, 1, 5000), fds[0]?.revents], [1, c.POLLIN]);
    const set = new c.fd_set();
    c.FD_ZERO(set);
    c.FD_SET(server, set);
    same(
      'select',
      [c.select(server + 1, set, null, null, new c.timeval({ tv_sec: 5 })), Boolean(c.FD_ISSET(server, set))],
      [1, true],
    );
    const pending = new c.int();
    same('ioctl', [c.ioctl(server, c.FIONREAD, pending), pending.value], [0, 5]);
    const buffer = new (c.array(c.char, 8))();
    same('recv', [c.recv(server, buffer, 8, c.MSG_PEEK), String(buffer)], [5, 'hello']);
    same('read', c.read(server, buffer, 8), 5);
    same('write', c.write(server, 'ab', 2), 2);
    const parts = [
      new c.iovec({ iov_base: new Uint8Array(1), iov_len: 1 }),
      new c.iovec({ iov_base: new Uint8Array(1), iov_len: 1 }),
    ];
    same('readv', c.readv(client, parts, 2), 2);
    same('writev', c.writev(client, parts, 2), 2);
    same('fcntl', (c.fcntl(client, c.F_GETFL) & c.O_RDWR) !== 0, true);
    same('fcntl sets', c.fcntl(client, c.F_SETFD, c.FD_CLOEXEC), 0);
    const copy = c.dup(client);
    same('dup', copy > 0, true);
    same('dup2', c.dup2(client, copy), copy);
    same('sockatmark', c.sockatmark(client), 0);
    same('shutdown', c.shutdown(client, c.SHUT_WR), 0);
    same('the end', [c.recv(server, buffer, 8, 0), c.recv(server, buffer, 8, 0)], [2, 0]);
    close(copy, client, server, listener);
  });

  await group('datagrams and control data', () => {
    const [a = -1, b = -1] = pair(c.SOCK_DGRAM);
    const data = new c.iovec({ iov_base: text('x'), iov_len: 1 });
    const control = new Uint8Array(c.CMSG_SPACE(4));
    const message = new c.msghdr({
      msg_iov: [data],
      msg_iovlen: 1,
      msg_control: control,
      msg_controllen: control.length,
    });
    const header = c.CMSG_FIRSTHDR(message);
    if (header === null) throw new Error('no room for a header');
    Object.assign(header, { cmsg_len: c.CMSG_LEN(4), cmsg_level: c.SOL_SOCKET, cmsg_type: c.SCM_RIGHTS });
    c.int.at(c.CMSG_DATA(header)).value = a;
    same('sendmsg', c.sendmsg(a, message, 0), 1);
    const received = new c.msghdr({
      msg_iov: [new c.iovec({ iov_base: new Uint8Array(4), iov_len: 4 })],
      ...{ msg_iovlen: 1, msg_control: new Uint8Array(64), msg_controllen: 64 },
    });
    same('recvmsg', c.recvmsg(b, received, 0), 1);
    const rights = c.CMSG_FIRSTHDR(received);
    same('SCM_RIGHTS', rights?.cmsg_type, c.SCM_RIGHTS);
    const fd = rights ? c.int.at(c.CMSG_DATA(rights)).value : -1;
    same('a descriptor came', fd > 2 && fd !== a, true);
    same('CMSG_NXTHDR', rights && c.CMSG_NXTHDR(received, rights), null);
    const datagram = () => new c.mmsghdr({ msg_hdr: new c.msghdr({ msg_iov: [data], msg_iovlen: 1 }) });
    const vector = [datagram(), datagram()];
    same('sendmmsg', c.sendmmsg(a, vector, 2, 0), 2);
    same('recvmmsg', c.recvmmsg(b, vector, 2, 0, null), 2);
    close(fd, a, b);

    const udp = [c.socket(c.AF_INET, c.SOCK_DGRAM, 0), c.socket(c.AF_INET, c.SOCK_DGRAM, 0)];
    const [one = -1, two = -1] = udp;
    c.bind(one, loopback(0), 16);
    const address = new c.sockaddr_in();
    c.getsockname(one, address, new c.socklen_t(16));
    same('sendto', c.sendto(two, 'hi', 2, 0, address, 16), 2);
    const from = new c.sockaddr_in();
    same(
      'recvfrom',
      [c.recvfrom(one, new Uint8Array(8), 8, 0, from, new c.socklen_t(16)), from.sin_family],
      [2, c.AF_INET],
    );
    const value = new c.int();
    const length = new c.socklen_t(4);
    same('getsockopt', [c.getsockopt(one, c.SOL_SOCKET, c.SO_TYPE, value, length), value.value], [0, c.SOCK_DGRAM]);
    close(one, two);
  });

  await group('names, interfaces, pipes, epoll', () => {
    const found = new c.pointer();
    const hints = new c.addrinfo({ ai_family: c.AF_INET, ai_socktype: c.SOCK_STREAM, ai_flags: c.AI_NUMERICHOST });
    same('getaddrinfo', c.getaddrinfo('127.0.0.1', '80', hints, /** @type {any} */ (found)), 0);
    const info = /** @type {any} */ (found.value);
    same('addrinfo', [info.ai_family, c.ntohs(info.ai_addr.sin_port)], [c.AF_INET, 80]);
    const host = new (c.array(c.char, 64))();
    const numeric = c.NI_NUMERICHOST | c.NI_NUMERICSERV;
    same('getnameinfo', [c.getnameinfo(info.ai_addr, 16, host, 64, null, 0, numeric), String(host)], [0, '127.0.0.1']);
    c.freeaddrinfo(info);
    same('gethostbyname', c.gethostbyname('127.0.0.1')?.h_addrtype, c.AF_INET);
    same('getprotobynumber', [null, 'tcp'].includes(c.getprotobynumber(6)?.p_name ?? null), true);
    same('gethostname', c.gethostname(host, 64), 0);
    const index = c.if_nametoindex('lo');
    same('if_nametoindex', index > 0, true);
    same('if_indextoname', c.if_indextoname(index, null), 'lo');
    same(
      'if_nameindex',
      c.if_nameindex()?.some((each) => each.if_name === 'lo'),
      true,
    );
    const list = new c.pointer();
    same('getifaddrs', c.getifaddrs(/** @type {any} */ (list)), 0);
    c.freeifaddrs(/** @type {any} */ (list.value));
    const limit = new c.rlimit();
    same('getrlimit', [c.getrlimit(c.RLIMIT_NOFILE, limit), Number(limit.rlim_cur) > 100], [0, true]);

    const ends = new (c.array(c.int, 2))();
    same('pipe', c.pipe(ends), 0);
    const [read = -1, write = -1] = ends;
    const epoll = c.epoll_create1(c.EPOLL_CLOEXEC ?? 0);
    same('epoll_create1', epoll > 0, true);
    const interest = new c.epoll_event({ events: c.EPOLLIN ?? 0 });
    interest.data.fd = read;
    same('epoll_ctl', c.epoll_ctl(epoll, c.EPOLL_CTL_ADD ?? 0, read, interest), 0);
    const events = new (c.array(c.epoll_event, 2))();
    same('epoll_wait, none', c.epoll_wait(epoll, events, 2, 0), 0);
    c.write(write, 'x', 1);
    same('epoll_wait', [c.epoll_wait(epoll, events, 2, 5000), events[0]?.data.fd], [1, read]);
    const [a = -1, b = -1] = pair();
    same('splice', c.splice(read, null, a, null, 1, 0), 1);
    close(a, b, epoll, read, write);
    same('usleep', c.usleep(1), 0);
    same('sleep', c.sleep(0), 0);
  });
}
