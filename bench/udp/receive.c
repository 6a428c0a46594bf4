/* Benchmark, group udp: receiving 64 datagrams of 64 bytes by one recvmmsg, in C. A round is a packet; sending is not
 * measured. */
#include "../udp.h"

enum { COUNT = 64, SIZE = 64 };

static struct mmsghdr outgoing[COUNT], incoming[COUNT];
static struct iovec out_pieces[COUNT], in_pieces[COUNT];
static struct sockaddr_storage names[COUNT];
static char out_data[COUNT][SIZE], in_data[COUNT][SIZE];

static long long rounds(long n) {
  long long took = 0;
  for (long done = 0; done < n; done += COUNT) {
    if (sendmmsg(from, outgoing, COUNT, 0) != COUNT) die("sendmmsg failed");
    long long start = now();
    for (int i = 0; i < COUNT; i++) incoming[i].msg_hdr.msg_namelen = sizeof(names[i]);
    if (recvmmsg(to, incoming, COUNT, 0, NULL) != COUNT) die("recvmmsg failed");
    took += now() - start;
  }
  return took;
}

int main(void) {
  open_sockets();
  for (int i = 0; i < COUNT; i++) {
    out_pieces[i] = (struct iovec){out_data[i], SIZE};
    in_pieces[i] = (struct iovec){in_data[i], SIZE};
    outgoing[i].msg_hdr.msg_iov = &out_pieces[i];
    outgoing[i].msg_hdr.msg_iovlen = 1;
    incoming[i].msg_hdr.msg_iov = &in_pieces[i];
    incoming[i].msg_hdr.msg_iovlen = 1;
    incoming[i].msg_hdr.msg_name = &names[i];
  }
  return contest(rounds);
}
