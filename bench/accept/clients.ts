// Benchmark, group accept: the clients of every TypeScript contestant; connecting is not measured. The server closes first, so the
// listener's port fills with connections in TIME_WAIT, and the clients' ports are free again.
import { AF_INET, type InetAddress, SOCK_STREAM, Socket } from 'bsd-sockets';

export const COUNT = 64;

/** n rounds, a connection each: what `accept`, which accepts and closes COUNT of them, took. */
export function measure(n: number, address: InetAddress, accept: () => void): bigint {
  let took = 0n;
  for (let done = 0; done < n; done += COUNT) {
    const clients = Array.from({ length: COUNT }, () => new Socket(AF_INET, SOCK_STREAM).connect(address));
    const start = process.hrtime.bigint();
    accept();
    took += process.hrtime.bigint() - start;
    for (const client of clients) client.close();
  }
  return took;
}
