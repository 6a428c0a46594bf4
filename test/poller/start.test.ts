// Room: Poller on the event loop, by one handle of the loop's.
import { describe } from 'vitest';
import { startCases } from './start_cases.js';

describe('by a handle of libuv', startCases);
