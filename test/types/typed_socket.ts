// Programs against the types of Socket and its addresses, right and wrong ones. Compiled, never run.
import type { RemoteInfo } from 'node:dgram';
import * as net from 'node:net';
import {
  type Address,
  type AddressInput,
  AF_CAN,
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_PACKET,
  AF_UNIX,
  AF_VSOCK,
  type ControlMessage,
  decodeAddress,
  decodeControl,
  encodeAddress,
  encodeControl,
  type Inet6Address,
  type InetAddress,
  MessageBatch,
  type NetlinkAddress,
  type PacketAddress,
  POLLIN,
  poll,
  type ReceivedMessage,
  SO_REUSEADDR,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  SOL_SOCKET,
  Socket,
  select,
  type UnixAddress,
  type VsockAddress,
} from 'bsd-sockets';
import * as c from 'bsd-sockets/c';

/** Compiles only where the two are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <T extends true>(): T => true as T;

// The contract's front page.
export function front(): number {
  using server = new Socket(AF_INET, SOCK_STREAM);
  server.setsockopt(SOL_SOCKET, SO_REUSEADDR, true);
  server.bind({ address: '127.0.0.1', port: 8080 });
  server.listen();
  const { socket, address } = server.accept();
  yes<Same<typeof socket, Socket<InetAddress>>>();
  yes<Same<typeof address, InetAddress>>();
  return server.getsockname().port + address.port;
}

// The domain says the address.
const inet = new Socket(AF_INET, SOCK_STREAM);
const inet6 = new Socket(AF_INET6, SOCK_DGRAM, 0);
const unix = new Socket(AF_UNIX, SOCK_DGRAM);
const vsock = new Socket(AF_VSOCK, SOCK_STREAM);
const packet = new Socket(AF_PACKET!, SOCK_RAW);
const netlink = new Socket(AF_NETLINK!, SOCK_RAW);
yes<Same<typeof inet, Socket<InetAddress>>>();
yes<Same<typeof inet6, Socket<Inet6Address>>>();
yes<Same<typeof unix, Socket<UnixAddress>>>();
yes<Same<typeof vsock, Socket<VsockAddress>>>();
yes<Same<typeof packet, Socket<PacketAddress>>>();
yes<Same<typeof netlink, Socket<NetlinkAddress>>>();
const [a, b] = Socket.pair(AF_UNIX, SOCK_STREAM);
yes<Same<typeof a, Socket<UnixAddress>>>();
yes<Same<typeof b, Socket<UnixAddress>>>();
// A plain number as domain, an adopted and a borrowed descriptor: the union of all addresses.
yes<Same<ReturnType<typeof Socket.adopt>, Socket<Address>>>();
yes<Same<ReturnType<typeof Socket.from>, Socket<Address>>>();
const other: Socket = new Socket(38, SOCK_STREAM);
// @ts-expect-error: the union has no port
other.getsockname().port;
const name = other.getsockname();
if (name.family === 'inet') name.port satisfies number;
else if (name.family === 'unix') name.path satisfies string;
else if (typeof name.family === 'number') name.bytes satisfies Uint8Array;
if (name.family === 'inet') {
  // @ts-expect-error: an IPv4 address has no scope
  name.scopeId;
}

// Addresses on input: the family and what has a default may be left out.
inet
  .bind({ port: 0 })
  .connect({ address: '127.0.0.1', port: 1 })
  .connect({ family: 'inet', address: '1.2.3.4', port: 1 });
inet6.bind({ port: 0 }).connect({ address: '::1', port: 1, scopeId: 2 });
unix.bind({ path: '\0name' }).sendto('x', { family: 'unix', path: '/x' });
vsock.connect({ cid: 2, port: 1 });
packet.bind({ interface: 'lo', protocol: 3 }).bind({ interface: 1 });
netlink.bind({}).bind({ pid: 0, groups: 1 });
inet.connect({ family: 'unspec' });
inet.connect(inet.getsockname());
if (AF_CAN !== undefined) new Socket(AF_CAN, SOCK_RAW).bind({ interface: 'can0', rxId: 1, txId: 2 });
({ port: 1 }) satisfies AddressInput<InetAddress>;

// Wrong addresses for the family.
// @ts-expect-error: no port
inet.bind({ address: '127.0.0.1' });
// @ts-expect-error: a path is a Unix socket's
inet.bind({ path: '/x' });
// @ts-expect-error: another family
inet.connect({ family: 'inet6', address: '::1', port: 1 });
// @ts-expect-error: a scope is IPv6's
inet.connect({ address: '127.0.0.1', port: 1, scopeId: 1 });
const named = { host: '127.0.0.1', port: 1 };
// @ts-expect-error: a name, which nothing would read: the address would be the wildcard
inet.bind(named);
const hostname = { hostname: '127.0.0.1', port: 1 };
// @ts-expect-error: the same
inet6.connect(hostname);
const pathAndPort = { path: '/x', port: 1 };
// @ts-expect-error: a path is a Unix socket's
inet.bind(pathAndPort);
// @ts-expect-error: a port is not
unix.bind(pathAndPort);
inet.connect({ family: 'IPv4', address: '127.0.0.1', port: 1, size: 5 } satisfies RemoteInfo);
inet.connect(new c.sockaddr_in());
encodeAddress(inet.getsockname()) satisfies Uint8Array;
decodeAddress(new c.sockaddr_un()) satisfies Address;
encodeControl([{ type: 'ttl', value: 1 }]) satisfies Uint8Array;
decodeControl(new Uint8Array(8)) satisfies readonly ControlMessage[];
// @ts-expect-error: another family
unix.bind({ port: 1 });
// @ts-expect-error: a path is text
unix.bind({ path: new Uint8Array(3) });
// @ts-expect-error: a port is a number
inet.bind({ port: '80' });
// @ts-expect-error: no address
inet.connect();
// @ts-expect-error: an address is an object
inet.connect('127.0.0.1', 80);
// @ts-expect-error: cid is missing
vsock.connect({ port: 1 });
// @ts-expect-error: an interface
packet.bind({ protocol: 3 });
// @ts-expect-error: another family's address
inet.sendto('x', unix.getsockname());
// @ts-expect-error: another family's address
inet.sendmsg({ data: 'x', address: { path: '/x' } });
// @ts-expect-error: a name that no family is called by
other.bind({ family: 'ipx', port: 1 });

// Calls.
inet.send('text') satisfies number;
inet.send(new Float64Array(4));
inet.send(new SharedArrayBuffer(4), 0);
inet.trySend(new DataView(new ArrayBuffer(4))) satisfies number | null;
inet.recv(new Uint8Array(4)) satisfies number;
inet.tryRecv(new ArrayBuffer(4)) satisfies number | null;
inet.recvfrom(new Uint8Array(4)) satisfies { length: number; address: InetAddress; truncated: boolean };
inet.tryAccept() satisfies { socket: Socket<InetAddress>; address: InetAddress } | null;
inet.tryConnect({ port: 1 }) satisfies Socket<InetAddress> | null;
unix.recvmsg({ buffers: new Uint8Array(1) }) satisfies ReceivedMessage<UnixAddress>;
unix.sendmmsg(new MessageBatch(4, { size: 100 })) satisfies number;
unix.sendmmsg([{ data: ['x', new Uint8Array(1)], address: { path: '/x' } }]);
inet.detach() satisfies number;
// @ts-expect-error: nothing to receive into
inet.recv();
// @ts-expect-error: a string cannot be received into
inet.recv('text');
// @ts-expect-error: a number is no data
inet.send(1);
// @ts-expect-error: an object is no data
inet.send({ length: 3 });
// @ts-expect-error: flags are a number
inet.send('x', 'MSG_DONTWAIT');
// @ts-expect-error: may be null
inet.trySend('x').toFixed();
// @ts-expect-error: may be null
inet.tryAccept().socket;
// @ts-expect-error: only asked
inet.fd = 3;
// @ts-expect-error: a boolean
inet.blocking = 1;
// @ts-expect-error: no size
new MessageBatch(4);
// @ts-expect-error: sendmmsg takes messages
unix.sendmmsg('x');
// @ts-expect-error: recvmmsg takes a batch
unix.recvmmsg([new Uint8Array(4)]);
// @ts-expect-error: a batch's address must say its family
new MessageBatch(4, { size: 1 }).add('x', { address: '127.0.0.1', port: 1 });
// @ts-expect-error: a domain is a number
new Socket('inet', SOCK_STREAM);
// @ts-expect-error: no type
new Socket(AF_INET);

// Missing platform constants are undefined, and must be looked at first.
AF_PACKET satisfies number | undefined;
// @ts-expect-error: may be undefined
AF_PACKET.toFixed();
if (AF_NETLINK !== undefined) yes<Same<ReturnType<Socket<NetlinkAddress>['getsockname']>, NetlinkAddress>>();

// Descriptors of others.
Socket.from(net.connect(80));
Socket.from(net.createServer());
Socket.from({ fd: 3 });
Socket.from(3);
// @ts-expect-error: a descriptor or an object
Socket.from('3');
// @ts-expect-error: a descriptor
Socket.adopt(net.connect(80));

// Readiness.
poll([{ socket: inet, events: POLLIN }], 100) satisfies { socket: Socket<InetAddress>; events: number }[];
const sets = select({ read: [inet, unix], write: [3] }, 100);
sets.write satisfies number[];
yes<Same<typeof sets.except, never[]>>();
sets.read[0] satisfies Socket<InetAddress> | Socket<UnixAddress> | undefined;
// @ts-expect-error: no socket
poll([{ socket: 'x', events: POLLIN }]);
// @ts-expect-error: no events
poll([{ socket: inet }]);
// @ts-expect-error: sets, not lists
select([inet], [], []);
