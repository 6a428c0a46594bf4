// Programs against the types of options and control messages, right and wrong ones. Compiled, never run.
import {
  AF_INET,
  type ControlMessage,
  type Credentials,
  type FilterInstruction,
  IP_ADD_MEMBERSHIP,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_V6ONLY,
  type Linger,
  SO_ATTACH_FILTER,
  SO_ERROR,
  SO_KEEPALIVE,
  SO_LINGER,
  SO_NOSIGPIPE,
  SO_PEERCRED,
  SO_RCVTIMEO,
  SO_TIMESTAMPING,
  SO_TYPE,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
  type SocketError,
  TCP_CONGESTION,
  TCP_INFO,
  TCP_MD5SIG,
  TCP_NODELAY,
  TCP_USER_TIMEOUT,
} from 'bsd-sockets';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <T extends true>(): T => true as T;
const socket = new Socket(AF_INET, SOCK_STREAM);

// A constant is a number that knows its level and its value.
SO_LINGER satisfies number;
socket
  .setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 5 })
  .setsockopt(SOL_SOCKET, SO_LINGER, null)
  .setsockopt(SOL_SOCKET, SO_KEEPALIVE, true)
  .setsockopt(SOL_SOCKET, SO_RCVTIMEO, 1500)
  .setsockopt(IPPROTO_TCP, TCP_NODELAY, true)
  .setsockopt(IPPROTO_IP, IP_TTL, 3)
  .setsockopt(IPPROTO_IP, IP_ADD_MEMBERSHIP, { address: '239.1.2.3', interface: 'lo' })
  .setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, false);
const gets = {
  linger: socket.getsockopt(SOL_SOCKET, SO_LINGER),
  keepalive: socket.getsockopt(SOL_SOCKET, SO_KEEPALIVE),
  timeout: socket.getsockopt(SOL_SOCKET, SO_RCVTIMEO),
  error: socket.getsockopt(SOL_SOCKET, SO_ERROR),
  type: socket.getsockopt(SOL_SOCKET, SO_TYPE),
  bytes: socket.getsockopt(SOL_SOCKET, SO_LINGER, 8),
};
yes<Same<typeof gets.linger, Linger | null>>();
yes<Same<typeof gets.keepalive, boolean>>();
yes<Same<typeof gets.timeout, number>>();
yes<Same<typeof gets.error, SocketError | null>>();
yes<Same<typeof gets.type, number>>();
gets.bytes satisfies Uint8Array;

// @ts-expect-error: a boolean is no linger
socket.setsockopt(SOL_SOCKET, SO_LINGER, true);
// @ts-expect-error: seconds
socket.setsockopt(SOL_SOCKET, SO_LINGER, {});
// @ts-expect-error: another level
socket.setsockopt(IPPROTO_TCP, SO_LINGER, { seconds: 5 });
// @ts-expect-error: another level
socket.getsockopt(IPPROTO_IP, TCP_NODELAY);
// @ts-expect-error: a level is a constant, not any number
socket.setsockopt(6, TCP_NODELAY, true);
// @ts-expect-error: a flag is a boolean
socket.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1);
// @ts-expect-error: milliseconds
socket.setsockopt(SOL_SOCKET, SO_RCVTIMEO, { tv_sec: 1 });
// @ts-expect-error: only asked
socket.setsockopt(SOL_SOCKET, SO_TYPE, 1);
// @ts-expect-error: only asked
socket.setsockopt(SOL_SOCKET, SO_ERROR, null);
// @ts-expect-error: a membership
socket.setsockopt(IPPROTO_IP, IP_ADD_MEMBERSHIP, '239.1.2.3');
// @ts-expect-error: no value
socket.setsockopt(SOL_SOCKET, SO_KEEPALIVE);
// @ts-expect-error: may be null
gets.linger.seconds;

// What another platform lacks may be undefined: it must be looked at, or asserted.
// @ts-expect-error: may be undefined
socket.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, 1000);
// @ts-expect-error: may be undefined
socket.getsockopt(SOL_SOCKET, SO_PEERCRED);
socket.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT!, 1000);
if (SO_NOSIGPIPE !== undefined) socket.setsockopt(SOL_SOCKET, SO_NOSIGPIPE, true);
if (SO_PEERCRED !== undefined) yes<Same<ReturnType<typeof credentials>, Credentials>>();
const credentials = () => socket.getsockopt(SOL_SOCKET, SO_PEERCRED!);
socket.setsockopt(SOL_SOCKET, SO_ATTACH_FILTER!, [{ code: 6, k: 0 }]);
const filter: FilterInstruction[] = socket.getsockopt(SOL_SOCKET, SO_ATTACH_FILTER!);
filter[0]?.code satisfies number | undefined;
socket.setsockopt(IPPROTO_TCP, TCP_CONGESTION!, 'cubic');
socket.getsockopt(IPPROTO_TCP, TCP_INFO!).tcpi_rtt satisfies number;
// @ts-expect-error: a name
socket.setsockopt(IPPROTO_TCP, TCP_CONGESTION!, 1);
// @ts-expect-error: only asked
socket.setsockopt(IPPROTO_TCP, TCP_INFO!, {});
// @ts-expect-error: no filter
socket.setsockopt(SOL_SOCKET, SO_ATTACH_FILTER!, new Uint8Array(16));
// @ts-expect-error: an instruction has a code
socket.setsockopt(SOL_SOCKET, SO_ATTACH_FILTER!, [{ k: 1 }]);

// An option without a type: a number or bytes, on any level.
socket.setsockopt(SOL_SOCKET, SO_TIMESTAMPING!, 3).setsockopt(IPPROTO_TCP, TCP_MD5SIG!, new Uint8Array(216));
socket.setsockopt(6, 99, 1).getsockopt(6, 99) satisfies number;
socket.getsockopt(6, 99, 16) satisfies Uint8Array;
// @ts-expect-error: a number or bytes
socket.setsockopt(6, 99, true);
// @ts-expect-error: a number or bytes
socket.setsockopt(6, 99, 'x');

// Control messages.
socket.sendmsg({
  data: 'x',
  control: [
    { type: 'rights', fds: [0, 1] },
    { type: 'credentials', pid: 1, uid: 2, gid: 3 },
    { type: 'pktinfo', address: '127.0.0.1', interface: 'lo' },
    { type: 'ttl', value: 3 },
    { level: 1, type: 2, data: new Uint8Array(4) },
  ],
});
// @ts-expect-error: descriptors are a list
socket.sendmsg({ data: 'x', control: [{ type: 'rights', fds: 1 }] });
// @ts-expect-error: no descriptors
socket.sendmsg({ data: 'x', control: [{ type: 'rights' }] });
// @ts-expect-error: no such message
socket.sendmsg({ data: 'x', control: [{ type: 'right', fds: [1] }] });
// @ts-expect-error: gid is missing
socket.sendmsg({ data: 'x', control: [{ type: 'credentials', pid: 1, uid: 1 }] });
// @ts-expect-error: no interface
socket.sendmsg({ data: 'x', control: [{ type: 'pktinfo', address: '127.0.0.1' }] });
// @ts-expect-error: a list
socket.sendmsg({ data: 'x', control: { type: 'ttl', value: 1 } });
// @ts-expect-error: no data
socket.sendmsg({ control: [] });
// @ts-expect-error: no buffers
socket.recvmsg({ controlSize: 100 });

export function received(control: readonly ControlMessage[]): number {
  for (const message of control) {
    if (message.type === 'rights') return message.fds.length;
    if (message.type === 'pktinfo') return message.address.length;
    if (message.type === 'ttl' || message.type === 'segment') return message.value;
    if (message.type === 'timestamp') return message.seconds;
    if (typeof message.type === 'number') return message.data.length;
    // @ts-expect-error: credentials and process descriptors have no value in common
    message.value;
  }
  return 0;
}
