// Times of packets: SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMPING and SO_TXTIME.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { controlData, encodeControlMessage, receiveMessage, sendMessage } from '../support/control_messages.js';
import { errnoName, must, receiverAndSender, setOption, waitForEvents } from '../support/descriptors.js';
import { socketKind, udp4 } from '../support/socket_kinds.js';

/** A message's time is this moment: within a minute, in microseconds. */
function expectNow(seconds: number, microseconds: number): void {
  const now = Date.now() * 1000;
  expect(Math.abs(seconds * 1e6 + microseconds - now)).toBeLessThan(60e6);
}

describe.each([
  ['udp4', c.AF_INET],
  ['udp6', c.AF_INET6],
] as const)('%s', (_name, family) => {
  test('SO_TIMESTAMP gives a timeval', () => {
    const { receiver, sender } = receiverAndSender(socketKind(family, c.SOCK_DGRAM));
    must(setOption(receiver, c.SOL_SOCKET, c.SO_TIMESTAMP, 1));
    must(c.send(sender, 't', 1, 0));
    const time = c.timeval.at(controlData(receiveMessage(receiver), c.SOL_SOCKET, c.SCM_TIMESTAMP));
    expectNow(time.tv_sec, time.tv_usec);
  });

  test.runIf(c.SO_TIMESTAMPNS)('SO_TIMESTAMPNS gives a timespec', () => {
    const { receiver, sender } = receiverAndSender(socketKind(family, c.SOCK_DGRAM));
    must(setOption(receiver, c.SOL_SOCKET, c.SO_TIMESTAMPNS!, 1));
    must(c.send(sender, 't', 1, 0));
    const time = c.timespec.at(controlData(receiveMessage(receiver), c.SOL_SOCKET, c.SCM_TIMESTAMPNS!));
    expectNow(time.tv_sec, time.tv_nsec / 1000);
  });

  test.runIf(c.SO_TIMESTAMPNS_NEW)('SO_TIMESTAMP_NEW and SO_TIMESTAMPNS_NEW have 64 bits everywhere', () => {
    const { receiver, sender } = receiverAndSender(socketKind(family, c.SOCK_DGRAM));
    for (const [option, unit] of [
      [c.SO_TIMESTAMP_NEW!, 1],
      [c.SO_TIMESTAMPNS_NEW!, 1000],
    ] as const) {
      must(setOption(receiver, c.SOL_SOCKET, option, 1));
      must(c.send(sender, 't', 1, 0));
      const data = controlData(receiveMessage(receiver), c.SOL_SOCKET, option);
      expect(data.length).toBe(16);
      expectNow(Number(c.int64_t.at(data).value), Number(c.int64_t.at(data, 8).value) / unit);
      must(setOption(receiver, c.SOL_SOCKET, option, 0));
    }
  });

  test.runIf(c.SO_TIMESTAMPING)('SO_TIMESTAMPING reports when a datagram came, and when it went', () => {
    const { receiver, sender } = receiverAndSender(socketKind(family, c.SOCK_DGRAM));
    const receiving = c.flags(c.SOF_TIMESTAMPING_RX_SOFTWARE, c.SOF_TIMESTAMPING_SOFTWARE);
    must(setOption(receiver, c.SOL_SOCKET, c.SO_TIMESTAMPING!, receiving));
    const sending = c.flags(c.SOF_TIMESTAMPING_TX_SOFTWARE, c.SOF_TIMESTAMPING_SOFTWARE, c.SOF_TIMESTAMPING_OPT_ID);
    must(setOption(sender, c.SOL_SOCKET, c.SO_TIMESTAMPING!, sending));
    must(c.send(sender, 'went', 4, 0));
    const came = c.scm_timestamping.at(controlData(receiveMessage(receiver), c.SOL_SOCKET, c.SCM_TIMESTAMPING!));
    expectNow(came.ts[0]!.tv_sec, came.ts[0]!.tv_nsec / 1000);

    expect(waitForEvents(sender, 0) & c.POLLERR).toBe(c.POLLERR);
    const message = receiveMessage(sender, c.MSG_ERRQUEUE!);
    expect(message.flags & c.MSG_ERRQUEUE!).toBe(c.MSG_ERRQUEUE);
    const went = c.scm_timestamping.at(controlData(message, c.SOL_SOCKET, c.SCM_TIMESTAMPING!));
    expectNow(went.ts[0]!.tv_sec, went.ts[0]!.tv_nsec / 1000);
    const [level, type] = family === c.AF_INET ? [c.IPPROTO_IP, c.IP_RECVERR!] : [c.IPPROTO_IPV6, c.IPV6_RECVERR!];
    const error = c.sock_extended_err.at(controlData(message, level, type));
    expect([error.ee_errno, error.ee_origin, error.ee_info, error.ee_data]).toEqual([
      c.ENOMSG,
      c.SO_EE_ORIGIN_TIMESTAMPING ?? 4,
      0, // SCM_TSTAMP_SND
      0, // the first with an identity
    ]);
    expect(errnoName(() => c.recv(sender, new Uint8Array(1), 1, c.MSG_ERRQUEUE!))).toBe('EAGAIN');
  });
});

test.runIf(c.SO_TXTIME)('SO_TXTIME takes the time of sending as control data', () => {
  const { receiver, sender } = receiverAndSender(udp4);
  const txtime = new c.sock_txtime({ clockid: c.CLOCK_MONOTONIC, flags: 0 });
  must(c.setsockopt(sender, c.SOL_SOCKET, c.SO_TXTIME!, txtime, c.sizeof(txtime)));
  const when = encodeControlMessage(c.SOL_SOCKET, c.SCM_TXTIME!, new c.uint64_t(1n));
  must(sendMessage(sender, 'later', when)); // loopback has no queue that would wait for it
  expect(receiveMessage(receiver).bytes.length).toBe(5);
  const short = encodeControlMessage(c.SOL_SOCKET, c.SCM_TXTIME!, new c.uint32_t(1));
  expect(errnoName(() => sendMessage(sender, 'x', short))).toBe('EINVAL');
});
