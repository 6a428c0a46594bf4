// Benchmark, group bulk: the server of c.ts.
import { long_long, MSG_WAITALL, recv, send } from 'bsd-sockets/c';
import { serveBlocking } from '../pair.js';

const SIZE = 65_536;
const buffer = new Uint8Array(SIZE);
const header = new long_long();
serveBlocking((fd) => {
  while (recv(fd, header, 8, MSG_WAITALL) === 8) {
    for (let left = Number(header.value); left > 0; ) {
      const received = recv(fd, buffer, SIZE, 0);
      if (received <= 0) return;
      left -= received;
    }
    if (send(fd, buffer, 1, 0) !== 1) return;
  }
});
