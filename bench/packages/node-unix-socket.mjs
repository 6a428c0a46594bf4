// Benchmark, group calls: the same by node-unix-socket, which tells of what came by an event.
import { DgramSocket } from 'node-unix-socket';
import { contestByEvents } from './contestant.mjs';
import { names } from './names.mjs';

const out = Buffer.alloc(1);
const from = new DgramSocket();
const to = new DgramSocket();
to.bind(names[0]);
to.on(
  'data',
  contestByEvents(() => from.sendTo(out, 0, 1, names[0])),
);
