// The rows of c_calls.ts for functions that make no system call: string functions and macros.
import * as c from 'bsd-sockets/c';
import type { Call } from './c_calls.js';
import {
  type Argument,
  accepting,
  type CallFixture,
  fd,
  instance,
  int,
  memory,
  outMemory,
  size,
  text,
} from './call_arguments.js';
import { notAnyArgument, notInteger } from './wrong_values.js';

const calls: Call[] = [];
const call = (name: string, ...args: Argument[]): void => void calls.push({ name, args });

const s = outMemory('s', 16);
call('memset', s, int('c', 1), size('n', 16));
for (const name of ['memcpy', 'memmove']) call(name, outMemory('dest', 16), memory('src', 16), size('n', 16));
call('memcmp', memory('s1', 16), memory('s2', 16), size('n', 16));
call('strlen', text('s', 'text'));
call('strcpy', outMemory('dest', 16), text('src', 'text'));
call('strncpy', outMemory('dest', 16), text('src', 'text'), size('n', 8));
call('strcmp', text('s1', 'text'), text('s2', 'text'));
call('strncmp', text('s1', 'text'), text('s2', 'text'), size('n', 8));

const set = instance('set', () => new c.fd_set());
const member = { ...fd('fd', 'stream'), bad: int('').bad };
call('FD_ZERO', set);
call('FD_COPY', { ...set, name: 'orig' }, { ...set, name: 'copy' });
for (const name of ['FD_SET', 'FD_CLR', 'FD_ISSET']) call(name, member, set);

const number: Argument = {
  name: 'a',
  good: () => 1,
  wrong: [...notAnyArgument, ...notInteger.filter(([name]) => ['memory', 'a box', 'null', 'a string'].includes(name))],
  bad: size('', 1).bad,
};
call('MAX', number, { ...number, name: 'b' });
call('MIN', number, { ...number, name: 'b' });

// Types
call(
  'offsetof',
  instance('type', () => c.sockaddr_in),
  instance('field', () => 'sin_port'),
);
const fractions = ['a fraction', 'a small fraction', 'NaN', 'Infinity', '-Infinity'];
call(
  'array',
  accepting(
    instance('type', () => c.int),
    'a type',
  ),
  { ...accepting(int('length', 4), ...fractions), bad: notInteger.filter(([name]) => fractions.includes(name)) },
);

// Control messages, netlink
const bufferFor = (f: CallFixture): Uint8Array => f.memory(64, new Uint8Array(64));
const message = (f: CallFixture): c.msghdr => new c.msghdr({ msg_control: bufferFor(f), msg_controllen: 64 });
for (const name of ['CMSG_ALIGN', 'CMSG_LEN', 'CMSG_SPACE']) call(name, size('length', 4));
call('CMSG_FIRSTHDR', instance('msg', message));
call(
  'CMSG_NXTHDR',
  instance('msg', message),
  instance('cmsg', () => new c.cmsghdr()),
);
call(
  'CMSG_DATA',
  instance('cmsg', () => new c.cmsghdr()),
);
for (const name of ['NLMSG_ALIGN', 'NLMSG_LENGTH', 'NLMSG_SPACE', 'RTA_LENGTH']) call(name, size('len', 4));
const nlh = instance('nlh', (f) => c.nlmsghdr.at(bufferFor(f)));
const rta = instance('rta', (f) => c.rtattr.at(bufferFor(f)));
call('NLMSG_DATA', nlh);
call('NLMSG_PAYLOAD', nlh, size('len', 4));
/** C's lvalue: a box; a number where it is not to be reduced. */
const remaining = (name: string): Argument =>
  accepting(
    instance(name, () => new c.int(64)),
    'a box',
    'a number',
  );
call('NLMSG_OK', nlh, remaining('len'));
call('NLMSG_NEXT', nlh, remaining('len'));
call('RTA_DATA', rta);
call('RTA_PAYLOAD', rta);
call('RTA_OK', rta, remaining('len'));
call('RTA_NEXT', rta, remaining('attrlen'));
call(
  'SO_EE_OFFENDER',
  instance('ee', () => new c.sock_extended_err()),
);
call('BPF_STMT', int('code', 6), int('k'));
call('BPF_JUMP', int('code', 6), int('k'), int('jt'), int('jf'));

// Addresses
for (const name of Object.keys(c).filter((key) => key.startsWith('IN6_IS_ADDR_'))) call(name, outMemory('a', 16));
call('IN6_ARE_ADDR_EQUAL', outMemory('a', 16), outMemory('b', 16));
for (const name of ['IN_CLASSA', 'IN_CLASSB', 'IN_CLASSC', 'IN_CLASSD', 'IN_MULTICAST']) call(name, int('a'));
for (const name of ['ICMP6_FILTER_SETPASSALL', 'ICMP6_FILTER_SETBLOCKALL']) call(name, outMemory('filter', 32));
for (const name of ['SETPASS', 'SETBLOCK', 'WILLPASS', 'WILLBLOCK']) {
  call(`ICMP6_FILTER_${name}`, int('type', 128), outMemory('filter', 32));
}
call(
  'SUN_LEN',
  instance('su', () => new c.sockaddr_un()),
);
call('ether_ntoa', outMemory('addr', 6));
call('ether_aton', text('asc', '1:2:3:4:5:6'));

/** The rows. */
export const cMacros: readonly Call[] = calls;
