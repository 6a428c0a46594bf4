// Benchmark, group calls: the same by unix-dgram, which tells of what came by an event.
import unix from 'unix-dgram';
import { contest } from './contestant.mjs';
import { names } from './names.mjs';

let received = () => {};
const to = unix.createSocket('unix_dgram', () => received());
to.bind(names[0]);
const from = unix.createSocket('unix_dgram');
await new Promise((resolve) => from.once('connect', resolve).connect(names[0]));
const out = Buffer.alloc(1);

await contest(
  (n) =>
    new Promise((resolve) => {
      let left = n;
      received = () => {
        if (--left === 0) resolve();
        else from.send(out);
      };
      from.send(out);
    }),
);
