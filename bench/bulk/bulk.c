/* Benchmark, group bulk: buffers of 64 KiB from one process to another, in C. The first eight bytes say how many bytes
   come; when they are there, a byte comes back. */
#include "../pair.h"

enum { SIZE = 65536 };

static int fd;
static char buffer[SIZE];

static void serve(int client) {
  for (;;) {
    long long left = 0, n = recv(client, &left, sizeof(left), MSG_WAITALL);
    if (n != sizeof(left)) return;
    while (left > 0) {
      ssize_t received = recv(client, buffer, SIZE, 0);
      if (received <= 0) return;
      left -= received;
    }
    if (send(client, buffer, 1, 0) != 1) return;
  }
}

static long long rounds(long n) {
  long long bytes = (long long)n * SIZE;
  if (send(fd, &bytes, sizeof(bytes), 0) != sizeof(bytes)) die("send failed");
  while (bytes > 0) {
    ssize_t sent = send(fd, buffer, bytes < SIZE ? bytes : SIZE, 0);
    if (sent < 0) die("send failed");
    bytes -= sent;
  }
  if (recv(fd, buffer, 1, 0) != 1) die("recv failed");
  return 0;
}

int main(void) {
  fd = start_server(serve, NULL);
  return contest(rounds);
}
