// The tickets of this thread's owned descriptors, by number; 0 for any other. Native code (native/ownership.cpp) writes them, also from
// other threads.
import { isMainThread } from 'node:worker_threads';
import { native } from '../addon/binding.js';

export let tickets = new Int32Array(4096);
native.own_table(tickets, isMainThread ? 0 : 1, null);

/** The ticket of a descriptor that a native call has just made for this thread. */
export function ticketOf(fd: number): number {
  if (fd >= tickets.length) {
    const before = tickets;
    tickets = new Int32Array(2 ** Math.ceil(Math.log2(fd + 1)));
    native.own_table(tickets, isMainThread ? 0 : 1, before);
  }
  return tickets[fd]!;
}

/** The ticket under which an object of this thread owns a number now; 0 where none does. */
export const ticketAt = (fd: number): number => tickets[fd] ?? 0;
