// Work that the kernel does on request: UDP_SEGMENT, UDP_GRO and kTLS. Linux.
import * as c from 'bsd-sockets/c';
import { describe, expect, test } from 'vitest';
import { include, runC } from '../support/c_program.js';
import { controlData, encodeControlMessage, receiveMessage, sendMessage } from '../support/control_messages.js';
import { connectedPair, errnoName, must, receiverAndSender, setOption } from '../support/descriptors.js';
import { reportMissing } from '../support/machine.js';
import { socketKind, tcp4 } from '../support/socket_kinds.js';

describe.runIf(c.UDP_SEGMENT).each([
  ['udp4', c.AF_INET],
  ['udp6', c.AF_INET6],
] as const)('%s', (_name, family) => {
  test('UDP_SEGMENT splits one send into datagrams', () => {
    const { receiver, sender } = receiverAndSender(socketKind(family, c.SOCK_DGRAM));
    const segment = encodeControlMessage(c.IPPROTO_UDP, c.UDP_SEGMENT!, new c.uint16_t(100));
    expect(sendMessage(sender, new Uint8Array(250), segment)).toBe(250);
    expect([1, 2, 3].map(() => receiveMessage(receiver).bytes.length)).toEqual([100, 100, 50]);
    must(setOption(sender, c.IPPROTO_UDP, c.UDP_SEGMENT!, 200)); // for every send
    must(c.send(sender, new Uint8Array(400), 400, 0));
    expect([1, 2].map(() => receiveMessage(receiver).bytes.length)).toEqual([200, 200]);
    const many = encodeControlMessage(c.IPPROTO_UDP, c.UDP_SEGMENT!, new c.uint16_t(1));
    expect(errnoName(() => sendMessage(sender, new Uint8Array(2000), many))).toBe('EINVAL'); // UDP_MAX_SEGMENTS
  });

  test('UDP_GRO joins datagrams and reports their size', () => {
    const { receiver, sender } = receiverAndSender(socketKind(family, c.SOCK_DGRAM));
    must(setOption(receiver, c.IPPROTO_UDP, c.UDP_GRO!, 1));
    const segment = encodeControlMessage(c.IPPROTO_UDP, c.UDP_SEGMENT!, new c.uint16_t(100));
    expect(sendMessage(sender, new Uint8Array(250), segment)).toBe(250);
    const message = receiveMessage(receiver);
    expect(message.bytes.length).toBe(250);
    expect(c.int.at(controlData(message, c.IPPROTO_UDP, c.UDP_GRO!)).value).toBe(100);
  });
});

describe.runIf(c.TLS_TX)('kTLS', () => {
  // struct tls12_crypto_info_aes_gcm_128 of <linux/tls.h>
  const aes_gcm_128 = c.struct('tls12_crypto_info_aes_gcm_128', {
    version: c.unsigned_short,
    cipher_type: c.unsigned_short,
    iv: c.array(c.unsigned_char, 8),
    key: c.array(c.unsigned_char, 16),
    salt: c.array(c.unsigned_char, 4),
    rec_seq: c.array(c.unsigned_char, 8),
  });
  const TLS_1_2 = 0x0303;

  test('its structs have the layout of <linux/tls.h>', () => {
    const printed = runC('printf("%zu", sizeof(struct tls12_crypto_info_aes_gcm_128));', include('linux/tls.h'));
    expect(c.sizeof(aes_gcm_128)).toBe(Number(printed));
  });

  test('encrypts both directions, and carries a record of another type', () => {
    const [client, server] = connectedPair(tcp4);
    const ulp = errnoName(() => c.setsockopt(client, c.IPPROTO_TCP, c.TCP_ULP!, 'tls', 4));
    if (!ulp.startsWith('no error')) {
      const printed = runC(
        `struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
         socklen_t n = sizeof a; int l = socket(AF_INET, SOCK_STREAM, 0), s = socket(AF_INET, SOCK_STREAM, 0);
         bind(l, (struct sockaddr *)&a, n); listen(l, 1); getsockname(l, (struct sockaddr *)&a, &n);
         connect(s, (struct sockaddr *)&a, n);
         printf("%d", setsockopt(s, IPPROTO_TCP, TCP_ULP, "tls", 4) < 0 ? errno : 0);`,
        include('netinet/in.h', 'netinet/tcp.h'),
      );
      expect(ulp).toBe(c.strerrorname_np(Number(printed)));
      return reportMissing('kTLS', ulp);
    }
    must(c.setsockopt(server, c.IPPROTO_TCP, c.TCP_ULP!, 'tls', 4));
    const info = new aes_gcm_128({
      version: TLS_1_2,
      cipher_type: c.TLS_CIPHER_AES_GCM_128 ?? 51,
      key: Array.from({ length: 16 }, (_, i) => i),
      iv: [1, 2, 3, 4, 5, 6, 7, 8],
      salt: [9, 9, 9, 9],
    });
    must(c.setsockopt(client, c.SOL_TLS!, c.TLS_TX!, info, c.sizeof(info)));
    must(c.setsockopt(server, c.SOL_TLS!, c.TLS_RX!, info, c.sizeof(info)));
    const read = new aes_gcm_128();
    must(c.getsockopt(client, c.SOL_TLS!, c.TLS_TX!, read, new c.socklen_t(c.sizeof(read))));
    expect([...read.key]).toEqual([...info.key]);
    must(c.send(client, 'secret', 6, 0));
    const data = receiveMessage(server);
    expect(String.fromCharCode(...data.bytes)).toBe('secret');
    expect(controlData(data, c.SOL_TLS!, c.TLS_GET_RECORD_TYPE!)[0]).toBe(23); // application data
    const alert = encodeControlMessage(c.SOL_TLS!, c.TLS_SET_RECORD_TYPE!, new c.uint8_t(21));
    must(sendMessage(client, new Uint8Array([1, 0]), alert));
    const record = receiveMessage(server);
    expect(controlData(record, c.SOL_TLS!, c.TLS_GET_RECORD_TYPE!)[0]).toBe(21);
    expect([...record.bytes]).toEqual([1, 0]);
  });
});
