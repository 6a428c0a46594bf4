// Benchmark, group calls: the same by koffi, a foreign-function interface, on libc.
import koffi from 'koffi';
import { contest } from './contestant.mjs';

const libc = koffi.load(process.platform === 'darwin' ? 'libSystem.dylib' : 'libc.so.6');
const socketpair = libc.func('int socketpair(int domain, int type, int protocol, _Out_ int *sv)');
const send = libc.func('intptr_t send(int fd, const void *buf, size_t len, int flags)');
const recv = libc.func('intptr_t recv(int fd, void *buf, size_t len, int flags)');

const [AF_UNIX, SOCK_DGRAM] = [1, 2];
const sv = [0, 0];
if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sv) < 0) throw new Error('socketpair failed');
const [from, to] = sv;
const out = new Uint8Array([120]);
const incoming = new Uint8Array(1);

await contest((n) => {
  for (let i = 0; i < n; i++) {
    if (send(from, out, 1, 0) !== 1 || recv(to, incoming, 1, 0) !== 1) throw new Error('send or recv failed');
  }
});
