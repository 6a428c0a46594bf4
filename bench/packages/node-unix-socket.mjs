// Benchmark, group calls: the same by node-unix-socket, which tells of what came by an event.
import { DgramSocket } from 'node-unix-socket';
import { contest } from './contestant.mjs';
import { names } from './names.mjs';

let received = () => {};
const to = new DgramSocket();
to.on('data', () => received());
to.bind(names[0]);
const from = new DgramSocket();
const out = Buffer.alloc(1);
const send = () => from.sendTo(out, 0, 1, names[0]);

await contest(
  (n) =>
    new Promise((resolve) => {
      let left = n;
      received = () => {
        if (--left === 0) resolve();
        else send();
      };
      send();
    }),
);
