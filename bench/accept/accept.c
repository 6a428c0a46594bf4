/* Benchmark, group accept: accept + close of connections that wait, in C. Connecting is not measured. */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include "../contestant.h"

enum { COUNT = 64 };

static int listener;
static struct sockaddr_in sin;

static long long rounds(long n) {
  int clients[COUNT];
  long long took = 0;
  for (long done = 0; done < n; done += COUNT) {
    for (int i = 0; i < COUNT; i++) {
      clients[i] = socket(AF_INET, SOCK_STREAM, 0);
      if (connect(clients[i], (struct sockaddr *)&sin, sizeof(sin)) < 0) die("connect failed");
    }
    long long start = now();
    for (int i = 0; i < COUNT; i++) {
      struct sockaddr_in peer;
      socklen_t length = sizeof(peer);
      int client = accept(listener, (struct sockaddr *)&peer, &length);
      if (client < 0) die("accept failed");
      close(client);
    }
    took += now() - start;
    for (int i = 0; i < COUNT; i++) close(clients[i]);
  }
  return took;
}

int main(void) {
  socklen_t length = sizeof(sin);
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(listener, 128) < 0) die("listen failed");
  if (getsockname(listener, (struct sockaddr *)&sin, &length) < 0) die("getsockname failed");
  return contest(rounds);
}
