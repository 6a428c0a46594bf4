// Room: when a packet came and went: SO_TIMESTAMP and its kin, SO_TIMESTAMPING, SO_TXTIME.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { await_, datagrams, failure, ok, set } from '../families/bed.js';
import { controlMessage, controlOf, receive, transmit } from './received.js';

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
    const { receiver, sender } = datagrams(family);
    ok(set(receiver, c.SOL_SOCKET, c.SO_TIMESTAMP, 1));
    ok(c.send(sender, 't', 1, 0));
    const time = c.timeval.at(controlOf(receive(receiver), c.SOL_SOCKET, c.SCM_TIMESTAMP));
    expectNow(time.tv_sec, time.tv_usec);
  });

  test.runIf(c.SO_TIMESTAMPNS)('SO_TIMESTAMPNS gives a timespec', () => {
    const { receiver, sender } = datagrams(family);
    ok(set(receiver, c.SOL_SOCKET, c.SO_TIMESTAMPNS!, 1));
    ok(c.send(sender, 't', 1, 0));
    const time = c.timespec.at(controlOf(receive(receiver), c.SOL_SOCKET, c.SCM_TIMESTAMPNS!));
    expectNow(time.tv_sec, time.tv_nsec / 1000);
  });

  test.runIf(c.SO_TIMESTAMPNS_NEW)('SO_TIMESTAMP_NEW and SO_TIMESTAMPNS_NEW have 64 bits everywhere', () => {
    const { receiver, sender } = datagrams(family);
    for (const [option, unit] of [
      [c.SO_TIMESTAMP_NEW!, 1],
      [c.SO_TIMESTAMPNS_NEW!, 1000],
    ] as const) {
      ok(set(receiver, c.SOL_SOCKET, option, 1));
      ok(c.send(sender, 't', 1, 0));
      const data = controlOf(receive(receiver), c.SOL_SOCKET, option);
      expect(data.length).toBe(16);
      expectNow(Number(c.int64_t.at(data).value), Number(c.int64_t.at(data, 8).value) / unit);
      ok(set(receiver, c.SOL_SOCKET, option, 0));
    }
  });

  test.runIf(c.SO_TIMESTAMPING)('SO_TIMESTAMPING: when a datagram came, and when it went', () => {
    const { receiver, sender } = datagrams(family);
    const receiving = c.flags(c.SOF_TIMESTAMPING_RX_SOFTWARE, c.SOF_TIMESTAMPING_SOFTWARE);
    ok(set(receiver, c.SOL_SOCKET, c.SO_TIMESTAMPING!, receiving));
    const sending = c.flags(c.SOF_TIMESTAMPING_TX_SOFTWARE, c.SOF_TIMESTAMPING_SOFTWARE, c.SOF_TIMESTAMPING_OPT_ID);
    ok(set(sender, c.SOL_SOCKET, c.SO_TIMESTAMPING!, sending));
    ok(c.send(sender, 'went', 4, 0));
    const came = c.scm_timestamping.at(controlOf(receive(receiver), c.SOL_SOCKET, c.SCM_TIMESTAMPING!));
    expectNow(came.ts[0]!.tv_sec, came.ts[0]!.tv_nsec / 1000);

    expect(await_(sender, 0) & c.POLLERR).toBe(c.POLLERR);
    const message = receive(sender, c.MSG_ERRQUEUE!);
    expect(message.flags & c.MSG_ERRQUEUE!).toBe(c.MSG_ERRQUEUE);
    const went = c.scm_timestamping.at(controlOf(message, c.SOL_SOCKET, c.SCM_TIMESTAMPING!));
    expectNow(went.ts[0]!.tv_sec, went.ts[0]!.tv_nsec / 1000);
    const [level, type] = family === c.AF_INET ? [c.IPPROTO_IP, c.IP_RECVERR!] : [c.IPPROTO_IPV6, c.IPV6_RECVERR!];
    const error = c.sock_extended_err.at(controlOf(message, level, type));
    expect([error.ee_errno, error.ee_origin, error.ee_info, error.ee_data]).toEqual([
      c.ENOMSG,
      c.SO_EE_ORIGIN_TIMESTAMPING ?? 4,
      0, // SCM_TSTAMP_SND
      0, // the first with an identity
    ]);
    expect(failure(() => c.recv(sender, new Uint8Array(1), 1, c.MSG_ERRQUEUE!))).toBe('EAGAIN');
  });
});

test.runIf(c.SO_TXTIME)('SO_TXTIME takes the time of sending as control data', () => {
  const { receiver, sender } = datagrams(c.AF_INET);
  const txtime = new c.sock_txtime({ clockid: c.CLOCK_MONOTONIC, flags: 0 });
  ok(c.setsockopt(sender, c.SOL_SOCKET, c.SO_TXTIME!, txtime, c.sizeof(txtime)));
  const when = controlMessage(c.SOL_SOCKET, c.SCM_TXTIME!, new c.uint64_t(1n));
  ok(transmit(sender, 'later', when)); // loopback has no queue that would wait for it
  expect(receive(receiver).bytes.length).toBe(5);
  const short = controlMessage(c.SOL_SOCKET, c.SCM_TXTIME!, new c.uint32_t(1));
  expect(failure(() => transmit(sender, 'x', short))).toBe('EINVAL');
});
