/* Benchmark, group calls: send + recv of one byte over an AF_UNIX datagram pair, in C. */
#include <sys/socket.h>
#include "../contestant.h"

static int sv[2];

static long long rounds(long n) {
  char out[1] = {'x'}, in[1];
  for (long i = 0; i < n; i++) {
    if (send(sv[0], out, 1, 0) != 1 || recv(sv[1], in, 1, 0) != 1) die("send or recv failed");
  }
  return 0;
}

int main(void) {
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sv) < 0) die("socketpair failed");
  return contest(rounds);
}
