// Room: Poller on the event loop, by one handle of the loop's.
import { describe } from 'vitest';
import { cases } from './on_the_loop.js';

describe('by a handle of libuv', cases);
