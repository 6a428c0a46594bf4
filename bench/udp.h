/* Benchmark: two UDP sockets on loopback, one connected to the other. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include "contestant.h"

static int from, to;

static void open_sockets(void) {
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
}
