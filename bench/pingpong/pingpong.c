/* Benchmark, group pingpong: a byte there and back between two processes, in C. */
#include "../pair.h"

static int fd;

static void serve(int client) {
  char byte[1];
  while (recv(client, byte, 1, 0) == 1 && send(client, byte, 1, 0) == 1) {}
}

static long long rounds(long n) {
  char byte[1] = {'x'};
  for (long i = 0; i < n; i++) {
    if (send(fd, byte, 1, 0) != 1 || recv(fd, byte, 1, 0) != 1) die("send or recv failed");
  }
  return 0;
}

int main(int argc, char *argv[]) {
  fd = start_server(serve, argc > 1 ? argv[1] : NULL);
  return contest(rounds);
}
