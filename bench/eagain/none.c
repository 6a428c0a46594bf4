/* Benchmark, group eagain: recv where nothing is there, in C. */
#include <sys/socket.h>
#include "../contestant.h"

static int sv[2];

static long long rounds(long n) {
  char in[1];
  for (long i = 0; i < n; i++) {
    if (recv(sv[0], in, 1, MSG_DONTWAIT) != -1 || errno != EAGAIN) die("recv did not fail");
  }
  return 0;
}

int main(void) {
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sv) < 0) die("socketpair failed");
  return contest(rounds);
}
