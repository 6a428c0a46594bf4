// Benchmark, group calls: the same by unix-dgram, which tells of what came by an event.
import unix from 'unix-dgram';
import { contestByEvents } from './contestant.mjs';
import { names } from './names.mjs';

const out = Buffer.alloc(1);
const from = unix.createSocket('unix_dgram');
const to = unix.createSocket('unix_dgram', () => received());
to.bind(names[0]);
await new Promise((resolve) => from.once('connect', resolve).connect(names[0]));
const received = contestByEvents(() => from.send(out));
