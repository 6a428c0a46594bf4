/* Benchmark, group udpsend: sending 64 datagrams of 64 bytes by one sendmmsg, in C. A round is a packet; receiving is
 * not measured. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include "../contestant.h"

enum { COUNT = 64, SIZE = 64 };

static int from, to;
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
  struct sockaddr_in sin;
  socklen_t length = sizeof(sin);
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  from = socket(AF_INET, SOCK_DGRAM, 0);
  to = socket(AF_INET, SOCK_DGRAM, 0);
  if (bind(to, (struct sockaddr *)&sin, sizeof(sin)) < 0) die("bind failed");
  if (getsockname(to, (struct sockaddr *)&sin, &length) < 0) die("getsockname failed");
  if (connect(from, (struct sockaddr *)&sin, sizeof(sin)) < 0) die("connect failed");
  for (int i = 0; i < COUNT; i++) {
    pieces[i] = (struct iovec){data[i], SIZE};
    outgoing[i].msg_hdr.msg_iov = &pieces[i];
    outgoing[i].msg_hdr.msg_iovlen = 1;
  }
  return contest(rounds);
}
