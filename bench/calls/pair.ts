// Benchmark, group calls: the TypeScript twin of pair.c, on bsd-sockets/c.
import { AF_UNIX, array, char, int, perror, printf, read, recv, SOCK_DGRAM, send, socketpair } from 'bsd-sockets/c';

const sv = new (array(int, 2))();
if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sv) < 0) {
  perror('socketpair failed');
  process.exit(1);
}
const [from, to] = [sv[0], sv[1]];
const out = new Uint8Array([120]);
const incoming = new Uint8Array(1);

function rounds(n: number): void {
  for (let i = 0; i < n; i++) {
    if (send(from, out, 1, 0) !== 1 || recv(to, incoming, 1, 0) !== 1) {
      perror('send or recv failed');
      process.exit(1);
    }
  }
}

const line = new (array(char, 32))();
for (;;) {
  const length = read(0, line, 32);
  if (length <= 0) break;
  const n = Number.parseInt(String(line.subarray(0, length)), 10);
  const start = process.hrtime.bigint();
  rounds(n);
  printf('%lld\n', process.hrtime.bigint() - start);
}
