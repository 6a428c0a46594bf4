/* Benchmark, group udpsend: sending 64 datagrams of 64 bytes by one sendmmsg, in C. A round is a packet; receiving is
 * not measured. */
#include "../udp.h"

enum { COUNT = 64, SIZE = 64 };

static struct mmsghdr outgoing[COUNT];
static struct iovec pieces[COUNT];
static char data[COUNT][SIZE];

static long long rounds(long n) {
  long long took = 0;
  for (long done = 0; done < n; done += COUNT) {
    long long start = now();
    if (sendmmsg(from, outgoing, COUNT, 0) != COUNT) die("sendmmsg failed");
    took += now() - start;
    for (int i = 0; i < COUNT; i++)
      if (recv(to, data[i], SIZE, 0) != SIZE) die("recv failed");
  }
  return took;
}

int main(void) {
  open_sockets();
  for (int i = 0; i < COUNT; i++) {
    pieces[i] = (struct iovec){data[i], SIZE};
    outgoing[i].msg_hdr.msg_iov = &pieces[i];
    outgoing[i].msg_hdr.msg_iovlen = 1;
  }
  return contest(rounds);
}
