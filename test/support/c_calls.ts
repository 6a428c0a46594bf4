// A row for every function of bsd-sockets/c with its arguments: the table of the tests of wrong and of random arguments.
import * as c from 'bsd-sockets/c';
import {
  type Argument,
  accepting,
  bytesOfStruct,
  type CallFixture,
  chosen,
  fd,
  fixed,
  instance,
  int,
  length,
  memory,
  outMemory,
  size,
  text,
} from './call_arguments.js';
import { loopback } from './descriptors.js';

export interface Call {
  readonly name: string;
  readonly args: readonly Argument[];
  /** What its result is, where that must be given back. */
  readonly gives?: 'a descriptor' | 'descriptors';
  /** It writes to the terminal, waits, or ends the process when it succeeds: it is never made with good arguments alone. */
  readonly unsafe?: boolean;
}

const calls: Call[] = [];
const call = (name: string, ...args: Argument[]): void => void calls.push({ name, args });
const opens = (name: string, ...args: Argument[]): void => void calls.push({ name, args, gives: 'a descriptor' });
const opensTwo = (name: string, ...args: Argument[]): void => void calls.push({ name, args, gives: 'descriptors' });
const unsafe = (name: string, ...args: Argument[]): void => void calls.push({ name, args, unsafe: true });

const linux = process.platform === 'linux';
const address = bytesOfStruct(loopback(c.AF_INET));
const ipv4 = new Uint8Array([127, 0, 0, 1]);
const ipv6 = bytesOfStruct(c.in6addr_loopback);
const zeroTime = new Uint8Array(16);

// <sys/socket.h>
opens('socket', fixed('domain', c.AF_INET), int('type', c.SOCK_DGRAM), int('protocol'));
opensTwo(
  'socketpair',
  fixed('domain', c.AF_UNIX),
  fixed('type', c.SOCK_STREAM),
  fixed('protocol', 0),
  outMemory('sv', 8),
);
call('bind', fd('sockfd', 'datagram'), memory('addr', 16, address), int('addrlen', 16));
call('listen', fd('sockfd', 'listener'), int('backlog', 1));
call('connect', fd('sockfd', 'datagram'), memory('addr', 16, address), int('addrlen', 16));
opens('accept', fd('sockfd', 'listener'), outMemory('addr', 16), length('addrlen', 16));
for (const name of ['getsockname', 'getpeername']) {
  call(name, fd('sockfd', 'datagram'), outMemory('addr', 16), length('addrlen', 16));
}
if (linux) opens('accept4', fd('sockfd', 'listener'), outMemory('addr', 16), length('addrlen', 16), int('flags'));
call('shutdown', fd('sockfd', 'closed'), int('how', c.SHUT_WR));
call('send', fd('sockfd', 'stream'), memory('buf', 16), size('len', 16), int('flags'));
call('recv', fd('sockfd', 'stream'), outMemory('buf', 16), size('len', 16), int('flags'));
call(
  'sendto',
  fd('sockfd', 'stream'),
  memory('buf', 16),
  size('len', 16),
  int('flags'),
  memory('dest_addr', 16, address),
  int('addrlen', 0),
);
call(
  'recvfrom',
  fd('sockfd', 'datagram'),
  outMemory('buf', 16),
  size('len', 16),
  int('flags'),
  outMemory('src_addr', 16),
  length('addrlen', 16),
);
call(
  'getsockopt',
  fd('sockfd', 'stream'),
  fixed('level', c.SOL_SOCKET),
  fixed('optname', c.SO_TYPE),
  outMemory('optval', 4),
  length('optlen', 4),
);
call(
  'setsockopt',
  fd('sockfd', 'stream'),
  fixed('level', c.SOL_SOCKET),
  fixed('optname', c.SO_OOBINLINE),
  memory('optval', 4),
  int('optlen', 4),
);
call('sockatmark', fd('sockfd', 'ready'));

// Messages
const vector = (f: CallFixture) => [
  new c.iovec({ iov_base: f.memory(8), iov_len: 8 }),
  new c.iovec({ iov_base: f.memory(4), iov_len: 4 }),
];
/** A list of nothing is a vector. */
const iov = accepting(
  instance('iov', vector, [
    ['null', () => null],
    ['an empty vector', () => []],
    ['a length beyond the memory', () => [new c.iovec({ iov_base: new Uint8Array(4), iov_len: 5 }), new c.iovec()]],
    ['a huge length', () => new c.iovec({ iov_base: new Uint8Array(4), iov_len: 2 ** 40 })],
    ['a length of -1', () => [new c.iovec({ iov_base: new Uint8Array(4), iov_len: -1n }), new c.iovec()]],
  ]),
  'a list',
);
call('readv', fd('fd', 'stream'), iov, int('iovcnt', 2));
call('writev', fd('fd', 'stream'), iov, int('iovcnt', 2));
const message = (f: CallFixture, control = 32) =>
  new c.msghdr({ msg_iov: vector(f), msg_iovlen: 2, msg_control: f.memory(control), msg_controllen: control });
const msg = (control: number) =>
  instance('msg', (f) => message(f, control), [
    ['null', () => null],
    ['an empty message', () => new c.msghdr()],
    ['a name longer than its memory', () => new c.msghdr({ msg_name: new Uint8Array(4), msg_namelen: 5 })],
    ['a name of length -1', () => new c.msghdr({ msg_name: new Uint8Array(4), msg_namelen: -1 })],
    ['more pieces than there are', () => new c.msghdr({ msg_iov: [], msg_iovlen: 1 })],
    ['-1 pieces', () => new c.msghdr({ msg_iov: [], msg_iovlen: -1 })],
    ['more control data than there is', () => new c.msghdr({ msg_control: new Uint8Array(4), msg_controllen: 5 })],
    ['control data of length -1', () => new c.msghdr({ msg_control: new Uint8Array(4), msg_controllen: -1n })],
  ]);
call('sendmsg', fd('sockfd', 'stream'), msg(0), int('flags'));
call('recvmsg', fd('sockfd', 'stream'), msg(32), int('flags'));
const messages = (control: number) => {
  const some = instance(
    'msgvec',
    (f) => [new c.mmsghdr({ msg_hdr: message(f, control) }), new c.mmsghdr({ msg_hdr: message(f, control) })],
    [
      ['null', () => null],
      ['an empty vector', () => []],
      ['one message', () => new c.mmsghdr()],
    ],
  );
  return accepting(some, 'a list');
};
if (linux) {
  call('sendmmsg', fd('sockfd', 'stream'), messages(0), int('vlen', 2), int('flags'));
  call(
    'recvmmsg',
    fd('sockfd', 'stream'),
    messages(32),
    int('vlen', 2),
    int('flags'),
    outMemory('timeout', 16, zeroTime),
  );
}

// <unistd.h>, <fcntl.h>, <sys/ioctl.h>
call('close', fd('fd', 'spare'));
call('read', fd('fd', 'stream'), outMemory('buf', 16), size('count', 16));
call('write', fd('fd', 'stream'), memory('buf', 16), size('count', 16));
opens('dup', fd('oldfd', 'stream'));
opens('dup2', fd('oldfd', 'stream'), fd('newfd', 'spare'));
if (linux) opens('dup3', fd('oldfd', 'stream'), fd('newfd', 'spare'), int('flags'));
opensTwo('pipe', outMemory('pipefd', 8));
if (linux) opensTwo('pipe2', outMemory('pipefd', 8), int('flags'));
unsafe('sleep', fixed('seconds', 0));
unsafe('usleep', fixed('usec', 0));
call('gethostname', outMemory('name', 64), size('len', 64));
/** A forged object may be a number where C takes numbers and pointers: it gains nothing. */
const number = 'forged memory: a number';
/** The number 0 is F_DUPFD, which gives a descriptor. */
const cmd: Argument = {
  ...chosen(int('cmd', c.F_GETFD)),
  bad: [-1, 99_999, 2 ** 31 - 1, -(2 ** 31)].map((x) => [String(x), () => x]),
};
call('fcntl', fd('fd', 'stream'), cmd);
call('fcntl', fd('fd', 'stream'), fixed('cmd', c.F_SETFD), accepting(int('arg'), 'undefined', number));
call('fcntl', fd('fd', 'stream'), fixed('cmd', c.F_GETLK), accepting(outMemory('arg', c.flock.size), 'undefined'));
const request = (good: number | undefined): Argument => ({ ...chosen(size('request', good ?? 0)), bad: [] });
call('ioctl', fd('fd', 'stream'), chosen(size('request', c.FIONREAD!)), outMemory('argp', 4));
call(
  'ioctl',
  fd('fd', 'datagram'),
  request(c.SIOCGIFCONF),
  instance('argp', (f) => new c.ifconf({ ifc_len: 80, ifc_buf: f.memory(80) })),
);
call('ioctl', fd('fd', 'datagram'), request(c.SIOCGIFMTU), outMemory('argp', c.ifreq.size));
call('vouch_ioctl', request(0x7fff_0001), size('size', 4));
if (linux) {
  call(
    'splice',
    fd('fd_in', 'reader'),
    outMemory('off_in', 8, zeroTime.subarray(8)),
    fd('fd_out', 'writer'),
    outMemory('off_out', 8, zeroTime.subarray(8)),
    size('len', 8),
    int('flags'),
  );
  call(
    'sendfile',
    accepting(fd('out_fd', 'stream'), number),
    accepting(fd('in_fd', 'reader'), number),
    outMemory('offset', 8, zeroTime.subarray(8)),
    accepting(size('count', 8), number),
  );
} else {
  call(
    'sendfile',
    accepting(fd('fd', 'reader'), number),
    accepting(fd('s', 'stream'), number),
    accepting(size('offset', 0), number),
    outMemory('len', 8, zeroTime.subarray(8)),
    instance('hdtr', () => null),
    accepting(int('flags'), number),
  );
}

// Waiting: one descriptor is always ready, so that no time-out need be good.
const set = (name: string) => outMemory(name, c.fd_set.size, new Uint8Array(c.fd_set.size));
const readySet: Argument = {
  ...set('readfds'),
  good: (f) => {
    const ready = new c.fd_set();
    c.FD_SET(f.ready, ready);
    return f.memory(c.fd_set.size, bytesOfStruct(ready));
  },
};
/** Always a good time, or none that is one: two bad things together could wait for ever. */
const time = (name: string): Argument => ({ ...chosen(outMemory(name, 16, zeroTime)), waits: true });
call('select', int('nfds', 500), readySet, set('writefds'), set('exceptfds'), time('timeout'));
call(
  'pselect',
  int('nfds', 500),
  readySet,
  set('writefds'),
  set('exceptfds'),
  time('timeout'),
  outMemory('sigmask', 128, new Uint8Array(128)),
);
const fds: Argument = {
  ...outMemory('fds', 2 * c.pollfd.size),
  good: (f) => {
    const two = new (c.array(c.pollfd, 2))([{ fd: f.ready, events: c.POLLIN }, { fd: -1 }]);
    return f.memory(2 * c.pollfd.size, bytesOfStruct(two));
  },
};
call('poll', fds, size('nfds', 2), fixed('timeout', 0));
if (linux) {
  call('ppoll', fds, size('nfds', 2), time('tmo_p'), outMemory('sigmask', 128, new Uint8Array(128)));
  const event = new c.epoll_event({ events: c.EPOLLIN! });
  const events = outMemory('events', 2 * c.epoll_event.size);
  opens('epoll_create', int('size', 1));
  opens('epoll_create1', int('flags', 0));
  call(
    'epoll_ctl',
    fd('epfd', 'epoll'),
    int('op', c.EPOLL_CTL_ADD!),
    fd('fd', 'ready'),
    outMemory('event', event.byteLength, bytesOfStruct(event)),
  );
  call('epoll_wait', fd('epfd', 'epoll'), events, int('maxevents', 2), fixed('timeout', 0));
  call(
    'epoll_pwait',
    fd('epfd', 'epoll'),
    events,
    int('maxevents', 2),
    fixed('timeout', 0),
    outMemory('sigmask', 128, new Uint8Array(128)),
  );
}

// <sys/resource.h>, <signal.h>, <errno.h>, <stdio.h>, <stdlib.h>
call('getrlimit', int('resource', c.RLIMIT_CORE), outMemory('rlim', 16));
call('setrlimit', fixed('resource', 9999), outMemory('rlim', 16));
call(
  'signal',
  chosen(int('signum', 9999)),
  instance('handler', () => c.SIG_IGN),
);
call('set_errno', int('value', 1));
call('strerror', int('errnum', 1));
call('strerrorname_np', int('errnum', 1));
unsafe('perror', text('s', ''));
unsafe('herror', text('s', ''));
unsafe('printf', text('format', ''));
call(
  'fprintf',
  instance('stream', () => ({ fd: -1 })),
  text('format', 'text'),
);
unsafe('exit', fixed('status', 0));

// <netdb.h>, <net/if.h>
call('hstrerror', int('err', 1));
call('gai_strerror', int('errcode', -1));
call('gethostbyname', text('name', '127.0.0.1'));
call('gethostbyname2', text('name', '127.0.0.1'), int('af', c.AF_INET));
call('gethostbyaddr', { ...chosen(memory('addr', 4, ipv4)), bad: [] }, int('len', 4), int('type', c.AF_INET));
call(
  'getaddrinfo',
  text('node', '127.0.0.1'),
  text('service', '80'),
  instance('hints', () => null),
  instance('res', () => new c.pointer()),
);
call(
  'freeaddrinfo',
  instance('res', () => null),
);
call(
  'getnameinfo',
  memory('addr', 16, address),
  int('addrlen', 16),
  outMemory('host', 64),
  size('hostlen', 64),
  outMemory('serv', 32),
  size('servlen', 32),
  fixed('flags', c.NI_NUMERICHOST | c.NI_NUMERICSERV),
);
call('getservbyname', text('name', 'http'), text('proto', 'tcp'));
call('getservbyport', int('port', 80), text('proto', 'tcp'));
call('getprotobyname', text('name', 'tcp'));
call('getprotobynumber', int('proto', 6));
call('if_nametoindex', text('ifname', 'lo'));
call('if_indextoname', int('ifindex', 1), outMemory('ifname', 16));
call(
  'if_freenameindex',
  accepting(
    instance('ptr', () => null),
    'a list',
    'a list of a number',
  ),
);
call(
  'getifaddrs',
  instance('ifap', () => new c.pointer()),
);
call(
  'freeifaddrs',
  instance('ifa', () => null),
);

// <arpa/inet.h>
for (const name of ['inet_addr', 'inet_network']) call(name, text('cp', '1.2.3.4'));
call('inet_aton', text('cp', '1.2.3.4'), outMemory('inp', 4));
call('inet_makeaddr', int('net', 10), int('host', 1));
for (const name of ['inet_lnaof', 'inet_netof', 'inet_ntoa']) call(name, outMemory('in', 4, ipv4));
call('inet_pton', int('af', c.AF_INET), text('src', '1.2.3.4'), outMemory('dst', 4));
call('inet_pton', fixed('af', c.AF_INET6), text('src', '::1'), outMemory('dst', 16));
call('inet_ntop', int('af', c.AF_INET), outMemory('src', 4, ipv4), outMemory('dst', 16), size('size', 16));
call('inet_ntop', fixed('af', c.AF_INET6), outMemory('src', 16, ipv6), outMemory('dst', 46), size('size', 46));
for (const bits of [16, 32, 64]) {
  const names = {
    [`htobe${bits}`]: 'host',
    [`htole${bits}`]: 'host',
    [`be${bits}toh`]: 'big',
    [`le${bits}toh`]: 'little',
  };
  for (const [name, argument] of Object.entries(names)) call(name, bits === 64 ? size(argument, 1) : int(argument, 1));
}
call('htons', int('hostshort', 1));
call('htonl', int('hostlong', 1));
call('ntohs', int('netshort', 1));
call('ntohl', int('netlong', 1));

/** Every function's row, in no order that matters. */
export const cCalls: readonly Call[] = calls;
