// The facts in which Linux and macOS (xnu) differ, one constant each. Code asks a fact by its name and never looks at a constant of the
// other platform or at process.platform. Two things are no facts: an option or control message that a platform lacks is a row that is
// left out (lib/socket/options/rows.ts, lib/socket/control.ts), and the C layer is exact: a function that is missing there is ENOSYS.
//
// Each fact is a constant of this module, computed once at import, so that a hot path pays nothing for it.
//
// BSD_SOCKETS_WITHOUT is for tests alone: it forces facts off by name (`BSD_SOCKETS_WITHOUT=accept4,cmsgCloexec`, or `all`), so that
// Linux executes the fall-backs that only macOS needs otherwise. scripts/test-fallbacks.mjs runs the suite that way. A fact that cannot
// be forced off has no fall-back that would work on Linux; those stand at the end.
import * as c from '../generated/constants.js';
import { native } from './binding.js';

/** The facts that BSD_SOCKETS_WITHOUT can force off. */
const SWITCHES = [
  'accept4',
  'cmsgCloexec',
  'msgDontwaitOnSend',
  'pollOutBesideHup',
  'pollRdhup',
  'soDomain',
  'soProtocol',
  'sockCloexec',
] as const;
type Switch = (typeof SWITCHES)[number];

const without: readonly string[] = process.env.BSD_SOCKETS_WITHOUT?.split(',').filter(Boolean) ?? [];
const unknown = without.find((name) => name !== 'all' && !(SWITCHES as readonly string[]).includes(name));
if (unknown !== undefined) {
  throw new Error(`BSD_SOCKETS_WITHOUT: there is no fact '${unknown}'; the facts are ${SWITCHES.join(', ')}, or all`);
}
const fact = (name: Switch, value: boolean): boolean => value && !without.includes('all') && !without.includes(name);

/** xnu: the one place that asks for the operating system, for behaviour that no constant tells. */
const XNU = process.platform === 'darwin';

// ---- Facts with a fall-back that Linux can execute

/**
 * `accept4(2)`: a connection is close-on-exec, and non-blocking if asked, in one call. xnu lacks it: accept, then fcntl; between the two
 * a fork in another thread inherits the descriptor.
 */
export const hasAccept4: boolean = fact('accept4', c.SOCK_CLOEXEC !== undefined);
/** `SOCK_CLOEXEC` and `SOCK_NONBLOCK` may be or-ed to a socket's type. xnu lacks them: fcntl after the call. */
export const hasSockCloexec: boolean = fact('sockCloexec', c.SOCK_CLOEXEC !== undefined);
/** `MSG_CMSG_CLOEXEC`: descriptors arrive close-on-exec. xnu lacks it: fcntl on each descriptor of the message. */
export const hasCmsgCloexec: boolean = fact('cmsgCloexec', c.MSG_CMSG_CLOEXEC !== undefined);
/**
 * `MSG_DONTWAIT` keeps a send from blocking. xnu heeds it in recv alone: a send asks only for O_NONBLOCK (`sosendcheck` in
 * bsd/kern/uipc_socket.c). There a send that must not block needs O_NONBLOCK, or a poll for POLLOUT before it.
 */
export const hasMsgDontwaitOnSend: boolean = fact('msgDontwaitOnSend', !XNU);
/** `SO_DOMAIN`. xnu lacks it: the family stands in getsockname's answer. */
export const hasSoDomain: boolean = fact('soDomain', c.SO_DOMAIN !== undefined);
/** `SO_PROTOCOL`. xnu lacks it: a socket that was adopted has protocol 0. */
export const hasSoProtocol: boolean = fact('soProtocol', c.SO_PROTOCOL !== undefined);
/**
 * `POLLRDHUP`: an event says that a stream's end came. xnu lacks it: the end is found by a recv that gives 0, so a short recv does not
 * mean that the next one would have to wait.
 */
export const hasPollRdhup: boolean = fact('pollRdhup', c.POLLRDHUP !== undefined);
/**
 * poll(2) leaves POLLOUT out where it reports POLLHUP: a waiter for POLLOUT must take POLLHUP for an answer. xnu does
 * (`poll_callback` in bsd/kern/sys_generic.c); Linux reports both.
 */
export const pollHupExcludesPollOut: boolean = !fact('pollOutBesideHup', !XNU);

// ---- Facts that cannot be forced off

/** `SO_NOSIGPIPE`: a socket says once that no send raises SIGPIPE. xnu has it; Linux passes MSG_NOSIGNAL to each send. */
export const hasSoNosigpipe: boolean = c.SO_NOSIGPIPE !== undefined;
/** A connection has O_NONBLOCK where its listener has. xnu, as all BSDs; on Linux accept gives a blocking one. */
export const acceptInheritsNonblock: boolean = XNU;
/** A sockaddr begins with its length, and the family is its second byte. xnu, as all BSDs. */
export const hasSockaddrLength: boolean = c.AF_LINK !== undefined;
/** `recvmmsg(2)`. xnu lacks it: UnsupportedError (ENOSYS). */
export const hasRecvmmsg: boolean = native.recvmmsg !== undefined;
/** `sendmmsg(2)`. xnu lacks it: UnsupportedError (ENOSYS). */
export const hasSendmmsg: boolean = native.sendmmsg !== undefined;
