/* Benchmark: a client that competes, and its server in a process of its own, connected by TCP without Nagle's delay. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include "contestant.h"

/* Starts `serve` on a connection, on the processor that `processor` names (where it does); the connection's other end.
 */
static int start_server(void (*serve)(int fd), const char *processor) {
  struct sockaddr_in sin;
  socklen_t length = sizeof(sin);
  int on = 1;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(listener, 1) < 0) die("listen failed");
  if (getsockname(listener, (struct sockaddr *)&sin, &length) < 0) die("getsockname failed");
  pid_t child = fork();
  if (child < 0) die("fork failed");
  if (child == 0) {
#ifdef __linux__
    if (processor != NULL) {
      cpu_set_t set;
      CPU_ZERO(&set);
      CPU_SET(atoi(processor), &set);
      if (sched_setaffinity(0, sizeof(set), &set) < 0) die("sched_setaffinity failed");
    }
#else
    (void)processor;
#endif
    have_idle_thread();
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) die("accept failed");
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0) die("setsockopt failed");
    close(listener);
    serve(fd);
    _exit(0);
  }
  close(listener);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0) die("connect failed");
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0) die("setsockopt failed");
  return fd;
}
