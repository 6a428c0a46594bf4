// Benchmark, group udpsend: the same with sendmmsg of bsd-sockets/c, and a vector that is used again.
import { iovec, mmsghdr, sendmmsg } from 'bsd-sockets/c';
import { contest } from '../contestant.js';
import { COUNT, from, measure, SIZE } from './ends.js';

const vector = Array.from({ length: COUNT }, () => {
  const message = new mmsghdr();
  message.msg_hdr.msg_iov = new iovec({ iov_base: new Uint8Array(SIZE), iov_len: SIZE });
  message.msg_hdr.msg_iovlen = 1;
  return message;
});
const send = (): void => {
  if (sendmmsg(from.fd, vector, COUNT, 0) !== COUNT) throw new Error('sendmmsg sent too few');
};
contest((n) => measure(n, send));
