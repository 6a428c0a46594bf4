// Poller.start with one handle of the event loop.
import { describe } from 'vitest';
import { startCases } from './start_cases.js';

describe('Poller.start by a handle of libuv', startCases);
