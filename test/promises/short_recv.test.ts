// After a short recv of TCP, the next recv waits without trying first. It wakes up for whatever happens to the connection:
// before the first recv, between the two, or after the second began.
import { MSG_OOB, SHUT_RD, SHUT_WR, SO_LINGER, SOL_SOCKET } from 'bsd-sockets';
import type { Socket } from 'bsd-sockets/promises';
import { expect, it } from 'vitest';
import { connectedPair } from '../support/promise_sockets.js';
import { tcp4 } from '../support/socket_kinds.js';

const buffer = new Uint8Array(100);

/** What becomes of a connection of which `own` has received a byte, and what its next recv gives. */
const endings: Readonly<
  Record<string, readonly [happens: (own: Socket, peer: Socket) => unknown, gives: number | string]>
> = {
  'more data': [(_, peer) => peer.send('yy'), 2],
  'the peer closes': [(_, peer) => peer.close(), 0],
  'the peer shuts its side': [(_, peer) => peer.shutdown(SHUT_WR), 0],
  'its own side is shut': [(own) => own.shutdown(SHUT_RD), 0],
  'the peer resets': [
    (_, peer) => {
      peer.setsockopt(SOL_SOCKET, SO_LINGER, { seconds: 0 });
      peer.close();
    },
    'ECONNRESET',
  ],
  'it is closed': [(own) => own.close(), 'EBADF'],
};
const turn = (): Promise<void> => new Promise(setImmediate);
const outcome = (call: Promise<number>): Promise<unknown> => call.catch((error: NodeJS.ErrnoException) => error.code);

/** Which comes first: the ending, or the second recv; and whether the event loop turns in between. */
const orders = ['at once', 'a turn later', 'while it waits'] as const;
for (const [name, [happens, gives]] of Object.entries(endings)) {
  it.each(orders)(`${name}, %s`, async (order) => {
    for (let round = 0; round < 20; round++) {
      const [first, second] = await connectedPair(tcp4);
      const [own, peer] = round % 2 ? [first, second] : [second, first];
      await peer.send('x');
      expect(await own.recv(buffer)).toBe(1);
      if (order === 'a turn later') await turn();
      const waiting = order === 'while it waits' ? own.recv(buffer) : undefined;
      await happens(own, peer);
      if (order === 'a turn later') await turn();
      expect(await outcome(waiting ?? own.recv(buffer))).toBe(gives);
    }
  });
}
it('a recv after urgent data gets all of the rest', async () => {
  for (let round = 0; round < 20; round++) {
    const [client, socket] = await connectedPair(tcp4);
    await client.send('ab');
    await client.send('!', MSG_OOB);
    await client.send('cd');
    if (round % 2) await turn();
    for (let received = 0; received < 4; ) received += await socket.recv(buffer);
  }
});
it.each(['the peer closes', 'the peer shuts its side'])('%s, before the first recv', async (name) => {
  for (let round = 0; round < 20; round++) {
    const [own, peer] = await connectedPair(tcp4);
    const registered = own.recv(buffer);
    await peer.send('x');
    expect(await registered).toBe(1);
    // The event for the end comes while no call waits, and does not come again.
    await peer.send('yy');
    await endings[name]![0](own, peer);
    await turn();
    await turn();
    expect(await own.recv(buffer)).toBe(2);
    expect(await own.recv(buffer)).toBe(0);
  }
});
