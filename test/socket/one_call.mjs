// @ts-check
// Runs under strace: each method named after a BSD call makes that one system call, on an adopted socket too.
import { AF_INET, MessageBatch, SHUT_RDWR, SO_RCVBUF, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET, Socket } from 'bsd-sockets';
import { close } from 'bsd-sockets/c';

const [tcp, udp] = [SOCK_STREAM, SOCK_DGRAM].map((type) => Socket.adopt(new Socket(AF_INET, type).detach()));
const peer = new Socket(AF_INET, SOCK_DGRAM).bind({ address: '127.0.0.1', port: 0 });
if (!tcp || !udp) throw new Error('no sockets');
const any = /** @type {const} */ ({ family: 'inet', address: '127.0.0.1', port: 0 });
const buffer = new Uint8Array(8);
const batch = new MessageBatch(1, { size: 8 });

/** Two calls on no descriptor mark the place in strace's output. @param {() => unknown} call */
function marked(call) {
  close(-1);
  call();
  close(-1);
}
marked(() => udp.bind(any));
const name = peer.getsockname();
const own = /** @type {typeof name} */ (udp.getsockname());
marked(() => udp.sendto('x', name));
marked(() => peer.recvfrom(buffer));
peer.sendto('x', own);
marked(() => udp.recvfrom(buffer));
marked(() => udp.connect(name));
peer.connect(own);
marked(() => udp.send('x'));
marked(() => peer.recv(buffer));
marked(() => udp.sendmsg({ data: 'x', address: name }));
marked(() => peer.recvmsg({ buffers: buffer, controlSize: 64 }));
marked(() => udp.sendmmsg([{ data: 'x' }]));
marked(() => peer.recvmmsg(batch));
marked(() => udp.getsockname());
marked(() => udp.getpeername());
marked(() => udp.getsockopt(SOL_SOCKET, SO_RCVBUF));
marked(() => udp.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096));
tcp.bind(any);
marked(() => tcp.listen());
const client = new Socket(AF_INET, SOCK_STREAM).connect(/** @type {typeof any} */ (tcp.getsockname()));
marked(() => tcp.accept());
marked(() => client.shutdown(SHUT_RDWR));
marked(() => client.close());
process.exit();
