// Packet sockets receive with and without room for control data: AF_PACKET refuses flags that it does not know (EINVAL), and
// MSG_CMSG_CLOEXEC is one of these.
import { AF_INET, AF_PACKET, MessageBatch, SOCK_DGRAM, SOCK_RAW, Socket } from 'bsd-sockets';
import * as c from 'bsd-sockets/c';
import { Socket as Waiting } from 'bsd-sockets/promises';
import { beforeEach, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanup.js';

/** Why this machine has no packet sockets; '' where it has. */
function obstacle(): string {
  if (AF_PACKET === undefined) return 'there is no AF_PACKET';
  try {
    new Socket(AF_PACKET, SOCK_RAW).close();
    return '';
  } catch (error) {
    return `packet sockets need CAP_NET_RAW: ${String(error)}`;
  }
}
const missing = obstacle();
beforeEach((context) => {
  if (missing) context.skip(missing);
});

/** A packet socket on the loopback interface, with a frame to receive. */
function sniffing(): Socket {
  const socket = closeAfterTest(new Socket(AF_PACKET!, SOCK_RAW)).bind({ interface: 'lo', protocol: c.ETH_P_ALL! });
  const receiver = closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)).bind({ address: '127.0.0.1', port: 0 });
  closeAfterTest(new Socket(AF_INET, SOCK_DGRAM)).sendto('packet', receiver.getsockname());
  return socket as Socket;
}
const room = (controlSize: number) => ({ buffers: new Uint8Array(2048), controlSize });

it.each([0, 64])('recvmsg, recvfrom and tryRecvmsg with %i bytes for control data', (controlSize) => {
  expect(sniffing().recvmsg(room(controlSize)).length).toBeGreaterThan(6);
  expect(sniffing().tryRecvmsg(room(controlSize))!.length).toBeGreaterThan(6);
  expect(sniffing().recvfrom(new Uint8Array(2048)).address.family).toBe('packet');
});

it.each([0, 64])('recvmmsg with %i bytes for control data', (controlSize) => {
  expect(sniffing().recvmmsg(new MessageBatch(1, { size: 2048, controlSize }))).toBe(1);
});

it('an adopted one, whose domain must be asked for', () => {
  expect(closeAfterTest(Socket.adopt(sniffing().detach())).recvmsg(room(64)).length).toBeGreaterThan(6);
  expect(
    closeAfterTest(Socket.adopt(sniffing().detach())).recvmmsg(new MessageBatch(1, { size: 2048, controlSize: 64 })),
  ).toBe(1);
});

it('promises: recvmsg and recvfrom', async () => {
  const socket = closeAfterTest(Waiting.adopt(sniffing().detach()));
  expect((await socket.recvmsg(room(64))).length).toBeGreaterThan(6);
  expect(
    (await closeAfterTest(Waiting.adopt(sniffing().detach())).recvfrom(new Uint8Array(2048))).length,
  ).toBeGreaterThan(6);
});
