// @ts-check
// The clients of echo.mjs: all are connected at once; each sends and receives its own words several times.
import { AF_INET, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { raise } from './limits.mjs';

raise();
const [port, count] = process.argv.slice(2).map(Number);
const address = { address: '127.0.0.1', port: /** @type {number} */ (port) };
/** @type {Socket[]} */
const clients = [];
while (clients.length < /** @type {number} */ (count)) {
  const some = Array.from({ length: 500 }, () => new Socket(AF_INET, SOCK_STREAM));
  await Promise.all(some.map((client) => client.connect(address)));
  clients.push(...some);
}
console.log(`connected ${clients.length}`);
let right = 0;
for (let round = 0; round < 3; round++) {
  await Promise.all(
    clients.map(async (client, i) => {
      const words = Buffer.from(`round ${round} of ${i}`);
      const answer = Buffer.alloc(words.length);
      await Promise.all([client.sendAll(words), client.recvExactly(answer)]);
      if (answer.equals(words)) right++;
    }),
  );
}
for (const client of clients) client.close();
console.log(`right ${right}`);
