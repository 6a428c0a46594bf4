// Benchmark, group udp: the same with recvmmsg of bsd-sockets/c, and a vector that is used again.
import { iovec, mmsghdr, recvmmsg, sockaddr_storage } from 'bsd-sockets/c';
import { contest } from '../contestant.js';
import { COUNT, measure, SIZE, to } from './ends.js';

const vector = Array.from({ length: COUNT }, () => {
  const message = new mmsghdr();
  message.msg_hdr.msg_name = new sockaddr_storage();
  message.msg_hdr.msg_iov = new iovec({ iov_base: new Uint8Array(SIZE), iov_len: SIZE });
  message.msg_hdr.msg_iovlen = 1;
  return message;
});
const receive = (): void => {
  for (const { msg_hdr } of vector) msg_hdr.msg_namelen = sockaddr_storage.size;
  if (recvmmsg(to.fd, vector, COUNT, 0, null) !== COUNT) throw new Error('recvmmsg received too few');
};
contest((n) => measure(n, receive));
